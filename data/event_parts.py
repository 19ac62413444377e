"""Where events rest: sorted Parquet files beside the snapshots, written once, named by every snapshot that reads them.

A refresh writes the events that are new, and nothing else: events are by far the most rows, and they never change.
Small files are put together now and then. In memory (a plain event file, tests) fct_event is an ordinary table.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import duckdb

from data import sql
from data.errors import SnapshotError

if TYPE_CHECKING:
    from data.facts import Builder

FOLDER = "events"
VIEWS = "parts"  # database in memory that holds the view over the files while facts are built
COLUMNS = (
    "tester_key", "event_id", "ts_us", "day_n", "feature_id", "route", "method", "status", "duration_ms", "component",
    "error_type", "platform", "properties",
)  # fmt: skip
ROW_GROUP = 122_880
TOGETHER = 8  # files of about the same size become one
LARGEST = 16_000_000  # rows of a file that is put together


class Store(Protocol):
    """Where a build puts events."""

    def add(self, builder: Builder) -> None: ...
    def near(self, builder: Builder, first_us: int | None, last_us: int | None) -> None: ...
    def finish(self, builder: Builder) -> None: ...
    def holds(self, builder: Builder) -> bool: ...


class EventTable:
    """Events in the table fct_event of the database itself."""

    def add(self, builder: Builder) -> None:
        """Keep the events of stage_event."""
        builder.run("put_event")
        builder.run("put_part", file="")

    def near(self, builder: Builder, first_us: int | None, last_us: int | None) -> None:
        """Make stage_near_event: at least all events between two instants; none when there are none."""
        builder.con.execute(
            f"CREATE OR REPLACE TEMP VIEW stage_near_event AS SELECT {', '.join(COLUMNS)} FROM fct_event"
        )

    def finish(self, builder: Builder) -> None:
        """Nothing to tidy up."""

    def holds(self, builder: Builder) -> bool:
        """Are the previous snapshot's events there? A table starts empty."""
        return False


class EventFiles:
    """Events in files of one folder. `made` are those that this build wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.made: list[Path] = []

    def add(self, builder: Builder) -> None:
        """Keep the events of stage_event."""
        file = self._new()
        rows = "piece_rows" if builder.engine is None else "event_rows"
        self._write(builder, sql.text(f"facts/{rows}"), file)
        builder.run("put_part", file=file.name)

    def near(self, builder: Builder, first_us: int | None, last_us: int | None) -> None:
        """Make stage_near_event: at least all events between two instants; none when there are none."""
        files = []
        if first_us is not None and last_us is not None:
            parts = builder.run("parts")
            files = [self._folder / name for name, _, first, last in parts if first <= last_us and last >= first_us]
        builder.con.execute(f"CREATE OR REPLACE TEMP VIEW stage_near_event AS {_reading(files)}")

    def finish(self, builder: Builder) -> None:
        """Put small files together and point fct_event at all of them."""
        for names in crowded([(name, records) for name, records, _, _ in builder.run("parts")]):
            file = self._new()
            together = _reading([self._folder / n for n in names])
            self._write(builder, f"{together} ORDER BY event_id, tester_key, ts_us", file)
            builder.run("join_parts", file=file.name, files=names)
            builder.run("drop_parts", files=names)
        show(builder.con, VIEWS, self._folder, [row[0] for row in builder.run("parts")])

    def holds(self, builder: Builder) -> bool:
        """Are all files of the previous snapshot's events there?"""
        return all((self._folder / row[0]).is_file() for row in builder.run("previous_parts"))

    def _new(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.made.append(self._folder / f"events-{secrets.token_hex(8)}.parquet")
        return self.made[-1]

    @staticmethod
    def _write(builder: Builder, text: str, file: Path) -> None:
        builder.con.execute(
            f"COPY ({text}) TO {_quoted(file)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP})"
        )

    def undo(self) -> None:
        """Remove what a build that failed wrote."""
        for file in self.made:
            file.unlink(missing_ok=True)


def crowded(parts: list[tuple[str, int]]) -> list[list[str]]:
    """Groups of files that should be one: TOGETHER or more within a factor of eight in size, none of them large."""
    tiers: dict[int, list[tuple[str, int]]] = {}
    for name, records in parts:
        if records < LARGEST // TOGETHER:
            tiers.setdefault(int(math.log(records + 1, 8)), []).append((name, records))
    return [[name for name, _ in tier] for tier in tiers.values() if len(tier) >= TOGETHER]


def show(con: duckdb.DuckDBPyConnection, place: str, folder: Path, names: Iterable[str]) -> None:
    """Make the view fct_event over files of events, in the database `place`.

    Raises SnapshotError when a file is missing: then the snapshot's events cannot be read.
    """
    files = [folder / name for name in names]
    for file in files:
        if not file.is_file():
            raise SnapshotError(f"{file.parent.name}/{file.name} is missing, and events are in it")
    con.execute(f"CREATE OR REPLACE VIEW {place}.main.fct_event AS {_reading(files)}")


_TYPES = {
    "tester_key": "INTEGER", "event_id": "INTEGER", "ts_us": "BIGINT", "day_n": "INTEGER", "feature_id": "INTEGER",
    "status": "INTEGER", "duration_ms": "DOUBLE",
}  # fmt: skip


def _reading(files: list[Path]) -> str:
    """Query over files of events; over none it is empty, with the same columns."""
    columns = ", ".join(COLUMNS)
    if not files:
        nothing = ", ".join(f"CAST(NULL AS {_TYPES.get(c, 'VARCHAR')}) AS {c}" for c in COLUMNS)
        return f"SELECT {columns} FROM (SELECT {nothing}) AS nothing WHERE FALSE"
    return f"SELECT {columns} FROM read_parquet([{', '.join(_quoted(f) for f in files)}])"


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"
