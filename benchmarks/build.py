"""Building facts: the first build, a refresh with one new day and late events, and whether it equals a rebuild."""

from __future__ import annotations

import shutil
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks import generate
from benchmarks.ingest import plain_load
from benchmarks.measure import Row, child, say
from benchmarks.size import GOAL_EVENTS, Size
from data import connect, schema, settings, snapshots
from data import refresh as refreshing
from data.facts import Plan
from data.privacy import load_key, pseudonym
from data.settings import Settings
from data.warehouse import Snapshot
from kpis import review

PART = "facts"
BASE, NEW = "base.jsonl", "new-day.jsonl"


def folder(work: Path) -> Path:
    """The beta that other parts read from: events of all but the last day loaded, then the last one."""
    return work / "beta"


def prepare(size: Size, work: Path) -> tuple[int, int]:
    """Write the settings and both event files. Returns events before and on the last day."""
    place = folder(work)
    (place / "events").mkdir(parents=True)
    (place / "beta.toml").write_text(generate.beta_toml())
    before, after = generate.split(generate.events(size.events, size.seed), size.seed)
    generate.write_events(before, place / "events" / BASE)
    generate.write_events(after, place / NEW, first_id=len(before))
    return len(before), len(after)


def fill(size: Size, work: Path) -> None:
    """Events straight into a raw store and one build: for questions only, where reading files is not measured."""
    place = folder(work)
    place.mkdir()
    (place / "beta.toml").write_text(generate.beta_toml())
    say("facts: filling the raw store")
    child(_fill, size, str(place))
    say("facts: building once")
    child(publish, str(place), "store", True)


def _fill(size: Size, place: str) -> None:
    data = generate.events(size.events, size.seed)
    known = settings.load(Path(place) / "beta.toml")
    load_key(known.storage, None)
    con = connect.connect(known.storage / "raw.duckdb", locked=False)
    schema.create(con, "raw")
    names, features = [name for name, _, _ in generate.EVENTS], [None, *generate.FEATURES]
    con.register("event_name", pa.table({"n": range(len(names)), "event": names}))
    con.register("feature_name", pa.table({"n": range(len(features)), "feature": features}))
    for start in range(0, len(data), 1_000_000):
        part = data.only(np.arange(start, min(start + 1_000_000, len(data))))
        con.register("part", pa.table({"n": np.arange(start, start + len(part)), **vars(part)}))
        con.execute(
            "INSERT INTO raw_event (source, event_key, payload_hash, user_id, event, ts_us, feature, load_id)"
            " SELECT 'events', p.n::VARCHAR, 0, 'did:plc:' || lpad(p.tester::VARCHAR, 16, '0'), e.event, p.ts_us,"
            " f.feature, 1 FROM part AS p JOIN event_name AS e ON e.n = p.event"
            " JOIN feature_name AS f ON f.n = p.feature"
        )
        con.unregister("part")
    con.execute(
        "INSERT INTO load_ledger (load_id, source, item, target, started_us, read, accepted, status)"
        " VALUES (1, 'events', 'filled', 'raw_event', 0, $rows, $rows, 'ok')",
        {"rows": len(data)},
    )
    con.close()


def refresh(place: str, day: int) -> dict[str, float]:
    """The whole refresh as of the end of a day. Returns ms of loading and of building, checking and publishing."""
    marks: dict[str, float] = {"start": time.perf_counter()}

    def mark(label: str, done: int, total: int | None) -> None:
        marks[label] = time.perf_counter()

    refreshing.refresh(settings.load(Path(place) / "beta.toml"), generate.end_of(day), mark)
    return {
        "load": (marks["facts"] - marks["start"]) * 1000,
        "publish": (marks["published"] - marks["facts"]) * 1000,
    }


def publish(place: str, storage: str, rebuild: bool) -> float:
    """Build, check and publish from the raw store into `storage`, as of the end. Returns ms."""
    known = settings.load(Path(place) / "beta.toml")
    raw = known.storage / "raw.duckdb"
    known = _stored_in(known, storage)
    key = load_key(settings.load(Path(place) / "beta.toml").storage, None)
    previous = None if rebuild else snapshots.newest(known)
    plan = Plan(known, _us(generate.end_of(generate.DAYS)), lambda i: pseudonym(key, i), previous=previous)
    start = time.perf_counter()
    snapshots.publish(known, plan, raw)
    return (time.perf_counter() - start) * 1000


def reviewed(file: str) -> float:
    """The whole review of a snapshot, as the first page view after a refresh asks for it. Returns ms."""
    snapshot = Snapshot.open(Path(file))
    start = time.perf_counter()
    review.build(snapshot)
    return (time.perf_counter() - start) * 1000


def run(size: Size, work: Path) -> list[Row]:
    place = str(folder(work))
    known = settings.load(folder(work) / "beta.toml")
    say("facts: first refresh")
    first = child(refresh, place, generate.DAYS - 1)
    base = snapshots.newest(known)
    shutil.copy(folder(work) / NEW, folder(work) / "events" / NEW)
    say("facts: refresh with one new day")
    second = child(refresh, place, generate.DAYS)
    whole, parts, plain, memory = [], [], [], [first.peak_mb]
    for number in range(size.rounds):
        say(f"facts: builds, round {number + 1} of {size.rounds}")
        for storage in ("again", "rebuilt"):
            shutil.rmtree(folder(work) / storage, ignore_errors=True)
        again = folder(work) / "again" / "snapshots"
        again.mkdir(parents=True)
        shutil.copy(base, again / base.name)
        load = child(plain_load, str(folder(work) / "events" / BASE), str(work / "plain.duckdb"))
        rebuilt = child(publish, place, "rebuilt", True)
        part = child(publish, place, "again", False)
        plain.append(load.wall_ms)
        whole.append(rebuilt.value)
        parts.append(part.value)
        memory += [rebuilt.peak_mb]
    (work / "plain.duckdb").unlink()
    differ = differences(_only(folder(work) / "rebuilt"), _newest(folder(work) / "again"))
    served = snapshots.newest(known)
    views = [child(reviewed, str(served)).value for _ in range(size.rounds)]
    rows = _rows(size, first.value, second.value, whole, parts, plain, max(memory), differ)
    note = f"snapshot of {served.stat().st_size / 1e6:,.0f} MB; computed once per snapshot and week, then kept"
    rows.append(Row(PART, "whole review of a new snapshot, all KPIs and weeks", median(views), note=note))
    for storage in ("again", "rebuilt"):
        shutil.rmtree(folder(work) / storage)
    return rows


def _rows(
    size: Size, first: dict, second: dict, whole: list, parts: list, plain: list, memory: float, differ: int
) -> list[Row]:
    full = median(w / p for w, p in zip(whole, plain, strict=True))
    share = median(p / w for p, w in zip(parts, whole, strict=True))
    size_words = "" if size.events >= GOAL_EVENTS * 10 else "; the goal is stated for 100 M events"
    return [
        Row(PART, f"first full build of facts from {size.events:,} raw events, checked and published", median(whole),
            {"duckdb": median(plain)}, {"duckdb": 1 / full}, {"product": memory},
            goal="<= 2x the plain load", met=full <= 2, note=f"{full:.2f}x the plain load of the same events"),
        Row(PART, "facts with one new day and late events, from the previous snapshot", median(parts),
            exact=differ == 0, goal="<= 2 % of the full build, exact", met=share <= 0.02 and differ == 0,
            note=f"{share:.0%} of the full build; {differ} rows differ from a rebuild{size_words}"),
        Row(PART, "whole refresh: first", first["load"] + first["publish"],
            note=f"load {first['load'] / 1000:,.1f} s, facts {first['publish'] / 1000:,.1f} s"),
        Row(PART, "whole refresh: one new day", second["load"] + second["publish"],
            note=f"load {second['load'] / 1000:,.2f} s, facts {second['publish'] / 1000:,.2f} s"),
    ]  # fmt: skip


def differences(one: Path, other: Path) -> int:
    """Rows that stand in one of two snapshots only, over all tables but meta."""
    con = duckdb.connect(config={"threads": 2})
    for name, file in (("one", one), ("other", other)):
        con.execute(f"ATTACH '{file}' AS {name} (READ_ONLY)")
    tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'one'").fetchall()
    found = 0
    for (table,) in tables:
        if table != "meta":
            for a, b in (("one", "other"), ("other", "one")):
                query = f"SELECT count(*) FROM (FROM {a}.{table} EXCEPT ALL FROM {b}.{table})"
                found += con.execute(query).fetchall()[0][0]
    con.close()
    return found


def _only(storage: Path) -> Path:
    return next((storage / "snapshots").glob("beta-*.duckdb"))


def _newest(storage: Path) -> Path:
    return max((storage / "snapshots").glob("beta-*.duckdb"), key=lambda f: f.stat().st_mtime_ns)


def _stored_in(known: Settings, storage: str) -> Settings:
    return known.model_copy(update={"programme": known.programme.model_copy(update={"storage": storage})})


def _us(value: datetime) -> int:
    return round(value.timestamp() * 1e6)


def served(work: Path) -> Any:
    """The newest snapshot file of the beta."""
    return snapshots.newest(settings.load(folder(work) / "beta.toml"))
