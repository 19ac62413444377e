"""Use of features by week against a count in plain Python, tester by tester."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis import feature_weeks
from kpis.engagement.uses import by_bit
from tests.kpis.support import active, at, person, snapshot

PLACES = (0, 3, 8, 41, 62)  # bits, in bytes of their own and shared
FEATURES = [dict(feature_id=i, feature=f"f{i}", feature_bit=1 << i) for i in PLACES]
Days = dict[tuple[int, int], tuple[bool, int]]  # tester, programme day -> active, features used as bits


def counted(people: dict[int, bool], days: Days, flags: dict[tuple[int, int], int]) -> list[dict[str, Any]]:
    """By definition. people: whether each counts. flags: tester, feature -> programme day since whose noon it is on."""
    found: Counter[tuple[int, int, str]] = Counter()
    for key in (k for k, counts in people.items() if counts):
        for week in range(1, 5):
            own = {n: day for (k, n), day in days.items() if k == key and 7 * week - 7 < n <= 7 * week}
            if not any(is_active for is_active, _ in own.values()):
                continue
            for place in PLACES:
                has_flag = any(feature == place for _, feature in flags)
                if not has_flag or flags.get((key, place), 99) <= max(own):
                    found[week, place, "eligible"] += 1
                    found[week, place, "users"] += any(mask >> place & 1 for _, mask in own.values())
    rows = [
        dict(week=week, feature=f"f{place}", users=found[week, place, "users"], eligible=n)
        for (week, place, what), n in found.items()
        if what == "eligible"
    ]
    return sorted(rows, key=lambda r: (r["week"], -r["users"], r["feature"]))


def answered(people: dict[int, bool], days: Days, flags: dict[tuple[int, int], int]) -> list[dict[str, Any]]:
    snap = snapshot({
        "dim_tester": [person(k, excluded_reason=None if counts or k % 2 else "staff", on_roster=counts or not k % 2)
                       for k, counts in people.items()],
        "dim_feature": FEATURES,
        "fct_flag": [dict(tester_key=k, feature_id=f, since_us=at(n)) for (k, f), n in flags.items()],
        "fct_tester_day": [row for (k, n), (is_active, mask) in days.items()
                           for row in active(k, n, active_events=int(is_active), feature_mask=mask)],
    })  # fmt: skip
    try:
        return feature_weeks.rows(snap)
    finally:
        snap.close()


KEYS, NUMBERS = st.integers(1, 6), st.integers(1, 28)
MASKS = st.sets(st.sampled_from(PLACES)).map(lambda used: sum(1 << place for place in used))


@given(
    st.dictionaries(KEYS, st.booleans(), min_size=1),
    st.dictionaries(st.tuples(KEYS, NUMBERS), st.tuples(st.booleans(), MASKS), max_size=30),
    st.dictionaries(st.tuples(KEYS, st.sampled_from(PLACES[:2])), NUMBERS, max_size=6),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_rows_are_those_of_a_count_by_hand(people: dict, days: Days, flags: dict) -> None:
    days = {(k, n): day for (k, n), day in days.items() if k in people}
    flags = {(k, f): n for (k, f), n in flags.items() if k in people}
    assert answered(people, days, flags) == counted(people, days, flags)


def test_a_feature_switched_on_in_the_week_counts_those_who_were_there_after_it() -> None:
    """Tester 1 is last seen on day 3, before the flag of day 5; tester 2 on day 6, after it."""
    days = {(1, 3): (True, 1), (2, 6): (True, 1)}
    rows = answered({1: True, 2: True}, days, {(1, 0): 5, (2, 0): 5})
    assert rows[0] == dict(week=1, feature="f0", users=1, eligible=1)


def test_weeks_that_lie_in_several_pieces_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    days = {(k, n): (True, k) for k in range(1, 7) for n in (1, 8, 15)}
    people = dict.fromkeys(range(1, 7), True)
    whole = answered(people, days, {})
    monkeypatch.setattr(feature_weeks, "CHUNK", 2)
    assert answered(people, days, {}) == whole == counted(people, days, {})


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_bits_are_counted_one_by_one(masks: list[int]) -> None:
    assert by_bit(np.array(masks, np.int64)).tolist() == [sum(m >> place & 1 for m in masks) for place in range(64)]
