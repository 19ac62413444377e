"""Lifecycle: who is new, returning, resurrecting or dormant in each period. Active = new + returning + resurrecting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from data.warehouse import Snapshot
from kpis.engagement import rhythm
from kpis.engagement.activity import activity
from kpis.engagement.periods import Grain
from kpis.engagement.scope import ACTIVITY, EVERYBODY, EventChoice, Range, Scope, held, resolve, unknown_events


@dataclass(frozen=True)
class LifecycleOptions:
    """A lifecycle question; activity defaults to the settings' active list."""

    scope: Scope = EVERYBODY
    period: Grain = "day"
    activity: EventChoice = ACTIVITY


@dataclass(frozen=True)
class LifecyclePeriod:
    """new: first activity ever. returning: also active in the period before. resurrecting: active again after a pause.

    dormant: active in the period before, not in this one; negative. never_active: accepted by the period's end and
    never active so far; None where there is no roster, or where single events were asked for.
    """

    start: date
    label: str
    state: Literal["complete", "running"]
    new: int
    returning: int
    resurrecting: int
    dormant: int
    never_active: int | None

    @property
    def active(self) -> int:
        return self.new + self.returning + self.resurrecting

    def as_json(self) -> dict[str, Any]:
        return {
            "start": self.start.isoformat(),
            "state": self.state,
            "new": self.new,
            "returning": self.returning,
            "resurrecting": self.resurrecting,
            "dormant": self.dormant,
            "active": self.active,
            "never_active": self.never_active,
        }


@dataclass(frozen=True)
class LifecycleTable:
    options: LifecycleOptions
    periods: tuple[LifecyclePeriod, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "period": self.options.period,
            "periods": [p.as_json() for p in self.periods],
            "notes": list(self.notes),
        }


def lifecycle(snapshot: Snapshot, options: LifecycleOptions) -> LifecycleTable:
    """Every period of the range, empty ones too. Raises QueryError for a question that cannot be asked."""
    where = resolve(snapshot, options.scope, options.period)
    counts = _counts(snapshot, options, where)
    never = _never_active(snapshot, options, where)
    empty = {"new": 0, "returning": 0, "resurrecting": 0, "dormant": 0}
    periods = []
    for number in range(where.periods.begun):
        row = counts.get(number, empty)
        periods.append(
            LifecyclePeriod(
                start=where.periods.start(number),
                label=where.periods.label(number),
                state="complete" if number < where.periods.over else "running",
                new=row["new"],
                returning=row["returning"],
                resurrecting=row["resurrecting"],
                dormant=-row["dormant"],
                never_active=never.get(number),
            )
        )
    return LifecycleTable(options, tuple(periods), unknown_events(snapshot, options.activity))


def _counts(snapshot: Snapshot, options: LifecycleOptions, where: Range) -> dict[int, dict[str, int]]:
    """Period -> testers by state."""
    bits = held(snapshot, where, options.activity)
    if bits is not None:
        return dict(enumerate(rhythm.lifecycle(*bits, where.periods.edges(before=1))))
    return {row["period"]: row for row in _rows(snapshot, options, where)}


def _rows(snapshot: Snapshot, options: LifecycleOptions, where: Range) -> list[dict[str, Any]]:
    parameters = {**where.people, **where.periods.days(before=1), "until_us": where.until_us}
    if options.activity.plain and where.stored_days and where.whole_days:
        parameters.pop("day_starts")
        return snapshot.rows("engagement/lifecycle_days", **parameters, act_event=options.activity.name)
    parameters |= options.activity.parameters("act")
    return snapshot.rows("engagement/lifecycle_events", **parameters, stored_days=where.stored_days)


def _never_active(snapshot: Snapshot, options: LifecycleOptions, where: Range) -> dict[int, int]:
    if not where.people["roster_only"] or options.activity != ACTIVITY:
        return {}
    periods = where.periods
    ends = [min(periods.midnight(day), periods.until_us) for day in periods.starts[1:]]
    found = activity(snapshot)
    if found is not None:
        return dict(enumerate(found.group(where.people).never_active(ends)))
    rows = snapshot.rows("engagement/never_active", **where.people, ends=ends)
    return {row["period"]: row["testers"] for row in rows}
