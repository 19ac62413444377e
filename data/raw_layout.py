"""Events as older versions stored them, every row with all its words, brought into today's tables."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from data import hashes, schema, sql

PIECE = 1_000_000  # rows that are moved together


def modernise(con: duckdb.DuckDBPyConnection) -> int:
    """Bring an old store up to date, all of it or nothing. Returns how many events were moved; those of the last
    layout stay where they are, with one column more. Nothing is done to a store of this version, or a new one."""
    if con.execute(sql.text("raw/old_events")).fetchall():
        return _together(con, _all_moved)
    if con.execute(sql.text("raw/old_keys_text")).fetchall():
        return _together(con, _widened)
    return 0


def is_old(con: duckdb.DuckDBPyConnection) -> bool:
    """Does a store hold events that an older version stored?"""
    return bool(con.execute(sql.text("raw/old_inside")).fetchall())


def _together(con: duckdb.DuckDBPyConnection, change: Callable[[duckdb.DuckDBPyConnection], int]) -> int:
    con.execute("BEGIN")
    try:
        done = change(con)
        con.execute(sql.text("raw/old_noted"))
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return done


def _widened(con: duckdb.DuckDBPyConnection) -> int:
    for query in ("raw/old_view_drop", "raw/old_keys_free", "raw/old_keys_uuid"):
        con.execute(sql.text(query))
    return 0


def _all_moved(con: duckdb.DuckDBPyConnection) -> int:
    con.execute(sql.text("raw/old_rename"))
    schema.create(con, "raw")
    for query in ("raw/old_hash", "raw/old_kinds"):
        con.execute(sql.text(query)).fetchall()
    last = con.execute(sql.text("raw/old_count")).fetchall()[0][0]
    moved = sum(_move(con, start) for start in range(0, -1 if last is None else last + 1, PIECE))
    con.execute(sql.text("raw/old_drop"))
    return moved


def _move(con: duckdb.DuckDBPyConnection, first: int) -> int:
    span = {"first_row": first, "end_row": first + PIECE}
    keys = con.sql(sql.text("raw/old_keys"), params=span).to_arrow_table()
    made = pa.table({"old_row": keys["old_row"], "key_hash": pa.array(hashes.of_texts(keys["event_key"]))})
    con.register("made", made)
    try:
        return con.execute(sql.text("raw/old_move"), span).fetchall()[0][0]
    finally:
        con.unregister("made")
