"""Building facts: the first build, a refresh with one new day and late events, and whether it equals a rebuild."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import fill as filling
from benchmarks import generate
from benchmarks.ingest import plain_load
from benchmarks.measure import Child, Row, child, say
from benchmarks.size import GOAL_EVENTS, MOST_LINES, Size
from data import calendar, settings, snapshots
from data import refresh as refreshing
from data.facts import Plan
from data.privacy import load_key, pseudonym
from data.settings import Settings
from data.warehouse import Snapshot
from kpis import review

PART = "facts"
AGAIN = 3  # refreshes after every build: one of three seconds is soon measured, and soon disturbed
BASE, NEW = "base.jsonl", "new-day.jsonl"


def folder(work: Path) -> Path:
    """The beta that other parts read from: events of all but the last day loaded, then the last one."""
    return work / "beta"


def prepare(size: Size, work: Path, *, files: bool) -> None:
    """Write the settings and the file of the last day; the days before it into a file or into the raw store."""
    place = folder(work)
    (place / "events").mkdir(parents=True)
    (place / "beta.toml").write_text(generate.beta_toml())
    if files:
        say("facts: writing events")
        before = (block for block, _ in generate.split(size.events, size.seed))
        known = generate.write_events(before, place / "events" / BASE)["good"]
    else:
        say("facts: filling the raw store")
        known = child(filling.fill, str(place), size.events, size.seed).value
    generate.write_events(generate.later(size.events, size.seed), place / NEW, first_id=known)


def fill(size: Size, work: Path) -> None:
    """A raw store and one build of its facts: for questions and pages, where building is not measured."""
    prepare(size, work, files=False)
    (folder(work) / NEW).rename(folder(work) / "events" / NEW)
    say("facts: building once")
    child(refresh, str(folder(work)), generate.DAYS)


def refresh(place: str, day: int) -> dict[str, float]:
    """The whole refresh as of the end of a day. Returns ms of loading and of building, checking and publishing."""
    marks: dict[str, float] = {"start": time.perf_counter()}

    def mark(label: str, done: int, total: int | None) -> None:
        marks[label] = time.perf_counter()

    done = refreshing.refresh(settings.load(Path(place) / "beta.toml"), generate.end_of(day), mark)
    if done.errors:
        raise RuntimeError(done.errors[0])
    return {
        "load": (marks["facts"] - marks["start"]) * 1000,
        "publish": (marks["published"] - marks["facts"]) * 1000,
    }


def publish(place: str, storage: str, rebuild: bool, day: int) -> float:
    """Build, check and publish from the raw store into `storage`, as of the end of a day. Returns ms."""
    own = settings.load(Path(place) / "beta.toml")
    known = _stored_in(own, storage)
    key = load_key(own.storage, None)
    previous = None if rebuild else snapshots.newest(known)
    plan = Plan(known, calendar.us(generate.end_of(day)), lambda i: pseudonym(key, i), previous=previous)
    start = time.perf_counter()
    snapshots.publish(known, plan, own.storage / "raw.duckdb")
    return (time.perf_counter() - start) * 1000


def reviewed(file: str) -> float:
    """The whole review of a snapshot, as the first page view after a refresh asks for it. Returns ms."""
    snapshot = Snapshot.open(Path(file))
    start = time.perf_counter()
    review.build(snapshot)
    return (time.perf_counter() - start) * 1000


def run(size: Size, work: Path) -> list[Row]:
    """Rows of building; the beta is left with everything loaded and published."""
    prepare(size, work, files=size.from_files)
    place, known = str(folder(work)), settings.load(folder(work) / "beta.toml")
    say("facts: first refresh" if size.from_files else "facts: first build")
    first = child(refresh, place, generate.DAYS - 1) if size.from_files else child(
        publish, place, known.programme.storage, True, generate.DAYS - 1
    )  # fmt: skip
    before = linked(known.storage, folder(work) / "before")
    (folder(work) / NEW).rename(folder(work) / "events" / NEW)
    say("facts: refresh with one new day")
    second = child(refresh, place, generate.DAYS)
    plain, whole, parts = [], [], []
    for number in range(size.rounds):
        say(f"facts: builds, round {number + 1} of {size.rounds}")
        shutil.rmtree(folder(work) / "rebuilt", ignore_errors=True)
        plain.append(_plain(size, work))
        whole.append(child(publish, place, "rebuilt", True, generate.DAYS))
        parts += [_again(place, before) for _ in range(AGAIN)]
    served_file = snapshots.newest(known)
    differ = differences(_newest(folder(work) / "rebuilt"), _newest(folder(work) / "again"))
    differ += differences(_newest(folder(work) / "rebuilt"), served_file)
    rows = [
        _full(size, plain, whole),
        _part(size, whole, parts, sorted(set(differ))),
        *([_first(size, first)] if size.from_files else []),
        _second(size, second),
        _review(size, served_file, known.storage),
    ]
    for storage in ("again", "rebuilt", "before"):
        shutil.rmtree(folder(work) / storage)
    return rows


def _again(place: str, before: Path) -> Child:
    """The new day once more, from the snapshots of the day before."""
    storage = Path(place) / "again"
    shutil.rmtree(storage, ignore_errors=True)
    linked(before, storage)
    return child(publish, place, storage.name, False, generate.DAYS)


def _plain(size: Size, work: Path) -> float:
    """Ms of DuckDB's plain load of the events known a day before the end, in files of at most MOST_LINES lines."""
    if size.from_files:
        pieces: Iterator[Path] = iter([folder(work) / "events" / BASE])
    else:
        pieces = _pieces(size, work / "piece.jsonl")
    took = 0.0
    for file in pieces:
        took += child(plain_load, str(file), str(work / "plain.duckdb")).wall_ms
        (work / "plain.duckdb").unlink()
    return took


def _pieces(size: Size, file: Path) -> Iterator[Path]:
    """The same file with the next days each time, removed after it was used."""
    waiting: list[generate.Events] = []
    done = 0
    for number, (block, _) in enumerate(generate.split(size.events, size.seed)):
        waiting.append(block)
        held = sum(map(len, waiting))
        if held >= MOST_LINES * 0.95 or number == generate.DAYS - 1:
            say(f"facts: plain load, {done:,} events done")
            generate.write_events(waiting, file, first_id=done)
            yield file
            done, waiting = done + held, []
    file.unlink()


def _full(size: Size, plain: list[float], whole: list[Child]) -> Row:
    times = [build.value for build in whole]
    full = median(t / p for t, p in zip(times, plain, strict=True))
    return Row(
        PART, f"first full build of facts from {size.events:,} raw events, checked and published", median(times),
        {"duckdb": median(plain)}, {"duckdb": 1 / full}, {"product": max(b.peak_mb for b in whole)},
        goal="<= 2x the plain load", met=full <= 2, curve="build",
        note=f"{full:.2f}x the plain load of the same events"
        + ("" if size.from_files else f", in files of {MOST_LINES:,} lines"),
    )  # fmt: skip


def _part(size: Size, whole: list[Child], parts: list[Child], differ: list[str]) -> Row:
    share = median(part.value for part in parts) / median(build.value for build in whole)
    stated = size.events >= GOAL_EVENTS * 10
    rows = f"tables that differ from a rebuild: {', '.join(differ) or 'none'}"
    return Row(
        PART, "facts with one new day and late events, from the previous snapshot",
        median(part.value for part in parts), memory_mb={"product": max(p.peak_mb for p in parts)},
        exact=not differ, goal="<= 2 % of the full build, exact", curve="refresh",
        met=share <= 0.02 and not differ if stated or differ or share <= 0.02 else None,
        note=f"{share:.1%} of the full build; {rows}" + ("" if stated else "; the goal is stated for 100 M events"),
    )  # fmt: skip


def _first(size: Size, first: Child) -> Row:
    took = first.value
    return Row(
        PART, "whole refresh: first", took["load"] + took["publish"], memory_mb={"product": first.peak_mb},
        note=f"load {took['load'] / 1000:,.1f} s, facts {took['publish'] / 1000:,.1f} s", curve="first refresh",
    )  # fmt: skip


def _second(size: Size, second: Child) -> Row:
    took = second.value
    return Row(
        PART, "whole refresh: one new day", took["load"] + took["publish"], memory_mb={"product": second.peak_mb},
        note=f"load {took['load'] / 1000:,.2f} s, facts {took['publish'] / 1000:,.2f} s", curve="whole refresh",
    )  # fmt: skip


def _review(size: Size, file: Path, storage: Path) -> Row:
    views = [child(reviewed, str(file)) for _ in range(size.rounds)]
    megabytes = sum(found.stat().st_size for found in _published(storage)) / 1e6
    return Row(
        PART, "whole review of a new snapshot, all KPIs and weeks", median(view.value for view in views),
        memory_mb={"product": max(view.peak_mb for view in views)}, curve="review",
        note=f"two snapshots of {megabytes:,.0f} MB together; computed once per snapshot and week, then kept",
    )  # fmt: skip


def linked(storage: Path, copy: Path) -> Path:
    """The snapshots of a storage and what belongs to them once more, without copying a byte: they never change."""
    for file in _published(storage):
        place = copy / file.relative_to(storage)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, place)
    return copy


def _published(storage: Path) -> Iterator[Path]:
    """Files in the folders of a storage; what stands in the storage itself is written again and again."""
    for folder in storage.iterdir():
        if folder.is_dir() and folder.name != "tmp":
            yield from (file for file in folder.rglob("*") if file.is_file())


def differences(one: Path, other: Path) -> list[str]:
    """Tables whose rows are not the same in two snapshots; of meta only the hash of all facts."""
    prints = [_prints(file) for file in (one, other)]
    return sorted(name for name in {*prints[0], *prints[1]} if prints[0].get(name) != prints[1].get(name))


def _prints(file: Path) -> dict[str, tuple]:
    """Rows of every table and the sum of their hashes: the order does not matter, every bit of a value does."""
    snapshot = Snapshot.open(file)
    cursor = snapshot._con.cursor()
    named = "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database()"
    found: dict[str, tuple] = {"meta": (snapshot.meta["content_hash"],)}
    for (table,) in cursor.execute(named).fetchall():
        if table not in ("meta", "fct_event_part"):  # the same events may lie in other files
            found[table] = cursor.execute(f"SELECT count(*), sum(hash(t)) FROM {table} AS t").fetchall()[0]
    snapshot.close()
    return found


def _newest(storage: Path) -> Path:
    return max((storage / "snapshots").glob("beta-*.duckdb"), key=lambda f: f.stat().st_mtime_ns)


def _stored_in(known: Settings, storage: str) -> Settings:
    return known.model_copy(update={"programme": known.programme.model_copy(update={"storage": storage})})


def served(work: Path) -> Any:
    """The newest snapshot file of the beta."""
    return snapshots.newest(settings.load(folder(work) / "beta.toml"))
