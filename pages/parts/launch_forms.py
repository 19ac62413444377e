"""What a manager may write on the Launch page: waivers, the word on an incident; and the update to testers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data import settings as house
from data.programme import ProgrammeStore
from kpis import closing, launch_checklist, status_update
from kpis.operations.incidents import Incident
from kpis.review_verdict import Waiver
from pages.parts import notes
from pages.parts.frame import View
from pages.parts.text import inert


def waive(view: View, book: ProgrammeStore, waivers: Sequence[Waiver]) -> None:
    """A form for missed criteria; nothing where none is missed."""
    missed = launch_checklist.waivable(view.snapshot, view.review, waivers)
    if not missed:
        return
    with st.expander("Waive a missed criterion", icon=":material/gavel:"), st.form("waive", border=False):
        kpi = st.selectbox("Criterion", list(missed), format_func=missed.get)
        reason = st.text_input("Reason (at least ten characters)", max_chars=400)
        name = notes.author("waive")
        if st.form_submit_button("Waive"):
            at = house.now(view.settings)
            notes.saved(lambda: closing.waive(book, view.review, kpi_id=kpi, name=name, reason=reason, at=at))


def name_incident(view: View, book: ProgrammeStore, found: Sequence[Incident]) -> None:
    """Confirm or dismiss a detected incident, with a name and a class."""
    labels = launch_checklist.incident_labels(found, view.review.programme.timezone)
    with (
        st.expander("Say what it was", icon=":material/edit:"),
        st.form("incident", clear_on_submit=True, border=False),
    ):
        which = st.selectbox("Incident", range(len(found)), format_func=labels.__getitem__)
        left, right = st.columns(2)
        title = left.text_input("Name", max_chars=120)
        category = right.selectbox("Class", launch_checklist.CLASSES)
        verdict = st.segmented_control("Word", ["confirmed", "dismissed"], default="confirmed", required=True)
        name = notes.author("incident")
        if st.form_submit_button("Save"):
            if not title.strip() or not name.strip():
                st.error("A name of the incident and your own are needed.", icon=":material/error:")
                return
            notes.saved(
                lambda: book.name_incident(
                    detector=found[which].detector, start_us=found[which].start_us, name=title.strip(),
                    category=category, verdict=verdict, author=name, at=notes.now(view),
                )
            )  # fmt: skip


def update(view: View, book: ProgrammeStore) -> None:
    """The text of the week, to be read once more, edited and taken along."""
    for sentence in status_update.held_back(view.review, book):
        st.warning(inert(sentence), icon=":material/visibility_off:")
    week = view.review.week
    made = status_update.text(view.review, book)
    text = st.text_area("Text for testers", made, height=330, key=f"update-{week}-{len(made)}", max_chars=notes.LONGEST)
    if status_update.personal(text):
        st.warning("The text holds an address, a handle, a number or an id: take it out.", icon=":material/warning:")
    st.download_button(
        "Download text", data=text, file_name=f"update-week-{week}.txt", mime="text/plain", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
