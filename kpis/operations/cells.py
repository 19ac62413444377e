"""Hourly growth summed by group and period, as arrays: what tables of many hours are made from.

Sums are added up one row after the other, in order of hour and series: the same bits whatever the order in which the
facts are stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.warehouse import Snapshot

Group = tuple[tuple[str, str], ...]
_HOUR_US = 3_600_000_000
_FEW = 4  # cells per row up to which an empty cell costs less than looking for the full ones


@dataclass(frozen=True)
class Cells:
    """One entry per group and period with samples, by both; parallel arrays.

    group: place in `groups`. number: periods counted from `first`, which are `unit` apart. seconds: time that was
    really scraped, of one series of the group on average.
    """

    groups: list[Group]
    first: int
    unit: int
    group: np.ndarray
    number: np.ndarray
    increase: np.ndarray
    gap_increase: np.ndarray
    resets: np.ndarray
    samples: np.ndarray
    seconds: np.ndarray

    def periods(self, number: np.ndarray) -> np.ndarray:
        """Microseconds (hour), day number, programme week, or 0 (all)."""
        return self.first + number * self.unit


def counted(snapshot: Snapshot, series: Mapping[int, Group], interval_ms: Mapping[int, int | None], step: str) -> Cells:
    """Growth of counters: series (number -> group) by `step` (hour, day, week or all)."""
    groups = sorted(set(series.values()))
    place = {group: n for n, group in enumerate(groups)}
    peers = Counter(series.values())
    rows = _rows(snapshot, series, step)
    ids = rows["series_id"]
    size = max(series, default=0) + 1
    group_of, seconds_of, peers_of = np.zeros(size, dtype=np.int64), np.zeros(size), np.ones(size)
    for number, group in series.items():
        group_of[number] = place[group]
        seconds_of[number] = (interval_ms[number] or 0) / 1000
        peers_of[number] = peers[group]
    period, first, unit, kept = _periods(snapshot, rows, step)
    if not kept.all():
        rows, ids, period = {name: column[kept] for name, column in rows.items()}, ids[kept], period[kept]
    count = int(period.max(initial=-1)) + 1
    cell, places = numbered(group_of[ids] * count + period, len(groups) * count)
    weights = {
        "increase": rows["increase"], "gap_increase": rows["gap_increase"], "resets": rows["resets"],
        "samples": rows["samples"], "seconds": rows["samples"] * seconds_of[ids] / peers_of[ids],
    }  # fmt: skip
    sums = {name: added(cell, column, len(places)) for name, column in weights.items()}
    full = np.bincount(cell, minlength=len(places)) > 0
    if not full.all():
        places, sums = places[full], {name: column[full] for name, column in sums.items()}
    owner, number = np.divmod(places, max(count, 1))
    return Cells(groups, first, unit, owner, number, **sums)


def added(cell: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """Sum of weights by cell. Resets and gaps are rare: most of these columns hold nothing."""
    return np.bincount(cell, weights, count) if weights.any() else np.zeros(count)


def _rows(snapshot: Snapshot, series: Mapping[int, Group], step: str) -> dict[str, np.ndarray]:
    """Rows of fct_counter_hour of some series, those of a period in order of hour, series and day."""
    rows = snapshot.arrays("operations/series_counter_hours", ids=list(series))
    hour, ids, day = rows["hour_us"], rows["series_id"], rows["day_n"]
    by_series = (ids[1:] > ids[:-1]) | ((ids[1:] == ids[:-1]) & (hour[1:] > hour[:-1]))
    if by_series.all() and step == "hour":  # as stored: nothing to sort
        return rows
    order = np.argsort(hour, kind="stable") if by_series.all() else np.lexsort((day, ids, hour))
    return {name: column[order] for name, column in rows.items()}


def _periods(snapshot: Snapshot, rows: Mapping[str, np.ndarray], step: str) -> tuple[np.ndarray, int, int, np.ndarray]:
    """Period of each row counted from 0, the first one, the distance of two, and which rows lie in a period at all."""
    everything = np.ones(len(rows["hour_us"]), dtype=bool)
    if step == "all":
        return np.zeros(len(everything), dtype=np.int64), 0, 1, everything
    if step == "week":
        week = _weeks(snapshot, rows["day_n"])
        return week, 0, 1, week >= 0
    values, unit = (rows["hour_us"], _HOUR_US) if step == "hour" else (rows["day_n"].astype(np.int64), 1)
    first = int(values.min()) if len(values) else 0
    return (values - first) // unit, first, unit, everything


def _weeks(snapshot: Snapshot, day_n: np.ndarray) -> np.ndarray:
    """Programme week of each local day; -1 where there is none."""
    found = np.full(len(day_n), -1, dtype=np.int64)
    for row in snapshot.rows("operations/weeks"):
        found[(day_n >= row["start_day_n"]) & (day_n < row["end_day_n"])] = row["week"]
    return found


def numbered(cell: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers for cells below `count`, rising with them, and the cell that each number stands for."""
    if count <= _FEW * len(cell):
        return cell, np.arange(count)
    places, number = np.unique(cell, return_inverse=True)
    return number, places
