"""Ids of erased people, as keyed hashes: rows of theirs are turned away whenever a source brings them again."""

from __future__ import annotations

import re

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data import sql
from data.privacy import keyed_hash

OWN = ("user_id", "accepted_by", "alias", "canonical")  # the row is about this person
BESIDE = ("invited_by", "inviter_id")  # the row is about somebody else
_TOKEN = re.compile(rb'[^\s",{}\[\]]{1,500}')


class Tombstones:
    """The erased ids of one raw store."""

    def __init__(self, hashes: frozenset[str], key: bytes) -> None:
        self._hashes, self._key = hashes, key
        self._known: dict[str, bool] = {}

    @classmethod
    def read(cls, cursor: duckdb.DuckDBPyConnection, key: bytes) -> Tombstones:
        rows = cursor.execute(sql.text("privacy/tombstones")).fetchall()
        return cls(frozenset(r[0] for r in rows), key)

    def __contains__(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = keyed_hash(self._key, name) in self._hashes
        return self._known[name]

    def without(self, table: pa.Table, lines: pa.Table | None) -> tuple[pa.Table, pa.Table | None, int]:
        """The rows, and their lines, that are not about an erased person, and how many were."""
        if not self._hashes:
            return table, lines, 0
        keep = pa.array([True] * table.num_rows)
        for column in (c for c in OWN if c in table.column_names):
            keep = pc.and_(keep, pc.invert(self._matches(table, column)))
        for column in (c for c in BESIDE if c in table.column_names):
            freed = pc.if_else(self._matches(table, column), pa.scalar(None, pa.string()), table[column])
            table = table.set_column(table.column_names.index(column), column, freed)
        left = table.filter(keep)
        return left, None if lines is None else lines.filter(keep), table.num_rows - left.num_rows

    def _matches(self, table: pa.Table, column: str) -> pa.Array:
        names = table[column].combine_chunks().cast(pa.string())
        erased = [n for n in pc.unique(names).to_pylist() if n is not None and n in self]
        return pc.is_in(names, value_set=pa.array(erased, pa.string()))

    def names_one(self, content: bytes) -> bool:
        """Does a refused line hold an erased id?"""
        if not self._hashes:
            return False
        return any(t.decode("utf-8", "replace") in self for t in set(_TOKEN.findall(content)))
