"""One load: rows in, each counted into exactly one of accepted, duplicate, conflicting, quarantined, blank."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import duckdb
import numpy as np
import pyarrow as pa

from data import raw_kinds, raw_layout, sql
from data.errors import SourceError
from data.raw_events import EventSink
from data.raw_listing import LISTINGS, ListingSink
from data.raw_samples import SampleSink
from data.tombstones import Tombstones

EXCERPT = 4096
_REFUSED = pa.schema(
    [("line", pa.int64()), ("offset_bytes", pa.int64()), ("sha256", pa.string()), ("reason", pa.string()),
     ("excerpt", pa.binary())]
)  # fmt: skip


@dataclass
class Counts:
    """Where every row read went. read = the sum of the others, always."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    conflicting: int = 0
    quarantined: int = 0
    blank: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    @property
    def balanced(self) -> bool:
        return self.read == self.accepted + self.duplicates + self.conflicting + self.quarantined + self.blank


class Sink(Protocol):
    """Where a load's rows go; one kind per shape of raw table."""

    def add(self, table: pa.Table, lines: pa.Table | None) -> None: ...
    def pause(self) -> None:
        """What was added may be worked on without what follows."""

    def flush(self) -> None: ...


class Background(Protocol):
    """Work of a sink that goes on in a thread and uses the load's cursor there."""

    def settle(self) -> None:
        """Wait for what has been begun. Raises what went wrong in it."""

    def close(self) -> None:
        """Wait for its end, whatever that is."""


class Load:
    """A load in progress. `watermark`, `covers` and `warnings` may be set until the block is left.

    watermark: private to the source, JSON-able; starts as the last good one.
    covers: [from, to) in microseconds that the source has told us about so far; starts as the last one.
    """

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, place: dict[str, Any], covers: tuple[int, int] | None,
        watermark: dict | None,
    ) -> None:  # fmt: skip
        self.cursor = cursor
        self.load_id: int = place["load_id"]
        self.source: str = place["source"]
        self.item: str = place["item"]
        self.target: str = place["target"]
        self.watermark = watermark
        self.covers = covers
        self.warnings: list[str] = []
        self.counts = Counts()
        self.tombstones: Tombstones | None = None
        self.background: Background | None = None
        self._refused: list[tuple] = []
        self._feeds: dict[str, _Feed] = {}
        self._sink: Any = self._sink_for(self.target)

    def _sink_for(self, target: str) -> Sink:
        if target == "raw_event":
            return EventSink(self)
        if target == "raw_sample":
            return SampleSink(self)
        if target in LISTINGS:
            return ListingSink(self, LISTINGS[target])
        raise ValueError(f"{target}: no raw table that rows can be loaded into")

    def rows(self, table: pa.Table, lines: pa.Table | None = None, more: bool = False) -> None:
        """Add rows of the target table; columns that are left out are NULL, `load_id` and `source` are set here.

        raw_event: `payload_hash` may be left out; it is then made from a text column `payload`, else from
        the row. Rows may come as they are stored (data.raw_events.STORED). `lines`: line, offset, content of each row,
        kept for rows that turn out to be conflicting. `more`: rows that may come before some of these follow at once.
        """
        if lines is not None and lines.num_rows != table.num_rows:
            raise ValueError(f"{self.item}: {lines.num_rows} lines for {table.num_rows} rows")
        self.counts.read += table.num_rows
        if self.tombstones is not None:
            table, lines, erased = self.tombstones.without(table, lines)
            self.counts.blank += erased
        self._sink.add(table, lines)
        if not more:
            self.pause()

    def pause(self) -> None:
        """Say that rows added with `more` are all there: what waits may be worked on."""
        self._sink.pause()

    def kind_numbers(self, table: pa.Table) -> np.ndarray:
        """Number in the store of the kind of each row, which has data.raw_kinds.COLUMNS."""
        self._settle()
        return raw_kinds.stored(self, table).to_numpy()

    @property
    def holds_old(self) -> bool:
        """Does the store hold events whose payload hash an older version made?"""
        return raw_layout.is_old(self.cursor)

    def samples(
        self, metric: str, labels: dict[str, str], type: str, ts_ms: np.ndarray, values: np.ndarray,
        unit: str | None = None,
    ) -> None:  # fmt: skip
        """Add samples of one series: milliseconds and doubles. `type` may be "unknown" and be learnt later."""
        self._sink.add_block(
            np.full(len(ts_ms), self.series(metric, labels, type, unit), dtype=np.int32), ts_ms, values
        )

    def series(self, metric: str, labels: dict[str, str], type: str, unit: str | None = None) -> int:
        """Number of a series in the store, given out here when it is new."""
        return self._sink.series(metric, labels, type, unit)

    def sample_block(self, series_ids: np.ndarray, ts_ms: np.ndarray, values: np.ndarray) -> None:
        """Add samples of many series at once, by the numbers that `series` gave."""
        self._sink.add_block(series_ids, ts_ms, values)

    def known_type(self, metric: str) -> str | None:
        """Type that the store already knows for a metric of this source; None = never seen."""
        return self._sink.known_type(metric)

    def refuse(
        self, reason: str, content: bytes, line: int | None = None, offset: int | None = None,
        sha256: str | None = None,
    ) -> None:  # fmt: skip
        """Quarantine one line or row. `sha256` is given when `content` is only the beginning of it."""
        self.counts.read += 1
        self.counts.quarantined += 1
        self._quarantine(reason, content, line, offset, sha256)

    def conflict(self, content: bytes, line: int | None = None, offset: int | None = None) -> None:
        """Count and quarantine a row whose key is known with another payload. For sinks; read is counted already."""
        self.counts.conflicting += 1
        self._quarantine("conflicting_duplicate", content, line, offset)

    def turn_down(self, reason: str, content: bytes, line: int | None = None, offset: int | None = None) -> None:
        """Quarantine a row that was counted as read already. For sinks."""
        self.counts.quarantined += 1
        self._quarantine(reason, content, line, offset)

    def blank(self, n: int = 1) -> None:
        """Count lines or samples that carry nothing: empty lines, stale markers."""
        self.counts.read += n
        self.counts.blank += n

    def complete(self) -> None:
        """Say that this load was a full listing of the source: testers not in it are marked as gone."""
        self._sink.complete()

    def extend_covers(self, start_us: int, end_us: int) -> None:
        """Widen `covers` to hold [start_us, end_us) too."""
        old = self.covers or (start_us, end_us)
        self.covers = (min(old[0], start_us), max(old[1], end_us))

    def _quarantine(
        self, reason: str, content: bytes, line: int | None, offset: int | None, sha256: str | None = None
    ) -> None:
        digest = sha256 or hashlib.sha256(content).hexdigest()
        if self.tombstones is not None and self.tombstones.names_one(content):
            digest, content = "", b""
        self._refused.append((line, offset, digest, reason, content[:EXCERPT]))
        if len(self._refused) >= 5000:
            self._write_refused()

    def _write_refused(self) -> None:
        if self._refused:
            columns = [pa.array(c, f.type) for c, f in zip(zip(*self._refused, strict=True), _REFUSED, strict=True)]
            place = {"load_id": self.load_id, "source": self.source, "item": self.item}
            self.execute("raw/quarantine_add", place, refused=pa.table(columns, schema=_REFUSED))
            self._refused = []

    def finish(self) -> None:
        """Write what is buffered and check the conservation law. Called by the store."""
        self._sink.flush()
        self._write_refused()
        if not self.counts.balanced:
            raise SourceError(f"{self.item}: rows read and rows accounted for differ: {self.counts.as_dict()}")

    def stop(self) -> None:
        """Let go of the cursor, before a load that failed is rolled back. Called by the store."""
        if self.background is not None:
            self.background.close()

    def execute(self, query: str, parameters: dict[str, Any] | None = None, **tables: pa.Table) -> list[tuple]:
        """Run one query of queries/ with Arrow tables registered under their names. Rows, or the rows changed."""
        self._settle()
        return self.put(query, parameters, **tables)

    def arrow(self, query: str, parameters: dict[str, Any] | None = None, **tables: pa.Table) -> pa.Table:
        """Result of one query of queries/ as an Arrow table."""
        self._settle()
        return self.ask(query, parameters, **tables)

    def _settle(self) -> None:
        if self.background is not None:
            self.background.settle()

    def put(self, query: str, parameters: dict[str, Any] | None = None, **tables: pa.Table) -> list[tuple]:
        """`execute` for sinks: what they have begun is not waited for."""
        with self._registered(tables):
            return self.cursor.execute(sql.text(query), parameters or None).fetchall()

    def ask(self, query: str, parameters: dict[str, Any] | None = None, **tables: pa.Table) -> pa.Table:
        """`arrow` for sinks."""
        with self._registered(tables):
            return self.cursor.sql(sql.text(query), params=parameters or None).to_arrow_table()

    @contextmanager
    def _registered(self, tables: dict[str, pa.Table]) -> Iterator[None]:
        for name, table in tables.items():
            feed = self._feeds.get(name)
            if feed is None or feed.table.schema != table.schema:
                feed = self._feeds[name] = _Feed(table)
                self.cursor.register(name, feed)
            feed.table = table
        try:
            yield
        finally:
            for name, table in tables.items():
                self._feeds[name].table = table.slice(0, 0)


class _Feed:
    """A name in SQL whose Arrow table can be exchanged.

    The engine keeps every object that is registered inside a transaction until its end, so one object is
    registered for all batches of a load: memory stays flat however many there are.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)
