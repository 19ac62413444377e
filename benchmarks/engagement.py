"""Engagement questions: the product on its facts, beside each peer on raw events, all answers compared."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks import answers, build, generate
from benchmarks.measure import THREADS, Row, Timed, child, rounds, say
from benchmarks.size import GOAL_EVENTS, Size, too_big
from data.warehouse import Snapshot
from kpis.engagement.activity import activity

PART = "engagement"
OPTIONAL = {"clickhouse": "chdb", "polars": "polars"}  # peer -> module; DuckDB and pandas are always there
Questions = dict[str, Callable[[], answers.Answer]]


def missing() -> list[str]:
    """Peers whose module is not installed."""
    return [peer for peer, module in OPTIONAL.items() if find_spec(module) is None]


def left_out(size: Size) -> dict[str, str]:
    """Peers that do not take part, and why."""
    absent = {peer: f"{OPTIONAL[peer]} is not installed" for peer in missing()}
    return absent | too_big(("duckdb", "polars", "pandas"), size.events)


def raw_events(size: Size) -> pa.Table:
    """Events as every peer gets them."""
    data = generate.events(size.events, size.seed)
    active = np.array([on_purpose for _, _, on_purpose in generate.EVENTS])
    return pa.table(
        {
            "tester": data.tester,
            "ts_us": data.ts_us,
            "day": ((data.ts_us - generate.START_US) // generate.DAY_US).astype(np.int32),
            "active": active[data.event].astype(np.int8),
            "feature": data.feature,
        }
    )


def run(size: Size, work: Path) -> list[Row]:
    for peer, why in left_out(size).items():
        say(f"engagement: {peer} is left out: {why}")
    return child(_measure, size, str(build.served(work)), str(work / "clickhouse")).value


def _measure(size: Size, file: str, scratch: str) -> list[Row]:
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    snapshot = Snapshot.open(Path(file))
    table = raw_events(size)
    with ExitStack() as stack:
        peers: dict[str, Questions] = {name: stack.enter_context(open_(table, scratch)) for name, open_ in _peers(size)}
        rows = []
        rows.append(_read(snapshot))
        for question, ask in answers.QUESTIONS.items():
            say(f"engagement: {question}")
            first = _ms(lambda ask=ask: ask(snapshot))
            ways: dict[str, Callable[[], Any]] = {"product": lambda ask=ask: ask(snapshot)}
            ways |= {name: found[question] for name, found in peers.items()}
            rows.append(_row(size, question, rounds(ways, size.quick_rounds), first))
    return rows


def _read(snapshot: Snapshot) -> Row:
    """What the first question about a new snapshot pays for all of them."""
    took = _ms(lambda: activity(snapshot))
    found = activity(snapshot)
    note = (
        "too many days or testers to be held"
        if found is None
        else f"once per snapshot; {found.nbytes / 1e6:,.1f} MB held"
    )
    return Row(PART, "active days of all testers read as bits", took, note=note)


def _ms(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def _row(size: Size, question: str, timed: Timed, first: float = 0.0) -> Row:
    """first: ms of the product's first answer, before anything of this question was kept."""
    own = timed.answers["product"]
    wrong = [name for name, answer in timed.answers.items() if answer != own]
    others = {name: timed.ratio(name) for name in timed.ms if name not in ("product", "duckdb")}
    best = min(others, key=others.get)
    stated, quick = size.events >= GOAL_EVENTS, timed.median("product") <= 50
    return timed.row(
        PART, question, exact=not wrong, goal="<= 50 ms and >= 20x the best peer",
        met=quick and others[best] >= 20 if stated or not quick else None,
        note=f"best peer {best}: {others[best]:.1f}x; first asked {first:,.0f} ms"
        + ("" if stated else "; the ratio is asked for at 10 M events")
        + (f"; answers differ: {', '.join(wrong)}" if wrong else ""),
    )  # fmt: skip


def _peers(size: Size) -> Iterator[tuple[str, Callable]]:
    absent = left_out(size)
    for name, open_ in (("duckdb", _duckdb), ("clickhouse", _clickhouse), ("polars", _polars), ("pandas", _pandas)):
        if name not in absent:
            yield name, open_


@contextmanager
def _duckdb(table: pa.Table, scratch: str) -> Iterator[Questions]:
    from benchmarks.peers import sql

    con = duckdb.connect(config={"threads": THREADS})
    con.register("incoming", table)
    con.execute("CREATE TABLE events AS SELECT tester, ts_us, day, active, feature FROM incoming")
    yield sql.questions(lambda text: con.execute(text).fetchall(), sql.DUCKDB)
    con.close()


@contextmanager
def _clickhouse(table: pa.Table, scratch: str) -> Iterator[Questions]:
    """Embedded ClickHouse on a table sorted by tester and time, its own best order."""
    from chdb import session

    from benchmarks.peers import sql

    folder = Path(scratch)
    folder.mkdir(exist_ok=True)
    import pyarrow.parquet as pq

    pq.write_table(table, folder / "events.parquet")
    server = session.Session(str(folder / "db"))
    server.query(f"SET max_threads = {THREADS}")
    server.query("CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic")
    server.query("USE bench")
    server.query(
        "CREATE TABLE events (tester Int32, ts_us Int64, day Int32, active Int8, feature Int16)"
        " ENGINE = MergeTree ORDER BY (tester, ts_us)"
    )
    server.query(f"INSERT INTO events SELECT * FROM file('{folder / 'events.parquet'}', Parquet)")

    def rows(text: str) -> list[tuple]:
        answer = pa.ipc.open_file(server.query(text, "Arrow").bytes()).read_all()
        return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))

    try:
        yield sql.questions(rows, sql.CLICKHOUSE)
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _polars(table: pa.Table, scratch: str) -> Iterator[Questions]:
    import polars

    from benchmarks.peers import with_polars

    yield with_polars.questions(polars.from_arrow(table))


@contextmanager
def _pandas(table: pa.Table, scratch: str) -> Iterator[Questions]:
    from benchmarks.peers import with_pandas

    yield with_pandas.questions(table.to_pandas())
