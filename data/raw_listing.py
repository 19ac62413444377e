"""Roster-like tables: one row per key, the latest row wins; an unchanged row read again is a duplicate.

What a full listing no longer holds vanishes: a tester is marked as gone, the row of any other kind is removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from data.raw_events import shaped

if TYPE_CHECKING:
    from data.raw_load import Load

BATCH = 100_000


@dataclass(frozen=True)
class Listing:
    """A roster-like raw table: its name without raw_, its key and its columns (key first, no source, no load_id)."""

    name: str
    key: tuple[str, ...]
    schema: pa.Schema
    version: tuple[str, ...] = ()  # columns that order two rows of a key; the first that both have decides


def _schema(texts: str, instants: str, **others: pa.DataType) -> pa.Schema:
    fields = [(c, pa.string()) for c in texts.split()] + [(c, pa.int64()) for c in instants.split()]
    return pa.schema(fields + list(others.items()))


LISTINGS = {
    "raw_tester": Listing(
        "tester", ("user_id",),
        _schema("user_id status wave platform invited_by metadata", "joined_us last_active_us", gone=pa.bool_()),
    ),
    "raw_invitation": Listing(
        "invitation", ("invitation_key",),
        _schema("invitation_key inviter_id invitee_hash status accepted_by wave", "created_us accepted_us expires_us"),
    ),
    "raw_feedback": Listing(
        "feedback", ("feedback_key",),
        _schema("feedback_key user_id type title description priority status", "created_us updated_us",
                rating=pa.int32()),
        version=("updated_us",),
    ),
    "raw_flag": Listing(
        "flag", ("user_id", "feature"), _schema("user_id feature", "since_us", enabled=pa.bool_())
    ),
    "raw_identity": Listing("identity", ("alias",), _schema("alias canonical", "")),
}  # fmt: skip


VANISH = {  # listing -> queries that take out what a full listing no longer holds, the listing itself last
    "tester": ("vanish_tester",),
    "flag": ("vanish_flag",),
    "invitation": ("vanish_invitation",),
    "feedback": ("vanish_feedback_status", "vanish_feedback"),
}


def incomplete(refused: int) -> str:
    """What is said of a listing with refused rows: each may be the row that seems to be missing."""
    return f"{refused} refused, so nothing that is no longer listed was taken out; correct them at the source"


class ListingSink:
    """Collects rows and merges them in the order they were read, inside the load's transaction."""

    def __init__(self, load: Load, listing: Listing) -> None:
        self._load = load
        self._listing = listing
        self._rows: list[dict[str, Any]] = []
        self._lines: list[dict[str, Any] | None] = []
        self._seen: set[tuple] = set()
        self._complete = False

    def add(self, table: pa.Table, lines: pa.Table | None) -> None:
        self._rows += shaped(table, self._listing.schema).to_pylist()
        self._lines += lines.to_pylist() if lines is not None else [None] * table.num_rows

    def pause(self) -> None:
        if len(self._rows) >= BATCH:
            self._merge()

    def complete(self) -> None:
        self._complete = True

    def flush(self) -> None:
        self._merge()
        if self._complete:
            self._vanish()

    def _vanish(self) -> None:
        """Take out the source's keys that were not among the rows."""
        load, name, keys, gone = self._load, self._listing.name, self._key_table(self._seen), 0
        place = {"source": load.source} | ({"load_id": load.load_id} if name == "tester" else {})
        for query in VANISH.get(name, ()):
            gone = load.execute(f"raw/{query}", place, keys=keys)[0][0]
        if gone and not self._seen:
            load.warnings.append(f"{load.item} holds no row any more; {gone} that it held before are gone")

    def _merge(self) -> None:
        """Walk the rows in order against what is stored; write back the keys that changed."""
        load, listing = self._load, self._listing
        if not self._rows:
            return
        keys = [tuple(row[k] for k in listing.key) for row in self._rows]
        self._seen.update(keys)
        current = self._stored(set(keys))
        changed: dict[tuple, dict] = {}
        statuses: list[dict] = []
        for key, row, line in zip(keys, self._rows, self._lines, strict=True):
            if listing.name == "tester":
                row["gone"] = False
            if listing.name == "identity" and self._is_cycle(row, current):
                content = line["content"].rstrip(b"\r\n") if line else orjson.dumps(row)
                load.turn_down("cycle", content, line and line["line"], line and line["offset"])
                continue
            if listing.name == "feedback":
                statuses.append(row)
            old = current.get(key)
            if old == row or (old is not None and self._is_older(row, old)):
                load.counts.duplicates += 1
                continue
            current[key] = changed[key] = row
            load.counts.accepted += 1
        self._write(changed)
        if statuses:
            self._write_statuses(statuses)
        self._rows, self._lines = [], []

    def _stored(self, keys: set[tuple]) -> dict[tuple, dict]:
        """Stored rows of these keys; of identities all, because a cycle may run through any of them."""
        result = self._load.arrow(
            f"raw/stored_{self._listing.name}", {"source": self._load.source}, keys=self._key_table(keys)
        )
        rows = shaped(result, self._listing.schema).to_pylist()
        return {tuple(row[k] for k in self._listing.key): row for row in rows}

    def _is_older(self, row: dict, old: dict) -> bool:
        return any(row[c] is not None and old[c] is not None and row[c] < old[c] for c in self._listing.version)

    @staticmethod
    def _is_cycle(row: dict, current: dict[tuple, dict]) -> bool:
        """Would this alias lead back to itself?"""
        at, alias = row["canonical"], row["alias"]
        for _ in range(len(current) + 1):
            if at == alias:
                return True
            following = current.get((at,))
            if following is None:
                return False
            at = following["canonical"]
        return True

    def _write(self, changed: dict[tuple, dict]) -> None:
        if not changed:
            return
        load, name = self._load, self._listing.name
        load.execute(f"raw/drop_{name}", {"source": load.source}, keys=self._key_table(set(changed)))
        rows = pa.Table.from_pylist(list(changed.values()), schema=self._listing.schema)
        load.execute(f"raw/put_{name}", {"source": load.source, "load_id": load.load_id}, incoming=rows)

    def _write_statuses(self, rows: list[dict]) -> None:
        """Keep when each feedback item was first seen in each status; an earlier sight replaces a later one."""
        load = self._load
        table = pa.Table.from_pylist(rows, schema=self._listing.schema)
        place = {"source": load.source}
        load.execute("raw/status_batch", None, incoming=table)
        load.execute("raw/status_drop", place)
        load.execute("raw/status_put", {**place, "load_id": load.load_id})

    def _key_table(self, keys: set[tuple]) -> pa.Table:
        schema = pa.schema([(k, pa.string()) for k in self._listing.key])
        ordered = sorted(keys)
        return pa.table([pa.array([k[i] for k in ordered], pa.string()) for i in range(len(schema))], schema=schema)
