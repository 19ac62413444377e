"""One thing under several names: which name counts in which hours, so that a change of name neither cuts nor doubles.

In every hour one name counts: the first, in the family's order, that has samples there and lies between its own
first and last growth; where none does, the first that has samples at all. So a name that is still exposed but no
longer grows hides no other, and a name that is idle for a night is not replaced by another one's traffic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from data import calendar
from data.warehouse import Snapshot
from kpis.operations.families import HTTP_DURATION, HTTP_TOTAL
from kpis.words import short_day

FIRST, LAST = 0, 2**62  # microseconds: before and after all hours
Growth = Mapping[int, float]  # start of an hour -> growth in it


@dataclass(frozen=True)
class Cover:
    """One name, and the half-open range of microseconds in which it counts."""

    metric: str
    from_us: int
    to_us: int
    has_status: bool = False


def covers(snapshot: Snapshot, names: Sequence[str], *, told: bool = False) -> tuple[Cover, ...]:
    """Which of the names counts when, in time order; the first name for all time where none was scraped.

    told: names with a status label go before those without, and the two are never joined: what has no status says
    nothing of failures.
    """
    hours: dict[str, dict[int, float]] = defaultdict(dict)
    status: dict[str, bool] = {}
    for row in snapshot.rows("operations/spelling_hours", metrics=list(names)):
        hours[row["metric"]][row["hour_us"]] = row["increase"]
        status[row["metric"]] = row["has_status"]
    known = [n for n in names if n in hours and (not told or status[n] or not any(status.values()))]
    if not known:
        return (Cover(names[0], FIRST, LAST),)
    return tuple(replace(c, has_status=status[c.metric]) for c in in_time([(n, hours[n]) for n in known]))


def in_time(growths: Sequence[tuple[str, Growth]]) -> tuple[Cover, ...]:
    """Covers of names in the order of preference, from their growth by hour; together they hold all time."""
    owner: dict[int, str] = {}
    for name, growth in growths:
        grown = [hour for hour, value in growth.items() if value > 0]
        if grown:
            first, last = min(grown), max(grown)
            for hour in growth:
                if first <= hour <= last:
                    owner.setdefault(hour, name)
    for name, growth in growths:
        for hour in growth:
            owner.setdefault(hour, name)
    ordered = sorted(owner)
    starts = [ordered[0]] + [b for a, b in pairwise(ordered) if owner[a] != owner[b]]
    edges = [FIRST, *starts[1:], LAST]
    return tuple(Cover(owner[s], a, b) for s, (a, b) in zip(starts, pairwise(edges), strict=True))


def parameters(found: Sequence[Cover]) -> dict[str, list[Any]]:
    """Covers as the parameters of a query."""
    return {
        "metrics": [c.metric for c in found], "from_us": [c.from_us for c in found], "to_us": [c.to_us for c in found]
    }  # fmt: skip


def durations(snapshot: Snapshot, part: str) -> dict[str, list[Any]]:
    """Parameters of a query over the request histogram's `_bucket` or `_count` (and `_sum`); metrics are base names."""
    scales = dict(zip(HTTP_DURATION.bases, HTTP_DURATION.scales, strict=True))
    found = [
        replace(c, metric=c.metric.removesuffix(part))
        for c in covers(snapshot, [f"{base}{part}" for base in HTTP_DURATION.bases])
    ]
    return {**parameters(found), "scales": [scales[c.metric] for c in found]}


def requests(snapshot: Snapshot) -> dict[str, Any]:
    """Parameters of a query over the request counter."""
    found = covers(snapshot, HTTP_TOTAL, told=True)
    return {**parameters(found), "has_status": any(c.has_status for c in found)}


def words(snapshot: Snapshot, names: Sequence[str], *, told: bool = False) -> str:
    """ "http_request_duration_ms until 14 Mar; http_request_duration_seconds from 14 Mar", '' where one name counts."""
    found = covers(snapshot, names, told=told)
    if len(found) < 2:
        return ""
    zone = ZoneInfo(snapshot.meta["timezone"])

    def day(instant_us: int) -> str:
        return short_day(calendar.local_day(instant_us, zone))

    parts = []
    for cover in found:
        since = f" from {day(cover.from_us)}" if cover.from_us > FIRST else ""
        until = f" until {day(cover.to_us)}" if cover.to_us < LAST else ""
        parts.append(f"{cover.metric}{since}{until}")
    return "; ".join(parts)
