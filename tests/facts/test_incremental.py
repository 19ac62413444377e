"""Copying what did not change gives what building everything anew gives, row by row."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data import snapshots
from data.facts import Builder
from data.warehouse import Snapshot
from tests.support.raw import LAUNCH, contents, make_settings, publish

START = datetime(2026, 3, 2, tzinfo=UTC)
START_US = round(START.timestamp() * 1e6)
HOUR_US = 3_600_000_000
DAYS = 12
SERIES = [
    {"series_id": 1, "metric": "a_total", "labels": '{"job":"app","instance":"x"}', "type": "counter"},
    {"series_id": 2, "metric": "b_bytes", "labels": '{"job":"app","instance":"x"}', "type": "gauge"},
    {"series_id": 3, "metric": "c_total", "labels": '{"job":"app","instance":"y"}', "type": "counter"},
]

EVENT = st.fixed_dictionaries(
    {
        "user_id": st.sampled_from(["a", "b", "c", "d"]),
        "event": st.sampled_from(["post_view", "post_created", "api_call", "zoom"]),
        "ts_us": st.integers(0, DAYS * 24 * 6).map(lambda t: START_US + t * HOUR_US // 6),
        "duration_ms": st.floats(0, 1e4),
        "platform": st.sampled_from([None, "ios", "android", "web"]),
    }
)
SAMPLE = st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, DAYS * 96), st.floats(0, 1e9))
LOAD = st.fixed_dictionaries(
    {
        "events": st.lists(EVENT, max_size=12),
        "samples": st.lists(SAMPLE, max_size=12),
        "tester": st.sampled_from(["a", "b", "e"]),
        "joined": st.integers(0, DAYS * 24),  # an hour after as_of is not known yet: accepted later on
        "alias": st.sampled_from([None, None, None, ("d", "a"), ("c", "b")]),
    }
)


def tables_of(loads: list[dict[str, Any]]) -> list[dict[str, list[dict]]]:
    """Raw rows per load, with no sample twice and keys that do not depend on the load."""
    seen: set[tuple[int, int]] = set()
    testers: set[str] = set()
    aliases: set[str] = set()
    found = []
    for n, load in enumerate(loads):
        new = []
        for number, quarter, value in load["samples"]:
            if (number, quarter) not in seen:
                seen.add((number, quarter))
                new.append({"series_id": number, "ts_ms": START_US // 1000 + quarter * 900_000, "value": value})
        tables = {
            "raw_event": [{**e, "event_key": f"{n}-{i}"} for i, e in enumerate(load["events"])],
            "raw_sample": new,
            "raw_series": SERIES if n == 0 else [],
        }
        if load["tester"] not in testers:
            testers.add(load["tester"])
            tables["raw_tester"] = [
                {"user_id": load["tester"], "joined_us": START_US + load["joined"] * HOUR_US, "status": "active"}
            ]
        if load["alias"] and load["alias"][0] not in aliases:
            aliases.add(load["alias"][0])
            tables["raw_identity"] = [{"alias": load["alias"][0], "canonical": load["alias"][1]}]
        found.append(tables)
    return found


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(LOAD, min_size=2, max_size=3), st.data())
def test_incremental_is_the_same_as_a_rebuild(loads: list[dict[str, Any]], data: st.DataObject) -> None:
    hours = sorted(data.draw(st.lists(st.integers(24, DAYS * 24), min_size=len(loads), max_size=len(loads))))
    launches = data.draw(st.lists(st.sampled_from([LAUNCH, LAUNCH, LAUNCH + timedelta(days=3)]), min_size=len(loads)))
    with tempfile.TemporaryDirectory() as folder:
        for n, (tables, hour) in enumerate(zip(tables_of(loads), hours, strict=True), start=1):
            as_of, config = START + timedelta(hours=hour), make_settings(launch=launches[n - 1])
            step = publish(Path(folder), tables, n, as_of=as_of, config=config)
            copied = contents(step)
            step.unlink()
            rebuilt = contents(publish(Path(folder), {}, n, as_of=as_of, config=config, rebuild=True))
            for table in copied.keys() - {"meta", "fct_load"}:  # the ledger has a second row from this test
                assert copied[table] == rebuilt[table], table
            assert dict(copied["meta"])["content_hash"] == dict(rebuilt["meta"])["content_hash"]


def event(user: str, hour: float, name: str = "post_view") -> dict[str, Any]:
    return {"user_id": user, "event": name, "ts_us": START_US + round(hour * HOUR_US)}


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of all queries that ran."""
    ran: list[str] = []
    run = Builder.run

    def noted(self: Builder, *names: str, **more: Any) -> list[tuple]:
        ran.extend(names)
        return run(self, *names, **more)

    monkeypatch.setattr(Builder, "run", noted)
    return ran


def test_untouched_testers_are_copied(tmp_path: Path, copied: list[str]) -> None:
    publish(tmp_path, {"raw_event": [event("a", 1), event("b", 2)]}, 1)
    assert "stage_late" not in copied
    publish(tmp_path, {"raw_event": [event("b", 3)]}, 2)
    assert "stage_late" in copied


@pytest.mark.parametrize(
    ("tables", "more"),
    [
        ({"raw_identity": [{"alias": "a", "canonical": "b"}]}, {}),  # a merge moves old events
        ({}, {"config": make_settings(engagement={"active_events": ("zoom",)})}),  # another definition of active
        ({}, {"config": make_settings("Asia/Tokyo")}),
        ({}, {"as_of": datetime(2026, 3, 20, tzinfo=UTC)}),  # back in time
    ],
)
def test_what_changes_old_facts_forbids_copying(
    tmp_path: Path, copied: list[str], tables: dict, more: dict[str, Any]
) -> None:
    publish(tmp_path, {"raw_event": [event("a", 1), event("b", 2)]}, 1)
    publish(tmp_path, tables, 2, **more)
    assert "stage_late" not in copied


def test_an_acceptance_that_becomes_known_counts_old_events_anew(tmp_path: Path) -> None:
    """The trap: what is carried forward was the first activation of all time, and acceptance came after it."""
    value = [event("a", hour, "post_created") for hour in (1, 50, 90)]
    tables = {"raw_event": value, "raw_tester": [{"user_id": "a", "joined_us": START_US + 40 * HOUR_US}]}
    found = []
    for load, (rows, hours) in enumerate(
        [(tables, 30), ({}, 100), ({"raw_event": [event("a", 45, "post_created")]}, 101)], 1
    ):
        file = publish(tmp_path, rows, load, as_of=START + timedelta(hours=hours))
        (row,) = contents(file)["dim_tester"]
        found.append((row[-1] - START_US) // HOUR_US)
    assert found == [1, 50, 45]


def test_late_events_move_when_a_tester_began_and_what_they_mostly_use(tmp_path: Path) -> None:
    began, platform = [], []
    for load, rows in enumerate(
        (
            [{**event("a", 50), "platform": "web"}],
            [{**event("a", 60), "platform": "ios"}, {**event("a", 61), "platform": "ios"}],
            [event("a", 20), event("a", 10, "api_call")],
        ),
        1,
    ):
        ((_, first, visit, day, named),) = contents(publish(tmp_path, {"raw_event": rows}, load))["fct_tester_start"]
        began.append(((first - START_US) // HOUR_US, (visit - START_US) // HOUR_US, day - START_US // (24 * HOUR_US)))
        platform.append(named)
    assert began == [(50, 50, 2), (50, 50, 2), (10, 20, 0)]
    assert platform == ["web", "ios", "ios"]


def test_another_raw_store_with_the_same_load_numbers_is_told_apart(tmp_path: Path, copied: list[str]) -> None:
    publish(tmp_path, {"raw_event": [event("a", 1)]}, 1)
    publish(tmp_path, {"raw_event": [event("a", 2)]}, 2)
    (tmp_path / "data/local/raw.duckdb").unlink()
    publish(tmp_path, {"raw_event": [event("a", 3), event("z", 4)]}, 2)
    copied.clear()
    file = publish(tmp_path, {"raw_event": [event("a", 5)]}, 3)
    assert sorted(r[2] for r in contents(file)["fct_event"]) == [START_US + h * HOUR_US for h in (3, 4, 5)]


def test_a_damaged_previous_snapshot_is_no_obstacle(tmp_path: Path, copied: list[str]) -> None:
    file = publish(tmp_path, {"raw_event": [event("a", 1)]}, 1)
    file.write_bytes(b"rubbish" * 1000)
    second = publish(tmp_path, {"raw_event": [event("a", 2)]}, 2)
    assert len(contents(second)["fct_event"]) == 2
    assert "stage_late" not in copied


def test_a_snapshot_from_before_a_table_was_kept_still_opens_and_says_the_same(
    tmp_path: Path, copied: list[str]
) -> None:
    file = publish(tmp_path, {"raw_event": [event(user, hour) for user, hour in (("a", 1), ("b", 30), ("a", 200))]}, 1)
    kept = contents(file)
    weeks, days = kept["fct_tester_week"], kept["fct_active_day"]
    assert [row[0::3] for row in days] and [row[:3] for row in weeks] == [(1, 1, 1), (1, 2, 1), (2, 1, 1)]
    con = duckdb.connect(str(file))
    for table in ("fct_tester_week", "fct_active_day", "fct_day_print", "fct_tester_start"):
        con.execute(f"DROP TABLE {table}")
    con.execute("UPDATE meta SET value = '3' WHERE key = 'facts_version'")
    con.close()
    older = Snapshot.open(file)
    assert sorted(older._con.execute("FROM fct_tester_week").fetchall()) == weeks
    assert sorted(older._con.execute("FROM fct_active_day").fetchall()) == days
    older.close()
    publish(tmp_path, {"raw_event": [event("a", 2)]}, 2)
    assert "stage_late" not in copied


def test_weeks_move_with_the_launch_and_grow_with_their_days(tmp_path: Path) -> None:
    """Days 1 to 3 of one tester: nothing new is loaded between the snapshots, only the calendar changes."""
    rows = [event("a", hour) for hour in (12, 36, 60)]

    def weeks(load: int, hours: int, launch: date) -> list[tuple]:
        as_of = START + timedelta(hours=hours)
        file = publish(tmp_path, {"raw_event": rows if load == 1 else []}, load, as_of=as_of,
                       config=make_settings(launch=launch))  # fmt: skip
        return [row[:3] for row in contents(file)["fct_tester_week"]]

    assert weeks(1, 61, LAUNCH) == [(1, 1, 2)]  # the third day is not over
    assert weeks(2, 73, LAUNCH) == [(1, 1, 3)]
    assert weeks(3, 74, LAUNCH + timedelta(days=1)) == [(1, 1, 2)]
    assert weeks(4, 75, LAUNCH - timedelta(days=6)) == [(1, 1, 1), (2, 1, 2)]


def test_a_tester_who_counts_otherwise_is_counted_so_on_older_days(tmp_path: Path, copied: list[str]) -> None:
    """The trap: none of the tester's days moved, so days counted before were kept as they were."""

    def days(load: int, tables: dict[str, Any], *excluded: str) -> list[tuple]:
        config = make_settings(people={"exclude_ids": excluded})
        return [row[:4] for row in contents(publish(tmp_path, tables, load, config=config))["fct_active_day"]]

    day = START_US // (24 * HOUR_US)
    visits = {"raw_event": [event("a", 1), event("b", 2)], "raw_tester": [{"user_id": "b", "joined_us": START_US}]}
    known = {"raw_tester": [{"user_id": "a", "joined_us": START_US}]}
    assert days(1, visits) == [(day, False, False, 1), (day, True, False, 1)]
    assert days(2, known) == [(day, True, False, 2)]
    assert days(3, {}, "a") == [(day, True, False, 1), (day, True, True, 1)]
    assert copied.count("count_moved_day") == 2


def test_an_anonymous_event_makes_another_snapshot_of_the_same_instant(tmp_path: Path) -> None:
    """The trap: nobody's facts changed, so the older file was taken for the new one, and its coverage with it."""
    found = [
        contents(publish(tmp_path, {"raw_event": [{**event("a", hour), "user_id": user}]}, load))["fct_event_quarter"]
        for load, (user, hour) in enumerate((("a", 1), (None, 2)), 1)
    ]
    assert [len(quarters) for quarters in found] == [1, 2]


def test_numbers_of_testers_and_events_never_move(tmp_path: Path) -> None:
    first = contents(publish(tmp_path, {"raw_event": [event("m", 1, "login"), event("z", 2, "zoom")]}, 1))
    second = contents(publish(tmp_path, {"raw_event": [event("a", 3, "apply")]}, 2))
    assert [r[:2] for r in first["dim_tester"]] == [(1, "name of m"), (2, "name of z")]
    assert [r[:2] for r in second["dim_tester"]] == [(1, "name of m"), (2, "name of z"), (3, "name of a")]
    assert [r[:2] for r in second["dim_event"]] == [(1, "login"), (2, "zoom"), (3, "apply")]


def test_only_the_last_snapshots_stay_and_those_of_closed_weeks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "KEEP", 2)
    files = [publish(tmp_path, {"raw_event": [event("a", n)]}, n) for n in (1, 2, 3)]
    assert [f.exists() for f in files] == [False, True, True]
