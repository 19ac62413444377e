"""Retention and daily stickiness from bits say what their queries say, and the queries are asked where bits cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.warehouse import Snapshot
from kpis.engagement import activity
from kpis.measures import active_days, bind
from tests.kpis.support import active, day, person, snapshot

BRACKETS = ((0, 0), (1, 1), (7, 7), (14, 14), (1, 7), (7, 13))
ASKED: list[tuple[str, dict[str, Any]]] = [
    *(("measures/retention", dict(from_offset=a, to_offset=b, include_excluded=False)) for a, b in BRACKETS),
    ("measures/stickiness", dict(by="day")),
]


def agree(snap: Snapshot) -> None:
    for query, bound in ASKED:
        assert active_days.answer(snap, query, bound) == tuple(snap.rows(query, **bound)), (query, bound)


@st.composite
def worlds(draw: st.DrawFn) -> Snapshot:
    people, days = [], []
    for key in range(1, draw(st.integers(0, 70)) + 1):
        seen = sorted(draw(st.sets(st.integers(-9, 33), max_size=9)))
        idle = set(draw(st.lists(st.sampled_from(seen), max_size=3))) if seen else set()
        first = next((n for n in seen if n not in idle), None)
        why = draw(st.sampled_from((None, None, None, "staff")))
        people.append(person(key, first, excluded_reason=why, on_roster=draw(st.integers(0, 5)) > 0))
        days += [row for n in seen for row in active(key, n, active_events=int(n not in idle))]
    as_of = datetime(2026, 2, 20, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 24 * 45)))
    return snapshot({"dim_tester": people, "fct_tester_day": days}, as_of=as_of)


@given(worlds())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_bits_say_what_the_queries_say(snap: Snapshot) -> None:
    agree(snap)
    snap.close()


def test_an_open_bracket_is_not_yet_and_says_when_it_closes() -> None:
    """Two testers began on day 1, one on day 2; at noon of day 9 the seventh day of the first two is over."""
    people = [person(1, 1), person(2, 1), person(3, 2)]
    days = [*active(1, 1, 8), *active(2, 1, 7), *active(3, 2)]
    snap = snapshot({"dim_tester": people, "fct_tester_day": days}, as_of=datetime(2026, 3, 10, 12, tzinfo=UTC))
    rows = active_days.answer(snap, "measures/retention", dict(from_offset=7, to_offset=7, include_excluded=False))
    assert rows is not None
    week = next(r for r in rows if (r["grain"], r["period"]) == ("week", 2))
    assert (week["numerator"], week["denominator"], week["not_yet"]) == (1, 2, 1)
    assert week["measurable_on"] == date(2026, 3, 11)
    assert not any(r["grain"] == "day" and r["period"] == day(9) for r in rows)  # it is not over


def test_a_first_day_that_no_tester_day_tells_of_still_counts_in_the_denominator() -> None:
    people = [person(1, 1), person(2, 1)]
    snap = snapshot({"dim_tester": people, "fct_tester_day": active(1, 1, 2)})
    agree(snap)
    rows = bind.by_period(snap, "measures/retention", "week", (("from_offset", 1), ("to_offset", 1)))
    assert (rows[1][0]["numerator"], rows[1][0]["denominator"]) == (1, 2)


@pytest.mark.parametrize("people", [[], [person(1)], [person(1, 1, on_roster=False)]])
def test_nobody_is_no_error(people: list[dict]) -> None:
    agree(snapshot({"dim_tester": people}))


def test_the_query_is_asked_where_bits_cannot_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"dim_tester": [person(1, 1), person(2, 1, excluded_reason="staff")], "fct_tester_day": active(1, 1, 2)}
    snap = snapshot(rows)
    everybody = dict(from_offset=1, to_offset=1, include_excluded=True)
    assert active_days.answer(snap, "measures/retention", everybody) is None
    assert active_days.answer(snap, "measures/stickiness", dict(by="week")) is None
    monkeypatch.setattr(activity, "MOST_BYTES", 0)
    larger = snapshot(rows)
    assert all(active_days.answer(larger, query, bound) is None for query, bound in ASKED)
    given = (("from_offset", 1), ("to_offset", 1))
    assert bind.rows(larger, "measures/retention", given) == bind.rows(snap, "measures/retention", given)
