"""Samples into raw_sample: series numbered densely, repeats dropped by time, one value per series and instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa

from data.sample_hours import by_series_and_time

if TYPE_CHECKING:
    from data.raw_load import Load

BATCH = 1_000_000  # samples between two merges
STALE = np.uint64(0x7FF0000000000002)  # the bits of Prometheus' stale marker


def labels_text(labels: dict[str, str]) -> str:
    """Labels as stored: a JSON object, keys sorted, without __name__."""
    return orjson.dumps({k: v for k, v in labels.items() if k != "__name__"}, option=orjson.OPT_SORT_KEYS).decode()


class SampleSink:
    """Collects samples and merges them in batches, all inside the load's transaction."""

    def __init__(self, load: Load) -> None:
        self._load = load
        rows = load.execute("raw/series", {"source": load.source})
        self._ids = {(metric, labels): number for number, metric, labels, _, _ in rows}
        self._facts = {number: (kind, unit) for number, _, _, kind, unit in rows}
        self._types: dict[str, str] = {}
        for _, metric, _, kind, _ in rows:
            self._learn(metric, kind)
        self._next = load.execute("raw/next_series_id")[0][0]
        self._new: list[tuple] = []
        self._changed: dict[int, tuple[str, str | None]] = {}
        self._blocks: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self._waiting = 0

    def _learn(self, metric: str, kind: str) -> None:
        if kind != "unknown" or metric not in self._types:
            self._types[metric] = kind

    def known_type(self, metric: str) -> str | None:
        return self._types.get(metric)

    def series(self, metric: str, labels: dict[str, str], kind: str, unit: str | None) -> int:
        key = (metric, labels_text(labels))
        number = self._ids.get(key)
        self._learn(metric, kind)
        if number is None:
            number = self._ids[key] = self._next
            self._next += 1
            self._facts[number] = (kind, unit)
            self._new.append((number, *key))
            return number
        old_kind, old_unit = self._facts[number]
        fact = (old_kind if kind == "unknown" else kind, unit or old_unit)
        if fact != (old_kind, old_unit):
            self._facts[number] = self._changed[number] = fact
        return number

    def add_block(self, series_ids: np.ndarray, ts_ms: np.ndarray, values: np.ndarray) -> None:
        """Take samples in; stale markers count as blank, other values that are no number are quarantined."""
        load = self._load
        ids = np.ascontiguousarray(series_ids, dtype=np.int32)
        times = np.ascontiguousarray(ts_ms, dtype=np.int64)
        numbers = np.ascontiguousarray(values, dtype=np.float64)
        finite = np.isfinite(numbers)
        if not finite.all():
            stale = numbers.view(np.uint64) == STALE
            load.blank(int(stale.sum()))
            for i in np.flatnonzero(~finite & ~stale):
                load.refuse("number", self._text(ids[i], times[i], numbers[i]))
            ids, times, numbers = ids[finite], times[finite], numbers[finite]
        if len(ids):
            load.counts.read += len(ids)
            if self._blocks and self._waiting >= BATCH // 4 and ids[0] <= self._blocks[-1][0][-1]:
                self._merge()  # what has come is in order, with this block it would not be
            self._blocks.append((ids, times, numbers))
            self._waiting += len(ids)
            if self._waiting >= BATCH:
                self._merge()

    def _text(self, number: int, ts_ms: int, value: float) -> bytes:
        if not hasattr(self, "_names") or int(number) not in self._names:
            self._names = {n: key for key, n in self._ids.items()}
        metric, labels = self._names[int(number)]
        return f"{metric}{labels} {value!r} {ts_ms}".encode()

    def flush(self) -> None:
        self._merge()
        self._write_series()

    def _merge(self) -> None:
        """Drop repeats inside the batch, then those that are stored already; insert the rest by series and time."""
        if not self._waiting:
            return
        load = self._load
        ids, times, numbers = (np.concatenate(c) if len(c) > 1 else c[0] for c in zip(*self._blocks, strict=True))
        self._blocks, self._waiting = [], 0
        rising = (ids[1:] > ids[:-1]) | ((ids[1:] == ids[:-1]) & (times[1:] > times[:-1]))
        if not rising.all():  # a pull comes in order mostly
            ids, times, numbers = self._once(ids, times, numbers)
        batch = pa.table({"n": np.arange(len(ids)), "series_id": ids, "ts_ms": times, "value": numbers})
        known = self._known(batch)
        if known.num_rows:
            at = known["n"].to_numpy()
            stored = np.full(len(ids), np.nan)
            stored[at] = known["value"].to_numpy()
            self._repeats(ids, times, numbers, np.sort(at), stored)
            fresh = np.ones(len(ids), dtype=bool)
            fresh[at] = False
            batch = batch.filter(pa.array(fresh))
        inserted = load.execute("raw/sample_insert", {"load_id": load.load_id}, batch=batch)
        load.counts.accepted += inserted[0][0]

    def _once(
        self, ids: np.ndarray, times: np.ndarray, numbers: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Order a batch by series and time; of samples at one instant the one read first stays."""
        order = by_series_and_time(ids, times)
        ids, times, numbers = ids[order], times[order], numbers[order]
        first = np.ones(len(ids), dtype=bool)
        first[1:] = (ids[1:] != ids[:-1]) | (times[1:] != times[:-1])
        if first.all():
            return ids, times, numbers
        leader = np.maximum.accumulate(np.where(first, np.arange(len(ids)), 0))
        self._repeats(ids, times, numbers, np.flatnonzero(~first), numbers[leader])
        return ids[first], times[first], numbers[first]

    def _known(self, batch: pa.Table) -> pa.Table:
        """Rows of the batch that are stored already. Only those in the time that stored ones span are looked up."""
        ids, times = batch["series_id"].to_numpy(), batch["ts_ms"].to_numpy()
        bounds = {"first_id": int(ids[0]), "last_id": int(ids[-1]), "from_ms": int(times.min()),
                  "to_ms": int(times.max())}  # fmt: skip
        since, until = self._load.execute("raw/sample_span", bounds)[0]
        if since is None:
            return batch.slice(0, 0)
        inside = (times >= since) & (times <= until)
        some = batch if inside.all() else batch.filter(pa.array(inside))
        return self._load.arrow("raw/sample_known", bounds | {"from_ms": since, "to_ms": until}, batch=some)

    def _repeats(
        self, ids: np.ndarray, times: np.ndarray, numbers: np.ndarray, at: np.ndarray, kept: np.ndarray
    ) -> None:
        """Count repeated samples: equal value = duplicate, another value = conflicting."""
        same = numbers[at] == kept[at]
        self._load.counts.duplicates += int(same.sum())
        for i in at[~same]:
            self._load.conflict(self._text(ids[i], times[i], numbers[i]))

    def _write_series(self) -> None:
        if self._new:
            rows = [(n, metric, labels, *self._facts[n]) for n, metric, labels in self._new]
            self._load.execute("raw/series_add", {"source": self._load.source}, incoming=_series_table(rows))
        changed = [(n, "", "", *fact) for n, fact in self._changed.items()]
        if changed:
            self._load.execute("raw/series_update", None, incoming=_series_table(changed))


def _series_table(rows: list[tuple]) -> pa.Table:
    schema = pa.schema(
        [("series_id", pa.int32()), ("metric", pa.string()), ("labels", pa.string()), ("type", pa.string()),
         ("unit", pa.string())]
    )  # fmt: skip
    return pa.table([pa.array(c, f.type) for c, f in zip(zip(*rows, strict=True), schema, strict=True)], schema=schema)
