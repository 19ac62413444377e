"""Publishing: facts are built beside the snapshots, checked, closed, and only then renamed into their place.

A published file is never changed. Whatever fails before the rename leaves the last good snapshot as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb

from data import calendar, connect, schema, sql
from data.errors import QueryError, SnapshotError
from data.event_parts import FOLDER, VIEWS, EventFiles
from data.facts import IN_PLACE, Builder, Plan
from data.settings import Settings
from data.warehouse import Snapshot, snapshot_files

KEEP = 30
SHOT, EVENTS = "shot", "fct_event"  # the snapshot in the making, and the one table that it has no rows of


def publish(settings: Settings, plan: Plan, raw: Path, protected: Iterable[str] = ()) -> Path:
    """Build, check and publish one snapshot. Returns its file (an existing one when the facts are the same).

    `protected` names snapshots that are kept whatever their age (those of closed weeks).
    Raises QueryError when a check fails and SnapshotError when the disk or a file is at fault.
    """
    folder, work = settings.storage / "snapshots", settings.storage / "tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work.mkdir(parents=True, exist_ok=True)
        clear(work)
        built = work / "build.duckdb"
        content_hash = _build_anyway(built, plan, raw)
        final = folder / f"beta-{calendar.instant(plan.as_of_us):%Y%m%dT%H%M%SZ}-{content_hash[:12]}.duckdb"
        _move(built, final)
        if _keep_last(settings, {final.stem, *protected}) or plan.previous is None:
            forget_events(settings)
    except OSError as error:
        raise SnapshotError(f"{settings.storage}: {error.strerror or error}; the last good snapshot stays") from error
    finally:
        clear(work)
    return final


def _build_anyway(file: Path, plan: Plan, raw: Path) -> str:
    """As `_build`; a previous snapshot that cannot be read is left alone and all facts are built from the raw store."""
    try:
        return _build(file, plan, raw)
    except (QueryError, SnapshotError) as error:
        unreadable = isinstance(
            error.__cause__, duckdb.IOException | duckdb.FatalException | duckdb.SerializationException
        )
        if plan.previous is None or not unreadable:
            raise
    clear(file.parent)
    return _build(file, replace(plan, previous=None), raw)


def _build(file: Path, plan: Plan, raw: Path) -> str:
    """Build and check the facts in a file of their own. Returns their content hash."""
    con = connect.connect(file.with_name(f"{file.name}.scratch"), locked=False)
    store = EventFiles(plan.settings.storage / FOLDER)
    copying = _Copy(plan.previous, file)
    try:
        con.execute("ATTACH $file AS raw_store", {"file": str(raw)})
        con.execute("SET search_path = 'raw_store.main'")
        builder = Builder(con, plan, store, lambda previous: _begin(con, file, copying, previous))
        builder.build()
        builder.check()
        con.execute(f"CHECKPOINT {SHOT}")
        return builder.meta_value("content_hash")
    except BaseException as error:
        store.undo()
        if not isinstance(error, duckdb.Error):
            raise
        raise SnapshotError(f"{file.name}: {str(error).splitlines()[0]}; the last good snapshot stays") from error
    finally:
        copying.wait()
        con.close()


class _Copy:
    """A copy of the previous snapshot, made while it is found out who is new and whether it fits."""

    def __init__(self, previous: Path | None, file: Path) -> None:
        self._file = file
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="copy")
        self._done = None if previous is None else self._pool.submit(shutil.copyfile, previous, file)
        if previous is not None:
            self._pool.submit(_sync, file)  # half a gigabyte, which closing the new snapshot would have to wait for

    def take(self, wanted: bool) -> None:
        """Have the copy ready where it is wanted, and else no file. Raises OSError when it could not be made."""
        if self._done is not None:
            if wanted:
                self._done.result()
            else:
                self.wait()
                self._file.unlink(missing_ok=True)

    def wait(self) -> None:
        """Until nothing is written any more."""
        self._pool.shutdown()


def _begin(con: duckdb.DuckDBPyConnection, file: Path, copying: _Copy, previous: Path | None) -> None:
    """Make the fact tables: empty ones, or in a copy of the previous snapshot those that are not carried on."""
    copying.take(wanted=previous is not None)
    # no log of writes: an interrupted build is thrown away, and a log makes the engine rewrite tables time and again
    con.execute(f"ATTACH $file AS {SHOT} (RECOVERY_MODE no_wal_writes)", {"file": str(file)})
    con.execute(f"ATTACH ':memory:' AS {VIEWS}")
    con.execute(f"SET search_path = '{SHOT}.main,{VIEWS}.main,raw_store.main'")
    carried = IN_PLACE if previous is not None else ()
    if previous is not None:
        for name in set(schema.tables("facts")) - {*carried, EVENTS}:
            con.execute(f"DROP TABLE {SHOT}.main.{name}")
    schema.create(con, "facts", but=(*carried, EVENTS))  # events are in files of their own


def _move(built: Path, final: Path) -> None:
    """Rename into place, on disk for certain; a snapshot of the same facts becomes the newest again instead.

    One that can no longer be opened is replaced: its readers keep the old file until they let go.
    """
    if _usable(final):
        os.utime(final)
        return
    _sync(built)
    built.rename(final)
    _sync(final.parent)


def _usable(file: Path) -> bool:
    """Whether a published file is there and still what its name says."""
    if not file.exists():
        return False
    try:
        snapshot = Snapshot.open(file)
    except SnapshotError:
        return False
    whole = snapshot.meta.get("content_hash", "").startswith(file.stem.rpartition("-")[2])
    snapshot.close()
    return whole


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep_last(settings: Settings, protected: set[str]) -> bool:
    """Delete all but the last snapshots; readers that hold an old one keep it until they let go. Was one deleted?"""
    gone = [file for file in snapshot_files(settings)[:-KEEP] if file.stem not in protected]
    for file in gone:
        file.unlink(missing_ok=True)
    return bool(gone)


def forget_events(settings: Settings) -> None:
    """Delete files of events that no snapshot names. One that cannot be opened keeps all."""
    named: set[str] = set()
    for file in snapshot_files(settings):
        con = duckdb.connect(str(file), read_only=True)
        try:
            named.update(row[0] for row in con.execute(sql.text("facts/parts")).fetchall())
        finally:
            con.close()
    for file in (settings.storage / FOLDER).glob("*.parquet"):
        if file.name not in named:
            file.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Remove what an interrupted build left behind."""
    for file in folder.glob("build.duckdb*"):
        if file.is_dir():
            for part in file.iterdir():
                part.unlink()
            file.rmdir()
        else:
            file.unlink(missing_ok=True)


def newest(settings: Settings) -> Path | None:
    """The newest snapshot file, or None."""
    files = snapshot_files(settings)
    return files[-1] if files else None
