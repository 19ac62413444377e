"""A raw store made by hand, for tests of facts: typed tables, filled from plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data import connect, schema, settings, snapshots, warehouse
from data.facts import Builder, Plan
from data.settings import Settings
from data.warehouse import Snapshot

LAUNCH = date(2026, 3, 2)
AS_OF = datetime(2026, 4, 2, tzinfo=UTC)
DEFAULTS: dict[str, dict[str, Any]] = {
    "raw_event": {"source": "events", "payload_hash": 0, "load_id": 1},
    "raw_tester": {"source": "people", "gone": False, "load_id": 1},
    "raw_invitation": {"source": "people", "load_id": 1},
    "raw_feedback": {"source": "people", "load_id": 1},
    "raw_feedback_status": {"source": "people", "load_id": 1},
    "raw_flag": {"source": "people", "load_id": 1},
    "raw_identity": {"source": "people", "load_id": 1},
    "raw_series": {"source": "metrics"},
    "raw_sample": {"load_id": 1},
    "load_ledger": dict.fromkeys(("read", "accepted", "duplicates", "conflicting", "quarantined", "blank"), 0),
}


def make_settings(zone: str = "UTC", launch: date = LAUNCH, weeks: int = 4, **parts: Any) -> Settings:
    """Settings of a small beta; `parts` replace or add tables."""
    content: dict[str, Any] = {
        "programme": {"name": "Test beta", "launch": launch, "weeks": weeks, "timezone": zone},
        "engagement": {"active_events": ["post_view", "post_created"], "activation_event": "post_created"},
        "sources": [{"kind": "jsonl", "name": "events", "path": "events"}],
    }
    for name, part in parts.items():
        content[name] = {**content[name], **part} if isinstance(part, dict) and name in content else part
    return settings.Settings.model_validate(content)


def fill(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Insert rows into raw tables; columns left out get a default or NULL."""
    for table, rows in tables.items():
        values = [{**DEFAULTS.get(table, {}), **row} for row in rows]
        for number, row in enumerate(values):
            if table == "raw_event":
                row.setdefault("event_key", f"{row['source']}-{row['load_id']}-{number}")
        if values and table == "raw_event":  # every event is a kind of its own
            first = con.execute("SELECT count(*) FROM event_kind").fetchall()[0][0]
            values = [{**row, "kind_n": first + n, "key_hash": 0} for n, row in enumerate(values)]
            for part in ("event_kind", "event_log"):
                names = {name for name, *_ in con.execute(f"DESCRIBE {part}").fetchall()}
                _insert(con, part, [{c: v for c, v in row.items() if c in names} for row in values])
        elif values:
            _insert(con, table, values)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(c for row in rows for c in row))
    con.register("filled", pa.table({c: [row.get(c) for row in rows] for c in columns}))
    con.execute(f"INSERT INTO {table} BY NAME FROM filled")
    con.unregister("filled")


def facts(
    tables: Mapping[str, Iterable[Mapping[str, Any]]],
    config: Settings | None = None,
    as_of: datetime = AS_OF,
) -> Snapshot:
    """Facts built from hand-filled raw tables and checked, in memory; a tester's name is "name of <id>"."""
    con = connect.connect()
    schema.create(con, "raw")
    schema.create(con, "facts")
    fill(con, tables)
    builder = Builder(con, Plan(config or make_settings(), round(as_of.timestamp() * 1e6), lambda i: f"name of {i}"))
    builder.build()
    builder.check()
    return Snapshot(con, "beta-test")


def publish(folder: Path, tables: Mapping[str, Iterable[Mapping[str, Any]]], load_id: int, **more: Any) -> Path:
    """Add rows to the raw store in `folder`, as one load, and publish a snapshot beside it.

    `more`: as_of, config, rebuild (copy nothing from the snapshot before), engine (where events are folded).
    """
    as_of, config, rebuild = more.get("as_of", AS_OF), more.get("config") or make_settings(), more.get("rebuild", False)
    config = config.model_copy(update={"file": folder / "beta.toml"})
    config.storage.mkdir(parents=True, exist_ok=True)
    con = connect.connect(config.storage / "raw.duckdb")
    schema.create(con, "raw")
    ledger = {
        "load_id": load_id,
        "source": "events",
        "item": "f",
        "target": "raw_event",
        "started_us": 0,
        "status": "ok",
    }
    fill(con, {"load_ledger": [ledger]})
    fill(
        con,
        {t: [{"load_id": load_id, **row} if t != "raw_series" else row for row in rows] for t, rows in tables.items()},
    )
    con.close()
    as_of_us = round(as_of.timestamp() * 1e6)
    previous = None if rebuild else snapshots.newest(config)
    plan = Plan(config, as_of_us, lambda i: f"name of {i}", previous=previous, engine=more.get("engine"))
    return snapshots.publish(config, plan, config.storage / "raw.duckdb")


def contents(file: Path) -> dict[str, list[tuple]]:
    """Every table of a snapshot as sorted rows, but the names of the files that events are in."""
    snapshot = Snapshot.open(file)
    names = [n for n in schema.tables("facts") if n != "fct_event_part"]
    hidden = set(warehouse.BUILD_ONLY) - {"fct_event"}
    places = {n: f"{warehouse.ATTACHED}.main.{n}" if n in hidden else n for n in names}
    found = {n: sorted(snapshot._con.execute(f"FROM {places[n]}").fetchall(), key=repr) for n in names}
    snapshot.close()
    return found
