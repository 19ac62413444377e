"""Engagement questions answered by the product, each as a plain dictionary that others can be compared with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.generate import LAUNCH
from data.calendar import day_number
from data.warehouse import Snapshot
from kpis.engagement.active import active_days
from kpis.engagement.adoption import adoption
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle
from kpis.engagement.retention import RetentionOptions, retention
from kpis.engagement.scope import Scope

FIRST_DAY = day_number(LAUNCH)
ALL = Scope(start=LAUNCH)
Answer = dict[Any, Any]


def daily(snapshot: Snapshot) -> Answer:
    """Day -> active testers."""
    return {(d.day - LAUNCH).days: d.dau for d in active_days(snapshot, ALL)}


def rolling(snapshot: Snapshot) -> Answer:
    """Day -> active testers of the 7 days that end with it, from the seventh day on."""
    days = active_days(snapshot, ALL)
    return {(d.day - LAUNCH).days: d.wau for d in days if d.wau is not None}


def _table(snapshot: Snapshot, **options: Any) -> Answer:
    """(cohort, column) -> testers, cells of at least one; column 0 is the size."""
    table = retention(snapshot, RetentionOptions(scope=ALL, **options))
    return {
        (n, col): retained if retained is not None else running
        for n, row in enumerate(table.rows)
        for col, (retained, running) in enumerate(zip(row.cells.retained, row.cells.running, strict=True))
        if retained or running
    }


def triangle(snapshot: Snapshot) -> Answer:
    return _table(snapshot, period="day")


def on_or_after(snapshot: Snapshot) -> Answer:
    return _table(snapshot, period="day", rule="on-or-after")


def weekly(snapshot: Snapshot) -> Answer:
    return _table(snapshot, period="week")


def states(snapshot: Snapshot) -> Answer:
    """Day -> new, returning, resurrecting, dormant."""
    found = lifecycle(snapshot, LifecycleOptions(scope=ALL, period="day")).periods
    return {(p.start - LAUNCH).days: (p.new, p.returning, p.resurrecting, -p.dormant) for p in found}


def adopted(snapshot: Snapshot) -> Answer:
    """Feature -> active testers, users of it, users on two days or more, over the whole range."""
    return {f.feature: (f.eligible, f.users, f.repeaters) for f in adoption(snapshot, ALL)}


def sessions(snapshot: Snapshot) -> Answer:
    """Day -> sessions that start on it. Asked anew each time; the rows of a KPI are kept with the snapshot."""
    rows = snapshot.rows("measures/sessions", by="day")
    return {row["period"] - FIRST_DAY: int(row["total"] or 0) for row in rows}


QUESTIONS: dict[str, Callable[[Snapshot], Answer]] = {
    "daily active testers": daily,
    "weekly active testers, rolling": rolling,
    "daily retention triangle": triangle,
    "daily retention, on or after": on_or_after,
    "weekly retention": weekly,
    "lifecycle by day": states,
    "adoption of 40 features": adopted,
    "sessions by day": sessions,
}
