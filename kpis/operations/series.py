"""Any stored series by hour, day or week: growth of counters, levels of gauges, quantiles of histograms."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from data.errors import QueryError, nearest
from data.warehouse import Snapshot
from kpis.operations.histograms import quantile, share

Step = Literal["hour", "day", "week", "all"]
FUNCTIONS = ("increase", "rate", "mean", "min", "max", "quantile", "share")


@dataclass(frozen=True)
class Options:
    """What to read. `match`: labels as scraped that must be equal; `by`: labels to keep apart."""

    metric: str
    function: str
    step: Step = "day"
    match: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    q: float = 0.95
    bound: float = 0.2


@dataclass(frozen=True)
class Point:
    """One group in one period. `period`: microseconds (hour), day number, programme week, or 0 (all)."""

    group: tuple[tuple[str, str], ...]
    period: int
    value: float | None
    samples: int
    resets: int = 0
    gap_increase: float = 0.0
    lower: float | None = None
    upper: float | None = None


def read(snapshot: Snapshot, options: Options) -> tuple[Point, ...]:
    """Points by group and period. Raises QueryError for an unknown metric, or a function that does not fit its type."""
    if options.function not in FUNCTIONS:
        raise QueryError(f'no function "{options.function}"{nearest(options.function, FUNCTIONS)}')
    if options.function in ("quantile", "share"):
        return _histogram(snapshot, options)
    chosen = _series(snapshot, options.metric, options.match)
    counter = chosen[0]["type"] in ("counter", "histogram", "summary")
    if counter != (options.function in ("increase", "rate")):
        fits = "increase or rate" if counter else "mean, min or max"
        raise QueryError(f"{options.metric} is a {chosen[0]['type']}: ask for its {fits}")
    return _counter(snapshot, options, chosen) if counter else _gauge(snapshot, options, chosen)


def _series(snapshot: Snapshot, metric: str, match: Sequence[tuple[str, str]]) -> list[dict]:
    found = snapshot.rows("operations/matching_series", metric=metric)
    if not found:
        names = [r["metric"] for r in snapshot.rows("operations/metric_names")]
        raise QueryError(f'no series of "{metric}"{nearest(metric, names)}')
    for row in found:
        row["label"] = json.loads(row["labels"])
    kept = [r for r in found if all(r["label"].get(k) == v for k, v in match)]
    if not kept:
        raise QueryError(f"{metric}: no series with " + ", ".join(f"{k}={v}" for k, v in match))
    return kept


def _group(row: Mapping, by: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, row["label"].get(name, "")) for name in by)


class _Periods:
    """Which period a fact row lies in."""

    def __init__(self, snapshot: Snapshot, step: Step) -> None:
        self.step = step
        weeks = snapshot.rows("operations/weeks")
        self._weeks = {d: w["week"] for w in weeks for d in range(w["start_day_n"], w["end_day_n"])}

    def of(self, row: Mapping) -> int | None:
        if self.step == "hour":
            return row["hour_us"]
        return {"day": row["day_n"], "week": self._weeks.get(row["day_n"]), "all": 0}[self.step]


def _counter(snapshot: Snapshot, options: Options, chosen: list[dict]) -> tuple[Point, ...]:
    groups = {r["series_id"]: _group(r, options.by) for r in chosen}
    interval = {r["series_id"]: (r["interval_ms"] or 0) / 1000 for r in chosen}
    peers = Counter(groups.values())
    periods = _Periods(snapshot, options.step)
    sums: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0, 0, 0, 0.0])
    for row in snapshot.rows("operations/series_counter_hours", ids=list(groups)):
        period = periods.of(row)
        if period is None:
            continue
        entry = sums[groups[row["series_id"]], period]
        added = (row["increase"], row["gap_increase"], row["resets"], row["samples"])
        for n, part in enumerate(added):
            entry[n] += part
        entry[4] += row["samples"] * interval[row["series_id"]] / peers[groups[row["series_id"]]]
    rate = options.function == "rate"
    return tuple(
        Point(group, period, _rate(grown - gap, seconds) if rate else grown, int(n), int(resets), gap)
        for (group, period), (grown, gap, resets, n, seconds) in sorted(sums.items())
    )


def _rate(grown: float, seconds: float) -> float | None:
    """Growth a second over the time that was really scraped; growth over gaps has no rate."""
    return grown / seconds if seconds > 0 else None


def _gauge(snapshot: Snapshot, options: Options, chosen: list[dict]) -> tuple[Point, ...]:
    groups = {r["series_id"]: _group(r, options.by) for r in chosen}
    periods = _Periods(snapshot, options.step)
    parts: dict[tuple, list[dict]] = defaultdict(list)
    for row in snapshot.rows("operations/series_gauge_hours", ids=list(groups)):
        period = periods.of(row)
        if period is not None:
            parts[groups[row["series_id"]], period].append(row)
    out = []
    for (group, period), rows in sorted(parts.items()):
        n = sum(r["samples"] for r in rows)
        values = {
            "mean": sum(r["value_sum"] for r in rows) / n if n else None,
            "min": min(r["value_min"] for r in rows),
            "max": max(r["value_max"] for r in rows),
        }
        out.append(Point(group, period, values[options.function], n))
    return tuple(out)


def _histogram(snapshot: Snapshot, options: Options) -> tuple[Point, ...]:
    base = options.metric.removesuffix("_bucket")
    counted = Options(f"{base}_bucket", "increase", options.step, options.match, (*options.by, "le"))
    buckets: dict[tuple, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    meta: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    for point in _counter(snapshot, counted, _series(snapshot, counted.metric, counted.match)):
        key = (point.group[:-1], point.period)
        buckets[key][0].append(float(point.group[-1][1]))
        buckets[key][1].append(point.value or 0.0)
        meta[key][0] += point.samples
        meta[key][1] += point.resets
    out = []
    for (group, period), (bounds, counts) in sorted(buckets.items()):
        n, resets = meta[group, period]
        if options.function == "share":
            out.append(Point(group, period, share(bounds, counts, options.bound)[0], n, resets))
        else:
            found = quantile(bounds, counts, options.q)
            out.append(Point(group, period, found.value, n, resets, lower=found.lower, upper=found.upper))
    return tuple(out)
