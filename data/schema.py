"""Typed, empty tables from queries/schema: the one place that says what columns raw and facts have."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from data import sql


def create(con: duckdb.DuckDBPyConnection, part: str, but: Collection[str] = ()) -> None:
    """Create all tables of a part (`raw` or `facts`) in an open database, but those that are there already."""
    for name in tables(part):
        if name not in but:
            con.execute(sql.text(f"schema/{part}/{name}"))


def tables(part: str) -> tuple[str, ...]:
    """Names of a part's tables, sorted."""
    return tuple(n.rsplit("/", 1)[1] for n in sql.names(f"schema/{part}"))
