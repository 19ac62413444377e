"""Small cohorts: hidden, and not to be worked out from what is shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.engagement.masking import hidden_rows
from kpis.engagement.retention import RetentionOptions, retention
from kpis.engagement.scope import Scope
from tests.engagement.world import Event, World

DAY = 86_400_000_000
START = 1_772_409_600_000_000  # 2026-03-02
UNTIL = START + 8 * DAY


@pytest.fixture(scope="module")
def world():
    return World()


def cohort(prefix: str, day: int, size: int, back: int) -> list[Event]:
    """`size` testers who start on a day, `back` of whom return the day after."""
    first = [Event(f"{prefix}{i}", "open", START + day * DAY) for i in range(size)]
    return first + [Event(e.user, "open", e.ts_us + DAY) for e in first[:back]]


def ask(world, events, people=None, wave=None, floor=5, days=8):
    scope = Scope(date(2026, 3, 2), START + days * DAY, wave=wave)
    return retention(world.of(events, **(people or {})), RetentionOptions(scope, intervals=2, min_cohort=floor))


def test_one_small_cohort_takes_the_next_smallest_with_it(world):
    events = cohort("a", 0, 9, 3) + cohort("b", 1, 3, 1) + cohort("c", 2, 6, 2)
    found = ask(world, events)
    assert [row.size for row in found.rows[:4]] == [9, None, None, 0]
    assert [row.cells[1].retained for row in found.rows[:3]] == [3, None, None]
    assert [row.cells[1].masked for row in found.rows[:3]] == [False, True, True]
    assert found.average.values[1] == pytest.approx(6 / 18)


def test_the_average_goes_when_one_hidden_cohort_is_all_there_is(world):
    found = ask(world, cohort("a", 0, 3, 1))
    assert found.rows[0].size is None
    assert (found.average.values[1], found.average.n[1], found.average.low[1]) == (None, None, None)


def test_an_immature_column_hides_no_more_than_it_must(world):
    events = cohort("a", 0, 9, 3) + cohort("b", 1, 6, 2) + cohort("c", 2, 3, 1)
    found = ask(world, events, days=3)
    assert [row.size for row in found.rows] == [9, None, None]
    assert found.average.values[1] == pytest.approx(5 / 15)


def test_a_filter_does_not_give_away_the_few_it_leaves_out(world):
    events = cohort("a", 0, 9, 3) + cohort("b", 0, 2, 1) + cohort("c", 1, 8, 4)
    people = {e.user: {"wave": "2" if e.user.startswith("b") else "1"} for e in events}
    found = ask(world, events, people, wave="1")
    assert found.rows[0].size is None  # 11 - 9 would be the two of wave 2


def test_no_floor_masks_nothing(world):
    found = ask(world, cohort("a", 0, 1, 1), floor=1)
    assert (found.rows[0].size, found.rows[0].cells[1].retained) == (1, 1)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(2, 6), st.data())
def test_no_column_total_tells_less_than_two_cohorts_and_the_floor(sizes, floor, data):
    known = [set(range(n)) for n in range(len(sizes), 0, -1)]
    hidden, lost = hidden_rows(sizes, sizes, known, floor)
    assert all(i in hidden for i, n in enumerate(sizes) if 0 < n < floor)
    for column, rows in enumerate(known):
        secret = [sizes[i] for i in hidden & rows]
        is_small = any(0 < n < floor for n in secret)
        assert column in lost or not is_small or (len(secret) >= 2 and sum(secret) >= floor)
