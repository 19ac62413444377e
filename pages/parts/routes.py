"""The routes of a week, ranked, and where the change since the week before comes from. On the Bottlenecks page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kpis.operations import amounts, detection, findings, routes
from kpis.operations import tables_routes as rows
from pages.parts import tables
from pages.parts.frame import View
from pages.parts.text import inert

BY_SHARE, BY_EXCESS = "Time share", "Over target"


def ranked(view: View, found: Sequence[routes.Route], target: float) -> None:
    """Every route, by its share of waiting time or by what its slow tail costs over the target."""
    week = view.review.week
    st.subheader(f"Routes of week {week}", anchor=False)
    by = st.segmented_control("Rank by", [BY_SHARE, BY_EXCESS], default=BY_SHARE, required=True, key="rank")
    ordered = sorted(found, key=lambda r: -(r.excess or 0.0)) if by == BY_EXCESS else found
    share = st.column_config.NumberColumn("Share", format="%.1f %%", width=68)
    tables.show(
        rows.route_rows(ordered), "Routes by share of waiting time", config={"Share": share},
        widths=rows.ROUTE_WIDTHS, csv=f"routes-week-{week}", height="content",
    )  # fmt: skip
    st.caption(
        f"Over target: requests × (p95 − {inert(amounts.seconds(target))}), the waiting that the slow tail costs."
    )
    for what, named in view.ask(detection.joined).items():
        if named:
            st.caption(f"{what} changed their name and are joined in time, never added up: {inert(named)}.")


def grown(view: View, ranges: Mapping[int, routes.Days]) -> None:
    """The change of waiting time and of the mean since the week before, split exactly by route."""
    week = view.review.week
    if week - 1 not in ranges:
        return
    changed = view.ask(routes.changed, ranges[week], ranges[week - 1])
    st.markdown(f"**{inert(findings.growth(changed, week))}**")
    tables.show(rows.growth_rows(changed), "Growth of waiting time by route", height="content")
    st.caption(inert(findings.mean_change(changed)))
