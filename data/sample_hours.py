"""Samples of many series into hours, with numpy: growth of counters, levels of gauges, distances of samples.

Everything takes parallel arrays in order of series and time. Sums are added up in order of time, one after the other:
the same bits however the samples were loaded and by however many threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

HOUR_MS = 3_600_000
QUARTER_MS = 900_000
GAP_INTERVALS = 2

Columns = dict[str, np.ndarray]


def by_series_and_time(series: np.ndarray, ts_ms: np.ndarray) -> np.ndarray:
    """Stable order. One whole number for both is sorted several times faster than two keys."""
    since, first = int(ts_ms.min()), int(series.min())
    span = int(ts_ms.max()) - since + 1
    if (int(series.max()) - first + 1) * span >= 2**63:
        return np.lexsort((ts_ms, series))
    return np.argsort((series.astype(np.int64) - first) * span + (ts_ms - since), kind="stable")


@dataclass(frozen=True)
class Samples:
    """series: place of the series in a list, rising; ts_ms rising within it."""

    series: np.ndarray
    ts_ms: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, series: np.ndarray, ts_ms: np.ndarray, value: np.ndarray) -> Samples:
        """Put samples in order; those that come in order are left as they are."""
        rising = (series[1:] > series[:-1]) | ((series[1:] == series[:-1]) & (ts_ms[1:] > ts_ms[:-1]))
        if rising.all():
            return cls(series, ts_ms, value)
        order = by_series_and_time(series, ts_ms)
        return cls(series[order], ts_ms[order], value[order])

    @property
    def follows(self) -> np.ndarray:
        """Whether a sample has one of its own series before it."""
        return np.concatenate([[False], self.series[1:] == self.series[:-1]])[: len(self.series)]

    def only(self, chosen: np.ndarray) -> Samples:
        return Samples(self.series[chosen], self.ts_ms[chosen], self.value[chosen])


def distances(samples: Samples, from_ms: np.ndarray) -> Columns:
    """How often each distance to the sample before occurs, of samples at or after their series' `from_ms`."""
    chosen = samples.follows & (samples.ts_ms >= from_ms[samples.series])
    series, apart = samples.series[chosen], np.diff(samples.ts_ms, prepend=0)[chosen]
    # evenly scraped series have long runs of one distance: few rows are left to be sorted
    begins = np.flatnonzero(
        np.concatenate([[True], (series[1:] != series[:-1]) | (apart[1:] != apart[:-1])])[: len(series)]
    )
    return merged(series[begins], apart[begins], np.diff(begins, append=len(series)))


def merged(series: np.ndarray, apart_ms: np.ndarray, steps: np.ndarray) -> Columns:
    """Counts of equal series and distance added up, in order of both; what comes to nothing is left out."""
    order = np.lexsort((apart_ms, series))
    series, apart_ms, steps = series[order], apart_ms[order], steps[order]
    first = np.concatenate([[True], (series[1:] != series[:-1]) | (apart_ms[1:] != apart_ms[:-1])])[: len(series)]
    total = np.bincount(np.cumsum(first) - 1, steps, int(first.sum())).astype(np.int64)
    some = total != 0
    return {"series": series[first][some], "apart_ms": apart_ms[first][some], "steps": total[some]}


def intervals(steps: Columns, count: int) -> np.ndarray:
    """Lower median of the distances of each of `count` series; -1 without any."""
    found = np.full(count, -1, dtype=np.int64)
    total = np.bincount(steps["series"], steps["steps"], count)
    upto = np.cumsum(steps["steps"]) - (np.cumsum(total) - total)[steps["series"]]
    enough = np.flatnonzero(2 * upto >= total[steps["series"]])[::-1]
    found[steps["series"][enough]] = steps["apart_ms"][enough]  # the smallest is written last
    return found


def marks_moved(steps: Columns, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Series of which a distance was a gap by the old interval and is none by the new one, or the other way round."""
    series, apart = steps["series"], steps["apart_ms"]
    was = (old[series] >= 0) & (apart > GAP_INTERVALS * old[series])
    return np.unique(series[was != (apart > GAP_INTERVALS * new[series])])


def counter_hours(
    samples: Samples, from_ms: np.ndarray, interval_ms: np.ndarray, days: Days
) -> tuple[Columns, Columns]:
    """Rows of fct_counter_hour and fct_reset from each series' `from_ms` on; the sample before is the baseline."""
    follows = samples.follows
    value, before = samples.value, np.concatenate([[0.0], samples.value[:-1]])[: len(samples.value)]
    reset = follows & (value < before)
    increase = np.where(follows, np.where(reset, np.maximum(value, 0.0), value - before), 0.0)
    interval = interval_ms[samples.series]
    apart = np.diff(samples.ts_ms, prepend=0)
    gap = follows & (interval >= 0) & (apart > GAP_INTERVALS * interval)
    chosen = samples.ts_ms >= from_ms[samples.series]
    told = samples.only(chosen)
    begins, cell, hours = _cells(told, days)
    hours["increase"] = np.bincount(cell, increase[chosen], len(begins))
    hours["gap_increase"] = np.bincount(cell, np.where(gap, increase, 0.0)[chosen], len(begins))
    hours["resets"] = np.bincount(cell, reset[chosen], len(begins)).astype(np.int32)
    hours["samples"] = np.bincount(cell, minlength=len(begins)).astype(np.int32)
    resets = reset & chosen
    return hours, {
        "series": samples.series[resets], "ts_ms": samples.ts_ms[resets], "value_before": before[resets],
        "value_after": value[resets],
    }  # fmt: skip


def gauge_hours(samples: Samples, from_ms: np.ndarray, days: Days) -> Columns:
    """Rows of fct_gauge_hour from each series' `from_ms` on."""
    told = samples.only(samples.ts_ms >= from_ms[samples.series])
    begins, cell, hours = _cells(told, days)
    last = np.append(begins[1:], len(cell)) - 1 if len(begins) else begins
    hours["samples"] = np.bincount(cell, minlength=len(begins)).astype(np.int32)
    hours["value_sum"] = np.bincount(cell, told.value, len(begins))
    hours["value_min"] = np.minimum.reduceat(told.value, begins) if len(begins) else told.value
    hours["value_max"] = np.maximum.reduceat(told.value, begins) if len(begins) else told.value
    hours["last_value"], hours["last_ts_ms"] = told.value[last], told.ts_ms[last]
    return hours


@dataclass(frozen=True)
class Days:
    """Local day of every quarter of an hour from `first` on (quarters since 1970, in UTC)."""

    first: int
    day_n: np.ndarray

    def of(self, ts_ms: np.ndarray) -> np.ndarray:
        return self.day_n[ts_ms // QUARTER_MS - self.first]


def _cells(samples: Samples, days: Days) -> tuple[np.ndarray, np.ndarray, Columns]:
    """Where each series, hour and local day begins, the number of the cell of each sample, and the cells' keys."""
    hour, day = samples.ts_ms - samples.ts_ms % HOUR_MS, days.of(samples.ts_ms)
    series = samples.series
    new = (series[1:] != series[:-1]) | (hour[1:] != hour[:-1]) | (day[1:] != day[:-1])
    first = np.concatenate([[True], new])[: len(series)]
    begins = np.flatnonzero(first)
    keys = {"series": series[begins], "day_n": day[begins], "hour_us": hour[begins] * 1000}
    return begins, np.cumsum(first) - 1, keys
