"""The closing of a week: its mark and what changed since, preflight and button, reopening with a reason."""

from __future__ import annotations

import streamlit as st

from data import settings as house
from kpis import closing, closing_archive, words
from kpis.model import ClosedWeek, Review
from pages.parts import notes, tables
from pages.parts.frame import View
from pages.parts.text import inert


def closed(review: Review) -> ClosedWeek | None:
    return next((c for c in review.closed if c.week == review.week), None)


def draw(view: View) -> None:
    """Everything about the closing of the review's week."""
    st.subheader("Closing", anchor=False)
    found = closed(view.review)
    if found:
        _mark(view, found)
        if view.role == "manager":
            _reopen(view)
        return
    checks = closing.preflight(view.review)
    if not checks[0][0]:
        st.write(inert(checks[0][1]))
        return
    open_points = [sentence for passed, sentence in checks if not passed]
    st.write(f"Week {view.review.week} is open: its numbers follow the newest snapshot until it is closed.")
    if view.role == "manager":
        _close(view, open_points)


def _mark(view: View, found: ClosedWeek) -> None:
    st.markdown(f":blue-badge[■ closed] {inert(closing.sentence(found, view.review.programme.timezone))}")
    if found.reasons:
        st.markdown("Moved since: " + inert("; ".join(found.reasons)) + ".")
    rows = closing.difference_rows(found)
    if rows:
        wide = {"Why": st.column_config.TextColumn("Why", width=420)}
        tables.show(
            rows, f"What changed in week {found.week} since it was closed", config=wide, height="content",
            csv=f"differences-week-{found.week}",
        )  # fmt: skip
    with st.expander("Proof"):
        st.caption(inert(f"Snapshot {found.snapshot_id}, sha256 of the frozen content {found.sha256}"))
        if found.files:
            files = [{"File": name, "sha256": sha} for name, sha in found.files]
            tables.show(files, "Archived files and their sha256", height="content")


def _close(view: View, open_points: list[str]) -> None:
    with st.expander(f"Close week {view.review.week}", icon=":material/lock:"):
        if open_points:
            st.write(f"{words.count(len(open_points), 'point')} to know before closing:")
            st.markdown("\n".join(f"- ▲ {inert(p)}" for p in open_points))
        st.write("The values, their definitions and the report are kept by hash. Reopening needs a reason.")
        with st.form("close", border=False):
            name = notes.author("close")
            if st.form_submit_button(f"Close week {view.review.week}", type="primary"):
                with st.spinner("Writing the archive"):
                    notes.saved(lambda: _closed(view, name))


def _closed(view: View, name: str) -> None:
    """Close with a review made from the snapshot alone, so that the archive can be made again."""
    book = notes.store(view)
    closing_archive.close(
        closing.build(view.snapshot, book, view.review.week), view.snapshot, book, author=name,
        at=house.now(view.settings), root=view.settings.storage / closing_archive.FOLDER,
    )  # fmt: skip


def _reopen(view: View) -> None:
    with st.expander("Reopen", icon=":material/lock_open:"), st.form("reopen", border=False):
        reason = st.text_input("Reason (at least ten characters)", max_chars=400)
        name = notes.author("reopen")
        if st.form_submit_button(f"Reopen week {view.review.week}"):
            at = house.now(view.settings)
            notes.saved(lambda: closing.reopen(notes.store(view), view.review.week, reason=reason, author=name, at=at))
