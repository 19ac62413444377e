"""Days and weeks where they are hard: daylight saving, half-hour zones, the edges of a programme."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data import calendar
from tests.support import facts as by_hand

HOUR = calendar.HOUR_US


def rows(zone: str, launch: date, as_of: datetime, **more: int) -> list[dict]:
    return list(calendar.days(launch, 4, ZoneInfo(zone), as_of, **more))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),  # half an hour of daylight saving
        ("Asia/Kolkata", date(2026, 3, 29), 24),
        ("UTC", date(2026, 3, 29), 24),
    ],
)
def test_a_day_is_as_long_as_its_zone_makes_it(zone: str, day: date, hours: float) -> None:
    found = rows(zone, day - timedelta(days=7), datetime(2026, 12, 1, tzinfo=UTC))
    row = next(r for r in found if r["local_date"] == day)
    assert row["end_us"] - row["start_us"] == hours * HOUR


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Havana"]
)
def test_days_follow_one_another_without_hole_or_overlap(zone: str) -> None:
    found = rows(zone, date(2026, 1, 1), datetime(2027, 1, 5, tzinfo=UTC))
    for one, two in itertools.pairwise(found):
        assert one["end_us"] == two["start_us"]
        assert two["day_n"] == one["day_n"] + 1
    middle = found[100]
    instant = calendar.instant((middle["start_us"] + middle["end_us"]) // 2)
    assert instant.astimezone(ZoneInfo(zone)).date() == middle["local_date"]


def test_the_calendar_reaches_from_the_first_fact_to_the_later_of_end_and_as_of() -> None:
    launch, early = date(2026, 3, 2), calendar.us(datetime(2025, 12, 24, 23, 30, tzinfo=UTC))
    found = rows("Europe/Berlin", launch, datetime(2026, 5, 1, 12, tzinfo=UTC), earliest_us=early)
    assert found[0]["local_date"] == date(2025, 12, 25)  # half past midnight in Berlin
    assert found[-1]["local_date"] == date(2026, 5, 1)
    assert rows("UTC", launch, datetime(2026, 3, 3, tzinfo=UTC))[0]["local_date"] == date(2026, 2, 16)
    assert rows("UTC", launch, datetime(2026, 3, 3, tzinfo=UTC))[-1]["local_date"] == date(2026, 3, 29)


def test_week_53_is_not_week_zero_of_the_next_year() -> None:
    found = {r["local_date"]: r["iso_week"] for r in rows("UTC", date(2026, 12, 21), datetime(2027, 1, 20, tzinfo=UTC))}
    assert found[date(2026, 12, 31)] == found[date(2027, 1, 3)] == "2026-W53"
    assert found[date(2027, 1, 4)] == "2027-W01"


@pytest.mark.parametrize(
    ("as_of", "states"),
    [
        ("2026-03-01T23:59:59+00:00", ["future"] * 4),
        ("2026-03-02T00:00:00+00:00", ["running", "future", "future", "future"]),
        ("2026-03-09T00:00:00+00:00", ["settling", "running", "future", "future"]),
        ("2026-03-10T23:59:59+00:00", ["settling", "running", "future", "future"]),
        ("2026-03-11T00:00:00+00:00", ["complete", "running", "future", "future"]),
        ("2027-01-01T00:00:00+00:00", ["complete"] * 4),
    ],
)
def test_state_of_a_week(as_of: str, states: list[str]) -> None:
    found = calendar.weeks(date(2026, 3, 2), 4, ZoneInfo("UTC"), datetime.fromisoformat(as_of), 48)
    assert [w["state"] for w in found] == states


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_the_calendar_written_by_hand_for_other_tests_is_the_same(zone: str) -> None:
    as_of = datetime(2026, 4, 2, 7, 30, tzinfo=UTC)
    expected = by_hand.calendar(date(2026, 3, 2), 4, zone, as_of)
    assert rows(zone, date(2026, 3, 2), as_of) == expected["dim_day"]
    assert list(calendar.weeks(date(2026, 3, 2), 4, ZoneInfo(zone), as_of, 48)) == expected["dim_week"]


def test_microseconds_are_exact_where_a_float_is_not() -> None:
    odd = datetime(2026, 3, 2, 1, 2, 3, 999_999, tzinfo=UTC)
    assert calendar.instant(calendar.us(odd)) == odd
    assert calendar.us(odd) % 1_000_000 == 999_999
