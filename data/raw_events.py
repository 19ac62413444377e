"""Events into raw_event: one row per key, the first one kept, everything else counted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa

from data import hashes, raw_keys, raw_kinds
from data.raw_kinds import NUMBER, WORD

if TYPE_CHECKING:
    from data.raw_load import Load

GROUP = 122_880  # rows of one of the engine's row groups: what fills whole ones is written once, and by all threads
BATCH = 2 * GROUP  # rows between two merges: bounds memory, and how often the stored hashes are read

SCHEMA = pa.schema(
    [("event_key", pa.string()), ("payload_hash", pa.uint64()), ("payload", pa.string()), ("user_id", pa.string()),
     ("event", WORD), ("ts_us", pa.int64()), ("client_ts_us", pa.int64()), ("received_us", pa.int64()),
     ("route", WORD), ("method", WORD), ("status", NUMBER), ("duration_ms", pa.float64()), ("feature", WORD),
     ("platform", WORD), ("component", WORD), ("error_type", WORD), ("properties", pa.string())]
)  # fmt: skip
STORED = pa.schema(
    [("kind_n", pa.int32()), ("event_uuid", raw_keys.KIND), ("event_key", pa.string()), ("key_hash", pa.uint64()),
     ("payload_hash", pa.uint64()), ("user_id", pa.string()), ("ts_us", pa.int64()), ("client_ts_us", pa.int64()),
     ("received_us", pa.int64()), ("duration_ms", pa.float64()), ("properties", pa.string())]
)  # fmt: skip
_KEYS = ["event_uuid", "event_key", "payload_hash", "key_hash"]
# What makes an event the same event; not when it was received: the same event sent twice is one event.
_ALWAYS = ("user_id", "event", "ts_us")
_COLUMNS = (
    "client_ts_us", "route", "method", "status", "duration_ms", "feature", "platform", "component", "error_type",
    "properties",
)  # fmt: skip


def shaped(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with exactly the schema's columns: missing ones NULL, others cast, unknown ones left out."""
    return pa.table([_shaped(table, f) for f in schema], schema=schema)


def _shaped(table: pa.Table, field: pa.Field) -> pa.Array | pa.ChunkedArray:
    if field.name not in table.column_names:
        return pa.nulls(table.num_rows, field.type)
    column = table[field.name]
    return raw_kinds.coded(column, field.type) if pa.types.is_dictionary(field.type) else column.cast(field.type)


@dataclass(frozen=True)
class _Batch:
    """Rows that are merged together, and the lines that they came from. First those that are not yet as stored."""

    tables: tuple[pa.Table, ...]
    lines: tuple[pa.Table | None, ...]

    @classmethod
    def of(cls, parts: list[tuple[pa.Table, pa.Table | None]]) -> _Batch:
        tables, lines = zip(*sorted(parts, key=lambda part: _is_stored(part[0])), strict=True)
        return cls(tables, lines)


def _is_stored(table: pa.Table) -> bool:
    return table.schema.names == STORED.names


@dataclass(frozen=True)
class _Merged:
    """What became of a batch. `conflicts`: content, line and offset of rows whose key is known with another payload."""

    accepted: int
    duplicates: int
    conflicts: tuple[tuple[bytes, int | None, int | None], ...]


class EventSink:
    """Collects events and merges them in batches, all inside the load's transaction.

    A batch is merged in a thread while the next one is read; only one at a time, so that batches are merged in order.
    What became of it is counted when the next one is full, or at the end. Nothing else may use the load's cursor
    meanwhile: `settle` waits, and `Load` calls it before every query of its own. New rows that do not fill a row
    group wait for the next batch.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        load.background = self
        self._parts: list[tuple[pa.Table, pa.Table | None]] = []
        self._waiting = 0
        # Rows of earlier batches that wait to be inserted: their keys are new.
        self._new = STORED.empty_table()
        self._merger: ThreadPoolExecutor | None = None
        self._merging: Future[_Merged] | None = None

    def add(self, table: pa.Table, lines: pa.Table | None) -> None:
        self._parts.append((table if _is_stored(table) else shaped(table, SCHEMA), lines))
        self._waiting += table.num_rows

    def pause(self) -> None:
        if self._waiting >= BATCH:
            batch = self._taken()
            self.settle()
            self._merger = self._merger or ThreadPoolExecutor(1, "merge-events")
            self._merging = self._merger.submit(self._merge, batch)

    def flush(self) -> None:
        """Merge what waits and count what became of everything."""
        self.settle()
        if self._waiting:
            self._count(self._merge(self._taken()))
        self._load.counts.accepted += self._insert(self._new)
        self._new = self._new.slice(0, 0)
        self.close()

    def settle(self) -> None:
        """Wait for the batch that is being merged, if one is, and count it. Raises what went wrong in it."""
        merging, self._merging = self._merging, None
        if merging is not None:
            self._count(merging.result())

    def close(self) -> None:
        """Let the batch that is being merged come to its end, whatever that is; there will be no other."""
        if self._merger is not None:
            self._merger.shutdown(wait=True)

    def _taken(self) -> _Batch:
        batch = _Batch.of(self._parts)
        self._parts, self._waiting = [], 0
        return batch

    def _count(self, done: _Merged) -> None:
        load = self._load
        load.counts.accepted += done.accepted
        load.counts.duplicates += done.duplicates
        for content, line, offset in done.conflicts:
            load.conflict(content, line, offset)

    def _merge(self, batch: _Batch) -> _Merged:
        """Find repeats inside the batch and against the store, insert the rest as far as it fills row groups."""
        given = hashed(pa.concat_tables([SCHEMA.empty_table(), *(t for t in batch.tables if not _is_stored(t))]))
        table = pa.concat_tables([self._as_stored(given), *(t for t in batch.tables if _is_stored(t))])
        numbers, same = self._repeats(table, _order(batch), given)
        conflicts = () if same.all() else tuple(_contents(numbers[~same], given, batch))
        if len(numbers):
            new = np.ones(table.num_rows, bool)
            new[numbers] = False
            table = table.filter(pa.array(new))
        table = pa.concat_tables([self._new, table])
        full = table.num_rows - table.num_rows % GROUP
        self._new = table.slice(full).combine_chunks()
        return _Merged(self._insert(table.slice(0, full)), int(same.sum()), conflicts)

    def _as_stored(self, table: pa.Table) -> pa.Table:
        """Rows as event_log has them: a number in place of the words, and ids apart."""
        if not table.num_rows:
            return STORED.empty_table()
        uuids, keys = raw_keys.apart(table["event_key"].combine_chunks())
        made = {"kind_n": raw_kinds.stored(self._load, table), "event_uuid": uuids, "event_key": keys}
        return pa.table([made[name] if name in made else table[name] for name in STORED.names], schema=STORED)

    def _insert(self, table: pa.Table) -> int:
        """Rows that were inserted. In one piece, without columns that hold nothing: the engine is done sooner."""
        if not table.num_rows:
            return 0
        table = table.select(
            [name for name in STORED.names if table[name].null_count < table.num_rows]
        ).combine_chunks()
        loads = pa.repeat(pa.scalar(self._load.load_id, pa.int32()), table.num_rows)
        return self._load.put("raw/event_insert", None, incoming=table.append_column("load_id", loads))[0][0]

    def _repeats(self, table: pa.Table, order: np.ndarray, given: pa.Table) -> tuple[np.ndarray, np.ndarray]:
        """Rows whose key is known or came before by `order`, in that order, and whether their payload is the known one.

        given: the first of the rows, as they came. Keys are read and compared only where their hashes meet. Known are
        those of the store and those that wait.
        """
        load, before = self._load, self._new.num_rows
        keys = pa.concat_tables([self._new.select(_KEYS), table.select(_KEYS)])
        order = np.concatenate((np.full(before, -1), order))
        own = keys["key_hash"].to_numpy()
        hits = load.ask("raw/event_hits", None, hashed=keys.select(["key_hash"]))
        ranked = np.sort(own)
        twice = ranked[1:][ranked[1:] == ranked[:-1]]
        suspects = np.flatnonzero(np.isin(own, np.concatenate((twice, hits["key_hash"].to_numpy()))))
        if not len(suspects):
            return suspects, np.empty(0, bool)
        suspects = suspects[np.argsort(order[suspects], kind="stable")]
        some = keys.take(pa.array(suspects)).append_column("n", pa.array(np.arange(len(suspects))))
        rows = hits.select(["stored_row"])
        repeats = load.ask("raw/event_repeats", {"source": load.source}, suspects=some, hits=rows)
        numbers, known = suspects[repeats["n"].to_numpy()] - before, repeats["known_hash"].to_numpy()
        same = known == table["payload_hash"].to_numpy()[numbers]
        asked = np.flatnonzero(~same & (numbers < given.num_rows))
        if len(asked):  # rows of an older version were stored with another hash; none is where rows come as stored
            others = given.take(pa.array(numbers[asked])).append_column("n", pa.array(np.arange(len(asked))))
            md5 = load.ask("raw/event_hash_md5", None, incoming=others)["payload_hash"].to_numpy()
            same[asked] = md5 == known[asked]
        return numbers, same


def _order(batch: _Batch) -> np.ndarray:
    """Which row of a batch came first at the source: by its line, where rows have lines."""
    if any(lines is None for lines in batch.lines):
        return np.arange(sum(table.num_rows for table in batch.tables))
    return np.concatenate([lines["line"].to_numpy() for lines in batch.lines])


def _contents(numbers: np.ndarray, given: pa.Table, batch: _Batch) -> Iterator[tuple[bytes, int | None, int | None]]:
    """Content, line and offset of some rows of a batch, as they are asked for; rows without lines as JSON."""
    ends = np.cumsum([part.num_rows for part in batch.tables])
    for n, part in zip(numbers.tolist(), np.searchsorted(ends, numbers, side="right").tolist(), strict=True):
        lines = batch.lines[part]
        if lines is None:
            yield orjson.dumps(given.slice(n, 1).drop_columns(["key_hash"]).to_pylist()[0]), None, None
        else:
            line = lines.slice(n - int(ends[part]) + lines.num_rows, 1).to_pylist()[0]
            yield line["content"].rstrip(b"\r\n"), line["line"], line["offset"]


def hashed(table: pa.Table) -> pa.Table:
    """The rows with the hash of their key, and of their payload where they came without one."""
    given = table["payload_hash"]
    table = table.append_column("key_hash", pa.array(hashes.of_texts(table["event_key"])))
    if not given.null_count:
        return table
    payload = table["payload"]
    if payload.null_count == len(payload):
        made = hashes.of_rows(table, (*_ALWAYS, *_COLUMNS))
    else:
        made = hashes.of_rows(table, (*_ALWAYS, "payload"))
        bare = np.flatnonzero(payload.is_null().to_numpy())
        made[bare] = hashes.of_rows(table.take(pa.array(bare)), (*_ALWAYS, *_COLUMNS))
    if given.null_count < len(given):
        there = given.is_valid().to_numpy()
        made[there] = given.drop_null().to_numpy()
    return table.set_column(table.schema.get_field_index("payload_hash"), "payload_hash", pa.array(made))
