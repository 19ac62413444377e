"""Use and capacity of every resource by the hour, kept as its two parts so that any period sums exactly (USE)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from data.warehouse import Snapshot
from kpis.operations.families import RESOURCES, Resource

UNLIMITED = 2.0**60


@dataclass(frozen=True)
class UseHour:
    """One instance in one UTC hour. `limit` None: the resource has none, so no share is made up."""

    instance: str
    hour_us: int
    day_n: int
    used: float
    limit: float | None
    peak: float  # highest sample of `used`

    @property
    def share(self) -> float | None:
        return self.used / self.limit if self.limit else None


@dataclass(frozen=True)
class Use:
    """One resource over a period: mean, 95th percentile and highest hour of its share (or level).

    With several instances or parts every one's hour counts on its own, but `hours` are distinct ones.
    """

    resource: Resource
    hours: int
    mean: float | None
    p95: float | None
    highest: float | None
    highest_us: int | None
    highest_at: str | None  # the instance (and its part) of that hour
    over_warn: int  # hours above the warning level
    over_critical: int


def hours(snapshot: Snapshot, resource: Resource) -> tuple[UseHour, ...]:
    """Every hour of every instance, container and mountpoint with samples of the resource (and of its limit, where it
    has one)."""
    if resource.kind == "cpu":
        return _cpu(snapshot, resource)
    used = snapshot.rows("operations/gauge_hours", metrics=_first(snapshot, resource.used))
    if resource.kind == "level":
        rows = [(r, resource.limit_value, r["value"], r["value_max"]) for r in used]
        return tuple(UseHour(_name(r), r["hour_us"], r["day_n"], v, limit, top) for r, limit, v, top in rows)
    limits = {_key(r): r["value"] for r in snapshot.rows("operations/gauge_hours", metrics=list(resource.limit))}
    out = []
    for row in used:
        limit = limits.get(_key(row))
        if limit and limit < UNLIMITED:  # 0, or all that fits a word, means none is set: no share
            value = limit - row["value"] if resource.kind == "free" else row["value"]
            top = value if resource.kind == "free" else row["value_max"]
            out.append(UseHour(_name(row), row["hour_us"], row["day_n"], value, limit, top))
    return tuple(out)


def _first(snapshot: Snapshot, metrics: tuple[str, ...]) -> list[str]:
    """The first spelling that exists: two spellings of one thing must not be added up."""
    found = {r["metric"] for r in snapshot.rows("operations/known_metrics", metrics=list(metrics))}
    return [m for m in metrics if m in found][:1]


def _key(row: dict) -> tuple:
    """A part of an instance in an hour: use is compared with the limit of the same part."""
    return row["job"], row["instance"], row["part"], row["hour_us"], row["day_n"]


def _name(row: dict) -> str:
    return " ".join(filter(None, (f"{row['job']}/{row['instance']}", row.get("part"))))


def _cpu(snapshot: Snapshot, resource: Resource) -> tuple[UseHour, ...]:
    """Busy seconds over all seconds of all processors; idle and iowait are not work."""
    sums: dict[tuple[str, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in snapshot.rows("operations/counter_hours", metrics=list(resource.used)):
        entry = sums[_name(row), row["hour_us"], row["day_n"]]
        entry[0] += 0.0 if row["mode"] in ("idle", "iowait") else row["increase"]
        entry[1] += row["increase"]
    return tuple(
        UseHour(name, hour, day, busy, total, busy)
        for (name, hour, day), (busy, total) in sorted(sums.items())
        if total > 0
    )


def summary(resource: Resource, found: tuple[UseHour, ...], days: tuple[int, int]) -> Use:
    """A period in a few numbers. The mean is a ratio of sums where there is a limit."""
    inside = [h for h in found if days[0] <= h.day_n < days[1]]
    level = resource.kind == "level"
    values = [h.used if level else h.share for h in inside]
    if not inside:
        return Use(resource, 0, None, None, None, None, None, 0, 0)
    total = sum(h.limit or 0.0 for h in inside)
    mean = sum(h.used for h in inside) / (len(inside) if level else total)
    top = max(range(len(inside)), key=lambda i: values[i])
    edges = (resource.limit_value, resource.limit_value) if level else (resource.warn, resource.critical)
    over = [sum(v > e for v in values) if e is not None else 0 for e in edges]
    p95, where = float(np.quantile(values, 0.95)), inside[top]
    return Use(resource, len({h.hour_us for h in inside}), mean, p95, values[top], where.hour_us, where.instance, *over)


def week_of(snapshot: Snapshot, days: tuple[int, int]) -> tuple[Use, ...]:
    """Every resource that has samples in a period."""
    found = (summary(resource, hours(snapshot, resource), days) for resource in RESOURCES)
    return tuple(use for use in found if use.hours)
