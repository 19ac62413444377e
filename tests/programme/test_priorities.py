"""Feature priorities by hand: reach, return without borrowed time, demand, errors, and the order they give."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from data.warehouse import Snapshot
from kpis import evaluation, priorities
from tests.support import facts

FIRST = (date(2026, 3, 2) - date(1970, 1, 1)).days
SETTINGS = {"engagement": {"active_events": ["post_view"], "error_events": ["app_error"]}, "people": {"min_cohort": 3}}
GAME, FEED = 1, 2
AT = facts.us(datetime(2026, 3, 3, 12, tzinfo=UTC))


def day(tester: int, n: int, mask: int = 0, **more: Any) -> dict[str, Any]:
    """A tester's day, counted from launch."""
    at = AT + (n - 1) * 86_400_000_000
    return {
        **dict(tester_key=tester, day_n=FIRST + n, events=1, active_events=1, feature_mask=mask, first_us=at,
               last_us=at, sessions=1, session_seconds=1.0, requests=1, failed_requests=0, slow_requests=0,
               request_ms=1.0, app_errors=0), **more,
    }  # fmt: skip


def person(key: int, start: int = 0, **more: Any) -> dict[str, Any]:
    return {**dict(tester_key=key, tester_id=f"p{key}", on_roster=True, wave="1", platform="ios", accepted_us=AT,
                   first_active_us=AT, first_active_day_n=FIRST + start), **more}  # fmt: skip


def item(key: str, who: int, text: str, kind: str = "feature") -> dict[str, Any]:
    return dict(feedback_key=key, tester_key=who, type=kind, title="Wish", description=text, created_us=AT, day_n=FIRST)


def world(**changed: Any) -> Snapshot:
    """Six testers: 1 to 3 play in their first week, 1 and 2 come back; 4 to 6 do not play, 4 comes back.
    Tester 5 plays on day 8 only: that is no adoption, it is the return itself."""
    days = [day(t, 0, GAME if t <= 3 else 0) for t in range(1, 7)]
    days += [day(1, 8, GAME, failed_requests=2), day(2, 13), day(4, 7), day(5, 20, GAME), day(3, 14, GAME)]
    tables: dict[str, Any] = {
        "dim_feature": [dict(feature_id=1, feature="core_game", feature_bit=GAME),
                        dict(feature_id=2, feature="feeds", feature_bit=FEED)],
        "dim_tester": [person(t) for t in range(1, 7)] + [person(7, excluded_reason="staff")],
        "fct_tester_day": [*days, day(7, 0, GAME), day(7, 8, GAME)],
        "fct_feedback": [item("a", 1, "More Core-Game please"), item("b", 2, "core game!"), item("c", 4, "CORE_GAME"),
                         item("d", 1, "scoregames are fun"), item("e", 7, "core game for staff"),
                         item("f", 1, "Feeds"), item("g", 1, "feeds hang", "bug")],
        "dim_event": [dict(event_id=1, event="app_error", is_active=False)],
        "fct_event": [dict(tester_key=1, event_id=1, ts_us=AT, day_n=FIRST + 1, component="feeds"),
                      dict(tester_key=1, event_id=1, ts_us=AT, day_n=FIRST + 1, component="other")],
    }  # fmt: skip
    return facts.snapshot({**tables, **changed}, settings=SETTINGS)


@pytest.fixture(scope="module")
def found() -> dict[str, priorities.Priority]:
    return {f.feature: f for f in priorities.features(world())}


def test_adopters_are_told_by_their_first_week_and_judged_by_their_second(found: dict) -> None:
    game = found["core_game"]
    assert (game.adopters, game.others) == ((2, 3), (1, 3))
    assert game.difference == pytest.approx(1 / 3)
    assert game.interval[0] < 0 < game.interval[1] and not game.clear


def test_a_tester_whose_second_week_is_not_over_is_in_neither_group() -> None:
    young = world(dim_tester=[person(t, start=0 if t < 6 else 22) for t in range(1, 7)])
    game = next(f for f in priorities.features(young) if f.feature == "core_game")
    assert (game.adopters, game.others) == ((2, 3), (1, 2))


def test_only_testers_who_have_the_feature_are_compared() -> None:
    flags = [dict(tester_key=t, feature_id=1, since_us=None) for t in (1, 2, 4)]
    game = next(f for f in priorities.features(world(fct_flag=flags)) if f.feature == "core_game")
    assert (game.users, game.eligible) == (2, 3)
    assert (game.adopters, game.others) == ((2, 2), (1, 1))


def test_demand_counts_whole_names_in_any_spelling_and_never_staff(found: dict) -> None:
    assert found["core_game"].requests == 3  # not "scoregames", not staff


def test_demand_by_too_few_authors_is_hidden_and_zero_is_not(found: dict) -> None:
    assert found["feeds"].requests is None and found["feeds"].bugs is None
    assert found["core_game"].bugs == 0
    row = priorities.rows([found["feeds"]])[0]
    assert row["Requests"] == priorities.HIDDEN


def test_errors_are_those_met_on_days_of_use(found: dict) -> None:
    assert found["core_game"].error_days == (1, 6)
    assert (found["feeds"].component_errors, found["core_game"].component_errors) == (1, 0)


def test_the_order_follows_the_mean_of_the_ranks(found: dict) -> None:
    # reach 1 and 2, no clear difference 1.5 each, requests 1 and 2, errors 1 and 2
    assert found["core_game"].rank == pytest.approx((1 + 1.5 + 1 + 1) / 4)
    assert list(found) == ["core_game", "feeds"]
    assert priorities.sentence(list(found.values())).startswith("core_game comes first of 2 features: reach 67 %")


def test_a_beta_without_features_or_series_says_so_and_has_no_rows() -> None:
    told = evaluation.sections(facts.snapshot(settings=SETTINGS))
    assert told.priority_rows == told.incident_rows == told.scaling_rows == []
    assert "No feature is declared" in told.priority_sentence and "Cannot tell" in told.scaling_sentence


@given(st.lists(st.integers(-3, 3).map(float) | st.floats(-1, 1), min_size=1, max_size=40))
def test_ranks_are_those_of_scipy(column: list[float]) -> None:
    assert priorities._ranks(column).tolist() == rankdata([-v for v in column]).tolist()
