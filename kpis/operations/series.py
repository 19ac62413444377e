"""Any stored series by hour, day or week: growth of counters, levels of gauges, quantiles of histograms."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from data.errors import QueryError, nearest
from data.warehouse import Snapshot
from kpis.operations.cells import Cells, Group, added, counted, numbered
from kpis.operations.histograms import Table
from kpis.operations.points import Columns, Point

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


def read(snapshot: Snapshot, options: Options) -> tuple[Point, ...]:
    """Points by group and period. Raises QueryError for an unknown metric, or a function that does not fit its type."""
    return columns(snapshot, options).points()


def columns(snapshot: Snapshot, options: Options) -> Columns:
    """As `read`, for many points: an hour of a series is one."""
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


def _group(row: Mapping, by: Sequence[str]) -> Group:
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


def _counter(snapshot: Snapshot, options: Options, chosen: list[dict]) -> Columns:
    found = _counted(snapshot, options, chosen, options.by)
    values = found.increase
    if options.function == "rate":  # growth over gaps has no rate; it is told over the time that was really scraped
        timed = found.seconds > 0
        values = np.where(timed, (values - found.gap_increase) / np.where(timed, found.seconds, 1.0), np.nan)
    nothing = np.full(len(values), np.nan)
    samples, resets = found.samples.astype(np.int64), found.resets.astype(np.int64)
    period = found.periods(found.number)
    return Columns(found.groups, found.group, period, values, samples, resets, found.gap_increase, nothing, nothing)


def _counted(snapshot: Snapshot, options: Options, chosen: list[dict], by: Sequence[str]) -> Cells:
    groups = {r["series_id"]: _group(r, by) for r in chosen}
    return counted(snapshot, groups, {r["series_id"]: r["interval_ms"] for r in chosen}, options.step)


def _gauge(snapshot: Snapshot, options: Options, chosen: list[dict]) -> Columns:
    group_of = {r["series_id"]: _group(r, options.by) for r in chosen}
    groups = sorted(set(group_of.values()))
    place = {group: n for n, group in enumerate(groups)}
    periods = _Periods(snapshot, options.step)
    parts: dict[tuple, list[dict]] = defaultdict(list)
    for row in snapshot.rows("operations/series_gauge_hours", ids=list(group_of)):
        period = periods.of(row)
        if period is not None:
            parts[place[group_of[row["series_id"]]], period].append(row)
    keys = sorted(parts)
    count = np.array([sum(r["samples"] for r in parts[key]) for key in keys], dtype=np.int64)
    values = np.array([_level(parts[key], options.function) for key in keys], dtype=float)
    nothing, none = np.full(len(keys), np.nan), np.zeros(len(keys), dtype=np.int64)
    group, period = (np.array([key[n] for key in keys], dtype=np.int64) for n in (0, 1))
    return Columns(groups, group, period, values, count, none, none.astype(float), nothing, nothing)


def _level(rows: Sequence[dict], function: str) -> float:
    """Mean, min or max of hours; NaN without samples."""
    if function == "mean":
        n = sum(r["samples"] for r in rows)
        return sum(r["value_sum"] for r in rows) / n if n else math.nan
    return min(r["value_min"] for r in rows) if function == "min" else max(r["value_max"] for r in rows)


def _histogram(snapshot: Snapshot, options: Options) -> Columns:
    """Quantile or share of each group and period from the growth of its buckets; the bound is the last label."""
    metric = f"{options.metric.removesuffix('_bucket')}_bucket"
    found = _counted(snapshot, options, _series(snapshot, metric, options.match), (*options.by, "le"))
    bounds = sorted({group[-1][1] for group in found.groups})
    outer = sorted({group[:-1] for group in found.groups})
    place = {group: n for n, group in enumerate(outer)}
    owner = np.array([place[group[:-1]] for group in found.groups], dtype=np.int64)
    column = np.array([bounds.index(group[-1][1]) for group in found.groups], dtype=np.int64)
    span = int(found.number.max(initial=-1)) + 1
    row, places = numbered(owner[found.group] * span + found.number, len(outer) * span)
    counts = np.full((len(places), len(bounds)), np.nan, order="F")  # worked on column by column
    counts[row, column[found.group]] = found.increase
    counts[_partly(found, row, column[found.group], bounds, counts.shape)] = np.nan
    samples, resets = (added(row, w, len(places)).astype(np.int64) for w in (found.samples, found.resets))
    full = np.flatnonzero(np.bincount(row, minlength=len(places)))
    values = np.full((3, len(places)), np.nan)
    for rows, own in _layouts(counts, full):
        chosen = counts if len(rows) * len(own) == counts.size else counts[np.ix_(rows, own)]
        values[:, rows] = _values(Table.of([float(bounds[c]) for c in own], chosen), options)
    group, number = np.divmod(places[full], max(span, 1))
    none = np.zeros(len(full))
    return Columns(outer, group, found.periods(number), values[0][full], samples[full], resets[full], none,
                   values[1][full], values[2][full])  # fmt: skip


def _partly(found: Cells, row: np.ndarray, column: np.ndarray, bounds: Sequence[str], shape: tuple) -> np.ndarray:
    """Buckets scraped less often than +Inf, or that grew over a gap that +Inf has not: they miss what they did not see.

    One bound may have two spellings ("1" and "1.0"), each of other series.
    """
    numbers, same = np.unique(np.array([float(bound) for bound in bounds]), return_inverse=True)
    if not len(numbers) or not np.isinf(numbers[-1]):
        return np.zeros(shape, dtype=bool)
    cell, size = same[column] * shape[0] + row, shape[0] * len(numbers)
    samples, gap = (
        added(cell, weights, size).reshape(-1, shape[0]).T for weights in (found.samples, found.gap_increase)
    )
    missed = samples < samples[:, -1:]
    if gap.any():
        missed |= gap > gap[:, -1:] * (1 + 1e-9)
    return missed[:, same]


def _layouts(counts: np.ndarray, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows that have the same buckets, and which these are: mostly all rows, and all buckets."""
    present = ~np.isnan(counts[rows])
    if present.all():
        yield rows, np.arange(counts.shape[1])
        return
    kinds, kind = np.unique(present, axis=0, return_inverse=True)
    for n, own in enumerate(kinds):
        yield rows[kind == n], np.flatnonzero(own)


def _values(table: Table | None, options: Options) -> np.ndarray | float:
    """Value and bucket bounds, a row each; NaN where there is none."""
    if table is None:
        return math.nan
    if options.function == "share":
        shares = table.shares(options.bound)
        return np.stack([shares, np.full(len(shares), np.nan), np.full(len(shares), np.nan)])
    return np.stack(table.quantiles(options.q))
