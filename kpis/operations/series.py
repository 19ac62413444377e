"""Any stored series by hour, day or week: growth of counters, levels of gauges, quantiles of histograms."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from data import collector
from data.errors import QueryError, nearest
from data.warehouse import Snapshot
from kpis.operations.cells import Cells, counted, numbered
from kpis.operations.histograms import Table

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


class Point(NamedTuple):
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
    with collector.paused():  # an hour of a series is a point: there may be a hundred thousand
        return _read(snapshot, options)


def _read(snapshot: Snapshot, options: Options) -> tuple[Point, ...]:
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
    found = _counted(snapshot, options, chosen, options.by)
    values: list[float | None] = found.increase.tolist()
    if options.function == "rate":  # growth over gaps has no rate; it is told over the time that was really scraped
        timed = found.seconds > 0
        grown = (found.increase - found.gap_increase) / np.where(timed, found.seconds, 1.0)
        values = [value if known else None for value, known in zip(grown.tolist(), timed.tolist(), strict=True)]
    groups = [found.groups[n] for n in found.group.tolist()]
    samples, resets = found.samples.astype(np.int64).tolist(), found.resets.astype(np.int64).tolist()
    return tuple(map(Point, groups, found.periods(found.number), values, samples, resets, found.gap_increase.tolist()))


def _counted(snapshot: Snapshot, options: Options, chosen: list[dict], by: Sequence[str]) -> Cells:
    groups = {r["series_id"]: _group(r, by) for r in chosen}
    return counted(snapshot, groups, {r["series_id"]: r["interval_ms"] for r in chosen}, options.step)


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
    metric = f"{options.metric.removesuffix('_bucket')}_bucket"
    chosen = _series(snapshot, metric, options.match)
    return tuple(sorted(_judged(_counted(snapshot, options, chosen, (*options.by, "le")), options)))


def _judged(found: Cells, options: Options) -> Iterator[Point]:
    """Quantile or share of each group and period from the growth of its buckets; the bound is the last label."""
    bounds = sorted({group[-1][1] for group in found.groups})
    outer = sorted({group[:-1] for group in found.groups})
    place = {group: n for n, group in enumerate(outer)}
    owner = np.array([place[group[:-1]] for group in found.groups], dtype=np.int64)
    column = np.array([bounds.index(group[-1][1]) for group in found.groups], dtype=np.int64)
    span = int(found.number.max(initial=-1)) + 1
    row, places = numbered(owner[found.group] * span + found.number, len(outer) * span)
    full = np.bincount(row, minlength=len(places)) > 0
    counts = np.full((len(places), len(bounds)), np.nan)
    counts[row, column[found.group]] = found.increase
    counts[_partly(found, row, column[found.group], bounds, counts.shape)] = np.nan
    samples, resets = (np.bincount(row, w, len(places)).astype(np.int64) for w in (found.samples, found.resets))
    for rows, own in _layouts(counts, full, bounds):
        parts = _values(Table.of([float(bounds[c]) for c in own], counts[np.ix_(rows, own)]), options, len(rows))
        group, number = np.divmod(places[rows], max(span, 1))
        groups, nothing = [outer[n] for n in group.tolist()], [0.0] * len(rows)
        yield from map(
            Point, groups, found.periods(number), parts[0], samples[rows].tolist(), resets[rows].tolist(), nothing,
            parts[1], parts[2],
        )  # fmt: skip


def _partly(found: Cells, row: np.ndarray, column: np.ndarray, bounds: Sequence[str], shape: tuple) -> np.ndarray:
    """Buckets scraped less often than +Inf, or that grew over a gap that +Inf has not: they miss what they did not see.

    One bound may have two spellings ("1" and "1.0"), each of other series.
    """
    numbers, same = np.unique(np.array([float(bound) for bound in bounds]), return_inverse=True)
    if not len(numbers) or not np.isinf(numbers[-1]):
        return np.zeros(shape, dtype=bool)
    samples, gap = np.zeros((shape[0], len(numbers))), np.zeros((shape[0], len(numbers)))
    np.add.at(samples, (row, same[column]), found.samples)
    np.add.at(gap, (row, same[column]), found.gap_increase)
    return ((samples < samples[:, -1:]) | (gap > gap[:, -1:] * (1 + 1e-9)))[:, same]


def _layouts(counts: np.ndarray, full: np.ndarray, bounds: Sequence[str]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows that have the same buckets, and which these are: mostly all rows, and all buckets."""
    present = ~np.isnan(counts)
    rows = np.flatnonzero(full)
    if present[rows].all():
        yield rows, np.arange(len(bounds))
        return
    kinds, kind = np.unique(present[rows], axis=0, return_inverse=True)
    for n, own in enumerate(kinds):
        yield rows[kind == n], np.flatnonzero(own)


def _values(table: Table | None, options: Options, count: int) -> list[list[float | None]]:
    """Value and bucket bounds of each row; None where there is none."""
    unknown = np.full(count, np.nan)
    if table is None:
        parts = (unknown, unknown, unknown)
    elif options.function == "share":
        parts = (table.shares(options.bound), unknown, unknown)
    else:
        parts = table.quantiles(options.q)
    return [[None if math.isnan(value) else value for value in part.tolist()] for part in parts]
