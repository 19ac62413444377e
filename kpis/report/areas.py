"""The areas of the report: per KPI family one table of all weeks and the charts that matter in this week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from kpis.charts import build
from kpis.charts.spec import ChartSpec, X
from kpis.charts.ticks import tick_text
from kpis.model import Kpi, KpiValue, Review, State, Status, Unit
from kpis.report import say
from kpis.report.safe import clean
from kpis.scorecard import missing
from kpis.words import joined, show

FAMILIES = ("engagement", "reliability", "performance", "resources", "feedback", "programme")
CHARTS = 2  # side by side in print
FEW = 5  # days with data under which a line over all days shows nothing


def areas(review: Review) -> list[dict[str, Any]]:
    """One entry per family that has KPIs: id, title, summary, weeks, rows, charts."""
    found = []
    for family in FAMILIES:
        kpis = [k for k in review.kpis if k.family == family]
        if kpis:
            found.append(
                {
                    "id": family,
                    "title": family.capitalize(),
                    "summary": _summary(review, kpis),
                    "weeks": [f"W{n}" for n in sorted({v.week for v in review.values})],
                    "rows": [_row(review, k) for k in kpis],
                    "charts": [_chart(review, k) for k in charted(review, kpis)],
                }
            )
    return found


def charted(review: Review, kpis: list[Kpi]) -> list[Kpi]:
    """KPIs worth a picture: missed or clearly changed first, then catalogue order; only with data to draw."""
    clear = {c.kpi_id for c in review.changes if c.week == review.week and c.clear}

    def rank(kpi: Kpi) -> tuple[bool, bool]:
        return review.value(kpi.id).status is not Status.MISSED, kpi.id not in clear

    drawn = [k for k in kpis if any(d.value is not None for d in review.days.get(k.id, ()))]
    return sorted(drawn, key=rank)[:CHARTS]


def spec_of(review: Review, kpi: Kpi) -> ChartSpec:
    """All days where there are enough of them on the KPI's own scale, else the week's days beside the weekly bars."""
    told = sum(d.value is not None for d in review.days.get(kpi.id, ()))
    weekly = kpi.daily == "other" or told < FEW
    spec = build.seven_four(review, kpi.id) if weekly else build.days(review, kpi.id)
    return replace(spec, title=clean(spec.title), alt=clean(spec.alt))


def _summary(review: Review, kpis: list[Kpi]) -> str:
    now = [review.value(k.id).status for k in kpis]
    parts = [f"{now.count(s)} {s}" for s in Status if now.count(s)]
    return f"Week {review.week}: {joined(parts)}."


def _row(review: Review, kpi: Kpi) -> dict[str, Any]:
    values = sorted((v for v in review.values if v.kpi_id == kpi.id), key=lambda v: v.week)
    now = review.value(kpi.id)
    quiet = now.status in (Status.ON_TARGET, Status.WITHIN_FLOOR) and now.state is State.COMPLETE
    notes = [] if quiet else [review.failures.get(kpi.id) or now.reason]
    if now.not_yet_measurable:
        due = f", measurable from {say.day(now.measurable_on)}" if now.measurable_on else ""
        notes.append(f"{now.not_yet_measurable:,} {now.sample_word} not yet measurable{due}")
    if now.coverage is not None and now.coverage < 0.995:
        notes.append(f"the source covers {show(now.coverage, Unit.RATIO)} of the week")
    notes += [flag for flag in now.flags if "proposed target" not in flag]  # the target says so itself
    return {
        "title": kpi.title,
        "cells": [_cell(v, v.week == review.week) for v in values],
        "goal": say.goal(now),
        "status": say.status(now.status),
        "note": " ".join(say.sentence(n) for n in notes),
    }


def _cell(v: KpiValue, current: bool) -> dict[str, Any]:
    return {
        "value": show(v.value, v.unit) if v.value is not None else "–",
        "interval": say.bounds(v),
        "n": f"n {v.n:,}" if v.n else "",
        "state": say.state(v) or ("" if v.value is not None else missing(v)),
        "mark": say.status(v.status)["mark"],
        "word": str(v.status),
        "role": say.status(v.status)["role"],
        "current": current,
    }


def _chart(review: Review, kpi: Kpi) -> dict[str, Any]:
    spec = spec_of(review, kpi)
    unit = {"percent": "%", "seconds": "s", "bytes": "bytes"}.get(spec.y_format, spec.y_title)
    head, rows = chart_table(spec)
    return {
        "kpi": kpi.id,
        "id": spec.id,
        "title": spec.title,
        "alt": spec.alt,
        "unit": unit,
        "head": head,
        "rows": rows,
    }


def chart_table(spec: ChartSpec) -> tuple[list[str], list[list[str]]]:
    """What a chart draws, as header and rows of texts: one row per place, one column per series."""
    series = [s for s in spec.series if s.name and s.kind != "tick"]
    places = list(dict.fromkeys(x for s in series for x in s.x if not (isinstance(x, str) and not x.strip())))
    columns = [dict(zip(s.x, s.y, strict=True)) for s in series]
    rows = [[_place(x), *(_figure(c.get(x), spec.y_format) for c in columns)] for x in places]
    return ["Day" if len(series) == 1 else "Period", *(s.name for s in series)], rows


def _place(x: X) -> str:
    return say.day(x, year=False) if isinstance(x, date) else str(x)


def _figure(value: float | None, form: str) -> str:
    return (
        "–" if value is None else tick_text(value, form, [0.0, value / 200]) if value else tick_text(0.0, form, [0, 1])
    )
