"""Events into raw_event: one row per key, the first one kept, everything else counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from data.raw_load import Load

BATCH = 250_000  # rows between two merges: bounds memory, and how often the stored keys are read

SCHEMA = pa.schema(
    [("event_key", pa.string()), ("payload_hash", pa.uint64()), ("payload", pa.string()), ("user_id", pa.string()),
     ("event", pa.string()), ("ts_us", pa.int64()), ("client_ts_us", pa.int64()), ("received_us", pa.int64()),
     ("route", pa.string()), ("method", pa.string()), ("status", pa.int32()), ("duration_ms", pa.float64()),
     ("feature", pa.string()), ("platform", pa.string()), ("component", pa.string()), ("error_type", pa.string()),
     ("properties", pa.string())]
)  # fmt: skip


def shaped(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with exactly the schema's columns: missing ones NULL, others cast, unknown ones left out."""
    columns = [
        table[f.name].cast(f.type) if f.name in table.column_names else pa.nulls(table.num_rows, f.type) for f in schema
    ]
    return pa.table(columns, schema=schema)


class EventSink:
    """Collects events and merges them in batches, all inside the load's transaction."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._tables: list[pa.Table] = []
        self._lines: list[pa.Table | None] = []
        self._waiting = 0

    def add(self, table: pa.Table, lines: pa.Table | None) -> None:
        self._tables.append(shaped(table, SCHEMA))
        self._lines.append(lines)
        self._waiting += table.num_rows
        if self._waiting >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Merge what waits: find repeats inside the batch and against the store, insert the rest."""
        if not self._waiting:
            return
        load, waiting = self._load, self._waiting
        table = pa.concat_tables(self._tables)
        table = table.append_column("n", pa.array(np.arange(waiting)))
        if table["payload_hash"].null_count:
            hashes = load.arrow("raw/event_hash", None, incoming=table)["payload_hash"]
            table = table.set_column(table.schema.get_field_index("payload_hash"), "payload_hash", hashes)
        repeats = load.arrow("raw/event_repeats", {"source": load.source}, incoming=table)
        same = repeats["same"].to_pylist()
        load.counts.duplicates += sum(same)
        if not all(same):
            self._conflicts(repeats.filter(pc.invert(repeats["same"]))["n"].to_pylist(), table)
        place = {"source": load.source, "load_id": load.load_id}
        load.counts.accepted += load.execute("raw/event_insert", place, incoming=table, repeats=repeats)[0][0]
        self._tables, self._lines, self._waiting = [], [], 0

    def _conflicts(self, numbers: list[int], table: pa.Table) -> None:
        start, parts = 0, []
        for part, lines in zip(self._tables, self._lines, strict=True):
            parts.append((start, start + part.num_rows, lines))
            start += part.num_rows
        at = 0
        for n in sorted(numbers):
            while n >= parts[at][1]:
                at += 1
            first, _, lines = parts[at]
            if lines is None:
                row = table.slice(n, 1).drop_columns(["n"]).to_pylist()[0]
                self._load.conflict(orjson.dumps(row))
            else:
                line = lines.slice(n - first, 1).to_pylist()[0]
                self._load.conflict(line["content"].rstrip(b"\r\n"), line["line"], line["offset"])
