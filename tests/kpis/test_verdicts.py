"""The verdict's table, rule by rule, and the sentences that defend it."""

from __future__ import annotations

import dataclasses
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis import catalogue, intervals, verdicts
from kpis.catalogue import Goal
from kpis.measures.result import Result
from kpis.model import State, Status

ON, NEAR, MISSED, OPEN = Status.ON_TARGET, Status.WITHIN_FLOOR, Status.MISSED, Status.CANNOT_TELL
RETENTION, P95 = catalogue.get("retention_d7"), catalogue.get("latency_p95")


@pytest.mark.parametrize(
    ("low", "value", "high", "expected"),
    [
        (0.35, 0.40, 0.45, ON),  # wholly on target
        (0.30, 0.30, 0.30, ON),  # the target itself meets it
        (0.25, 0.31, 0.36, ON),  # reaches into within floor, value on target
        (0.25, 0.29, 0.36, NEAR),  # the same, value within floor
        (0.22, 0.25, 0.29, NEAR),  # wholly within floor
        (0.15, 0.21, 0.28, NEAR),  # reaches below the floor, value within
        (0.15, 0.19, 0.28, MISSED),  # the same, value below the floor; the target is ruled out
        (0.10, 0.12, 0.15, MISSED),  # wholly below the floor
        (0.15, 0.35, 0.40, OPEN),  # both on target and missed possible
        (0.15, 0.18, 0.31, OPEN),
    ],
)  # fmt: skip
def test_table(low: float, value: float, high: float, expected: Status) -> None:
    assert verdicts.zone_verdict(value, low, high, 0.30, 0.20, "higher") is expected
    # the same mirrored, for a value that should be low
    assert verdicts.zone_verdict(-value, -high, -low, -0.30, -0.20, "lower") is expected


@pytest.mark.parametrize(
    ("low", "value", "high", "expected"),
    [(0.31, 0.4, 0.5, ON), (0.29, 0.4, 0.5, OPEN), (0.2, 0.25, 0.29, MISSED), (0.2, 0.25, 0.30, OPEN)],
)
def test_without_a_floor_there_is_no_between(low: float, value: float, high: float, expected: Status) -> None:
    assert verdicts.zone_verdict(value, low, high, 0.30, None, "higher") is expected


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_verdict_never_contradicts_its_interval(a: float, b: float, c: float, t: float, f: float) -> None:
    low, value, high = sorted((a, b, c))
    target, floor = max(t, f), min(t, f)
    found = verdicts.zone_verdict(value, low, high, target, floor, "higher")
    if found is ON:
        assert value >= target and low >= floor
    if found is MISSED:
        assert value < floor and high < target
    if high >= target and low < floor:
        assert found is OPEN


def judge(k: int, n: int, state: State = State.COMPLETE, why: str = "") -> verdicts.Verdict:
    low, high = intervals.wilson(k, n)
    result = Result(k / n, k, n, n, low, high, "Wilson 95 %")
    return verdicts.judge(RETENTION, result, Goal(0.3, 0.2), state, why)


def test_reasons_name_the_numbers() -> None:
    assert judge(45, 100) == verdicts.Verdict(ON, "45 % (36 to 55 %); target at least 30 %, floor 20 %")
    assert judge(10, 100).status is MISSED


def test_an_open_verdict_names_the_n_that_would_decide() -> None:
    found = judge(10, 38)
    assert found.status is OPEN
    assert "allows both on target (at least 30 %) and missed (below 20 %)" in found.reason
    n = verdicts.needed(10 / 38, 38, Goal(0.3, 0.2), "higher")
    assert n is not None and f"about {n:,} testers would decide it (n = 38)" in found.reason
    low, high = intervals.wilson(n * 10 / 38, n)
    assert low is not None and high is not None
    assert verdicts.zone_verdict(10 / 38, low, high, 0.3, 0.2, "higher") is not OPEN
    assert n < 200


def test_a_value_at_its_only_target_is_never_decided() -> None:
    assert verdicts.needed(0.3, 50, Goal(0.3, None), "higher") is None


def test_too_few_is_no_verdict() -> None:
    assert judge(7, 7) == verdicts.Verdict(OPEN, "n = 7 of at least 20 testers")


@pytest.mark.parametrize("state", [State.RUNNING, State.FUTURE, State.NOT_EVALUABLE])
def test_an_unfinished_or_gappy_week_has_no_verdict(state: State) -> None:
    assert judge(90, 100, state, "3 of 7 days are over") == verdicts.Verdict(OPEN, "3 of 7 days are over")


def test_a_saturated_histogram_is_a_lower_limit() -> None:
    """p95 above the highest bucket: 10 s is not the value. It may still be missed for certain, never on target."""
    slow = Result(10.0, None, None, 5000, 10.0, None, "bounds", open_high=True)
    found = verdicts.judge(P95, slow, Goal(0.2, 1.0), State.COMPLETE)
    assert found.status is MISSED
    assert found.reason.startswith("more than 10 s")
    lenient = verdicts.judge(P95, slow, Goal(20.0, None), State.COMPLETE)
    assert lenient.status is OPEN


def test_a_bucket_across_target_and_floor_cannot_tell() -> None:
    wide = Result(0.22, None, None, 5000, 0.1, 0.5, "bounds of the buckets that hold the rank")
    found = verdicts.judge(P95, wide, Goal(0.2, 0.25), State.COMPLETE)
    assert found.status is OPEN
    assert "a finer bucket" in found.reason


def test_a_bucket_begins_above_its_lower_bound() -> None:
    """p99 in the bucket (500 ms, 1 s]: the target of at most 500 ms is missed for certain."""
    p99 = catalogue.get("latency_p99")
    above = Result(0.585, None, None, 9000, 0.5, 1.0, "bounds of the buckets that hold the rank")
    found = verdicts.judge(p99, above, Goal(0.5), State.COMPLETE)
    assert found == verdicts.Verdict(MISSED, "585 ms (500 ms to 1 s); target at most 500 ms")
    below = Result(0.43, None, None, 9000, 0.25, 0.5, "bounds of the buckets that hold the rank")
    assert verdicts.judge(p99, below, Goal(0.5), State.COMPLETE).status is ON


def test_no_data_is_said_in_four_ways() -> None:
    cases = {
        "nothing to measure: no testers in this week": Result(None),
        "no data: 12 outcomes not measurable before 9 March": Result(None, not_yet=12, measurable_on=date(2026, 3, 9)),
    }
    for text, result in cases.items():
        assert verdicts.judge(RETENTION, result, Goal(0.3), State.COMPLETE).reason == text
    told = verdicts.judge(RETENTION, Result(None), Goal(0.3), State.COMPLETE, "no data: nothing was loaded")
    assert told.reason == "no data: nothing was loaded"
    assert verdicts.judge(P95, Result(None), Goal(0.2), State.COMPLETE).reason == "no data: no requests in the week"


def test_no_target_is_no_verdict() -> None:
    assert verdicts.judge(RETENTION, Result(0.5, n=100), Goal(), State.COMPLETE).reason == "no target is set"


def test_every_kpi_meets_its_own_target_exactly_at_it() -> None:
    for kpi in catalogue.all():
        if kpi.target is not None:
            t, f = kpi.target.target, kpi.target.floor
            assert verdicts.zone_verdict(t, t, t, t, f, kpi.better) is ON
            worse = t - 1e-6 if kpi.better == "higher" else t + 1e-6
            expected = MISSED if f is None or math.isclose(f, t) else NEAR
            assert verdicts.zone_verdict(worse, worse, worse, t, f, kpi.better) is expected
            assert dataclasses.replace(kpi) == kpi
