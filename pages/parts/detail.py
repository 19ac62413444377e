"""Everything behind one number: verdict, 7-4 chart, box score, definition, query, sample, coverage, CSV."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from data.cli import csv_text
from kpis import scorecard
from kpis.charts import build
from kpis.model import KpiValue, Review, Unit
from kpis.words import short_day, short_instant, show
from pages.parts import cards, charts, queries, tables
from pages.parts.frame import View
from pages.parts.text import inert


def forget() -> None:
    """Take the row's selection back when the dialog is closed, so that it does not open again."""
    if "kpis" in st.session_state:
        st.session_state["kpis"] = {"selection": {"rows": [], "columns": [], "cells": []}}


def open_dialog(view: View, kpi_id: str) -> None:
    """One KPI in a dialog."""
    value = view.review.value(kpi_id)
    title = inert(f"{value.title}, week {value.week}: {show(value.value, value.unit)}")
    st.dialog(title, width="large", on_dismiss=forget)(body)(view, kpi_id)


def body(view: View, kpi_id: str) -> None:
    """One KPI, from the verdict down to the query."""
    review, value, kpi = view.review, view.review.value(kpi_id), view.review.kpi(kpi_id)
    st.markdown(f"{cards.badge(value.status)} {inert(value.reason)}")
    if kpi_id in review.failures:
        st.error(inert(review.failures[kpi_id]), icon=":material/error:")
    charts.draw(build.seven_four(review, kpi_id), dark=view.dark, key=f"seven-four-{kpi_id}", title=False)
    st.caption("Left: days of the week. Right: weeks, with intervals; the stroke on a bar is its target.")
    box = [{**r, "Status": [r["Status"]]} for r in scorecard.box_score(review, kpi_id)]
    tables.show(box, f"{kpi.title} by week", config={"Status": tables.status_column(view.dark)})
    st.markdown(f"**{inert(kpi.question)}** {inert(kpi.definition)}")
    for caveat in kpi.caveats:
        st.markdown(f"- {inert(caveat)}")
    st.markdown(_facts(review, value))
    with st.expander("Query", icon=":material/code:"):
        queries.show(kpi.measure)
    st.download_button(
        "CSV of weeks and days", data=lambda: _csv(review, kpi_id), file_name=f"{kpi_id}-week-{value.week}.csv",
        mime="text/csv", icon=":material/download:", key=f"csv-{kpi_id}", on_click="ignore",
    )  # fmt: skip


def _facts(review: Review, value: KpiValue) -> str:
    """n, parts, coverage, freshness, revision as a list."""
    zone = ZoneInfo(review.programme.timezone)
    parts = [f"n {value.n:,} {value.sample_word}"]
    if value.numerator is not None and value.denominator is not None:
        parts.append(f"{value.numerator:,.6g} of {value.denominator:,.6g}")
    if value.not_yet_measurable:
        on = f", complete on {short_day(value.measurable_on)}" if value.measurable_on else ""
        parts.append(f"{value.not_yet_measurable:,} not yet measurable{on}")
    if value.coverage is not None:
        parts.append(f"source covers {show(value.coverage, Unit.RATIO)} of the week")
    parts += [
        f"as of {short_instant(value.as_of.astimezone(zone))}",
        f"definition revision {value.revision}",
        *value.flags,
    ]
    return inert(" · ".join(parts))


def _csv(review: Review, kpi_id: str) -> str:
    """Weeks, then days, one row each, as CSV that a spreadsheet opens safely."""
    weeks = [
        {"kpi": v.kpi_id, "period": f"week {v.week}", "start": v.start, "value": v.value, "low": v.low, "high": v.high,
         "n": v.n, "target": v.target, "status": v.status.value, "state": v.state.value}
        for v in review.values if v.kpi_id == kpi_id
    ]  # fmt: skip
    empty = dict.fromkeys(weeks[0])
    days = [
        {**empty, "kpi": kpi_id, "period": "day", "start": d.day, "value": d.value, "n": d.n}
        for d in review.days.get(kpi_id, ())
    ]
    return csv_text([*weeks, *days])
