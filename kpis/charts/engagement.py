"""Engagement -> ChartSpec: retention triangle and curves, active testers, lifecycle, stickiness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.warehouse import Snapshot
from kpis.charts.build import local_markers
from kpis.charts.spec import ChartSpec, Heatmap, Series
from kpis.engagement import findings
from kpis.engagement.active import ActiveDay
from kpis.engagement.averages import Average
from kpis.engagement.cells import CohortRow
from kpis.engagement.findings import percent
from kpis.engagement.lifecycle import LifecycleTable
from kpis.engagement.retention import RetentionOptions, RetentionTable, retention
from kpis.engagement.stickiness import StickinessTable
from kpis.engagement.tables import average_hover, cell_hover, cell_text, cohort, retention_rows
from kpis.model import Review
from kpis.words import count, short_day

SIZE = "testers"  # first column: the cohort's size
ROLES = ("main", "warn", "muted", "bad")
ALL_DAYS = 7


@dataclass(frozen=True)
class Triangle:
    """A retention table, as a chart, and as rows of cells for a spreadsheet."""

    table: RetentionTable
    spec: ChartSpec
    rows: tuple[dict[str, Any], ...]


def retention_triangle(snapshot: Snapshot, options: RetentionOptions, floor: int) -> Triangle:
    """Asked and made at once: words for hundreds of cells take longer than the answer. Errors as retention."""
    table = retention(snapshot, options)
    return Triangle(table, triangle(table, floor), tuple(retention_rows(table, floor)))


def triangle(table: RetentionTable, floor: int) -> ChartSpec:
    """Cohorts x periods after the first, the average on top. The share is the colour; share and n are the text."""
    average, columns = table.average, range(1, len(table.columns))
    everybody = "" if not average.n or average.n[0] is None else f"{average.n[0] + (average.not_yet[0] or 0):,}"
    rows = [
        (
            average.kind,
            (None, *(average.values[c] for c in columns)),
            (everybody, *(_pooled(average, c) for c in columns)),
            ("all cohorts", *(average_hover(average, c) for c in columns)),
        )
    ]
    for row in drawn(table):
        cells = row.cells[1:]
        shares = (c.retained / row.size if c.retained is not None and row.size else None for c in cells)
        size = "hidden" if row.size is None else f"{row.size:,}"
        began = f"{size} began" if row.size else cell_hover(row.cells[0], row.size, floor)
        rows.append(
            (
                cohort(row),
                (None, *shares),
                (size, *(cell_text(c, row.size) for c in cells)),
                (began, *(cell_hover(c, row.size, floor) for c in cells)),
            )
        )
    names, z, text, hover = (tuple(part) for part in zip(*rows, strict=True))
    told = "; ".join(f"{table.columns[c]} {percent(average.values[c])}" for c in columns)
    by = table.options.period
    per = 30 if by == "day" else 42
    return ChartSpec(
        id="retention", title=f"Retention by {by} of first activity", y_title="", y_format="percent",
        alt=f"Retention of {count(len(rows) - 1, 'cohort')} by {by}, {average.kind}: {told or 'no period yet'}.",
        heatmap=Heatmap((SIZE, *table.columns[1:]), names, z, text, "amount", hover), height=60 + per * len(rows),
    )  # fmt: skip


def _pooled(average: Average, col: int) -> str:
    value = average.values[col]
    return "" if value is None else f"{percent(value)}\nn {average.n[col]:,}"


def drawn(table: RetentionTable) -> tuple[CohortRow, ...]:
    """Cohorts of the triangle: every week, but only those days on which somebody began."""
    return tuple(row for row in table.rows if row.size != 0 or table.options.period != "day")


def curves(found: Mapping[str, Average], height: int = 320) -> ChartSpec:
    """Pooled retention by day of every group, with its interval as a band."""
    title = findings.curves(found)
    series: list[Series] = []
    for place, (name, average) in enumerate(found.items()):
        days = tuple(range(1, len(average.values)))
        values = tuple(average.values[d] for d in days)
        beside = sum(_end(s.y) == _end(values) for s in series)
        series.append(
            Series(
                name, tuple(float(d) for d in days), values, low=tuple(average.low[d] for d in days),
                high=tuple(average.high[d] for d in days), labels=_named(name, values, beside),
                role="muted" if place and len(found) == 2 and name.startswith("all") else ROLES[place % len(ROLES)],
            )
        )  # fmt: skip
    return ChartSpec(
        id="retention-curves", title=title, alt=f"Share that came back by day after the first: {title}.",
        y_title="days after the first", y_format="percent", series=tuple(series), height=height,
    )  # fmt: skip


def active(review: Review, days: Sequence[ActiveDay]) -> ChartSpec:
    """Active testers by day with the range of the seven days before, and by week, with the numbered events."""
    x = tuple(d.day for d in days)
    dau = tuple(float(d.dau) for d in days)
    wau = tuple(None if d.wau is None else float(d.wau) for d in days)
    before = [dau[i - 7 : i] for i in range(len(dau))]
    low = tuple(min(b) if len(b) == ALL_DAYS else None for b in before)
    high = tuple(max(b) if len(b) == ALL_DAYS else None for b in before)
    title = findings.active(days)
    markers = tuple(m for m in local_markers(review) if x and x[0] <= m.at.date() <= x[-1])
    return ChartSpec(
        id="active", title=title, alt=f"Daily and weekly active testers by day. {title}.", y_title="testers",
        y_format="number", markers=markers, height=300,
        series=(
            Series("in 7 days (WAU)", x, wau, role="compare", labels=_named("in 7 days (WAU)", wau)),
            Series("on the day (DAU)", x, dau, low=low, high=high, labels=_named("on the day (DAU)", dau)),
        ),
    )  # fmt: skip


def _end(values: Sequence[float | None]) -> int:
    return max((i for i, v in enumerate(values) if v is not None), default=-1)


def _named(name: str, values: Sequence[float | None], place: int = 0) -> tuple[str, ...]:
    """The name of a line over one of its last points, away from the very end; with a place, further left."""
    known = [i for i, v in enumerate(values) if v is not None]
    near = known[-7 - 5 * place : -2 - 5 * place] or known[-1:]
    at = max(near, key=lambda i: values[i] or 0.0, default=-1)
    return tuple(name if i == at else "" for i in range(len(values)))


def lifecycle(table: LifecycleTable) -> ChartSpec:
    """Testers by week: new, returning, resurrecting; dormant below zero."""
    x = tuple(short_day(p.start) + ("\nrunning" if p.state == "running" else "") for p in table.periods)
    running = tuple(p.state == "running" for p in table.periods)
    parts = (
        ("returning", [p.returning for p in table.periods], "main"),
        ("new", [p.new for p in table.periods], "compare"),
        ("resurrecting", [p.resurrecting for p in table.periods], "warn"),
        ("dormant", [p.dormant for p in table.periods], "muted"),
    )
    title = findings.lifecycle(table)
    return ChartSpec(
        id="lifecycle", title=title, alt=f"Testers by week, new, returning, resurrecting and dormant. {title}.",
        y_title="testers", y_format="number", stacked=True, height=320,
        series=tuple(
            Series(name, x, tuple(map(float, counts)), kind="bar", role=role, hatched=running,
                   labels=tuple(f"{n:,}" if n and not r else "" for n, r in zip(counts, running, strict=True)))
            for name, counts, role in parts
        ),
    )  # fmt: skip


def stickiness(table: StickinessTable, week: int) -> ChartSpec:
    """Testers by number of days active in the week."""
    names = tuple(f"{k}" for k in range(1, ALL_DAYS + 1))
    counts = tuple(table.buckets[k] if k < len(table.buckets) else None for k in range(ALL_DAYS))
    labels = tuple("" if n is None else f"{n:,}" for n in counts)
    title = findings.stickiness(table, week)
    told = ", ".join(f"{k}: {t}" for k, t in zip(names, labels, strict=True) if t)
    return ChartSpec(
        id="stickiness", title=title, alt=f"Testers by days active. {title}. {told}.", y_title="testers",
        y_format="number", height=320,
        series=(Series("testers", names, tuple(None if n is None else float(n) for n in counts), kind="bar",
                       labels=labels, hatched=(table.complete < ALL_DAYS,) * ALL_DAYS),),
    )  # fmt: skip
