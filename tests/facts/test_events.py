"""Events, sessions and tester-days against a plain-Python oracle, over daylight saving and in odd zones."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.raw import facts, make_settings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ACTIVE = ("post_view", "post_created")
MINUTE = 60_000_000


def us(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def rows(snapshot, query: str) -> list[tuple]:
    return snapshot._con.cursor().execute(query).fetchall()


def sessions(
    times: list[int], idle_us: int = 30 * MINUTE, cap_us: int = 24 * 60 * MINUTE
) -> list[tuple[int, int, int]]:
    """start, end, events of every session; one loop, nothing clever."""
    found: list[list[int]] = []
    for t in sorted(times):
        if found and t - found[-1][1] <= idle_us and t - found[-1][0] <= cap_us:
            found[-1][1] = t
            found[-1][2] += 1
        else:
            found.append([t, t, 1])
    return [tuple(s) for s in found]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([0], [(0, 0, 1)]),  # a single event lasts no time and counts
        ([0, 30], [(0, 30, 2)]),
        ([0, 30.001], [(0, 0, 1), (30.001, 30.001, 1)]),
        ([0, 0, 0], [(0, 0, 3)]),
        ([0, 20, 100, 110], [(0, 20, 2), (100, 110, 2)]),
    ],
)
def test_sessions_by_hand(minutes: list[float], expected: list[tuple]) -> None:
    start = us("2026-03-03T23:50:00+00:00")  # runs over midnight: not split, belongs to the day it began on
    events = [{"user_id": "a", "event": "post_view", "ts_us": start + round(m * MINUTE)} for m in minutes]
    found = rows(facts({"raw_event": events}), "SELECT start_us, end_us, events, day_n FROM fct_session ORDER BY 1")
    assert [((s - start) / MINUTE, (e - start) / MINUTE, n) for s, e, n, _ in found] == expected
    assert found[0][3] == 20515


def test_a_session_never_outlasts_the_cap_counted_from_its_start() -> None:
    start = us("2026-03-03T00:00:00+00:00")
    times = [start + i * 20 * MINUTE for i in range(300)]  # 100 hours without a pause
    events = [{"user_id": "a", "event": "post_view", "ts_us": t} for t in times]
    found = rows(facts({"raw_event": events}), "SELECT start_us, end_us, events FROM fct_session ORDER BY 1")
    assert found == sessions(times)
    assert [n for _, _, n in found] == [73, 73, 73, 73, 8]
    assert found[0][1] - found[0][0] == 24 * 60 * MINUTE


def test_only_user_initiated_events_make_sessions() -> None:
    start = us("2026-03-03T10:00:00+00:00")
    events = [
        {"user_id": "a", "event": "post_view", "ts_us": start},
        {"user_id": "a", "event": "push_sent", "ts_us": start + 20 * MINUTE},
        {"user_id": "a", "event": "post_view", "ts_us": start + 40 * MINUTE},
    ]
    snapshot = facts({"raw_event": events})
    assert rows(snapshot, "SELECT events FROM fct_session ORDER BY start_us") == [(1,), (1,)]
    assert rows(snapshot, "SELECT events, active_events, sessions, session_seconds FROM fct_tester_day") == [
        (3, 2, 2, 0)
    ]


@pytest.mark.parametrize(
    ("zone", "late", "early"),
    [
        ("UTC", "2026-03-08T23:59:59.999999+00:00", "2026-03-09T00:00:00+00:00"),
        ("Europe/Berlin", "2026-03-29T23:59:59.999999+02:00", "2026-03-30T00:00:00+02:00"),  # the day of 23 hours
        ("America/New_York", "2026-03-08T23:59:59.999999-04:00", "2026-03-09T00:00:00-04:00"),
        ("Asia/Kolkata", "2026-03-08T23:59:59.999999+05:30", "2026-03-09T00:00:00+05:30"),
        ("Asia/Kathmandu", "2026-03-08T23:59:59.999999+05:45", "2026-03-09T00:00:00+05:45"),
    ],
)
def test_one_microsecond_before_midnight_is_another_day(zone: str, late: str, early: str) -> None:
    events = [{"user_id": "a", "event": "post_view", "ts_us": us(t)} for t in (late, early)]
    found = rows(
        facts({"raw_event": events}, make_settings(zone)), "SELECT day_n, events FROM fct_tester_day ORDER BY 1"
    )
    assert [n for _, n in found] == [1, 1]
    assert found[1][0] == found[0][0] + 1


def test_events_before_launch_are_kept_and_events_from_as_of_on_are_not() -> None:
    times = ["2025-11-02T12:00:00+00:00", "2026-04-01T23:59:59.999999+00:00", "2026-04-02T00:00:00+00:00"]
    events = [{"user_id": "a", "event": "post_view", "ts_us": us(t)} for t in times]
    snapshot = facts({"raw_event": events})
    assert rows(snapshot, "SELECT ts_us FROM fct_event ORDER BY 1") == [(us(t),) for t in times[:2]]
    assert rows(snapshot, "SELECT week FROM dim_day JOIN fct_event USING (day_n) ORDER BY day_n") == [(None,), (5,)]


def test_an_anonymous_event_is_nobodys() -> None:
    events = [{"user_id": None, "event": "post_view", "ts_us": us("2026-03-03T00:00:00+00:00")}]
    snapshot = facts({"raw_event": events})
    assert rows(snapshot, "SELECT count(*) FROM fct_event") == [(0,)]
    assert rows(snapshot, "SELECT count(*) FROM dim_tester") == [(0,)]


def test_requests_features_and_errors_of_a_day() -> None:
    at = us("2026-03-03T10:00:00+00:00")
    call = {"user_id": "a", "event": "api_call"}
    events = [
        {**call, "ts_us": at, "status": 200, "duration_ms": 999.9},
        {**call, "ts_us": at + 1, "status": 499, "duration_ms": 1000.0},
        {**call, "ts_us": at + 2, "status": 500, "duration_ms": 1000.1},
        {**call, "ts_us": at + 3, "status": None, "duration_ms": None},
        {"user_id": "a", "event": "app_error", "ts_us": at + 4, "status": 500, "duration_ms": 5000},
        {"user_id": "a", "event": "feature_used", "ts_us": at + 5, "feature": "search"},
        {"user_id": "a", "event": "feature_used", "ts_us": at + 6, "feature": "upload"},
        {"user_id": "a", "event": "feature_used", "ts_us": at + 7, "feature": "search"},
        {"user_id": "a", "event": "feature_used", "ts_us": at + 8, "feature": "undeclared"},
    ]
    snapshot = facts({"raw_event": events}, make_settings(engagement={"features": ("upload", "share", "search")}))
    query = (
        "SELECT events, active_events, feature_mask, requests, failed_requests, slow_requests, request_ms, app_errors "
        "FROM fct_tester_day"
    )
    assert rows(snapshot, query) == [(9, 0, 0b101, 4, 1, 1, 3000.0, 1)]


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
BASE = us("2026-03-01T00:00:00+00:00")
EVENT = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from([*ACTIVE, "api_call"]),
    st.one_of(st.integers(0, 31 * 24 * 60).map(lambda m: m * MINUTE), st.integers(0, 31 * 24 * 60 * MINUTE)),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(EVENT, max_size=60), st.sampled_from(ZONES))
def test_sessions_and_days_agree_with_the_oracle(found: list[tuple[str, str, int]], zone: str) -> None:
    # a dense stretch, so that sessions of more than a day occur
    dense = [("a", "post_view", 5 * 24 * 60 * MINUTE + i * 29 * MINUTE) for i in range(len(found) * 3)]
    events = [(u, n, BASE + t) for u, n, t in [*found, *dense]]
    snapshot = facts(
        {"raw_event": [{"user_id": u, "event": n, "ts_us": t} for u, n, t in events]}, make_settings(zone)
    )  # fmt: skip
    times: dict[str, list[int]] = defaultdict(list)
    days: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    tz = ZoneInfo(zone)

    def day(t: int) -> int:
        return ((EPOCH + timedelta(microseconds=t)).astimezone(tz).date() - EPOCH.date()).days

    for user, name, t in events:
        days[user, day(t)][0] += 1
        if name in ACTIVE:
            days[user, day(t)][1] += 1
            times[user].append(t)
    expected = {(u, *s, day(s[0])) for u, t in times.items() for s in sessions(t)}
    query = (
        "SELECT right(tester_id, 1), start_us, end_us, events, day_n "
        "FROM fct_session JOIN dim_tester USING (tester_key)"
    )
    assert set(rows(snapshot, query)) == expected
    query = (
        "SELECT right(tester_id, 1), day_n, events, active_events "
        "FROM fct_tester_day JOIN dim_tester USING (tester_key)"
    )
    assert {(u, d): [e, a] for u, d, e, a in rows(snapshot, query)} == days
