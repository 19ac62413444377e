"""Every engine folds the same rows, through the hand-over and the landing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data import connect, sql
from data.fold.clickhouse import ClickHouse
from data.fold.dialects import GENERATED_ONLY, QUERIES, RUN_HERE, render
from data.fold.elsewhere import Elsewhere, Worker
from data.fold.postgres import Postgres
from data.fold.tables import OUTPUTS
from tests.fold.generate import FOLDER, generated

HOUR = 3_600_000_000
DAY_N = 20514  # 2026-03-02
START = DAY_N * 24 * HOUR
EVERYTHING = {"first_row": 0, "end_row": 2**62, "after_load": -1, "until_load": 9, "from_us": 0}
PARAMETERS = {
    "as_of_us": START + 60 * 24 * HOUR, "idle_us": HOUR // 2, "cap_us": 24 * HOUR, "slow_us": 1_000_000, **EVERYTHING,
}  # fmt: skip


def world(events: int) -> duckdb.DuckDBPyConnection:
    """Inputs of the fold: ties, NULLs, odd texts, a run longer than the cap, an anonymous and a future event."""
    con = connect.connect(locked=False)
    con.execute(
        "CREATE TABLE fold_person AS SELECT 'u' || i AS user_id, i::INTEGER AS tester_key FROM range(9) AS t(i)"
    )
    con.execute("""
        CREATE TABLE fold_name AS SELECT * FROM (
            VALUES (1, 'view', 1, 0, 0), (2, 'api_call', 0, 1, 0), (3, 'app_error', 0, 0, 1), (4, 'größe 🎲', 1, 0, 0)
        ) AS t(event_id, event, is_active, is_request, is_error)
    """)
    con.execute("""
        CREATE TABLE fold_feature AS SELECT * FROM (
            VALUES (1, 'a', 1::BIGINT), (2, 'b', 2::BIGINT), (62, 'z', 2305843009213693952)
        ) AS t(feature_id, feature, feature_bit)
    """)
    con.execute(f"""
        CREATE TABLE fold_quarter AS SELECT
            ({START} // 900000000 + i)::BIGINT AS quarter_n, ({DAY_N} + (i + 4) // 96)::INTEGER AS day_n
        FROM range(6000) AS t(i)
    """)
    con.execute(f"""
        CREATE TABLE raw_event AS SELECT
            'events' AS source, CASE WHEN i % 97 = 0 THEN NULL ELSE 'u' || (i * 7 % 11) END AS user_id,
            list_extract(['view','api_call','app_error','größe 🎲','unknown'], (i * 13 % 5)::INTEGER + 1) AS event,
            CASE
                WHEN i = 5 THEN {PARAMETERS["as_of_us"]}
                ELSE {START} + i * i * 61000000 % {40 * 24 * HOUR} // 60000000 * 60000000
            END::BIGINT AS ts_us,
            list_extract(['a','b','z','nobody',NULL], (i % 5)::INTEGER + 1) AS feature,
            '/p/:id' AS route, 'GET' AS method,
            CASE WHEN i % 3 = 0 THEN 503 WHEN i % 3 = 1 THEN 200 END::INTEGER AS status,
            CASE WHEN i % 7 = 0 THEN NULL ELSE i * 1.0005 END::DOUBLE AS duration_ms, NULL::VARCHAR AS component,
            NULL::VARCHAR AS error_type, list_extract(['ios','','naïve',NULL], (i % 4)::INTEGER + 1) AS platform,
            '{{"k":"it''s \\\\ ' || i || '"}}' AS properties, 1 AS load_id, i AS stored_row
        FROM range({events}) AS t(i)
    """)  # fmt: skip
    con.execute(f"""
        INSERT INTO raw_event BY NAME SELECT
            'events' AS source, 'u1' AS user_id, 'view' AS event, {START} + i * {HOUR // 4} AS ts_us, 1 AS load_id,
            {events} + i AS stored_row
        FROM range({min(events, 150)}) AS t(i)
    """)
    con.execute("CREATE VIEW stage_person AS FROM fold_person")
    con.execute("CREATE VIEW stage_quarter AS FROM fold_quarter")
    return con


def fold_here(con: duckdb.DuckDBPyConnection) -> None:
    """The queries as they are written, on the connection that holds their inputs."""
    con.execute(f"CREATE TEMP TABLE fold_event AS {render(sql.text('fold/staging'), PARAMETERS)}")
    for name in OUTPUTS:
        con.execute(f"CREATE TEMP TABLE folded_{name} AS {render(sql.text(f'fold/{name}'), PARAMETERS)}")


def folded(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    return {
        n: sorted(con.execute(f"SELECT {', '.join(s.names)} FROM folded_{n}").fetchall(), key=repr)
        for n, s in OUTPUTS.items()
    }


def equal(worker: Worker, folder: Path, events: int) -> None:
    con = world(events)
    fold_here(con)
    expected = folded(con)
    assert all(expected.values()) == bool(events)
    Elsewhere(worker, folder).fold(con, PARAMETERS)
    assert folded(con) == expected
    assert not list(folder.iterdir()), "something of the run stayed"


@pytest.mark.parametrize("events", [0, 3000])
def test_clickhouse_folds_as_duckdb_does(tmp_path: Path, events: int) -> None:
    equal(ClickHouse(), tmp_path, events)


@pytest.mark.parametrize("events", [0, 3000])
def test_postgres_folds_as_duckdb_does(tmp_path: Path, database: str, events: int) -> None:
    equal(Postgres(database), tmp_path, events)


@pytest.mark.parametrize("dialect", [*RUN_HERE, *GENERATED_ONLY])
def test_generated_texts_are_those_of_the_source(dialect: str) -> None:
    for name in QUERIES:
        assert (FOLDER / dialect / f"{name}.sql").read_text(encoding="utf-8") == generated(name, dialect), name
