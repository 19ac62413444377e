"""Strict ingest of JSON lines through data.sources into the raw store, beside DuckDB's plain loads of the same file.

The plain load keeps properties as the JSON text they are. Loaded "into columns" they are taken apart as the product
keeps them, with one kind of identifier cut out of paths: what that costs without judging a line or looking for repeats.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median

import duckdb
import pandas  # noqa: F401 - pyarrow imports it at its first array: a cost of starting, not of loading

from benchmarks import generate
from benchmarks.measure import THREADS, Child, Row, Timed, child, say
from benchmarks.size import Size
from data import calendar, compiled, settings, sources
from data.raw import RawStore, Run
from data.sources import jsonl  # noqa: F401 - imported by `sources` when it is first asked for

PART = "ingest"
COLUMNS = "duckdb into columns"
BAD_EVERY = 10_000
ROUNDS = 3  # at least: one pair of loads is a quarter off on a machine that is shared
_COLUMNS = {"id": "VARCHAR", "user": "VARCHAR", "event": "VARCHAR", "ts": "TIMESTAMPTZ", "properties": "JSON"}


def plain_load(file: str, database: str, skip_bad: bool = False) -> int:
    """DuckDB's own load into a new table, columns named. Returns the rows."""
    Path(database).unlink(missing_ok=True)
    con = duckdb.connect(database, config={"threads": THREADS})
    con.execute("SET TimeZone='UTC'")
    con.execute(
        "CREATE TABLE event AS SELECT id, user, event, ts, properties FROM"
        f" read_json($file, format='newline_delimited', columns={_COLUMNS}, ignore_errors=$skip_bad)",
        {"file": file, "skip_bad": skip_bad},
    )
    rows = con.execute("SELECT count(*) FROM event").fetchall()[0][0]
    con.close()
    return rows


_PROPERTIES = (
    "STRUCT(path VARCHAR, method VARCHAR, statusCode INTEGER, duration DOUBLE, feature VARCHAR, platform VARCHAR,"
    " component VARCHAR, errorType VARCHAR)"
)
_INTO_COLUMNS = """
CREATE TABLE raw_event AS
SELECT 'events' AS source, id AS event_key, hash(user, event, ts, properties) AS payload_hash, user AS user_id, event,
       epoch_us(ts) AS ts_us, NULL::BIGINT AS client_ts_us, NULL::BIGINT AS received_us,
       regexp_replace(properties.path, '/[0-9]+', '/:id', 'g') AS route, properties.method AS method,
       properties.statusCode AS status, properties.duration AS duration_ms, properties.feature AS feature,
       properties.platform AS platform, properties.component AS component, properties.errorType AS error_type,
       NULL::VARCHAR AS properties, 1 AS load_id, hash(id) AS key_hash
FROM read_json($file, format='newline_delimited', columns={columns}, ignore_errors=$skip_bad)
"""
_PRINT = """
SELECT count(*), sum(hash(
    event_key, user_id, event, ts_us, route, method, status, duration_ms, feature, platform
)::HUGEINT) FROM raw_event
"""


def into_columns(file: str, database: str, skip_bad: bool = False) -> int:
    """DuckDB's own load into the columns that the product shows as raw_event. Returns the rows."""
    Path(database).unlink(missing_ok=True)
    con = duckdb.connect(database, config={"threads": THREADS})
    con.execute("SET TimeZone='UTC'")
    text = _INTO_COLUMNS.replace("{columns}", str(_COLUMNS | {"properties": _PROPERTIES}))
    con.execute(text, {"file": file, "skip_bad": skip_bad})
    rows = con.execute("SELECT count(*) FROM raw_event").fetchall()[0][0]
    con.close()
    return rows


def fingerprint(database: str) -> tuple[int, int]:
    """Rows of a store's raw_event, and the sum of hashes of what every load must agree on."""
    con = duckdb.connect(database, read_only=True, config={"threads": THREADS})
    (found,) = con.execute(_PRINT).fetchall()
    con.close()
    return found


def strict_load(file: str, database: str) -> dict[str, int]:
    """The product's load of one file into a new raw store. Returns the ledger's counts."""
    Path(database).unlink(missing_ok=True)
    known = settings.load(Path(file).parent / "beta.toml")
    spec = known.sources[0].model_copy(update={"path": Path(file).name})
    store = RawStore(Path(database))
    run = Run(1, calendar.us(generate.end_of(generate.DAYS)), known, b"k" * 32)
    failed = sources.build(spec, known).load(store, run)
    if failed:
        raise RuntimeError(failed[0])
    counts = "read", "accepted", "duplicates", "conflicting", "quarantined", "blank"
    found = store.cursor().execute(f"SELECT {', '.join(counts)} FROM load_ledger").fetchall()[0]
    store.close()
    return dict(zip(counts, found, strict=True))


def compile_loops(file: str, database: str) -> None:
    """Load a small file with compiled loops: no round is to pay for compiling them, once on a machine."""
    compiled.pays(compiled.ENOUGH)
    strict_load(file, database)


def run(size: Size, work: Path) -> list[Row]:
    """Two files of the same events: one clean, one in which a line of 10,000 is bad."""
    data = generate.events(size.events, size.seed)
    folder = work / "ingest"
    folder.mkdir()
    (folder / "beta.toml").write_text(generate.beta_toml())
    small = folder / "small.jsonl"
    generate.write_events(generate.events(1_000, size.seed), small)
    child(compile_loops, str(small), str(folder / "small.duckdb"))
    rows = []
    for name, bad_every in (("clean.jsonl", 0), ("bad.jsonl", min(BAD_EVERY, max(1, size.events // 3)))):
        file = folder / name
        written = generate.write_events(data, file, bad_every=bad_every)
        rows.append(_paired(size, file, written))
        file.unlink()
    shutil.rmtree(folder)
    return rows


def _paired(size: Size, file: Path, written: dict[str, int]) -> Row:
    """Product and plain loads of one file in turn, each in a process of its own."""
    wanted = {"read": written["lines"], "accepted": written["good"], "duplicates": 0, "conflicting": 0,
              "quarantined": written["bad"], "blank": 0}  # fmt: skip
    stores = {who: str(file.with_suffix(f".{who.replace(' ', '-')}.duckdb")) for who in ("product", "duckdb", COLUMNS)}
    used: dict[str, list[Child]] = {who: [] for who in stores}
    skip = bool(written["bad"])
    exact = True
    rounds = max(size.rounds, ROUNDS)
    for number in range(rounds):
        say(f"ingest: {file.name}, round {number + 1} of {rounds}")
        used["product"].append(child(strict_load, str(file), stores["product"]))
        used["duckdb"].append(child(plain_load, str(file), stores["duckdb"], skip))
        used[COLUMNS].append(child(into_columns, str(file), stores[COLUMNS], skip))
        exact &= used["product"][-1].value == wanted and (skip or used["duckdb"][-1].value == written["good"])
        exact &= skip or child(fingerprint, stores["product"]).value == child(fingerprint, stores[COLUMNS]).value
    for store in stores.values():
        Path(store).unlink()
    timed = Timed({who: [one.wall_ms for one in found] for who, found in used.items()}, {})
    cpu = {who: median(a.cpu_s / b.cpu_s for a, b in zip(used["product"], used[who], strict=True)) for who in used}
    memory = {who: max(one.peak_mb for one in found) for who, found in used.items()}
    factor = {who: 1 / timed.ratio(who) for who in used}
    lines = f"{written['lines']:,} lines, {written['bytes'] / 1e6:,.0f} MB"
    bad = f", {written['bad']:,} bad" if skip else ""
    rate = written["lines"] / timed.median("product") * 1000
    return timed.row(
        PART, f"JSON lines into the raw store, strict ({lines}{bad})", memory_mb=memory, exact=exact,
        goal="<= 1.5x DuckDB's plain load, <= 1 GB", met=factor["duckdb"] <= 1.5 and memory["product"] <= 1000,
        note=f"{factor['duckdb']:.2f}x the plain load, {cpu['duckdb']:.2f}x its CPU time; "
        f"{factor[COLUMNS]:.2f}x the load into columns, {cpu[COLUMNS]:.2f}x its CPU time; {rate:,.0f} lines/s"
        + ("; the plain loads skip bad lines without a word" if skip else ""),
    )  # fmt: skip
