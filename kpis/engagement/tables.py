"""Engagement as rows of ready texts, for the page and its downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from data.calendar import us
from data.warehouse import Snapshot
from kpis.engagement import findings, groups
from kpis.engagement.active import ActiveDay
from kpis.engagement.adoption import FeatureAdoption
from kpis.engagement.averages import Average
from kpis.engagement.cells import Cell, CohortRow
from kpis.engagement.compare import Comparison
from kpis.engagement.exposure import Exposure
from kpis.engagement.findings import minutes, percent
from kpis.engagement.lifecycle import LifecycleTable
from kpis.engagement.retention import RetentionTable
from kpis.engagement.scope import Scope, resolve
from kpis.engagement.sessions import session_weeks
from kpis.engagement.stickiness import StickinessOptions, StickinessTable, stickiness
from kpis.engagement.tester_funnel import Person, Step, TesterFunnel, tester_funnel
from kpis.model import Unit
from kpis.words import short_day, show, span

DASH = "–"
WEEK_DAYS = 7


def hidden(floor: int) -> str:
    """What stands in place of a number that would tell of too few testers."""
    return f"hidden: fewer than {floor}"


def ends(low: float | None, high: float | None) -> str:
    """An interval of shares: "35 to 45 %"."""
    return DASH if low is None or high is None else span(low, high, Unit.RATIO)


def each(number: float) -> str:
    """A number per tester, rounded as the KPI of it."""
    return show(number, Unit.PER_TESTER)


def cell_text(cell: Cell, size: int | None) -> str:
    """What stands in a retention cell: share and n; nothing while it cannot be read; "hidden" when it must not be."""
    if cell.masked:
        return "hidden"
    return f"{percent(cell.retained / size)}\nn {size:,}" if cell.retained is not None and size else ""


def cell_hover(cell: Cell, size: int | None, floor: int) -> str:
    """A retention cell in full: share, returned, interval; or the date from which it can be read."""
    if cell.masked:
        return f"{hidden(floor)}, or kept back with one that is"
    if size == 0:
        return "nobody began"
    if cell.retained is None:
        so_far = "" if cell.running is None else f"; {cell.running:,} so far"
        return f"not before {short_day(cell.measurable_on)}{so_far}"
    return (
        f"{percent(cell.retained / size)} ({cell.retained:,} of {size:,}; 95 %: {ends(cell.low, cell.high)})"
        if size else DASH
    )  # fmt: skip


def average_hover(average: Average, col: int) -> str:
    """The pooled value of a column in full."""
    value, n = average.values[col], average.n[col]
    if value is None:
        return "hidden: too few testers" if n is None else "not yet measurable"
    interval = ends(average.low[col], average.high[col])
    return f"{percent(value)} (n {n:,}; 95 %: {interval}), {average.not_yet[col]:,} not yet"


def cohort(row: CohortRow) -> str:
    return short_day(row.cohort)


def retention_rows(table: RetentionTable, floor: int) -> list[dict[str, Any]]:
    """One row a cell of the triangle, with numbers for a spreadsheet; `pooled` rows last."""
    found = []
    for row in table.rows:
        for name, cell in list(zip(table.columns, row.cells, strict=True))[1:]:
            known = cell.retained is not None and row.size
            found.append(
                {
                    "Cohort": row.cohort.isoformat(), "Testers": row.size, "Column": name, "Came back": cell.retained,
                    "Share": cell.retained / row.size if known else None, "Low 95 %": cell.low if known else None,
                    "High 95 %": cell.high if known else None, "Measurable on": cell.measurable_on.isoformat(),
                    "State": "" if known else cell_hover(cell, row.size, floor),
                }
            )  # fmt: skip
    average = table.average
    return found + [
        {"Cohort": average.kind, "Testers": average.n[col], "Column": name, "Came back": None,
         "Share": average.values[col], "Low 95 %": average.low[col], "High 95 %": average.high[col],
         "Measurable on": None, "State": ""} for col, name in enumerate(table.columns) if col
    ]  # fmt: skip


def day_rows(days: Sequence[ActiveDay]) -> list[dict[str, Any]]:
    """Active testers by day."""
    return [
        {"Day": d.day.isoformat(), "Active on the day": d.dau, "Active in 7 days": d.wau,
         "Share of the week's testers on a day": d.stickiness} for d in days
    ]  # fmt: skip


def curve_rows(found: Mapping[str, Average]) -> list[dict[str, Any]]:
    """Retention by day of every curve."""
    return [
        {"Group": name, "Day": day, "Share": value, "n": average.n[day], "Low 95 %": average.low[day],
         "High 95 %": average.high[day]}
        for name, average in found.items() for day, value in enumerate(average.values) if value is not None
    ]  # fmt: skip


def lifecycle_rows(table: LifecycleTable) -> list[dict[str, Any]]:
    """Weeks with their parts; dormant testers as they are drawn, below zero."""
    return [
        {"Week from": p.start.isoformat(), "State": p.state, "New": p.new, "Returning": p.returning,
         "Resurrecting": p.resurrecting, "Dormant": p.dormant, "Active": p.active, "Never active": p.never_active}
        for p in table.periods
    ]  # fmt: skip


def stickiness_week(snapshot: Snapshot, scope: Scope, week: int) -> StickinessTable:
    """Days active in one programme week."""
    start = _launch(snapshot) + timedelta(days=WEEK_DAYS * (week - 1))
    end_us = resolve(snapshot, scope, "day").periods.midnight(start + timedelta(days=WEEK_DAYS))
    until = scope.until_us if scope.until_us is not None else us(snapshot.as_of)
    return stickiness(snapshot, StickinessOptions(scope=replace(scope, start=start, until_us=min(until, end_us))))


def stickiness_rows(table: StickinessTable) -> list[dict[str, Any]]:
    """Testers by number of days active."""
    return [
        {"Days active": k, "Testers": n, "Share": percent(n / table.testers) if table.testers else DASH}
        for k, n in enumerate(table.buckets, 1)
    ]


def adoption_rows(found: Sequence[FeatureAdoption], floor: int) -> list[dict[str, Any]]:
    """Features; the adopted share is a number (0..100), to be drawn as a bar."""
    rows = []
    for f in found:
        few = 0 < f.eligible < floor
        known = f.adoption is not None and not few
        rows.append(
            {
                "Feature": f.feature,
                "Adopted": round(100 * f.adoption, 1) if known and f.adoption is not None else None,
                "95 %": ends(*f.adoption_interval) if known else DASH,
                "Users": f"{f.users:,}" if not few else hidden(floor),
                "of eligible": f"{f.eligible:,}" if not few else hidden(floor),
                "On 2+ days": percent(f.repeat) if known and f.users >= floor else DASH,
                "95 % of it": ends(*f.repeat_interval) if known and f.users >= floor else DASH,
            }
        )
    return rows


def funnel_rows(snapshot: Snapshot, scope: Scope, week: int) -> list[dict[str, Any]]:
    """Steps of the group with shares of the step before, and beside them every wave that may be shown."""
    own = tester_funnel(snapshot, scope, week)
    beside: dict[str, TesterFunnel] = {}
    if scope.wave is None:
        waves = {w: tester_funnel(snapshot, replace(scope, wave=w), week) for w in groups.choices(snapshot)[0]}
        hidden = groups.small({w: f.steps[0].testers for w, f in waves.items()}, groups.floor_of(snapshot))
        hidden |= {w for w in waves if groups.too_small(snapshot, replace(scope, wave=w))}
        beside = {w: f for w, f in waves.items() if w not in hidden} if len(waves) > 1 else {}
    waiting = any(step.waiting for step in own.steps)
    first = 1 if scope.platform is not None else 0  # an invitation that nobody took has no platform
    return [
        {
            "Step": step.name.capitalize(), "Testers": step.testers,
            "Of the step before": DASH if place <= first else percent(step.share),
            "95 %": DASH if place <= first else ends(*step.interval),
            **({"Still may": len(step.waiting)} if waiting else {}),
            **{f"Wave {w}": _reached(f.steps[place], place <= first) for w, f in beside.items()},
        }
        for place, step in enumerate(own.steps) if place >= first
    ]  # fmt: skip


def funnel_finding(snapshot: Snapshot, scope: Scope, week: int) -> str:
    """Where most testers of the group are lost."""
    steps = tester_funnel(snapshot, scope, week).steps
    return findings.funnel(steps[1:] if scope.platform is not None else steps)


def _reached(step: Step, first: bool) -> str:
    return f"{step.testers:,}" if first or step.share is None else f"{step.testers:,} ({percent(step.share)})"


def session_rows(snapshot: Snapshot, scope: Scope, week: int) -> list[dict[str, Any]]:
    """Sessions of every programme week up to `week`: how many, by how many testers, how long."""
    launch, floor = _launch(snapshot), groups.floor_of(snapshot)
    found = session_weeks(snapshot, scope, launch, week)
    rows = []
    for number, part in enumerate(found, 1):
        testers = stickiness_week(snapshot, scope, number)
        few, running = 0 < testers.testers < floor, testers.complete < WEEK_DAYS
        rows.append(
            {
                "Week": f"{number} ({testers.complete} of 7 days)" if running else f"{number}",
                "Sessions": None if few else part.sessions,
                "Active testers": hidden(floor) if few else f"{testers.testers:,}",
                "Per tester": DASH if few or not testers.testers else each(part.sessions / testers.testers),
                "Median length": DASH if few else minutes(part.median_s),
                "p90 length": DASH if few else minutes(part.p90_s),
            }
        )
    return rows


def exposure_rows(found: Exposure, floor: int) -> list[dict[str, str]]:
    """The two groups of the split; nothing when one is too small to be shown."""
    if min(found.met.testers, found.clean.testers) < floor:
        return []
    names = {"met": "met a failing or slow request", "clean": "met none"}
    return [
        {"First session": names[g.name], "Testers": f"{g.testers:,}", "Back on day 7": percent(g.rate),
         "95 %": ends(*g.interval), "n": f"{g.mature:,}", "Later sessions last": minutes(g.later_seconds)}
        for g in (found.met, found.clean)
    ]  # fmt: skip


def comparison_rows(found: Comparison) -> list[dict[str, str]]:
    """The two groups side by side."""
    return [
        {"Group": g.label, "Testers": f"{g.testers:,}", "Day over for": f"{g.mature:,}", "Came back": f"{g.retained:,}",
         "Share": percent(g.rate), "95 %": ends(*g.interval)} for g in (found.a, found.b)
    ]  # fmt: skip


def silent_rows(found: Sequence[Person], today: date) -> list[dict[str, Any]]:
    """Pseudonyms of those who stopped, longest silence first. Manager role only."""
    return [
        {"Tester": p.tester_id, "Wave": p.wave, "Platform": p.platform, "Last active": p.last_active.isoformat(),
         "Days ago": (today - p.last_active).days} for p in found if p.last_active is not None
    ]  # fmt: skip


def _launch(snapshot: Snapshot) -> date:
    return date.fromisoformat(snapshot.meta["launch"])
