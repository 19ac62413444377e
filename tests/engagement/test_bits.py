"""Answers counted on bits against the same answers counted by the database, which is the judge."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis import intervals
from kpis.engagement import activity, compare, uses
from kpis.engagement.active import active_days
from kpis.engagement.adoption import adoption
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle
from kpis.engagement.retention import RetentionOptions, retention
from kpis.engagement.scope import EventChoice, Scope
from kpis.engagement.stickiness import StickinessOptions, stickiness
from tests.engagement.strategies import histories, instants
from tests.engagement.world import Event, World

MANY = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=80)
DAY = 86_400_000_000
START = 1_772_409_600_000_000  # 2026-03-02
FIRST = 20_514  # its day number
PLAIN = st.sampled_from([EventChoice(), EventChoice(), EventChoice("*")])
GRAINS = st.sampled_from(["day", "week", "month"])


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.fixture(scope="module")
def both(world):
    """A question asked of bits and of the database: (events, zone, people) -> its two answers."""

    def ask(question: Callable[[Any], Any], events: list[Event], zone: str, people: dict) -> tuple[Any, Any]:
        with pytest.MonkeyPatch.context() as patch:
            quick = question(world.of(events, zone, active={"a", "b"}, **people))
            patch.setattr(activity, "MOST_BYTES", -1)
            return quick, question(world.of(events, zone, active={"a", "b"}, **people))

    return ask


def drawn(data) -> tuple[list[Event], str, dict, Scope]:
    """Events, their zone, waves and exclusions of their users, and a range that begins before, at or after them."""
    zone, first, events = data.draw(histories())
    groups = st.fixed_dictionaries(
        {
            "wave": st.sampled_from(["1", "2"]),
            "platform": st.sampled_from(["ios", "web"]),
            "excluded_reason": st.sampled_from([None, None, None, "staff"]),
        }
    )
    people = {user: data.draw(groups) for user in sorted({e.user for e in events})}
    start = data.draw(st.sampled_from([None, -40, -3, 0, 0, 3]))
    return events, zone, people, Scope(
        start=None if start is None else date.fromordinal(first.toordinal() + start),
        until_us=data.draw(instants(zone, date.fromordinal(first.toordinal() + 3))),
        week_start=data.draw(st.sampled_from(["monday", "sunday"])),
        wave=data.draw(st.sampled_from([None, None, "1", "3"])),
        platform=data.draw(st.sampled_from([None, None, "ios"])),
    )  # fmt: skip


@MANY
@given(st.data())
def test_retention(both, data):
    events, zone, people, scope = drawn(data)
    brackets = data.draw(st.sampled_from([(), (), ((1, 3), (4, 7)), ((2, 2), (5, 9))]))
    choice = data.draw(PLAIN)
    options = RetentionOptions(
        scope=scope, period=data.draw(GRAINS), window=data.draw(st.sampled_from(["calendar", "calendar", "own-week"])),
        cohort=data.draw(st.sampled_from(["first-ever", "first-ever", "first-in-range", "recurring"])),
        start=choice, back=choice, rule=data.draw(st.sampled_from(["on", "on-or-after"])), brackets=brackets,
        intervals=None if brackets else data.draw(st.sampled_from([None, None, 1, 4, 20])),
        min_cohort=data.draw(st.sampled_from([1, 2, 3])),
    )  # fmt: skip
    quick, judge = both(lambda snapshot: retention(snapshot, options), events, zone, people)
    assert quick == judge
    assert quick.as_json() == judge.as_json()


@MANY
@given(st.data())
def test_lifecycle(both, data):
    events, zone, people, scope = drawn(data)
    options = LifecycleOptions(scope, data.draw(GRAINS), data.draw(PLAIN))
    quick, judge = both(lambda snapshot: lifecycle(snapshot, options), events, zone, people)
    assert quick == judge


@MANY
@given(st.data())
def test_stickiness(both, data):
    events, zone, people, scope = drawn(data)
    options = StickinessOptions(scope, data.draw(GRAINS), data.draw(PLAIN), data.draw(st.booleans()))
    quick, judge = both(lambda snapshot: stickiness(snapshot, options), events, zone, people)
    assert quick == judge


@MANY
@given(st.data())
def test_active_days(both, data):
    events, zone, people, scope = drawn(data)
    quick, judge = both(lambda snapshot: active_days(snapshot, scope), events, zone, people)
    assert quick == judge


@MANY
@given(st.data())
def test_groups(both, data):
    events, zone, people, scope = drawn(data)
    users = sorted({e.user for e in events})
    since = st.sampled_from([None, events[0].ts_us, events[-1].ts_us + 1])
    flags = data.draw(st.lists(st.tuples(st.sampled_from([*users, ""]), st.sampled_from(["c", "d"]), since)))
    by = data.draw(st.sampled_from(["wave", "platform", "flag:c", "flag:d", "flag:of nobody"]))
    low = data.draw(st.integers(0, 3))
    high = low + data.draw(st.integers(0, 2))
    more = {"features": ("a", "c", "d"), "flags": flags, **people}
    quick, judge = both(lambda snapshot: compare._rows(snapshot, by, scope, low, high), events, zone, more)
    assert quick == judge


@MANY
@given(st.data())
def test_adoption(both, data):
    events, zone, people, scope = drawn(data)
    users = sorted({e.user for e in events})
    since = st.sampled_from([None, events[0].ts_us, events[-1].ts_us + 1])
    flags = data.draw(st.lists(st.tuples(st.sampled_from([*users, ""]), st.sampled_from(["c", "d"]), since)))
    more = {"features": ("a", "c", "d"), "flags": flags, **people}
    quick, judge = both(lambda snapshot: adoption(snapshot, scope), events, zone, more)
    assert quick == judge


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_feature_used_twice_on_one_day_is_not_used_again(world, reverse, size):
    """Bit 61 is the last one there is; tester-days come in any order."""
    days = {"u1": [1 << 61, 1], "u2": [1, 1, 1 << 61], "u3": [1 << 61, 1 << 61, 3]}
    pairs = [(row, mask) for row, masks in enumerate(days.values()) for mask in masks]
    if reverse:
        pairs = pairs[1::2] + pairs[0::2]
    rows, masks = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    tally = uses.Tally(4)
    for first in range(0, len(rows), size):
        tally.add(rows[first : first + size], masks[first : first + size], rows[first : first + size] == 1)
    assert tally.active.tolist() == [False, True, False, False]
    once, twice = tally.once, tally.twice
    assert once.tolist() == [1 << 61 | 1, 1 << 61 | 1, 1 << 61 | 3, 0]
    assert twice.tolist() == [0, 1, 1 << 61, 0]
    assert uses.by_bit(once)[[0, 1, 2, 61]].tolist() == [3, 1, 0, 3]


@MANY
@given(st.lists(st.tuples(st.integers(0, 3_000_000), st.integers(0, 3_000_000)), min_size=1))
def test_intervals_of_many_are_those_of_one_to_the_last_bit(pairs):
    successes, n = (np.array(column) for column in zip(*pairs, strict=True))
    low, high = intervals.wilsons(successes, n)
    for place, (k, of) in enumerate(pairs):
        one = intervals.wilson(k, of)
        assert one == (None, None) if of == 0 else one == (low[place], high[place])


def test_more_testers_than_one_word_holds(both):
    events = [Event(f"u{n:03d}", "a", START + day * DAY) for n in range(200) for day in (n % 3, 5) if n % 7 or day < 5]
    scope = Scope(date(2026, 3, 2), START + 8 * DAY)
    table, judge = both(lambda s: retention(s, RetentionOptions(scope)), events, "UTC", {})
    assert table == judge
    assert [row.size for row in table.rows[:3]] == [67, 67, 66]
    assert sum(row.cells[5 - n].retained for n, row in enumerate(table.rows[:3])) == 171


def test_a_stray_event_of_long_ago_does_not_fill_the_memory(world):
    events = [Event("u1", "a", DAY), *(Event(f"v{n}", "a", START + n * DAY) for n in range(3))]
    snapshot = world.of(events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity, "MOST_BYTES", 1 << 16)
        assert activity.activity(snapshot) is None
        days = active_days(snapshot, Scope(date(2026, 3, 2), START + 8 * DAY))
    assert [d.dau for d in days] == [1, 1, 1, 0, 0, 0, 0, 0]


def test_a_snapshot_is_read_once_by_many_threads_and_let_go_with_it(world):
    snapshot = world.of([Event("u", "a", START)])
    found: list[Any] = []
    threads = [threading.Thread(target=_note, args=(snapshot, found)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
    assert snapshot in activity.ACTIVITIES
    held = len(activity.ACTIVITIES)
    del snapshot, threads, thread
    assert len(activity.ACTIVITIES) == held - 1


def _note(snapshot: Any, found: list[Any]) -> None:
    found.append(activity.activity(snapshot))


def test_never_active_needs_both_an_acceptance_and_no_activity_before_the_end(world):
    people = {
        "u1": {"accepted_us": START, "first_active_us": START + DAY},
        "u2": {"accepted_us": START + DAY, "first_active_us": None},
        "u3": {"accepted_us": None, "first_active_us": START},
        "u4": {"accepted_us": START + 2 * DAY, "first_active_us": START},
    }
    events = [Event(user, "a", START + place) for place, user in enumerate(people)]
    group = activity.activity(world.of(events, **people)).group({"wave": None, "platform": None})
    assert group.never_active([START, START + 1, START + DAY, START + DAY + 1, START + 3 * DAY]) == [0, 1, 1, 1, 1]


def test_the_whole_of_a_group_counts_cohorts_by_the_groups_own_days(world):
    """Without a roster the range begins with the first event, which is another one for everybody than for a group."""
    first = [Event(f"w{n}", "a", START) for n in range(6)]
    mine = [Event(f"i{n}", "a", START + DAY) for n in range(6)] + [Event("x1", "a", START + DAY)]
    people = {e.user: {"platform": "web" if e.user[0] in "wx" else "ios"} for e in first + mine}
    scope = Scope(until_us=START + 5 * DAY, platform="ios")
    table = retention(world.of(first + mine, **people), RetentionOptions(scope, min_cohort=5))
    assert table.rows[0].size is None  # 7 - 6 would be the one of the web who began on that day
    plain = retention(world.of(first + mine, **people), RetentionOptions(replace(scope, platform=None)))
    assert [row.size for row in plain.rows[:2]] == [6, 7]
