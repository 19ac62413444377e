"""Cards: the verdict of the programme, one number with all that defends it, what changed."""

from __future__ import annotations

import streamlit as st

from kpis import scorecard
from kpis.charts.colours import palette
from kpis.charts.sparkline import sparkline
from kpis.charts.titles import shown, shown_title
from kpis.model import Decision, KpiValue, Review, State, Status
from kpis.words import show, span, status_mark
from pages.parts.frame import View
from pages.parts.text import inert

BADGES = {Status.ON_TARGET: "blue", Status.WITHIN_FLOOR: "yellow", Status.MISSED: "orange", Status.CANNOT_TELL: "gray"}
ONWARD = (  # KPIs -> the page that says where they come from
    (("latency_p95", "latency_p99", "requests_within_200ms"), "bottlenecks", "Bottlenecks"),
    (("error_ratio", "error_free_testers"), "reliability", "Reliability"),
)
LISTED = 4  # items of a list shown before the rest is folded away
_DECISIONS = {
    Decision.GO: "●", Decision.CONDITIONS: "◆", Decision.NO_GO: "▲", Decision.CANNOT_TELL: "○",
}  # fmt: skip


def badge(status: Status) -> str:
    """Shape, word and colour of a status, as Markdown."""
    return f":{BADGES[status]}-badge[{status_mark(status)}]"


def verdict(review: Review) -> None:
    """The sentence everybody reads first, and what blocks, conditions or would decide it."""
    found = review.verdict
    st.title(f"{_DECISIONS[found.decision]} {inert(found.sentence)}", anchor=False)
    parts = [("Blockers", found.blockers), ("Conditions", found.conditions), ("Undecided", found.undecided)]
    filled = [(name, items) for name, items in parts if items]
    if not filled:
        return
    for column, (name, items) in zip(st.columns(len(filled)), filled, strict=True):
        column.markdown("\n".join([f"**{name}**", "", *(f"- {inert(i)}" for i in items[:LISTED])]))
        if len(items) > LISTED:
            with column.expander(f"{len(items) - LISTED} more"):
                st.markdown("\n".join(f"- {inert(i)}" for i in items[LISTED:]))


def card(view: View, kpi_id: str) -> bool:
    """One KPI as a card. True when its details were asked for."""
    review = view.review
    value = review.value(kpi_id)
    title = shown_title(review, kpi_id)
    with st.container(gap="xsmall", key=f"card-{kpi_id}"):
        words, better = scorecard.moved(review, kpi_id)
        known = value.value is not None
        reading = show(shown(review, value, value.value), value.unit) if known else scorecard.missing(value)
        st.metric(
            inert(title), inert(reading), delta=inert(words),
            delta_color="off" if better is None else "blue" if better else "orange",
            delta_arrow="off" if better is None else "down" if words.startswith("−") else "up",
            delta_description=None if better is None else f"vs week {value.week - 1}",
            help=inert(review.kpi(kpi_id).question),
        )  # fmt: skip
        _spark(view, value, title)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(badge(value.status), width="content")
            asked = st.button(
                "Details", key=f"details-{kpi_id}", type="tertiary", help=f"What is behind {inert(title)}"
            )
        st.caption(_defence(review, value))
        _onward(value)
        return asked


def _onward(value: KpiValue) -> None:
    """Where to go from here: the page that explains the KPI, in the same week."""
    for kpis, page, name in ONWARD:
        if value.kpi_id in kpis:
            week = {"week": str(value.week)}
            st.page_link(f"pages/{page}.py", label=name, icon=":material/arrow_forward:", query_params=week)


def _spark(view: View, value: KpiValue, title: str) -> None:
    points = [shown(view.review, value, d.value) for d in view.review.days.get(value.kpi_id, ())]
    if not any(p is not None for p in points):
        st.caption("No daily points to draw.")
        return
    target = shown(view.review, value, value.target) if view.review.kpi(value.kpi_id).daily != "other" else None
    picture = sparkline(
        points, palette(view.dark), week=value.week, running=value.state is State.RUNNING, target=target
    )
    st.image(picture, width="stretch", alt=f"{title} by day over the programme; week {value.week} is shaded")


def _defence(review: Review, value: KpiValue) -> str:
    """Target, n and interval in one line."""
    parts = [f"target {scorecard.target_text(value)}"]
    if value.n:
        parts.append(f"n {value.n:,} {value.sample_word}")
    if value.low is not None and value.low != value.high:
        low, high = shown(review, value, value.low), shown(review, value, value.high)
        ends = (high, low) if review.kpi(value.kpi_id).complement else (low, high)
        parts.append(f"interval {span(*ends, value.unit)}")
    stale = f"  \n{inert(value.flags[-1])}" if value.state is State.STALE and value.flags else ""
    return inert(" · ".join(parts[:2])) + (f"  \n{inert(parts[2])}" if len(parts) > 2 else "") + stale


def signals(review: Review) -> None:
    """Clear changes of the week only; noise is not listed."""
    found = scorecard.signals(review)
    if not found:
        st.write("No KPI changed clearly against the week before.")
        return
    lines = []
    for value, change in found:
        arrow = "↑" if (change.delta or 0) > 0 else "↓"
        colour, word = ("blue", "better") if change.better else ("orange", "worse")
        lines.append(f"- :{colour}-badge[{arrow} {word}] **{inert(value.title)}** {inert(change.words)}")
    st.markdown("\n".join(lines))
