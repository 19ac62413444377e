"""What people write: notes, decisions, actions, waivers, incident names, closed weeks. SQLite, apart from numbers.

A rebuild of raw or facts never touches this file. Rows are never deleted: a correction is a new row, and
`closed_week` keeps every closing and reopening. Instants are ISO texts in UTC, given by the caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data.errors import SnapshotError

FILE = "programme.sqlite"

# How long a writer waits for the others: forty at once on a slow disk, and each waits for the disk three times.
WAIT_SECONDS = 30

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('note', 'decision', 'action', 'said_done')),
    week INTEGER NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    owner TEXT NOT NULL DEFAULT '',
    due TEXT,
    author TEXT NOT NULL,
    written_at TEXT NOT NULL,
    done_at TEXT,
    done_by TEXT,
    withdrawn_at TEXT
);
CREATE TABLE IF NOT EXISTS waiver (
    id INTEGER PRIMARY KEY,
    kpi TEXT NOT NULL,
    week INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (length(name) > 0),
    reason TEXT NOT NULL CHECK (length(reason) >= 10),
    written_at TEXT NOT NULL,
    withdrawn_at TEXT
);
CREATE TABLE IF NOT EXISTS incident_name (
    id INTEGER PRIMARY KEY,
    detector TEXT NOT NULL,
    start_us INTEGER NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL DEFAULT '',
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'dismissed')),
    author TEXT NOT NULL,
    written_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS closed_week (
    id INTEGER PRIMARY KEY,
    week INTEGER NOT NULL,
    snapshot_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    settings_hash TEXT NOT NULL,
    frozen TEXT NOT NULL,
    frozen_sha256 TEXT NOT NULL,
    files TEXT NOT NULL DEFAULT '{}',
    author TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    reopened_at TEXT,
    reopened_by TEXT,
    reopen_reason TEXT CHECK (reopen_reason IS NULL OR length(reopen_reason) >= 10)
);
CREATE UNIQUE INDEX IF NOT EXISTS one_closing ON closed_week (week) WHERE reopened_at IS NULL;
"""


def kept_snapshots(storage: Path) -> set[str]:
    """Ids of snapshots that a closing refers to, reopened ones too: they are never pruned."""
    return {c["snapshot_id"] for c in ProgrammeStore(storage).closings()}


class ProgrammeStore:
    """The small store beside the snapshots. Every call opens, commits and closes: safe from any thread or process."""

    def __init__(self, storage: Path) -> None:
        self.file = storage / FILE

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        try:
            # No write-ahead log: turning one on needs the file for itself, and SQLite refuses at once, without waiting.
            con = sqlite3.connect(self.file, timeout=WAIT_SECONDS, isolation_level="IMMEDIATE")
            con.row_factory = sqlite3.Row
            con.executescript(_SCHEMA)
            with con:
                yield con
        except sqlite3.IntegrityError as error:
            raise SnapshotError(f"{FILE}: refused: {error}") from None
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise SnapshotError(f"{FILE}: cannot be used: {error}") from None
            raise SnapshotError(f"{FILE}: another process has held it for {WAIT_SECONDS} s; try again") from None
        except sqlite3.DatabaseError as error:
            raise SnapshotError(f"{FILE}: cannot be used: {error}; restore it from a backup") from None
        finally:
            if "con" in locals():
                con.close()

    def _all(self, text: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        if not self.file.is_file():
            return []
        with self._open() as con:
            return [dict(r) for r in con.execute(text, values or {})]

    def _write(self, text: str, values: Mapping[str, Any]) -> int:
        with self._open() as con:
            return con.execute(text, values).lastrowid or 0

    # ---- notes, decisions, actions

    def entries(self, week: int | None = None) -> list[dict[str, Any]]:
        """Entries that stand, oldest first; of one week, or of all."""
        return self._all(
            "SELECT id, kind, week, text, owner, due, author, written_at, done_at, done_by FROM entry "
            "WHERE withdrawn_at IS NULL AND (:week IS NULL OR week = :week) ORDER BY id",
            {"week": week},
        )

    def open_actions(self, week: int) -> list[dict[str, Any]]:
        """Actions of this week and earlier ones that are not done: they are carried over until they are."""
        return [e for e in self.entries() if e["kind"] == "action" and e["week"] <= week and not e["done_at"]]

    def write(
        self, *, kind: str, week: int, text: str, author: str, at: str, owner: str = "", due: str | None = None
    ) -> int:
        """Add a note, decision or action; returns its id."""
        return self._write(
            "INSERT INTO entry (kind, week, text, owner, due, author, written_at) "
            "VALUES (:kind, :week, :text, :owner, :due, :author, :at)",
            {"kind": kind, "week": week, "text": text.strip(), "owner": owner, "due": due, "author": author, "at": at},
        )

    def done(self, entry: int, *, author: str, at: str) -> None:
        """Mark an action as done."""
        self._write(
            "UPDATE entry SET done_at = :at, done_by = :by WHERE id = :id", {"id": entry, "by": author, "at": at}
        )

    def withdraw(self, entry: int, *, at: str) -> None:
        """Take an entry back; the row stays."""
        self._write("UPDATE entry SET withdrawn_at = :at WHERE id = :id", {"id": entry, "at": at})

    # ---- waivers and incidents

    def stamp(self) -> tuple[int, ...]:
        """Changes when a week is closed or reopened, or a waiver given or taken back: the key of what is cached."""
        rows = self._all(
            "SELECT (SELECT count(*) FROM closed_week) AS closed, "
            "(SELECT count(*) FROM closed_week WHERE reopened_at IS NOT NULL) AS reopened, "
            "(SELECT count(*) FROM waiver) AS waived, "
            "(SELECT count(*) FROM waiver WHERE withdrawn_at IS NOT NULL) AS withdrawn"
        )
        return tuple(rows[0].values()) if rows else ()

    def waivers(self) -> list[dict[str, Any]]:
        """Waivers that stand, oldest first."""
        return self._all(
            "SELECT id, kpi, week, name, reason, written_at FROM waiver WHERE withdrawn_at IS NULL ORDER BY id"
        )

    def waive(self, *, kpi: str, week: int, name: str, reason: str, at: str) -> int:
        """Accept a missed criterion by name and reason (at least ten characters)."""
        return self._write(
            "INSERT INTO waiver (kpi, week, name, reason, written_at) VALUES (:kpi, :week, :name, :reason, :at)",
            {"kpi": kpi, "week": week, "name": name, "reason": reason.strip(), "at": at},
        )

    def withdraw_waiver(self, waiver: int, *, at: str) -> None:
        """Take a waiver back; the row stays."""
        self._write("UPDATE waiver SET withdrawn_at = :at WHERE id = :id", {"id": waiver, "at": at})

    def incident_names(self) -> list[dict[str, Any]]:
        """The newest word on each detected incident, keyed by detector and start."""
        return self._all(
            "SELECT detector, start_us, name, category, verdict, author, written_at FROM incident_name "
            "WHERE id IN (SELECT max(id) FROM incident_name GROUP BY detector, start_us) ORDER BY start_us"
        )

    def name_incident(
        self, *, detector: str, start_us: int, name: str, category: str, verdict: str, author: str, at: str
    ) -> int:
        """Confirm or dismiss a detected incident, with a name and a class."""
        return self._write(
            "INSERT INTO incident_name (detector, start_us, name, category, verdict, author, written_at) "
            "VALUES (:detector, :start, :name, :category, :verdict, :author, :at)",
            {"detector": detector, "start": start_us, "name": name, "category": category, "verdict": verdict,
             "author": author, "at": at},
        )  # fmt: skip

    # ---- closed weeks

    def closings(self) -> list[dict[str, Any]]:
        """Every closing ever, oldest first; `frozen` and `files` decoded."""
        rows = self._all("SELECT * FROM closed_week ORDER BY id")
        return [{**r, "frozen": json.loads(r["frozen"]), "files": json.loads(r["files"])} for r in rows]

    def closed(self, week: int) -> dict[str, Any] | None:
        """The closing of a week that stands, or None."""
        return next((c for c in self.closings() if c["week"] == week and c["reopened_at"] is None), None)

    def close_week(
        self,
        *,
        week: int,
        snapshot_id: str,
        content_hash: str,
        settings_hash: str,
        frozen: str,
        sha256: str,
        files: Mapping[str, str],
        author: str,
        at: str,
    ) -> int:
        """Freeze a week. `frozen` is canonical JSON, `sha256` its hash, `files` report file -> sha256."""
        if self.closed(week):
            raise SnapshotError(f"week {week} is closed already; reopen it with a reason first")
        return self._write(
            "INSERT INTO closed_week (week, snapshot_id, content_hash, settings_hash, frozen, frozen_sha256, files, "
            "author, closed_at) VALUES (:week, :snapshot, :content, :settings, :frozen, :sha, :files, :author, :at)",
            {"week": week, "snapshot": snapshot_id, "content": content_hash, "settings": settings_hash,
             "frozen": frozen, "sha": sha256, "files": json.dumps(dict(files), sort_keys=True), "author": author,
             "at": at},
        )  # fmt: skip

    def reopen_week(self, week: int, *, reason: str, author: str, at: str) -> None:
        """Reopen a closed week with a reason (at least ten characters); the closing stays in the archive."""
        if not self.closed(week):
            raise SnapshotError(f"week {week} is not closed")
        if len(reason.strip()) < 10:
            raise SnapshotError("reopening a week needs a reason of at least ten characters")
        self._write(
            "UPDATE closed_week SET reopened_at = :at, reopened_by = :by, reopen_reason = :reason "
            "WHERE week = :week AND reopened_at IS NULL",
            {"week": week, "by": author, "reason": reason.strip(), "at": at},
        )
