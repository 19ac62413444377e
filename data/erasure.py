"""What is held of one person, and how to be rid of it: rows, quarantine, snapshots and the bytes in the file.

DuckDB leaves deleted rows in its file, so the raw store is copied into a fresh file that takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data import facts_people, refresh, snapshots, sql
from data.errors import SettingsError, SnapshotError
from data.privacy import keyed_hash, pseudonym
from data.programme import ProgrammeStore
from data.raw import RawStore
from data.settings import Settings, now
from data.tombstones import Tombstones
from data.warehouse import snapshot_files

RAW, FRESH = "raw.duckdb", "raw.fresh.duckdb"


@dataclass(frozen=True)
class Person:
    """Every id of one person (after merges) and the pseudonym shown for them."""

    ids: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Erased:
    """What an erasure did: whom it was about, what it published, and whose closings lost their snapshot."""

    person: Person
    published: refresh.RefreshResult
    snapshots: int  # that were removed
    closed_weeks: tuple[int, ...]  # weeks with a closing, reopened ones too, whose snapshot was among them

    @property
    def words(self) -> list[str]:
        """Lines for whoever asked for it."""
        lines = [
            f"erased {self.person.name} ({len(self.person.ids)} ids); published {self.published.snapshot_id}; "
            f"older snapshots are gone: {self.snapshots}"
        ]
        if self.closed_weeks:
            weeks = ", ".join(map(str, self.closed_weeks))
            lines.append(
                f"among them the snapshots of closed weeks: {weeks}; their frozen figures stay, "
                "but can no longer be worked out again"
            )
        return lines


def find(store: RawStore, key: bytes, tester: str) -> Person:
    """The person behind an id of the source or a pseudonym. Raises SettingsError when nobody is."""
    cursor = store.cursor()
    links = facts_people.merged(dict(cursor.execute(sql.text("facts/identities")).fetchall()))
    known = [r[0] for r in cursor.execute(sql.text("privacy/known_ids")).fetchall()]
    ends = {i: links.get(i, i) for i in {*known, *links, *links.values()}}
    wanted = ends.get(tester) or next((e for e in ends.values() if pseudonym(key, e) == tester), None)
    if wanted is None and tester in Tombstones.read(cursor, key):  # an erasure that was cut short is finished
        return Person((tester,), pseudonym(key, tester))
    if wanted is None:
        raise SettingsError(f'no tester "{tester}" is held; give an id of the source or the pseudonym a page shows')
    return Person(tuple(sorted(i for i, end in ends.items() if end == wanted)), pseudonym(key, wanted))


def held(store: RawStore, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Everything the raw store holds of a person, by kind."""
    found = {}
    for name in sql.names("privacy/held"):
        cursor = store.cursor().execute(sql.text(name), {"ids": list(person.ids)})
        columns = [c[0] for c in cursor.description]
        found[name.rsplit("/", 1)[1]] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


def erase(settings: Settings, tester: str) -> Erased:
    """Erase a person everywhere in the storage and publish facts without them. The caller holds the lock.

    Old snapshots go, those of closed weeks too: they hold the person's facts. What closed weeks showed stays.
    """
    key, raw = refresh.storage_key(settings), settings.storage / RAW
    if not raw.is_file():
        raise SnapshotError(f"{settings.programme.storage}: there is no raw store yet; nothing is held of anybody")
    store = RawStore(raw)
    try:
        person = find(store, key, tester)
        _delete(store.cursor(), person, key, now(settings).timestamp())
    finally:
        store.close()
    _renew(raw)
    old = snapshot_files(settings)
    names = {file.stem for file in old}
    weeks = {c["week"] for c in ProgrammeStore(settings.storage).closings() if c["snapshot_id"] in names}
    for file in old:
        file.unlink()
    snapshots.forget_events(settings)
    snapshots.clear(settings.storage / "tmp")
    result = refresh.rebuild_only(settings)
    left = traces(settings.storage, person)
    if left:
        raise SnapshotError(f"{person.name} is still named in {', '.join(left)}; remove it there by hand")
    return Erased(person, result, len(old), tuple(sorted(weeks)))


def _delete(cursor: duckdb.DuckDBPyConnection, person: Person, key: bytes, at: float) -> None:
    """Tombstones first, then every row and mention, in one transaction."""
    hashes = [keyed_hash(key, i) for i in person.ids]
    cursor.execute("BEGIN")
    cursor.execute(sql.text("privacy/tombstone_add"), {"hashes": hashes, "at_us": round(at * 1e6)})
    for name in sql.names("privacy/erase"):
        text = sql.text(name)
        if "$ids" in text:
            cursor.execute(text, {"ids": list(person.ids)})
            continue
        for one in sorted(person.ids, key=len, reverse=True):
            cursor.execute(text, {"id": one})
    cursor.execute(sql.text("privacy/unused_kinds_drop"))
    cursor.execute("COMMIT")


def _renew(raw: Path) -> None:
    """Copy the store into a fresh file and put that in its place."""
    fresh = raw.with_name(FRESH)
    fresh.unlink(missing_ok=True)
    con = duckdb.connect(":memory:")
    try:
        con.execute("ATTACH $old AS old (READ_ONLY)", {"old": str(raw)})
        con.execute("ATTACH $new AS new", {"new": str(fresh)})
        con.execute("COPY FROM DATABASE old TO new")
        con.execute("CHECKPOINT new")
    except duckdb.Error as error:
        raise SnapshotError(
            f"{raw.name}: cannot be copied: {str(error).splitlines()[0]}; nothing was replaced"
        ) from None
    finally:
        con.close()
    fresh.replace(raw)
    raw.with_suffix(".duckdb.wal").unlink(missing_ok=True)


def traces(storage: Path, person: Person) -> list[str]:
    """Files below the storage whose bytes still hold one of the person's ids or the pseudonym."""
    words = [w.encode() for w in (*person.ids, person.name)]
    found = []
    for file in sorted(f for f in storage.rglob("*") if f.is_file()):
        if any(w in file.read_bytes() for w in words):
            found.append(str(file.relative_to(storage)))
    return found
