"""Pulling events from a real PostgreSQL into the raw store, beside what ADBC itself takes to stream the table."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median

import adbc_driver_postgresql.dbapi as adbc
import duckdb

from benchmarks import generate
from benchmarks.measure import THREADS, Child, Row, child, say
from benchmarks.size import MOST_ROWS, Size
from data import calendar, settings, sources
from data.raw import RawStore, Run
from data.sources import postgres  # noqa: F401 - imported by `sources` when it is first asked for
from tests.support import postgres_tables, servers

PART = "postgres"
PER_SECOND = 200_000
DSN = "BETA_PG_DSN"
_SETTINGS = """
[[sources]]
name = "app"
kind = "postgres"
tables = ["beta_analytics"]
statement_timeout_s = 3600
"""
# One of ten rows each kind of events: requests with path, status and duration, features, screens with a device
_FILL = """
INSERT INTO beta_analytics (user_id, event_type, event_data, client_timestamp, server_timestamp)
SELECT
    'did:plc:' || lpad((n * 7919 % {testers})::text, 16, '0'),
    (ARRAY[{names}])[1 + n % {kinds}],
    CASE WHEN n % 3 = 0 THEN jsonb_build_object(
            'path', '/api/v1/posts/' || n % 100000 || '/comments', 'method', 'GET',
            'statusCode', CASE WHEN n % 97 = 0 THEN 503 ELSE 200 END, 'duration', 5 + n % 1900)
         WHEN n % 3 = 1 THEN jsonb_build_object('feature', 'feature_' || lpad((1 + n % 40)::text, 2, '0'))
         ELSE jsonb_build_object('screen', 'screen_' || n % 30, 'platform', (ARRAY['ios', 'android', 'web'])[1 + n % 3],
            'deviceInfo', jsonb_build_object('os', 'x', 'model', 'm' || n % 50)) END,
    to_timestamp({start} + n * {step}), to_timestamp({start} + n * {step})
FROM generate_series(0::bigint, {last}) AS n
"""
_RAW = (
    "SELECT id::bigint AS id, user_id, event_type, event_data::text AS event_data, client_timestamp, server_timestamp"
    " FROM beta_analytics"
)


def missing() -> list[str]:
    """Programs that this part needs and that are not installed."""
    try:
        servers.postgres_bin()
    except RuntimeError:
        return ["PostgreSQL"]
    return []


def run(size: Size, work: Path) -> list[Row]:
    count = min(size.events, MOST_ROWS)
    place = work / "postgres"
    place.mkdir()
    (place / "beta.toml").write_text(generate.beta_toml() + _SETTINGS)
    pulls: list[Child] = []
    floors: list[Child] = []
    with servers.postgres() as server, server.database() as dsn:
        say(f"postgres: writing {count:,} rows")
        postgres_tables.create(dsn)
        servers.run(dsn, _filling(count), "ANALYZE beta_analytics")
        for number in range(size.rounds):
            say(f"postgres: round {number + 1} of {size.rounds}")
            pulls.append(child(pulled, dsn, str(place)))
            floors.append(child(streamed, dsn, str(place / "floor.duckdb")))
        wanted = child(expected, dsn).value
    for file in place.iterdir():
        file.unlink()
    place.rmdir()
    return [_row(count, pulls, floors, wanted)]


def _filling(count: int) -> str:
    """One statement that writes the rows, spread over the range."""
    names = [name for name, _, _ in generate.EVENTS]
    span = (generate.DAYS - 2) * 86_400
    return _FILL.format(
        testers=max(20, count // 200), names=", ".join(f"'{n}'" for n in names), kinds=len(names),
        start=generate.START_US // 1_000_000, step=span / count, last=count - 1,
    )  # fmt: skip


def pulled(dsn: str, place: str) -> dict[str, int]:
    """The product's pull into a new raw store. Returns what `expected` does."""
    os.environ[DSN] = dsn
    file = Path(place) / "pull.duckdb"
    file.unlink(missing_ok=True)
    known = settings.load(Path(place) / "beta.toml")
    spec = known.sources[-1]
    store = RawStore(file)
    failed = sources.build(spec, known).load(
        store, Run(1, calendar.us(generate.end_of(generate.DAYS)), known, b"k" * 32)
    )
    if failed:
        raise RuntimeError(failed[0])
    rows = store.cursor().execute(
        "SELECT count(*), count(DISTINCT event_key), sum(ts_us % 1000003), count(DISTINCT user_id), count(feature),"
        " count(*) FILTER (status = 503), sum(duration_ms)::BIGINT, count(platform) FROM raw_event"
    ).fetchall()  # fmt: skip
    store.close()
    return dict(zip(_PRINT, map(int, rows[0]), strict=True))


_PRINT = ("rows", "ids", "times", "users", "features", "failed", "durations", "platforms")


def expected(dsn: str) -> dict[str, int]:
    """The same counts and sums, by PostgreSQL."""
    (row,) = servers.query(
        dsn,
        "SELECT count(*), count(DISTINCT id), sum((extract(epoch FROM server_timestamp) * 1000000)::bigint % 1000003)"
        "::bigint, count(DISTINCT user_id), count(event_data ->> 'feature'),"
        " count(*) FILTER (WHERE event_data ->> 'statusCode' = '503'),"
        " sum((event_data ->> 'duration')::bigint)::bigint,"
        " count(coalesce(event_data ->> 'platform', event_data #>> '{deviceInfo,platform}')) FROM beta_analytics",
    )
    return dict(zip(_PRINT, map(int, row), strict=True))


def streamed(dsn: str, database: str) -> int:
    """The table as ADBC streams it, jsonb as text, into a new DuckDB table: no rule, no ledger. Returns the rows."""
    Path(database).unlink(missing_ok=True)
    con = duckdb.connect(database, config={"threads": THREADS})
    with adbc.connect(dsn) as server, server.cursor() as cursor:
        cursor.execute(_RAW)
        with cursor.fetch_record_batch() as reader:
            con.register("incoming", reader)
            con.execute("CREATE TABLE event AS SELECT * FROM incoming")
    rows = con.execute("SELECT count(*) FROM event").fetchall()[0][0]
    con.close()
    return rows


def _row(count: int, pulls: list[Child], floors: list[Child], wanted: dict[str, int]) -> Row:
    rate = count / median(pull.wall_ms for pull in pulls) * 1000
    floor = median(pull.wall_ms / floor.wall_ms for pull, floor in zip(pulls, floors, strict=True))
    wrong = sorted({name for pull in pulls for name in wanted if pull.value[name] != wanted[name]})
    exact = not wrong and all(found.value == count for found in floors)
    return Row(
        PART, f"{count:,} rows with jsonb from PostgreSQL into the raw store", median(pull.wall_ms for pull in pulls),
        {"adbc": median(found.wall_ms for found in floors)}, {"adbc": 1 / floor},
        {"product": max(pull.peak_mb for pull in pulls), "adbc": max(found.peak_mb for found in floors)},
        exact=exact, goal=f">= {PER_SECOND:,} rows/s, or ADBC's own pace", met=rate >= PER_SECOND or floor <= 1.05,
        note=f"{rate:,.0f} rows/s, {floor:.2f}x of ADBC into a plain table; the server runs on the same cores"
        + (f"; not as PostgreSQL says: {', '.join(wrong)}" if wrong else ""),
    )  # fmt: skip
