"""Rows of event_log made by compiled loops: for each form, where its columns come from, and the kinds met so far."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import numpy as np
import pyarrow as pa

from data import hashes, raw_keys, raw_kinds
from data.compiled import kernel, rows, search
from data.compiled.kinds import kinds as find_kinds
from data.compiled.values import NONE
from data.raw_events import STORED
from data.sources.forms import Walk, text_column
from data.sources.program import Program
from data.sources.properties import SUSPECT

MOST = 1 << 15  # kinds that are remembered; lines of others take the way of numpy
_BYTES = 8_000_000  # of their keys
_SUSPECTS = search.wanted(SUSPECT)
_UNSEEN = _SUSPECTS[0], _SUSPECTS[1][:0]


class Kinds:
    """Kinds of events met so far, by the bytes that tell them, and their numbers in the store."""

    def __init__(self, numbers: Callable[[pa.Table], np.ndarray]) -> None:
        """`numbers`: Load.kind_numbers."""
        self._numbers = numbers
        self._count = self._block = 0
        self._lock = Lock()  # blocks are looked at in the thread that reads ahead, some once more behind it
        self._scratch = Scratch(0)
        self.kind_n = np.full(MOST, -1, np.int32)
        self.event_hash = np.zeros(MOST, np.uint64)
        self.duration = np.full(MOST, np.nan)
        self._table = (
            np.full(4 * MOST, -1, np.int32), np.zeros(MOST, np.uint64), np.zeros(MOST + 1, np.int64),
            kernel.room(_BYTES), self.kind_n, np.full(MOST, -1, np.int64),
        )  # fmt: skip

    @property
    def known(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.kind_n, self.event_hash, self.duration

    def of(self, walk: Walk, program: Program) -> tuple[np.ndarray, np.ndarray]:
        """Kind of each line, or -1; and the kinds that had no number yet, each with a line that has it."""
        count = len(walk.found)
        kind, asked = np.empty(count, np.int32), np.empty((count, 2), np.int64)
        with self._lock:
            self._block += 1
            self._scratch = self._scratch.of(len(walk.bytes) + 1_000)
            self._count, asking = find_kinds(
                walk.lines,
                program.ready,
                program.parts,
                self._table,
                self._block,
                self._count,
                self._scratch.bytes,
                kind,
                asked,
            )
        return kind, asked[:asking]

    def learn(self, kinds: np.ndarray, table: pa.Table) -> None:
        """Give kinds their numbers. `table`: the rows that numpy's way made of a line of each."""
        self.event_hash[kinds] = hashes.of_texts(table["event"].combine_chunks().cast(pa.string()))
        self.duration[kinds] = table["duration_ms"].to_numpy()
        self.kind_n[kinds] = self._numbers(table.select(raw_kinds.COLUMNS))


class Scratch:
    """Bytes to write one text into after another."""

    def __init__(self, size: int) -> None:
        self.bytes = kernel.room(size)

    def of(self, size: int) -> Scratch:
        """This one where it has the size, else a larger one."""
        return self if len(self.bytes) >= size else Scratch(2 * size)


class Maker:
    """Makes rows of blocks, as they are stored. One for a whole load. `numbers`: Load.kind_numbers."""

    def __init__(self, numbers: Callable[[pa.Table], np.ndarray]) -> None:
        self.kinds = Kinds(numbers)
        self._scratch = Scratch(0)

    def rows(
        self, walk: Walk, kinds: tuple[np.ndarray, np.ndarray], program: Program, offset: int, file_id: str
    ) -> tuple[pa.Table, np.ndarray]:
        """Rows of a walked block that begins at `offset` of the file, and the lines that they came from.

        kinds: what `Kinds.of` found in it.
        """
        kind, asked = kinds
        asked = asked[self.kinds.kind_n[asked[:, 0]] < 0]
        if len(asked):
            self._learn(walk, program, asked, offset, file_id)
        return self._made(walk, program, kind)

    def _learn(self, walk: Walk, program: Program, asked: np.ndarray, offset: int, file_id: str) -> None:
        forms = walk.found[asked[:, 1]]
        for form in np.unique(forms).tolist():
            kinds, lines = asked[forms == form].T
            mould = program.moulds[form]
            table, sure = mould.table(walk.texts(mould.leaves, lines), offset + walk.starts[lines], file_id)
            if sure.any():
                self.kinds.learn(kinds[sure], table)

    def _made(self, walk: Walk, program: Program, kind: np.ndarray) -> tuple[pa.Table, np.ndarray]:
        most = rows.sizes(walk.lines, kind, program.leaves, program.json)
        room = Room(len(kind), most, program)
        self._scratch = self._scratch.of(len(walk.bytes) + program.literals)

        def write(suspects: tuple[np.ndarray, np.ndarray]) -> tuple[int, ...]:
            return rows.rows(
                walk.lines, kind, self.kinds.known, program.leaves, program.json, program.clock, suspects,
                self._scratch.bytes, room.numbers, room.texts,
            )  # fmt: skip

        n, *sizes = write(_UNSEEN)
        if search.holds(room.kept, 0, sizes[2], _SUSPECTS):  # few blocks have one: their lines are looked at
            n, *sizes = write(_SUSPECTS)
        return room.table(n, sizes), room.numbers[0][:n]


class Room:
    """Where the loops write the rows of a block: its columns, before it is known how many rows there are."""

    def __init__(self, most: int, sizes: tuple[int, int, int], program: Program) -> None:
        """`most`: rows, at most. `sizes`: bytes of keys as texts, users and what is kept, at most."""

        def column(kind: type, wanted: bool = True) -> np.ndarray:
            return np.empty(most if wanted else 0, kind)

        self.numbers = (
            column(np.int32), column(np.int32), column(np.int64), column(np.int64, program.times[0]),
            column(np.int64, program.times[1]), column(np.uint64), column(np.uint64), column(np.float64),
            np.empty(2 * most, np.uint64), column(np.bool_),
        )  # fmt: skip
        self._bytes = [kernel.room(size) for size in sizes]
        self._edges = [np.empty(most + 1, np.int32) for _ in range(3)]
        pairs = [part for edges, text in zip(self._edges, self._bytes, strict=True) for part in (edges, text)]
        self.kept = self._bytes[2]
        self.texts = (*pairs, column(np.bool_, program.keeps))

    def table(self, n: int, sizes: list[int]) -> pa.Table:
        """The first `n` rows. `sizes`: bytes of each text column."""
        _, kind_n, ts, client, received, key_hash, payload_hash, lasted, _, has_uuid = (c[:n] for c in self.numbers)
        has_kept = self.texts[-1][:n]
        columns = {
            "kind_n": pa.array(kind_n), "key_hash": pa.array(key_hash), "payload_hash": pa.array(payload_hash),
            "user_id": self._text(1, n, sizes), "ts_us": pa.array(ts), "client_ts_us": _times(client),
            "received_us": _times(received), "duration_ms": _present(lasted, ~np.isnan(lasted)),
        }  # fmt: skip
        if has_uuid.any():
            columns["event_uuid"] = raw_keys.column(self.numbers[-2][: 2 * n], has_uuid)
        if not has_uuid.all():
            columns["event_key"] = _present(self._text(0, n, sizes), ~has_uuid)
        if has_kept.any():
            columns["properties"] = _present(self._text(2, n, sizes), has_kept)
        made = [columns.get(field.name) for field in STORED]
        return pa.table(
            [pa.nulls(n, f.type) if c is None else c for c, f in zip(made, STORED, strict=True)], schema=STORED
        )

    def _text(self, which: int, n: int, sizes: list[int]) -> pa.Array:
        return text_column(self._edges[which][: n + 1], self._bytes[which][: sizes[which]])


def _times(us: np.ndarray) -> pa.Array | None:
    return _present(us, us != NONE) if len(us) else None


def _present(values: np.ndarray | pa.Array, there: np.ndarray) -> pa.Array:
    """A column whose values are missing where they are not there."""
    whole = values if isinstance(values, pa.Array) else pa.array(values)
    if there.all():
        return whole
    valid = pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(whole.type, len(whole), [valid, *whole.buffers()[1:]])
