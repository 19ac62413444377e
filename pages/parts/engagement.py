"""Parts of the Engagement page: whom it is about, and one section a question. Choices live in the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import streamlit as st

from data.errors import QueryError
from kpis.charts import engagement as draw
from kpis.engagement import compare, findings, groups
from kpis.engagement import exposure as exposures
from kpis.engagement import tables as rows
from kpis.engagement.adoption import FeatureAdoption
from kpis.engagement.retention import RetentionOptions
from kpis.engagement.scope import Scope
from kpis.engagement.tester_funnel import silent as silent_testers
from pages.parts import charts, notices, tables
from pages.parts.frame import View
from pages.parts.text import inert, plain


@dataclass(frozen=True)
class Asked:
    """The choices of the page."""

    scope: Scope
    period: Literal["day", "week"]
    rule: Literal["on", "on-or-after"]


def choose(view: View) -> Asked:
    """Wave, platform, period and rule; names of data are plain texts in select boxes."""
    waves, platforms = view.ask(groups.choices)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        wave = _one("Wave", "all waves", waves, "cohort")
        platform = _one("Platform", "all platforms", platforms, "platform")
        period = st.segmented_control(
            "Retention by", ["week", "day"], default="week", required=True, key="by", bind="query-params"
        )
        rule = st.segmented_control(
            "Return rule", ["on", "on-or-after"], default="on", required=True, key="rule", bind="query-params",
            help="on: active in that very period. on-or-after: active in it or in any later one.",
        )  # fmt: skip
    return Asked(groups.scope_of(view.review, wave, platform), period, rule)


def _one(label: str, everybody: str, names: Sequence[str], key: str) -> str | None:
    return st.selectbox(
        label, [None, *names], format_func=lambda name: everybody if name is None else plain(name, 60), key=key,
        bind="query-params", width=190,
    )  # fmt: skip


def foot(words: str, found: Sequence[Mapping[str, Any]], csv: str) -> None:
    """What a figure or table means, and its rows as CSV."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(inert(words), width="stretch")
        tables.download(found, csv)


def triangle(view: View, options: RetentionOptions, least: int) -> None:
    """The retention triangle, how to read it, and its cells as CSV."""
    found = view.ask(draw.retention_triangle, options, least)
    charts.draw(found.spec, dark=view.dark, key="triangle")
    table = found.table
    unit = table.options.period
    later = " or in any later one" if table.options.rule == "on-or-after" else ""
    week = f" (weeks begin on {view.snapshot.meta.get('week_start', 'monday').capitalize()})" if unit == "week" else ""
    left_out = " Days on which nobody began are in the CSV only." if unit == "day" else ""
    foot(
        f"Row: testers by the {unit} of their first activity{week}. Column {table.columns[-1][0]}k: share active in "
        f"the k-th {unit} after it{later}. Empty: not over yet; point at it for its date. "
        f"Hidden: fewer than {least} testers, or a cohort that would give those away.{left_out}",
        found.rows, f"retention-by-{unit}",
    )  # fmt: skip
    for note in table.notes:
        st.caption(inert(note))


def features(used: Sequence[FeatureAdoption], least: int) -> None:
    """Adoption and repeat use of every declared feature."""
    if not used:
        st.write("No features are declared: name them in [engagement].features of the settings.")
        return
    bar = st.column_config.ProgressColumn("Adopted", format="%.1f %%", min_value=0, max_value=100)
    found = rows.adoption_rows(used, least)
    tables.show(found, "Feature adoption with intervals", config={"Adopted": bar}, height="content")
    foot(
        "Eligible: active since launch and, where a feature has a flag, the flag is on. Intervals: Wilson.",
        found, "adoption",
    )  # fmt: skip


def funnel(view: View, scope: Scope) -> None:
    """The way of testers through the beta, with the waves side by side."""
    st.subheader(inert(view.ask(rows.funnel_finding, scope, view.review.week)), anchor=False)
    found = view.ask(rows.funnel_rows, scope, view.review.week)
    steps = [{plain(name, 60): value for name, value in row.items()} for row in found]
    tables.show(steps, "Activation funnel by wave", height="content")
    words = "A step counts only testers of the step before. Those who still may activate are in no share."
    if scope.platform:
        words += " Open invitations carry no platform, so the way begins with “accepted”."
    foot(words, steps, f"activation-funnel-week-{view.review.week}")


def sessions(view: View, scope: Scope) -> None:
    """How often and how long, by programme week."""
    found = view.ask(rows.session_rows, scope, view.review.week)
    st.subheader(inert(findings.sessions(found)), anchor=False)
    tables.show(found, "Sessions by week", height="content")
    foot(
        "From the first to the last event of a session; one of a single event lasts 0 s and counts.", found, "sessions"
    )


def exposure(view: View, scope: Scope, least: int) -> None:
    """Testers whose first session met a failing or slow request against the others."""
    found = view.ask(exposures.exposure, scope)
    split = rows.exposure_rows(found, least)
    if not split:
        st.subheader("A bad first session and coming back", anchor=False)
        st.write(f"Fewer than {least} testers are in one of the two groups, so the split is not shown.")
        return
    st.subheader(inert(found.sentence), anchor=False)
    tables.show(split, "Retention after a first session with and without trouble", height="content")
    foot(findings.later_sessions(found), split, "exposure")


def comparison(view: View, scope: Scope, least: int) -> None:
    """Two groups side by side, chosen in the URL."""
    there = view.ask(groups.comparable, scope)
    if not there:
        st.subheader("Two groups side by side", anchor=False)
        st.write(f"There are no two groups of {least} testers or more to compare here.")
        return
    top = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by = _name("Compare", tuple(there), "compare", 0)
        a = _name("This group", there[by], "a", 0)
        b = _name("with", tuple(label for label in there[by] if label != a), "b", 0)
        day = st.selectbox("Day", [1, 3, 7, 14], index=2, key="day", bind="query-params", width=90)
        split = st.text_input("Planned split", key="split", placeholder="1:1", bind="query-params", width=110)
    try:
        planned = compare.parse_ratio(split)
    except QueryError as error:
        notices.failed(error)
        planned = None
    options = compare.CompareOptions(by, a, b, scope, day, day, planned, least)
    found = view.ask(compare.compare, options)
    top.subheader(inert(findings.comparison(found)), anchor=False)
    shown = rows.comparison_rows(found)
    tables.show(shown, "The two groups compared", height="content")
    foot(
        f"Interval of the difference: Newcombe; p: Fisher's exact test. {findings.caution(found)}", shown, "comparison"
    )
    if found.ratio_p_value is not None:
        say = st.warning if findings.mismatch(found) else st.caption
        say(inert(findings.split(found)))


def _name(label: str, names: Sequence[str], key: str, index: int) -> str:
    return st.selectbox(
        label, names, index=index, format_func=lambda n: plain(n, 60), key=key, bind="query-params", width=200
    )


def silent(view: View, scope: Scope, known: datetime) -> None:
    """Pseudonyms of testers who stopped. The caller has checked the role."""
    found = view.ask(silent_testers, scope)
    st.subheader(f"Silent for a week: {len(found):,}", anchor=False)
    if not found:
        st.write("Everybody who was ever active was active in the last seven complete days.")
        return
    st.caption("Pseudonyms, for the manager role only; longest silence first.")
    tables.show(rows.silent_rows(found, known.date()), "Testers who went silent", csv="silent", height=330)
