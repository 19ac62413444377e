"""Change points, limits, budgets, growth and scaling on cases whose truth is known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.operations import scaling
from kpis.operations.budget import budget, burn_rate, burns, factors
from kpis.operations.changepoints import steps
from kpis.operations.growth import Load, changes, growth, mean_change, time_share
from kpis.operations.scaling import first_to_saturate, fit
from kpis.operations.xmr import limits, signals

DAYS = [date(2026, 3, 2) + timedelta(days=i) for i in range(28)]
WEEKDAY = np.array([1.0, 1.05, 1.1, 1.0, 0.9, 0.7, 0.75])[np.arange(28) % 7]


def noisy(seed: int, noise: float) -> np.ndarray:
    return 100 * WEEKDAY * np.exp(np.random.default_rng(seed).normal(0, noise, 28))


def test_no_alarm_on_pure_noise_in_99_of_100() -> None:
    alarms = sum(bool(steps(DAYS, list(noisy(seed, 0.1)))) for seed in range(100))
    print(f"\npure noise of 10 % a day, 28 days: an alarm in {alarms} of 100")
    assert alarms <= 1


@pytest.mark.parametrize("noise", [0.02, 0.04])
def test_a_shift_of_a_fifth_is_dated_within_a_day(noise: float) -> None:
    """Prints the line of the table in docs/operations.md."""
    hits = 0
    for seed in range(40):
        at = int(np.random.default_rng(seed).integers(5, 23))
        values = noisy(1000 + seed, noise)
        values[at:] *= 1.2
        hits += any(abs((s.day - DAYS[at]).days) <= 1 and s.low < 0.2 < s.high for s in steps(DAYS, list(values)))
    print(f"\nshift of 20 %, noise of {noise:.0%} a day: dated within a day in {hits} of 40")
    assert hits >= 36


def test_up_and_back_down_are_two_steps() -> None:
    values = noisy(3, 0.03)
    values[9:20] *= 1.5
    found = steps(DAYS, list(values))
    assert [s.day for s in found] == [DAYS[9], DAYS[20]]
    assert found[0].size > 0 > found[1].size


def test_a_weekend_is_not_a_shift() -> None:
    assert steps(DAYS, list(100 * WEEKDAY)) == ()


def test_missing_days_take_no_part() -> None:
    values: list[float | None] = list(noisy(5, 0.03))
    values[13:] = [v * 1.4 for v in values[13:]]
    values[10] = values[20] = None
    assert [s.day for s in steps(DAYS, values)] == [DAYS[13]]
    assert steps(DAYS[:8], values[:8]) == ()


def test_limits_by_hand() -> None:
    found = limits([10, 12] * 5)
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx((11, 11 - 5.32, 11 + 5.32))  # 2.66 x 2
    assert limits([10.0] * 9) is None
    assert limits([0.01, 0.02] * 5).low == 0
    assert signals([10, 12, 30, None, 11], found) == (2,)
    assert signals([11.5] * 8, found) == tuple(range(8))


def test_burn_factors_of_28_days() -> None:
    assert [round(f, 2) for _, f in factors(28)] == [13.44, 5.6, 0.93]


def test_no_traffic_is_never_nan() -> None:
    assert burn_rate(0, 0, 0.99) is None
    assert budget(0, 0, 0.99).spent is None
    assert [b.worst for b in burns([0, 0], [0, 0], 0.99, 28)] == [None, None, None]


def test_budget_is_whole_on_day_one_and_spent_by_hand() -> None:
    assert budget(1000, 0, 0.99, elapsed=1 / 28).left == 1
    assert budget(1000, 5, 0.99).spent == pytest.approx(0.5)
    hot = burns([100.0] * 10, [0.0] * 9 + [20.0], 0.99, 28)[0]
    assert hot.hours == (9,) and hot.worst == pytest.approx(20)


loads = st.builds(Load, st.just(0.0) | st.floats(0.01, 1e6), st.floats(0, 1e6))
sides = st.dictionaries(st.sampled_from("abc"), st.builds(Load, st.floats(1, 1e4), st.floats(0, 1e4)), min_size=1)


@given(loads, loads)
def test_growth_parts_add_up(before: Load, after: Load) -> None:
    found = growth(before, after)
    largest = max(abs(part) for part in (found.load, found.slowdown, found.both))  # a float keeps 1e-16 of this
    assert found.load + found.slowdown + found.both == pytest.approx(found.total, rel=1e-6, abs=1e-3 + 1e-12 * largest)


@given(sides, sides)
def test_mix_and_slowdown_add_up_to_the_change_of_the_mean(before: dict[str, Load], after: dict[str, Load]) -> None:
    found = mean_change(before, after)

    def mean(side: dict[str, Load]) -> float:
        return sum(r.seconds for r in side.values()) / sum(r.requests for r in side.values())

    assert found.total == pytest.approx(mean(after) - mean(before), rel=1e-6, abs=1e-6)


def test_a_route_that_went_or_came_is_part_of_both_splits() -> None:
    """The trap: only routes of this week were listed; their parts did not add up to the change of the title."""
    before = {"kept": Load(10, 1.0), "gone": Load(10, 4.0)}
    after = {"kept": Load(10, 2.0), "new": Load(5, 0.5)}
    found = changes(before, after)
    totals = {r: g.total for r, g in found.by_route}
    assert totals == {"gone": -4.0, "kept": 1.0, "new": 0.5} and next(iter(totals)) == "gone"
    assert sum(totals.values()) == found.after.seconds - found.before.seconds == -2.5
    assert found.mean.total == pytest.approx(2.5 / 15 - 5.0 / 20)
    assert found.mean.slowdown == pytest.approx(10 / 15 * 0.1), "only the route of both weeks got slower"


def test_simpson_a_slower_mean_with_no_slower_route_is_mix() -> None:
    before = {"fast": Load(900, 90), "slow": Load(100, 100)}
    after = {"fast": Load(500, 50), "slow": Load(500, 500)}
    found = mean_change(before, after)
    assert found.slowdown == pytest.approx(0) and found.mix == pytest.approx(0.55 - 0.19)


def test_nobody_waited_has_no_share() -> None:
    assert time_share({"a": Load(0, 0)}) == {"a": None}


def hours(load_of_day) -> tuple[list[int], np.ndarray]:
    day = [d for d in range(21) for _ in range(24)]
    return day, np.array([load_of_day(d, h) for d in range(21) for h in range(24)], float)


def test_scaling_finds_the_planted_limit() -> None:
    day, load = hours(lambda d, h: 20 + 5 * d + 10 * np.sin(h / 24 * 6.28))
    use = 10 + 0.2 * load + np.random.default_rng(1).normal(0, 1, len(load))
    found = fit("database connections", day, load, use, 100, weekly=300)
    assert found.low < 450 < found.high
    assert found.testers == pytest.approx(300 * found.at_limit / np.quantile(load, 0.95))
    other = fit("memory", day, load, 5 + 0.01 * load, 100)
    assert first_to_saturate([other, found]).resource == "database connections"


def test_scaling_cannot_tell_when_load_hardly_varied() -> None:
    day, load = hours(lambda d, h: 100 + h % 3)
    found = fit("CPU", day, load, load * 0.5, 100)
    assert found.at_limit is None and found.answer == "cannot tell: load hardly varied"
    assert first_to_saturate([found]) is None


def test_scaling_cannot_tell_when_use_does_not_follow_load() -> None:
    day, load = hours(lambda d, h: 20 + 5 * d)
    use = np.random.default_rng(2).normal(50, 5, len(load))
    assert fit("disk", day, load, use, 100).answer.startswith("cannot tell: active testers explain only")


def test_one_outage_does_not_hide_the_next_in_the_limits() -> None:
    values = [0.010, 0.012, 0.009, 0.011] * 6
    values[10] = 0.30
    found = limits(values)
    assert found.high < 0.02 and found.days == 23
    assert signals(values, found) == (10,)


def test_a_steady_trend_is_no_row_of_steps() -> None:
    """A disk that fills evenly: steps every week and weekday effects would follow it exactly."""
    for seed in range(12):
        noise = np.exp(np.random.default_rng(seed).normal(0, 0.003, 28))
        assert steps(DAYS, list((100 + 2 * np.arange(28)) * noise)) == ()


def test_a_step_on_top_of_a_trend_is_found() -> None:
    hits = 0
    for seed in range(12):
        values = (100 + np.arange(28)) * np.exp(np.random.default_rng(seed).normal(0, 0.01, 28))
        values[14:] *= 1.5
        hits += [s.day for s in steps(DAYS, list(values))] == [DAYS[14]]
    assert hits >= 11


def bent(seed: int, steeper: float) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Hours of three weeks: use bends at a load of 70; whole days lie higher or lower together."""
    random = np.random.default_rng(seed)
    day = np.repeat(np.arange(21), 24)
    load = 20 + 3 * day + 40 * np.abs(np.sin(np.arange(len(day)) / 24 * np.pi)) * random.uniform(0.6, 1.4, 21)[day]
    noise = random.normal(0, 1.5, 21)[day] + random.normal(0, 1, len(load))
    return day.tolist(), load, 5 + 0.1 * load + np.maximum(0, load - 70) * steeper + noise


def test_a_knee_is_followed_to_the_limit() -> None:
    for seed in range(20):
        found = fit("CPU", *bent(seed, 0.5), 100)
        assert found.knee is not None and found.knee.at == pytest.approx(70, abs=8)
        truth = 70 + (100 - 12) / 0.6  # the line of all hours would promise far more
        assert found.at_limit == pytest.approx(truth, rel=0.08), seed
        assert "times as fast" in found.answer


def test_a_straight_line_has_no_knee() -> None:
    assert [s for s in range(60) if fit("CPU", *bent(s, 0.0), 100).knee is not None] == []


@given(st.integers(7, 20), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_lines_of_all_samples_at_once_are_those_of_each_sample(days: int, seed: int) -> None:
    """Oracle: numpy's own fit of the hours of every sample, one after the other."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(days), rng.integers(1, 25, days))
    x = 1e6 + rng.gamma(2.0, 50.0, len(place))
    y = 0.3 + 1e-4 * x + rng.normal(0, 0.01, len(place))
    drawn = rng.integers(0, days, (5, days))
    bases, slopes = scaling._lines(drawn, place, x, y)
    for sample, base, slope in zip(drawn, bases, slopes, strict=True):
        rows = np.concatenate([np.flatnonzero(place == d) for d in sample])
        steep, foot = np.polyfit(x[rows] - 1e6, y[rows], 1)
        assert slope == pytest.approx(steep, rel=1e-6)
        assert base + slope * 1e6 == pytest.approx(foot, rel=1e-6)


def test_a_sample_of_one_load_has_no_slope() -> None:
    bases, slopes = scaling._lines(np.array([[0, 0], [0, 1]]), np.array([0, 0, 1]), np.array([3.0, 3.0, 5.0]),
                                   np.array([1.0, 3.0, 6.0]))  # fmt: skip
    assert slopes.tolist() == [0.0, pytest.approx(2.0)]
    assert bases.tolist() == pytest.approx([2.0, -4.0])
