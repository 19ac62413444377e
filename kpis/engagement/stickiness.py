"""Stickiness as a histogram: in how many periods of a range each tester was active."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from data.errors import QueryError
from data.warehouse import Snapshot
from kpis.engagement import rhythm
from kpis.engagement.periods import Grain
from kpis.engagement.scope import ACTIVITY, EVERYBODY, EventChoice, Range, Scope, held, resolve, unknown_events


@dataclass(frozen=True)
class StickinessOptions:
    """at_least and at_most bound the events a period needs to count as active; exactly N = both N."""

    scope: Scope = EVERYBODY
    period: Grain = "day"
    activity: EventChoice = ACTIVITY
    cumulative: bool = False
    at_least: int | None = None
    at_most: int | None = None

    def __post_init__(self) -> None:
        low, high = self.at_least or 1, self.at_most
        if low < 1 or (high is not None and high < low):
            raise QueryError("--at-least, --at-most and --exactly must be 1 or more and leave something in between")


@dataclass(frozen=True)
class StickinessTable:
    """buckets[k - 1] = testers active in exactly k periods of the range, or in k and more when cumulative."""

    options: StickinessOptions
    buckets: tuple[int, ...]
    testers: int
    complete: int  # periods of the range that are over
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "period": self.options.period,
            "cumulative": self.options.cumulative,
            "days_active": {str(k): n for k, n in enumerate(self.buckets, 1)},
            "testers": self.testers,
            "periods": len(self.buckets),
            "complete_periods": self.complete,
            "notes": list(self.notes),
        }


def stickiness(snapshot: Snapshot, options: StickinessOptions) -> StickinessTable:
    """One bucket for every possible number of periods, also the empty ones. Raises QueryError."""
    where = resolve(snapshot, options.scope, options.period)
    found = _counts(snapshot, options, where)
    buckets = [found.get(k, 0) for k in range(1, where.periods.begun + 1)]
    if options.cumulative:
        buckets = list(accumulate(reversed(buckets)))[::-1]
    notes = list(unknown_events(snapshot, options.activity))
    if where.periods.over < where.periods.begun:
        notes.append(f"the last {options.period} is still running: its testers may still move up a bucket")
    return StickinessTable(options, tuple(buckets), sum(found.values()), where.periods.over, tuple(notes))


def _counts(snapshot: Snapshot, options: StickinessOptions, where: Range) -> dict[int, int]:
    """Number of active periods -> testers with exactly so many."""
    bits = held(snapshot, where, options.activity)
    if bits is not None and (options.at_least or 1) == 1 and options.at_most is None:
        return rhythm.stickiness(*bits, where.periods.edges())
    return {row["periods"]: row["testers"] for row in _rows(snapshot, options, where)}


def _rows(snapshot: Snapshot, options: StickinessOptions, where: Range) -> list[dict[str, Any]]:
    parameters = {
        **where.people,
        **where.periods.days(),
        "until_us": where.until_us,
        "at_least": options.at_least,
        "at_most": options.at_most,
    }
    if options.activity.plain and where.stored_days and where.whole_days:
        parameters.pop("day_starts")
        return snapshot.rows("engagement/stickiness_days", **parameters, act_event=options.activity.name)
    parameters |= options.activity.parameters("act")
    return snapshot.rows("engagement/stickiness_events", **parameters, stored_days=where.stored_days)
