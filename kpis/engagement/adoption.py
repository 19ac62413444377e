"""Feature adoption: users of a feature among the active testers who have it, and those who came back to it."""

from __future__ import annotations

from dataclasses import dataclass

from data.calendar import day_number
from data.warehouse import Snapshot
from kpis.engagement import uses
from kpis.engagement.activity import activity
from kpis.engagement.scope import Range, Scope, resolve
from kpis.intervals import Interval, wilson


@dataclass(frozen=True)
class FeatureAdoption:
    """adoption = users / eligible; repeat = repeaters / users, on two days or more. None without denominator."""

    feature: str
    eligible: int  # active in the range and the feature's flag is on for them, or it has no flag
    users: int
    repeaters: int
    adoption: float | None
    adoption_interval: Interval
    repeat: float | None
    repeat_interval: Interval


def adoption(snapshot: Snapshot, scope: Scope) -> tuple[FeatureAdoption, ...]:
    """Every declared feature, most adopted first; a feature nobody may use comes last with None."""
    where = resolve(snapshot, scope, "day")
    span, bits = days_of(where), activity(snapshot)
    if bits is None:
        rows = snapshot.rows("engagement/adoption", **where.people, **span)
    else:
        rows = uses.adoption(snapshot, bits, bits.group(where.people), **span)
    found = [_feature(**row) for row in rows]
    return tuple(sorted(found, key=lambda f: (f.adoption is None, -(f.adoption or 0), f.feature)))


def days_of(where: Range) -> dict[str, int]:
    """Query parameters of the tester-days of a range by day."""
    first = day_number(where.periods.first)
    return {"until_us": where.until_us, "first_day": first, "end_day": first + where.periods.begun}


def _feature(feature: str, eligible: int, users: int, repeaters: int) -> FeatureAdoption:
    return FeatureAdoption(
        feature=feature,
        eligible=eligible,
        users=users,
        repeaters=repeaters,
        adoption=users / eligible if eligible else None,
        adoption_interval=wilson(users, eligible),
        repeat=repeaters / users if users else None,
        repeat_interval=wilson(repeaters, users),
    )
