"""The hash of every stored event's key: a column that stores of older versions lack, made before it is first needed."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from data import hashes, sql

PIECE = 1_000_000  # rows that are written together; what is written stays when the rest is cut short


def fill(cursor: duckdb.DuckDBPyConnection) -> int:
    """Make the hashes that are missing, each piece for itself. Returns how many; none in a store of this version."""
    first, last = cursor.execute(sql.text("raw/key_hash_missing")).fetchall()[0]
    made = 0
    for start in range(first, last + 1, PIECE) if first is not None else ():
        span = {"first_row": start, "end_row": start + PIECE}
        keys = cursor.sql(sql.text("raw/key_hash_keys"), params=span).to_arrow_table()
        if not keys.num_rows:
            continue
        found = pa.array(hashes.of_texts(keys["event_key"]))
        cursor.register("made", pa.table({"stored_row": keys["stored_row"], "key_hash": found}))
        cursor.execute(sql.text("raw/key_hash_put"), span).fetchall()
        cursor.unregister("made")
        made += keys.num_rows
    return made
