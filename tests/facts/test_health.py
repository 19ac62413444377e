"""What Data health rests on: loads, late rows, coverage of feeds, releases found, feedback's course."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.raw import facts, make_settings

HOUR = 3_600_000_000


def us(day: int, hour: float = 0, month: int = 3) -> int:
    return round(datetime(2026, month, day, tzinfo=UTC).timestamp() * 1e6 + hour * HOUR)


def rows(snapshot, query: str) -> list[tuple]:
    return snapshot._con.cursor().execute(query).fetchall()


def ledger(load_id: int, **more: Any) -> dict[str, Any]:
    base = {"source": "events", "item": "a.jsonl", "target": "raw_event", "status": "ok", "read": 1, "accepted": 1}
    return {**base, "load_id": load_id, "started_us": us(load_id + 1), **more}


def state(kind: str = "jsonl", **more: Any) -> dict[str, Any]:
    return {"source": "events", "item": "a.jsonl", "kind": kind, **more}


def event(at: int, load_id: int = 1) -> dict[str, Any]:
    return {"user_id": "a", "event": "post_view", "ts_us": at, "load_id": load_id}


def test_the_first_load_brings_history_and_only_later_ones_bring_late_rows() -> None:
    snapshot = facts(
        {
            "load_ledger": [ledger(1), ledger(9, started_us=us(10), duplicates=2, read=3)],
            "source_state": [state(last_success_us=us(10))],
            "raw_event": [event(us(2, month=1)), event(us(7, 23), 9), event(us(8, 1), 9)],
        }
    )
    query = "SELECT item, read, accepted, duplicates, late, last_attempt_us, kind FROM fct_load"
    assert rows(snapshot, query) == [("a.jsonl", 4, 2, 2, 1, us(10), "jsonl")]


def test_a_failed_load_is_an_attempt_and_no_success() -> None:
    failed = ledger(2, status="failed", read=0, accepted=0, note="no such file")
    snapshot = facts({"load_ledger": [ledger(1, ended_us=us(2, 1)), failed]})
    assert rows(snapshot, "SELECT last_attempt_us, last_success_us FROM fct_load") == [(us(3), us(2, 1))]


def covered(kind: str, times: list[int], as_of: datetime, **known: int) -> tuple[list[tuple], dict[int, float]]:
    snapshot = facts(
        {
            "load_ledger": [ledger(1, read=len(times), accepted=len(times))],
            "source_state": [state(kind, **known)],
            "raw_event": [event(t) for t in times],
        },
        as_of=as_of,
    )
    query = "SELECT day_n - 20514, covered FROM fct_source_day WHERE item = 'events' ORDER BY 1"
    gaps = rows(snapshot, "SELECT item, from_us, to_us FROM fct_gap")
    return gaps, {d: round(c, 3) for d, c in rows(snapshot, query)}


def test_a_file_covers_to_its_last_event_and_a_silence_as_long_as_one_before() -> None:
    times = [us(2, 6), us(2, 12), us(3, 0), us(4, 18)]  # longest silence 42 hours
    gaps, shares = covered("jsonl", times, datetime(2026, 3, 8, tzinfo=UTC))
    assert gaps == [("events", us(6, 12), us(8))]
    assert shares == {0: 1, 1: 1, 2: 1, 3: 1, 4: 0.5, 5: 0}


def test_a_database_covers_to_its_last_successful_pull() -> None:
    gaps, shares = covered("postgres", [us(2, 6)], datetime(2026, 3, 5, tzinfo=UTC), covers_to_us=us(4, 6))
    assert gaps == [("events", us(4, 6), us(5))]
    assert shares == {0: 1, 1: 1, 2: 0.25}
    gaps, shares = covered("postgres", [us(2, 6)], datetime(2026, 3, 4, 12, tzinfo=UTC), covers_to_us=us(4, 12))
    assert gaps == []
    assert shares == {0: 1, 1: 1, 2: 0.5}  # the running day, as far as it has gone


def test_a_source_that_never_answered_covers_nothing() -> None:
    gaps, shares = covered("postgres", [], datetime(2026, 3, 4, tzinfo=UTC))
    assert gaps == [("events", us(2), us(4))]
    assert shares == {0: 0, 1: 0}


def build(version: str, number: int, hours: list[int], metric: str = "app_build_info") -> dict[str, list[dict]]:
    labels = json.dumps({"job": "app", "version": version})
    return {
        "raw_series": [{"series_id": number, "metric": metric, "labels": labels, "type": "gauge"}],
        "raw_sample": [{"series_id": number, "ts_ms": us(3, h) // 1000, "value": 1.0} for h in hours],
    }


def merge(*tables: dict[str, list[dict]]) -> dict[str, list[dict]]:
    return {name: [row for t in tables for row in t[name]] for name in tables[0]}


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ([], [("1.1", us(3, 5), True)]),
        ([{"name": "1.1", "at": "2026-03-03T02:00:00Z"}], [("1.1", us(3, 2), False)]),
        ([{"name": "spring", "at": "2026-03-03T04:30:00Z"}], [("spring", us(3, 4.5), False)]),
        ([{"name": "0.9", "at": "2026-03-02T00:00:00Z"}], [("0.9", us(2), False), ("1.1", us(3, 5), True)]),
    ],
)
def test_a_new_version_in_the_series_is_a_release_unless_it_was_declared(declared: list[dict], found: list) -> None:
    tables = merge(build("1.0", 1, [0, 1, 2]), build("1.1", 2, [5, 6]), build("2.42", 3, [5], "prometheus_build_info"))
    snapshot = facts(tables, make_settings(releases=declared))
    assert rows(snapshot, "SELECT name, at_us, found FROM dim_release ORDER BY at_us") == found


def test_the_course_of_a_feedback_item() -> None:
    items = {
        "open": [("new", us(3))],
        "begun": [("new", us(3)), ("in_progress", us(4))],
        "done": [("new", us(3)), ("in_progress", us(4)), ("resolved", us(5)), ("closed", us(6))],
        "reopened": [("resolved", us(4)), ("new", us(6))],
    }
    snapshot = facts(
        {
            "raw_tester": [{"user_id": "a"}],
            "raw_feedback": [
                {"feedback_key": k, "user_id": "a", "status": s[-1][0], "created_us": us(3), "updated_us": s[-1][1]}
                for k, s in items.items()
            ],
            "raw_feedback_status": [
                {"feedback_key": k, "status": s, "since_us": at} for k, steps in items.items() for s, at in steps
            ],
        }
    )
    query = "SELECT feedback_key, started_us, resolved_us, day_n FROM fct_feedback"
    assert {k: (s, r) for k, s, r, d in rows(snapshot, query) if d == 20515} == {
        "open": (None, None), "begun": (us(4), None), "done": (us(4), us(5)), "reopened": (us(4), None),
    }  # fmt: skip
