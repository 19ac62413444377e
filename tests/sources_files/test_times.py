"""Times: units, ISO texts, limits, the same in every machine's zone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.sources import times
from tests.raw.support import DAY, NOW
from tests.raw.support import settings as beta

SPAN = times.window(beta(), NOW)
TEN = DAY + 36_000_000_000  # 2026-03-02 10:00 UTC
TEXTS = {
    "2026-03-02T10:00:00Z": TEN,
    "2026-03-02 10:00:00+00": TEN,
    "2026-03-02T10:00:00UTC": TEN,
    "2026-03-02 10:00:00 UTC": TEN,
    "2026-03-02T12:00:00+02:00": TEN,
    "2026-03-02T12:00:00+0200": TEN,
    "2026-03-02T04:30:00-05:30": TEN,
    "2026-03-03T00:00:00+14:00": TEN,
    "2026-03-02T10:00Z": TEN,
    "2026-03-02T10:00:00.5Z": TEN + 500_000,
    "2026-03-02T10:00:00,123456Z": TEN + 123_456,
    "2026-03-02T10:00:00.123456789Z": TEN + 123_456,
    "2026-03-01T24:00:00Z": DAY,
    "1772445600": TEN,
    "1772445600000000000": TEN,
}
BAD_TEXTS = {
    "05/01/2026": "time",
    "2026-02-30T10:00:00Z": "time",
    "2026-03-02T23:59:60Z": "time",
    "2026-03-02T24:00:01Z": "time",
    "2026-03-02T25:00:00Z": "time",
    "2026-03-02T10:00:00+25:00": "time",
    "2026-03-02T10:00:00+16:00": "time",
    "2026-03-02T10:00:00+02:60": "time",
    "2026-03-02T10:00:00 Europe/Berlin": "time",
    "2 March 2026": "time",
    "": "time",
    "２０２６-03-02T10:00:00Z": "time",
    "infinity": "future",
    "-infinity": "too_old",
    "2028-01-01T00:00:00Z": "future",
    "9999-12-31T23:59:59Z": "future",
    "1970-01-01T00:00:00Z": "too_old",
    "0001-01-01T00:00:00Z": "too_old",
    "2025-11-01T00:00:00Z": "too_old",
}


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text):
    assert times.value_us(text, "auto", "UTC", SPAN) == (TEXTS[text], False)
    assert list(times.column([text, text], "auto", "UTC", SPAN).us) == [TEXTS[text]] * 2


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_texts_that_are_refused(text):
    assert times.column([text], "auto", "UTC", SPAN).refused == {0: BAD_TEXTS[text]}
    assert times.column(["2026-03-02T10:00:00Z", text], "auto", "UTC", SPAN).refused == {1: BAD_TEXTS[text]}


@pytest.mark.parametrize(
    "value", [1772445600, 1772445600.0, 1772445600_000, 1772445600_000_000, 1772445600_000_000_000]
)
def test_the_unit_is_told_by_the_size(value):
    assert times.value_us(value, "auto", "UTC", SPAN) == (TEN, False)


def test_all_units_in_one_block():
    values = [1772445600, 1772445600_000, 1772445600_000_000, 1772445600_000_000_000, "2026-03-02T10:00:00Z"]
    assert list(times.column(values, "auto", "UTC", SPAN).us) == [TEN] * 5
    assert list(times.column(values[:4], "auto", "UTC", SPAN).us) == [TEN] * 4


@pytest.mark.parametrize(
    ("value", "unit", "reason"),
    [(1772445600_000, "s", "future"), (1772445600, "ms", "too_old"), (0, "auto", "too_old"), (-5, "auto", "too_old"),
     (10**40, "auto", "future"), (True, "auto", "type"), ([1], "auto", "type"), (None, "auto", "schema"),
     (1772445600, "text", "type"), (1830000000, "auto", "future"), (1830000000_000, "auto", "future")],
)  # fmt: skip
def test_a_wrong_unit_is_refused_and_not_the_year_58000(value, unit, reason):
    assert times.column([value], unit, "UTC", SPAN).refused == {0: reason}
    assert times.column([value, 1772445600], unit, "UTC", SPAN).refused[0] == reason


def test_a_text_without_offset_is_in_the_declared_zone_and_counted():
    found = times.column(["2026-03-02 10:00:00", "2026-03-29 03:30:00"], "auto", "Europe/Berlin", SPAN)
    summer = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert (list(found.us), found.naive) == ([TEN - 3_600_000_000, times.micros(summer)], 2)


def test_the_edges_of_the_window():
    assert times.column([SPAN.last_us], "us", "UTC", SPAN).refused == {}
    assert times.column([SPAN.last_us + 1], "us", "UTC", SPAN).refused == {0: "future"}
    assert times.column([SPAN.first_us - 1], "us", "UTC", SPAN).refused == {0: "too_old"}


@settings(max_examples=200, deadline=None)
@given(st.integers(SPAN.first_us, SPAN.last_us), st.integers(-14 * 60, 14 * 60), st.sampled_from("T "))
def test_the_quick_way_reads_as_the_slow_way(us, minutes, between):
    """Independent oracle: Python's own datetime writes the text."""
    zone = timezone(timedelta(minutes=minutes))
    text = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).astimezone(zone).isoformat(between)
    assert times.value_us(text, "auto", "UTC", SPAN)[0] == us
    found = times.column([text, text], "text", "UTC", SPAN)
    assert (list(found.us), found.refused) == ([us, us], {})


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789-:.+TZ ", min_size=8, max_size=30))
def test_the_quick_way_accepts_nothing_that_the_slow_way_refuses(text):
    alone = times.column([text], "text", "UTC", SPAN)
    mixed = times.column([text, None], "text", "UTC", SPAN)  # None sends the block the slow way
    assert alone.refused.get(0) == mixed.refused.get(0)
    assert alone.us[0] == mixed.us[0]


SCRIPT = """
from data.sources import times
from tests.raw.support import NOW, settings
span = times.window(settings(programme={"name": "x", "launch": "2026-03-02", "timezone": "Europe/Berlin"}), NOW)
values = ["2026-03-02 10:00:00", "2026-03-29T02:30:00", "2026-03-02T10:00:00+02:00", 1772445600, "2026-03-02T10:00:00Z"]
print(span, list(times.column(values, "auto", "America/New_York", span).us))
print(list(times.column([v for v in values if "Z" in str(v)], "auto", "UTC", span).us))
"""


def test_the_machines_zone_changes_nothing():
    seen = {
        subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True,
                       env={**os.environ, "TZ": zone}).stdout
        for zone in ("UTC", "America/New_York", "Asia/Tokyo")
    }  # fmt: skip
    assert len(seen) == 1


def test_a_bare_date_is_the_local_start_of_its_day():
    start = times.value_us("2026-03-02T00:00:00+01:00", "auto", "UTC", SPAN)[0]
    assert times.value_us("2026-03-02", "auto", "Europe/Berlin", SPAN) == (start, True)
    assert times.column(["2026-03-02", "2026-03-02"], "auto", "Europe/Berlin", SPAN).naive == 2
