"""Typed, empty tables from queries/schema: the one place that says what columns raw and facts have."""

from __future__ import annotations

import duckdb

from data import sql


def create(con: duckdb.DuckDBPyConnection, part: str) -> None:
    """Create all tables of a part (`raw` or `facts`) in an open database."""
    for name in sql.names(f"schema/{part}"):
        con.execute(sql.text(name))


def tables(part: str) -> tuple[str, ...]:
    """Names of a part's tables, sorted."""
    return tuple(n.rsplit("/", 1)[1] for n in sql.names(f"schema/{part}"))
