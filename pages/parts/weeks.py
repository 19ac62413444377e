"""One programme week as a column, and the numbered events of the whole programme."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from kpis.charts.build import circled
from kpis.model import Marker, State, WeekReview
from kpis.words import short_instant
from pages.parts import cards
from pages.parts.frame import View
from pages.parts.text import inert

_STATES = {
    State.COMPLETE: ":gray-badge[complete]",
    State.FUTURE: ":gray-badge[not begun]",
    State.STALE: ":yellow-badge[data arrived after closing]",
    State.NOT_EVALUABLE: ":orange-badge[not evaluable]",
}
_KINDS = {"release": "release", "incident": "incident", "wave": "wave"}


def column(week: WeekReview, *, chosen: bool, closed: bool = False) -> None:
    """Headline, state, the week's own list with its evidence, the events of the week."""
    state = _STATES.get(week.state) or f":gray-badge[▨ {week.days_in} of 7 days]"
    mark = " :blue-badge[■ closed]" if closed else ""
    st.markdown(f"**W{week.week}** · {_dates(week)} {state}{mark}")
    headline = inert(week.headline.removeprefix(f"Week {week.week}: "))
    st.markdown(f"**{headline}**" if chosen else headline)
    for item in week.evidence:
        mark = f" {cards.badge(item.status)}" if item.status else ""
        st.markdown(f"**{inert(item.item)}**{mark}")
        st.caption(inert(item.answer))
    if week.markers:
        st.caption(" · ".join(f"{circled(m.number)} {inert(m.title)}" for m in week.markers))


def _dates(week: WeekReview) -> str:
    """ "2–8 Mar", "30 Mar–5 Apr"."""
    same = week.start.month == week.end.month
    return f"{week.start.day}{'' if same else f' {week.start:%b}'}–{week.end.day} {week.end:%b}"


def events(view: View) -> None:
    """The legend of the numbered verticals; notes of events behind it."""
    markers = view.review.markers
    if not markers:
        st.caption("No releases, incidents or waves are named in the settings.")
        return
    zone = ZoneInfo(view.review.programme.timezone)
    with st.expander("Events: " + " · ".join(f"{circled(m.number)} {inert(m.title, 60)}" for m in markers)):
        for marker in markers:
            st.markdown(f"{circled(marker.number)} **{inert(marker.title)}**, {_when(marker, zone)}")
            if marker.note:
                st.caption(inert(marker.note))


def _when(marker: Marker, zone: ZoneInfo) -> str:
    start = marker.at.astimezone(zone)
    end = f" to {short_instant(marker.end.astimezone(zone))}" if marker.end else ""
    return f"{_KINDS[marker.kind]} {short_instant(start)}{end}"
