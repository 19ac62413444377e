"""Choices that every page shares. They live in the URL (`?week=3`), so a link shows what its sender saw."""

from __future__ import annotations

import streamlit as st

from kpis.model import Review, State


def week(newest: Review) -> int:
    """The week picker; weeks that have not begun are not offered, except the first before the launch."""
    begun = {w.week: w for w in newest.weeks if w.state is not State.FUTURE or w.week == newest.week}
    st.markdown("Week", width="content")
    number = st.segmented_control(
        "Programme week", list(begun), default=newest.week, required=True, key="week", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    if begun[number].state is State.RUNNING:
        st.markdown(f":gray-badge[▨ {begun[number].days_in} of 7 days]", width="content")
    return number


def chosen_week() -> int | None:
    """The week in the URL or the picker; None before the picker was drawn."""
    return st.session_state.get("week")
