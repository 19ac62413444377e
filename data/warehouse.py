"""Reading facts: immutable snapshots, one cursor per query.

A snapshot is a file `beta-<as_of>-<hash>.duckdb` under `<storage>/snapshots`, written once by the
refresh and never changed. Many processes may read one; a newer one appears beside it.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from data import connect, event_parts, schema, sql
from data.errors import QueryError, SnapshotError
from data.settings import Settings

if TYPE_CHECKING:  # pandas costs half a second at the start of every command that never needs a frame
    import pandas as pd

T = TypeVar("T")
SCHEMA_VERSION = 2
ATTACHED = "shot"  # the name of a snapshot's file inside a connection
# Rows that are elsewhere, and what only the next build reads: older snapshots need not have it.
BUILD_ONLY = ("fct_event", "fct_tester_start", "fct_day_print")
# Tables that older snapshots do not have -> what is to be added up, all of it, and the query that does.
LATER = {
    "fct_tester_week": (
        "stage_touched_week",
        "SELECT DISTINCT week FROM dim_day WHERE week IS NOT NULL",
        "tester_weeks",
    ),
    "fct_active_day": ("stage_counted_day", "SELECT DISTINCT day_n FROM fct_tester_day", "active_days"),
}
MOST_MEMORY = "250MB"  # of the engine, per open snapshot; any two questions fit at 500,000 testers and 100 M events
WAITS_S = (0.2, 1.0, 3.0, 9.0)  # before a question that found no memory beside others is asked again


class Snapshot:
    """One set of facts. Safe to share between threads: every query has its own cursor."""

    def __init__(self, con: duckdb.DuckDBPyConnection, name: str) -> None:
        self._con = con
        self._again = Lock()
        self._file: Path | None = None  # None: of a database that is no file
        self.id = name

    @classmethod
    def open(cls, file: Path) -> Snapshot:
        """Open a snapshot file read-only. Raises SnapshotError when it cannot be used."""
        if not file.is_file():
            raise SnapshotError(f"{file}: no such snapshot")
        snapshot = cls(_engine(file), file.stem)
        snapshot._file = file
        return snapshot

    def relieve(self) -> None:
        """Give back what the engine keeps of the file for speed, for a snapshot that will soon be shown no more.

        The engine gives nothing back by itself. Questions that are being answered are answered to their end.
        """
        if self._file is not None:
            self._con = _engine(self._file)

    @cached_property
    def meta(self) -> dict[str, str]:
        """The meta table as a dictionary of texts."""
        return _meta(self._con, self.id)

    @property
    def as_of(self) -> datetime:
        return datetime.fromtimestamp(int(self.meta["as_of_us"]) / 1e6, tz=UTC)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings the facts were built with (no secrets)."""
        return json.loads(self.meta["settings_json"])

    def arrow(self, query: str, **parameters: Any) -> pa.Table:
        """Result of `queries/<query>.sql` with its $parameters bound, as an Arrow table."""
        text = sql.text(query)
        try:
            return self._patiently(lambda: self._con.cursor().sql(text, params=parameters or None).to_arrow_table())
        except duckdb.Error as error:
            raise QueryError(f"{query}: {str(error).splitlines()[0]}") from error

    def arrays(self, query: str, **parameters: Any) -> dict[str, np.ndarray]:
        """The same as numpy arrays by column; NULL among numbers is NaN. Does not load pandas, as Arrow's way does."""
        found = self._run(sql.text(query), query, parameters).fetchnumpy()
        return {name: _plain(column) for name, column in found.items()}

    def batches(self, query: str, rows: int, **parameters: Any) -> Iterator[dict[str, np.ndarray]]:
        """The same, at most `rows` rows at a time; none of it is kept. For columns of numbers without NULL."""
        try:
            for part in self._con.cursor().sql(sql.text(query), params=parameters or None).to_arrow_reader(rows):
                yield {
                    name: np.from_dlpack(column) for name, column in zip(part.schema.names, part.columns, strict=True)
                }
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise QueryError(f"{query}: {str(error).splitlines()[0]}") from error

    def frame(self, query: str, **parameters: Any) -> pd.DataFrame:
        """Result of `queries/<query>.sql` as a pandas frame."""
        return self._run(sql.text(query), query, parameters).df()

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Result of `queries/<query>.sql` as dictionaries; SQL NULL is None."""
        cursor = self._run(sql.text(query), query, parameters)
        columns = [c[0] for c in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def row(self, query: str, **parameters: Any) -> dict[str, Any]:
        """The one row of a query that returns exactly one."""
        rows = self.rows(query, **parameters)
        if len(rows) != 1:
            raise QueryError(f"{query}: {len(rows)} rows where one was expected")
        return rows[0]

    def _run(self, text: str, name: str, parameters: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        try:
            return self._patiently(lambda: self._con.cursor().execute(text, parameters or None))
        except duckdb.Error as error:
            raise QueryError(f"{name}: {str(error).splitlines()[0]}") from error

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask, and again where others had the engine's memory: one after the other, when they may be done."""
        try:
            return ask()
        except duckdb.OutOfMemoryException:
            with self._again:
                for wait in WAITS_S:
                    time.sleep(wait)
                    with suppress(duckdb.OutOfMemoryException):
                        return ask()
                return ask()

    def close(self) -> None:
        self._con.close()


def _engine(file: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that shows the tables of a snapshot's file and the rows of its event files, locked."""
    # One thread: sums of floats come in the same order every time, to the last digit of a report.
    con = connect.attached(file, ATTACHED, threads=1, memory=MOST_MEMORY)
    _show(con, "meta", file)
    version = int(_meta(con, file.stem).get("schema_version", "0"))
    if version != SCHEMA_VERSION:
        made = "a newer" if version > SCHEMA_VERSION else "an older"
        raise SnapshotError(f"{file.name}: made by {made} version")
    kept = {row[0] for row in con.execute(f"SHOW TABLES FROM {ATTACHED}").fetchall()}
    for name in schema.tables("facts"):
        if name not in BUILD_ONLY and (name not in LATER or name in kept):
            _show(con, name, file)
    for name in LATER.keys() - kept:
        _add_up(con, name)
    folder = file.resolve().parent.parent / event_parts.FOLDER
    try:
        event_parts.show(con, "memory", folder, [row[0] for row in con.execute(sql.text("facts/parts")).fetchall()])
    except SnapshotError as error:
        raise SnapshotError(f"{file.name}: {error}") from None
    connect.lock(con, folder)
    return con


def _meta(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    try:
        return dict(con.cursor().execute("SELECT key, value FROM meta").fetchall())
    except duckdb.Error:
        raise SnapshotError(f"{name}: damaged, or no snapshot of this product") from None


def _plain(column: np.ndarray) -> np.ndarray:
    return column.astype(float).filled(np.nan) if isinstance(column, np.ma.MaskedArray) else column


def _add_up(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """What a snapshot of before a table was kept shows in its place: added up whenever it is asked for."""
    staged, every, query = LATER[name]
    con.execute(f"CREATE VIEW memory.main.{staged} AS {every}")
    con.execute(f"CREATE VIEW memory.main.{name} AS {sql.text(f'facts/{query}')}")


def _show(con: duckdb.DuckDBPyConnection, name: str, file: Path) -> None:
    """Make a table of the file readable by its bare name; cursors do not inherit a search path."""
    try:
        con.execute(f"CREATE OR REPLACE VIEW memory.main.{name} AS FROM {ATTACHED}.main.{name}")
    except duckdb.Error:
        raise SnapshotError(f"{file.stem}: damaged, or no snapshot of this product") from None


def snapshot_files(settings: Settings) -> list[Path]:
    """Snapshot files, oldest first, by the order in which they were published."""
    folder = settings.storage / "snapshots"
    return sorted(folder.glob("beta-*.duckdb"), key=lambda f: (f.stat().st_mtime_ns, f.name)) if folder.is_dir() else []


def latest(settings: Settings) -> Snapshot:
    """The newest snapshot. Raises SnapshotError that names the command when there is none."""
    files = snapshot_files(settings)
    if not files:
        raise SnapshotError(f"no snapshot yet in {settings.programme.storage}; run `{_refresh(settings)}`")
    try:
        return Snapshot.open(files[-1])
    except SnapshotError as error:
        raise SnapshotError(f"{error}; run `{_refresh(settings)}` to build it anew") from None


def _refresh(settings: Settings) -> str:
    """The command that publishes a snapshot, as a shell reads it."""
    return f"python -m data refresh --settings {shlex.quote(str(settings.file))}"
