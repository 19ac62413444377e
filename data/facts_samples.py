"""Facts of samples: hours of counters and gauges, resets, distances of samples, and signs of life of scrape targets.

A refresh reads, of each series with new samples, those of the hour of the first new one and after, and the hour before
it; everything else is taken over. Series are read in blocks, so memory does not grow with the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from data.sample_hours import (
    Columns,
    Days,
    Samples,
    counter_hours,
    distances,
    gauge_hours,
    intervals,
    marks_moved,
    merged,
)

if TYPE_CHECKING:
    from data.facts import Builder

BLOCK = 2_000_000  # samples read at a time
PARTS = ("counter_hour", "gauge_hour", "reset", "step")
NEVER = {"previous_load": -1, "previous_as_of_us": 0}


def build(builder: Builder, kept: dict[str, Any] | None) -> None:
    """Fill fct_counter_hour, fct_gauge_hour, fct_reset, fct_step and stage_interval.

    `kept`: load and as_of of the attached previous snapshot to take rows over from; None builds everything.
    """
    builder.run("stage_kind", *(f"stage_{part}" for part in PARTS))
    if kept is None:
        builder.run("touch_all_series")
    else:
        builder.run("touch_new_series", **kept)
    _Blocks(builder, kept).build()
    builder.run(*(f"{'fct' if kept is None else 'keep'}_{part}" for part in PARTS), "stage_interval")


def beats(builder: Builder, kept: dict[str, Any] | None) -> None:
    """Fill fct_beat, when each scrape target was seen alive. Needs dim_series and stage_target_series."""
    if kept is None:
        builder.run("fct_beat")
    else:
        builder.run("stage_moved_target", "keep_beat", **kept)


class _Blocks:
    """Building block after block of series into the staging tables."""

    def __init__(self, builder: Builder, kept: dict[str, Any] | None) -> None:
        self._builder = builder
        self._kept = kept
        quarters = builder.arrays("quarters")
        first = int(quarters["quarter_n"][0]) if len(quarters["quarter_n"]) else 0
        self._days = Days(first, quarters["day_n"])

    def build(self) -> None:
        least = self._least()
        counts = self._builder.arrays("sample_counts", least_ms=least)
        for first, last in _ranges(counts["series_id"], counts["records"]):
            whole = self._block(first, last, least)
            if len(whole):  # their interval is another now, and with it what counts as a gap in any hour
                self._builder.run("touch_whole_series", ids=whole.tolist())
                self._block(first, last, self._least())

    def _least(self) -> int:
        return self._builder.run("sample_since")[0][0]

    def _block(self, first: int, last: int, least: int) -> np.ndarray:
        """Stage the rows of a range of series. Returns those that must be built whole; then nothing was staged."""
        bounds = {"first_id": first, "last_id": last, "least_ms": least}
        known = self._builder.arrays("sample_series", **bounds)
        ids, start, counter = known["series_id"], known["from_ms"], known["is_counter"]
        rows = self._builder.arrays("sample_rows", **bounds, **(self._kept or NEVER))
        place = np.searchsorted(ids, rows["series_id"])
        samples = Samples.of(place, rows["ts_ms"], rows["value"])
        steps = distances(samples, start)
        if self._kept is not None:
            was = rows["was"]
            before = Samples.of(place[was], rows["ts_ms"][was], rows["value"][was])
            steps = self._with_previous(steps, distances(before, start), ids, bounds)
        interval, old = intervals(steps, len(ids)), known["old_interval_ms"]
        if self._kept is not None:
            partly = counter & (start > np.iinfo(np.int64).min // 2_000) & (old != interval)
            moved = marks_moved(steps, np.where(partly, old, interval), interval)
            if len(moved):
                return ids[moved]
        of_counter = counter[samples.series]
        hours, resets = counter_hours(samples.only(of_counter), start, interval, self._days)
        gauges = gauge_hours(samples.only(~of_counter), start, self._days)
        for part, columns in zip(PARTS, (hours, gauges, resets, steps), strict=True):
            self._stage(part, ids, columns)
        return ids[:0]

    def _with_previous(self, new: Columns, old: Columns, ids: np.ndarray, bounds: dict[str, int]) -> Columns:
        """Distances of the previous snapshot, less those that are counted anew, and these."""
        kept = self._builder.arrays("previous_steps", **bounds)
        place = np.searchsorted(ids, kept["series_id"])
        return merged(
            np.concatenate([place, old["series"], new["series"]]),
            np.concatenate([kept["apart_ms"], old["apart_ms"], new["apart_ms"]]),
            np.concatenate([kept["steps"], -old["steps"], new["steps"]]),
        )

    def _stage(self, part: str, ids: np.ndarray, columns: Columns) -> None:
        if len(columns["series"]):
            table = {"series_id": ids[columns["series"]], **{n: c for n, c in columns.items() if n != "series"}}
            self._builder.put(f"add_{part}", f"new_{part}", pa.table(table))


def _ranges(ids: np.ndarray, records: np.ndarray) -> Iterator[tuple[int, int]]:
    """First and last number of blocks of series that hold about BLOCK samples each."""
    begin, held = 0, 0
    for n, count in enumerate(records.tolist()):
        if held and held + count > BLOCK:
            yield int(ids[begin]), int(ids[n - 1])
            begin, held = n, 0
        held += count
    if held:
        yield int(ids[begin]), int(ids[-1])
