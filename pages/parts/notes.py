"""What people write about a week: notes, decisions, actions carried over until done. Viewers read, managers write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from data import settings as house
from data.errors import BetaError
from data.programme import ProgrammeStore
from kpis.words import short_day
from pages.parts import access, notices
from pages.parts.frame import View
from pages.parts.text import inert

KINDS = {"note": "Note", "decision": "Decision", "action": "Action", "said_done": "You said, we did"}
LONGEST = 4000


def store(view: View) -> ProgrammeStore:
    return ProgrammeStore(view.settings.storage)


def now(view: View) -> str:
    """The instant of this run as it is stored."""
    return house.now(view.settings).isoformat()


def author(key: str) -> str:
    """Who writes: the signed-in address, else a name typed in."""
    return access.email() or st.text_input("Your name", key=f"author-{key}", max_chars=80)


def saved(action: Any) -> None:
    """Run a write; its refusal becomes a sentence, success shows the page anew."""
    try:
        action()
    except BetaError as error:
        notices.failed(error)
    else:
        st.rerun()


def draw(view: View) -> None:
    """The entries of the review's week, actions still open from before, and for managers a form."""
    book, week = store(view), view.review.week
    here = book.entries(week)
    carried = [e for e in book.open_actions(week) if e["week"] < week]
    st.subheader("Notes, decisions, actions", anchor=False)
    for entry in [*carried, *here]:
        _entry(view, book, entry, carried=entry["week"] < week)
    if not here and not carried:
        st.write("Nothing has been written about this week.")
    if view.role == "manager":
        _form(view, book)


def _entry(view: View, book: ProgrammeStore, entry: Mapping[str, Any], *, carried: bool) -> None:
    row = st.container(horizontal=True, vertical_alignment="center", key=f"entry-{entry['id']}")
    open_action = entry["kind"] == "action" and not entry["done_at"]
    row.markdown(f"{_badge(entry, carried)} {inert(entry['text'])}  \n:gray[{_by(entry)}]", width="stretch")
    if view.role != "manager":
        return
    if open_action and row.button("Done", key=f"done-{entry['id']}"):
        saved(lambda: book.done(entry["id"], author=access.email() or "manager", at=now(view)))
    if not carried and row.button("Take back", key=f"back-{entry['id']}", type="tertiary"):
        saved(lambda: book.withdraw(entry["id"], at=now(view)))


def _badge(entry: Mapping[str, Any], carried: bool) -> str:
    if entry["kind"] != "action":
        return f":gray-badge[{KINDS[entry['kind']]}]"
    if entry["done_at"]:
        return ":blue-badge[● Action done]"
    return f":orange-badge[▲ Action from week {entry['week']}]" if carried else ":orange-badge[▲ Action open]"


def _by(entry: Mapping[str, Any]) -> str:
    parts = [f"owner {entry['owner']}"] if entry["owner"] else []
    parts += [f"due {short_day(date.fromisoformat(entry['due']))}"] if entry["due"] else []
    return inert(" · ".join([*parts, f"{entry['author']}, {entry['written_at'][:10]}"]))


def _form(view: View, book: ProgrammeStore) -> None:
    with st.expander("Write", icon=":material/edit:"), st.form("entry", clear_on_submit=True, border=False):
        kind = st.segmented_control("Kind", list(KINDS), format_func=KINDS.get, default="note", required=True)
        text = st.text_area("Text", max_chars=LONGEST)
        left, right = st.columns(2)
        owner = left.text_input("Owner (decision, action)", max_chars=80)
        due = right.date_input("Due (action)", value=None)
        name = author("entry")
        if st.form_submit_button("Save"):
            if not text.strip() or not name.strip():
                st.error("A text and a name are needed.", icon=":material/error:")
                return
            saved(
                lambda: book.write(
                    kind=kind, week=view.review.week, text=text, author=name, at=now(view), owner=owner,
                    due=due.isoformat() if due else None,
                )
            )  # fmt: skip
