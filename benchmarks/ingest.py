"""Strict ingest of JSON lines through data.sources into the raw store, beside DuckDB's plain load of the same file."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median

import duckdb
import pandas  # noqa: F401 - pyarrow imports it at its first array: a cost of starting, not of loading

from benchmarks import generate
from benchmarks.measure import THREADS, Row, Timed, child, say
from benchmarks.size import Size
from data import calendar, settings, sources
from data.raw import RawStore, Run
from data.sources import jsonl  # noqa: F401 - imported by `sources` when it is first asked for

PART = "ingest"
BAD_EVERY = 10_000
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


def run(size: Size, work: Path) -> list[Row]:
    """Two files of the same events: one clean, one in which a line of 10,000 is bad."""
    data = generate.events(size.events, size.seed)
    folder = work / "ingest"
    folder.mkdir()
    (folder / "beta.toml").write_text(generate.beta_toml())
    rows = []
    for name, bad_every in (("clean.jsonl", 0), ("bad.jsonl", min(BAD_EVERY, max(1, size.events // 3)))):
        file = folder / name
        written = generate.write_events(data, file, bad_every=bad_every)
        rows.append(_paired(size, file, written))
        file.unlink()
    shutil.rmtree(folder)
    return rows


def _paired(size: Size, file: Path, written: dict[str, int]) -> Row:
    """Product and plain load of one file in turn, each in a process of its own."""
    wanted = {"read": written["lines"], "accepted": written["good"], "duplicates": 0, "conflicting": 0,
              "quarantined": written["bad"], "blank": 0}  # fmt: skip
    ms: dict[str, list[float]] = {"product": [], "duckdb": []}
    cpu: list[float] = []
    memory: dict[str, float] = {}
    exact = True
    for number in range(size.rounds):
        say(f"ingest: {file.name}, round {number + 1} of {size.rounds}")
        strict = child(strict_load, str(file), str(file.with_suffix(".raw.duckdb")))
        plain = child(plain_load, str(file), str(file.with_suffix(".plain.duckdb")), bool(written["bad"]))
        exact &= strict.value == wanted and (bool(written["bad"]) or plain.value == written["good"])
        ms["product"].append(strict.wall_ms)
        ms["duckdb"].append(plain.wall_ms)
        cpu.append(strict.cpu_s / plain.cpu_s)
        for who, used in (("product", strict), ("duckdb", plain)):
            memory[who] = max(memory.get(who, 0.0), used.peak_mb)
    timed = Timed(ms, {})
    factor = timed.ratio("product", "duckdb")
    lines = f"{written['lines']:,} lines, {written['bytes'] / 1e6:,.0f} MB"
    bad = f", {written['bad']:,} bad" if written["bad"] else ""
    rate = written["lines"] / timed.median("product") * 1000
    return timed.row(
        PART, f"JSON lines into the raw store, strict ({lines}{bad})", memory_mb=memory, exact=exact,
        goal="<= 1.5x DuckDB's plain load, <= 1 GB", met=factor <= 1.5 and memory["product"] <= 1000,
        note=f"{factor:.2f}x the plain load, {median(cpu):.2f}x its CPU time; {rate:,.0f} lines/s"
        + ("; the plain load skips bad lines without a word" if written["bad"] else ""),
    )  # fmt: skip
