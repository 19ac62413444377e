"""Events as older versions stored them, every row with all its words, brought into today's tables."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from data import hashes, schema, sql

PIECE = 1_000_000  # rows that are moved together


def modernise(con: duckdb.DuckDBPyConnection) -> int:
    """Move the events of an old store, all or none. Returns how many; none in a store of this version, or a new one."""
    if not con.execute(sql.text("raw/old_events")).fetchall():
        return 0
    con.execute("BEGIN")
    try:
        con.execute(sql.text("raw/old_rename"))
        schema.create(con, "raw")
        for query in ("raw/old_hash", "raw/old_kinds"):
            con.execute(sql.text(query)).fetchall()
        last = con.execute(sql.text("raw/old_count")).fetchall()[0][0]
        moved = sum(_move(con, start) for start in range(0, -1 if last is None else last + 1, PIECE))
        con.execute(sql.text("raw/old_drop"))
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
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
