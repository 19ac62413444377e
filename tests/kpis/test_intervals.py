"""Intervals against formulas written out a second time, and against what must hold for any of them."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kpis import intervals


@given(st.integers(1, 5000), st.sampled_from([0.95, 0.985]), st.data())
def test_wilson_is_scipys(n: int, level: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    expected = stats.binomtest(k, n).proportion_ci(level, method="wilson")
    assert intervals.wilson(k, n, level) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 10, 0.0179, 0.4042), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_published_values(k: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, tables of single proportions."""
    assert intervals.wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_nothing_seen_is_not_nothing_there() -> None:
    """0 of 300: the naive interval is 0 to 0; about 3 / n must stay possible."""
    low, high = intervals.wilson(0, 300)
    assert low == 0
    assert high is not None and 3 / 300 <= high <= 4 / 300
    assert intervals.wilson(0, 0) == (None, None)


def test_a_numerator_above_its_denominator_is_held_at_one() -> None:
    """A migration tried in one week may succeed in the next."""
    assert intervals.wilson(11, 10) == intervals.wilson(10, 10)


def test_difference_of_proportions_published() -> None:
    """Newcombe 1998, comparison (a): 56/70 - 48/80."""
    assert intervals.difference((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_mean_of_testers() -> None:
    # 1, 2, 3, 4: mean 2.5, s = 1.29099, t(3) = 3.18245
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert intervals.mean_t(10, 4, 30) == pytest.approx((2.5 - half, 2.5 + half), abs=1e-5)
    assert intervals.mean_t(3, 1, 9) == (None, None)


def test_days_as_clusters_by_hand() -> None:
    # r = 10 / 400; residuals 0, 1, -1, 0 -> var = 4/3 * 2 / 400^2; t(3)
    half = 3.182446 * math.sqrt(4 / 3 * 2) / 400
    found = intervals.ratio_of_days([2.5, 3.5, 1.5, 2.5], [100, 100, 100, 100])
    assert found == pytest.approx((0.025 - half, 0.025 + half), abs=1e-7)
    assert intervals.ratio_of_days([1, 1, 1], [10, 10, 10]) == (None, None)
    assert intervals.ratio_of_days([0] * 7, [0] * 7) == (None, None)


def test_requests_that_cluster_need_the_spread_of_days() -> None:
    """A day's rate varies: Wilson over all requests misses the true rate far too often, days as clusters do not."""
    random = np.random.default_rng(7)
    hits = {"wilson": 0, "days": 0}
    for _ in range(300):
        rates = random.gamma(4, 0.02 / 4, 7)
        bad = random.binomial(20_000, rates)
        ends = {"wilson": intervals.wilson(bad.sum(), 140_000), "days": intervals.ratio_of_days(bad, [20_000] * 7)}
        for name, (low, high) in ends.items():
            hits[name] += low is not None and high is not None and low <= 0.02 <= high
    assert hits["days"] >= 0.88 * 300
    assert hits["wilson"] <= 0.4 * 300


def test_kaplan_meier_by_hand() -> None:
    # Freireich 1963, 6-MP arm in weeks: median 23
    times = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    seen = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    median, (low, high) = intervals.kaplan_meier_median(times, [bool(s) for s in seen])
    assert (median, low, high) == (23, 13, None)


def test_open_items_are_not_forgotten() -> None:
    """Two fast, three still open: the median of the two would be 15 h; it is not reached."""
    median, ends = intervals.kaplan_meier_median([10, 20, 500, 500, 500], [True, True, False, False, False])
    assert median is None
    assert ends[1] is None
    assert intervals.kaplan_meier_median([], []) == (None, (None, None))
    assert intervals.kaplan_meier_median([5.0], [False]) == (None, (None, None))


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=2, max_size=60))
def test_kaplan_meier_is_scipys(items: list[tuple[int, bool]]) -> None:
    times, seen = (np.array(column) for column in zip(*items, strict=True))
    median, found = intervals.kaplan_meier_median(times, seen)
    if not seen.any():
        assert (median, found) == (None, (None, None))
        return
    survival = stats.ecdf(stats.CensoredData(uncensored=times[seen], right=times[~seen])).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        ends = survival.confidence_interval(0.95, method="log-log")
    curves = (survival, ends.low, ends.high)
    reached = [c.quantiles[np.nan_to_num(c.probabilities, nan=1.0) <= 0.5 + 1e-12] for c in curves]
    assert (median, *found) == tuple(float(r[0]) if len(r) else None for r in reached)
