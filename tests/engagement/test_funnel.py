"""Strict funnels, same instants, repeated names: worked by hand."""

from __future__ import annotations

import pytest

from kpis.engagement.funnel import FunnelOptions, funnel
from kpis.engagement.scope import Scope
from tests.engagement.world import Event, World

SECOND = 1_000_000
BASE = 1_772_452_800 * SECOND


@pytest.fixture(scope="module")
def world():
    return World()


def depth(world, history: str, steps: str, **options) -> int:
    """Deepest step of one tester; `history` is one event a second, "(ab)" share a second."""
    events, second, grouped = [], 0, False
    for letter in history:
        if letter in "()":
            grouped = letter == "("
            second += letter == ")"
        else:
            events.append(Event("u", letter, BASE + second * SECOND))
            second += not grouped
    given = {"window_s": 86_400, "finished": True, **options}
    return funnel(world.of(events), FunnelOptions(tuple(steps), Scope(), **given)).deepest.get("u", 0)


@pytest.mark.parametrize(
    ("history", "steps", "free", "strict", "reentry"),
    [
        ("abc", "abc", 3, 3, 3),
        ("adbc", "abc", 3, 1, 1),
        ("aabbcc", "abc", 3, 3, 3),
        ("aaaabbcc", "abc", 3, 3, 3),
        ("aabbdcc", "abc", 3, 2, 2),
        ("ccbbaa", "abc", 1, 1, 1),
        ("acb", "abc", 2, 1, 1),
        ("abac", "abc", 3, 2, 3),
        ("ababc", "abc", 3, 2, 3),
        ("abcbd", "abcd", 4, 4, 4),
        ("abcabcd", "abcd", 4, 3, 4),
        ("xab", "ab", 2, 2, 2),
        ("x", "ab", 0, 0, 0),
    ],
)
def test_order(world, history, steps, free, strict, reentry):
    assert depth(world, history, steps) == free
    assert depth(world, history, steps, strict_order=True) == strict
    assert depth(world, history, steps, strict_order=True, reentry=True) == reentry


def test_steps_of_one_instant_count_in_step_order_unless_strictly_increasing(world):
    assert depth(world, "a(dcb)e", "abcde") == 5
    assert depth(world, "a(dcb)e", "abcde", increasing=True) == 2
    assert depth(world, "(ba)", "ab") == 2
    assert depth(world, "(ba)", "ab", increasing=True) == 1


def test_an_event_fills_one_step_only(world):
    assert depth(world, "a", "aaa") == 1
    assert depth(world, "aa", "aaa") == 2
    assert depth(world, "aab", "aab") == 3
    assert depth(world, "bab", "aab") == 1


def test_the_window_includes_its_edge(world):
    assert depth(world, "axxb", "ab", window_s=3) == 2
    assert depth(world, "axxb", "ab", window_s=2.999999) == 1


def test_the_best_attempt_counts_in_free_order_and_the_first_entry_in_strict_order(world):
    assert depth(world, "axxxxab", "ab", window_s=2) == 2
    assert depth(world, "axxxxab", "ab", window_s=2, strict_order=True) == 1


def test_a_new_first_step_before_the_second_begins_the_strict_attempt_anew(world):
    assert depth(world, "aaaab", "ab", window_s=1, strict_order=True) == 2


def test_a_tester_who_has_not_entered_is_not_in_the_funnel(world):
    events = [Event("in", "a", BASE), Event("out", "b", BASE)]
    table = funnel(world.of(events), FunnelOptions(("a", "b"), Scope(), finished=True))
    assert table.deepest == {"in": 1}
    assert table.steps == (1, 0)


def test_open_windows_are_out_of_the_counts_and_listed(world):
    events = [Event("early", "a", BASE), Event("early", "b", BASE + 1), Event("late", "a", BASE + 5 * SECOND)]
    scope = Scope(until_us=BASE + 8 * SECOND)
    table = funnel(world.of(events), FunnelOptions(("a", "b"), scope, window_s=3))
    assert table.steps == (1, 1)
    assert table.still_open == ("late",)
    assert table.deepest == {"early": 2, "late": 1}
