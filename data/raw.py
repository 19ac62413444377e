"""The raw store: what every source said, with a ledger, a quarantine and one transaction per source item.

    store = RawStore(settings.storage / "raw.duckdb")
    with store.load(run, "events", "jsonl", "a.jsonl", "raw_event") as load:
        load.rows(table)
        load.watermark = {"offset": 1234}

Leaving the block writes rows, ledger and watermark together, or nothing at all.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from data import connect, raw_layout, schema, sql
from data.errors import SnapshotError, SourceError
from data.raw_load import Load
from data.settings import Settings
from data.tombstones import Tombstones

MOST_MEMORY = "250MB"  # of the engine while it loads: a load is one transaction, and would else fill what it may have
_HOLDER = re.compile(r"\(PID (\d+)\)")


def _silent(label: str, done: int, total: int | None) -> None:
    """Progress of a run nobody watches."""


@dataclass(frozen=True)
class Run:
    """One refresh: its number, its instant, its settings, the pseudonym key and who is told of progress."""

    load_id: int
    as_of_us: int
    settings: Settings
    key: bytes
    progress: Callable[[str, int, int | None], None] = _silent  # label, done, total


class RawStore:
    """The file raw.duckdb. One process at a time; every load is all or nothing."""

    def __init__(self, file: Path) -> None:
        """Open or create the store. Raises SnapshotError when another process holds it or it is damaged."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        try:
            self._con = connect.connect(file, locked=False, memory=MOST_MEMORY)
        except SnapshotError as error:
            holder = _HOLDER.search(str(error))
            if holder is None:
                mend = "restore it from a backup, or move it away: a refresh then loads what the sources still have"
                raise SnapshotError(f"{error}; {mend}") from None
            raise SnapshotError(f"another refresh is running (PID {holder.group(1)}); wait for it to finish") from None
        raw_layout.modernise(self._con)
        schema.create(self._con, "raw")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for reading the raw tables."""
        return self._con.cursor()

    def next_load_id(self) -> int:
        """Number of the next refresh, counted from 1."""
        return self._con.cursor().execute(sql.text("raw/next_load_id")).fetchall()[0][0]

    def watermark(self, source: str, item: str) -> dict | None:
        """What the source noted at its last good load of the item, or None."""
        row = _state(self._con.cursor(), source, item)
        return orjson.loads(row[0]) if row and row[0] else None

    def watermarks(self, source: str) -> dict[str, dict]:
        """Watermarks of all items of a source, by item."""
        rows = self._con.cursor().execute(sql.text("raw/watermarks"), {"source": source}).fetchall()
        return {item: orjson.loads(text) for item, text in rows}

    def forgive_absent(self, source: str, items: Collection[str]) -> None:
        """Drop the errors of items that the source no longer has: what is gone needs no repair."""
        cursor = self._con.cursor()
        for (item,) in cursor.execute(sql.text("raw/state_failed"), {"source": source}).fetchall():
            if item not in items:
                for query in ("raw/state_drop_untried", "raw/state_forgive"):
                    cursor.execute(sql.text(query), {"source": source, "item": item}).fetchall()

    @contextmanager
    def load(self, run: Run, source: str, kind: str, item: str, target: str) -> Iterator[Load]:
        """One load of one item into the raw table `target`, in one transaction.

        A SourceError inside rolls everything back, is written to the ledger and raised again; the old
        watermark stays. Any other error rolls back and leaves no trace.
        """
        started = time.monotonic()
        cursor = self._con.cursor()
        state = _state(cursor, source, item)
        place = {"load_id": run.load_id, "source": source, "kind": kind, "item": item, "target": target}
        cursor.execute("BEGIN")
        load = None
        try:
            load = Load(cursor, place, _covers(state), orjson.loads(state[0]) if state and state[0] else None)
            load.tombstones = Tombstones.read(cursor, run.key)
            yield load
            load.finish()
            self._record(cursor, run, place, load, started)
            cursor.execute("COMMIT")
        except BaseException as error:
            if load is not None:
                load.stop()
            _roll_back(cursor)
            if isinstance(error, SourceError):
                self._record_failure(cursor, run, place, str(error), started)
            if isinstance(error, duckdb.Error):
                raise SnapshotError(f"{self.file.name}: {item}: {str(error).splitlines()[0]}") from error
            raise
        finally:
            cursor.close()

    def _record(self, cursor: Any, run: Run, place: dict, load: Load, started: float) -> None:
        """Ledger row and state of a good load, inside its transaction."""
        counts = load.counts
        self._ledger(cursor, run, place, started, counts.as_dict(), "ok", "; ".join(load.warnings) or None)
        covers = load.covers or (None, None)
        self._note(
            cursor, place, watermark=None if load.watermark is None else orjson.dumps(load.watermark).decode(),
            attempt=run.as_of_us, success=run.as_of_us, covers_from=covers[0], covers_to=covers[1], error=None,
            warnings=orjson.dumps(load.warnings).decode(),
        )  # fmt: skip

    def _record_failure(self, cursor: Any, run: Run, place: dict, sentence: str, started: float) -> None:
        """Ledger row and error of a load that was rolled back; watermark and coverage stay as they were."""
        cursor.execute("BEGIN")
        old = _state(cursor, place["source"], place["item"]) or (None,) * 5
        self._ledger(cursor, run, place, started, dict.fromkeys(_COUNTS, 0), "failed", sentence)
        self._note(
            cursor, place, watermark=old[0], attempt=run.as_of_us, success=old[1], covers_from=old[2],
            covers_to=old[3], error=sentence, warnings=old[4] or "[]",
        )  # fmt: skip
        cursor.execute("COMMIT")

    @staticmethod
    def _ledger(
        cursor: Any, run: Run, place: dict, started: float, counts: dict[str, int], status: str, note: str | None
    ) -> None:
        ended = run.as_of_us + round((time.monotonic() - started) * 1e6)
        row = {k: place[k] for k in ("load_id", "source", "item", "target")}
        row |= {"started_us": run.as_of_us, "ended_us": ended, "status": status, "note": note, **counts}
        cursor.execute(sql.text("raw/ledger_add"), row)

    @staticmethod
    def _note(cursor: Any, place: dict, **values: Any) -> None:
        cursor.execute(sql.text("raw/state_drop"), _item(place))
        cursor.execute(sql.text("raw/state_add"), {**_item(place), "kind": place["kind"], **values})

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        self._con.close()


_COUNTS = ("read", "accepted", "duplicates", "conflicting", "quarantined", "blank")


def _item(place: dict) -> dict[str, str]:
    return {"source": place["source"], "item": place["item"]}


def _state(cursor: Any, source: str, item: str) -> tuple | None:
    """watermark, last success, covers from, covers to, warnings of an item; None when it was never tried."""
    rows = cursor.execute(sql.text("raw/state"), {"source": source, "item": item}).fetchall()
    return rows[0] if rows else None


def _covers(state: tuple | None) -> tuple[int, int] | None:
    return (state[2], state[3]) if state and state[2] is not None and state[3] is not None else None


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    """Roll back; a transaction that the engine has already ended is no further error."""
    try:
        cursor.execute("ROLLBACK")
    except duckdb.TransactionException:
        return
