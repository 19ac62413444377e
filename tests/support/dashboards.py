"""A settings file and a published snapshot in a folder, so that the dashboard can be run on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from data import connect
from data.event_parts import FOLDER
from tests.support import facts

SETTINGS = """\
[programme]
name = "Test beta"
launch = 2026-03-02
timezone = "Europe/Berlin"
storage = "store"

[engagement]
active_events = ["post_view"]
activation_event = "post_view"

[[sources]]
name = "events"
kind = "jsonl"
path = "events"
"""


def write(folder: Path, tables: Mapping[str, Iterable[Mapping[str, Any]]] | None = None, name: str = "0001") -> Path:
    """Write beta.toml and a snapshot `beta-<name>.duckdb` holding the given rows; returns the settings file."""
    settings = folder / "beta.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    file = folder / "store" / "snapshots" / f"beta-{name}.duckdb"
    file.parent.mkdir(parents=True, exist_ok=True)
    made = facts.snapshot(tables, zone="Europe/Berlin")
    con = connect.connect(file, locked=False)
    try:
        for (statement,) in made._con.execute(
            "SELECT sql FROM duckdb_tables() WHERE database_name = current_database()"
        ).fetchall():
            con.execute(statement)
        for (table,) in made._con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            rows = made._con.execute(f"SELECT * FROM {table}").fetchall()
            if rows:
                con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        _move_events(con, folder / "store" / FOLDER / f"events-{name}.parquet")
    finally:
        con.close()
        made.close()
    return settings


def _move_events(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Put the events into a file of their own, as a published snapshot has them."""
    file.parent.mkdir(exist_ok=True)
    con.execute("COPY fct_event TO $file (FORMAT parquet)", {"file": str(file)})
    con.execute(
        "INSERT INTO fct_event_part SELECT $file, count(*), min(ts_us), max(ts_us), 0 FROM fct_event",
        {"file": file.name},
    )
    con.execute("DROP TABLE fct_event")
