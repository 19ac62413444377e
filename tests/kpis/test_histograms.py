"""What goes wrong silently with histograms. The public cases are in tests/operations/test_cases.py."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.operations import histograms
from tests.kpis.support import INF

BOUNDS = (0.1, 0.2, 0.5, INF)


def test_a_percentile_of_the_sum_is_not_the_mean_of_percentiles() -> None:
    fast, slow = (1000, 1000, 1000, 1000), (0, 0, 10, 10)
    summed = histograms.quantile(BOUNDS, np.add(fast, slow), 0.95).value
    parts = [histograms.quantile(BOUNDS, c, 0.95).value or 0 for c in (fast, slow)]
    assert summed == pytest.approx(0.1 * 959.5 / 1000)
    assert np.mean(parts) > 2.5 * (summed or 0)


def test_a_rank_above_the_last_bucket_is_only_a_lower_limit() -> None:
    found = histograms.quantile(BOUNDS, (10, 20, 30, 100), 0.95)
    assert (found.value, found.lower, found.upper, found.saturated) == (0.5, 0.5, INF, True)


def test_no_observation_is_no_data() -> None:
    for counts in ((0, 0, 0, 0), (math.nan,) * 4):
        assert histograms.quantile(BOUNDS, counts, 0.95).value is None
        assert histograms.share(BOUNDS, counts, 0.2) == (None, False)
        assert histograms.fraction(BOUNDS, counts, 0, 1) is None


def test_without_an_infinite_bucket_nothing_is_known() -> None:
    assert histograms.quantile((0.1, 0.2), (5, 10), 0.5).value is None
    assert histograms.quantile((INF,), (10,), 0.5).value is None


def test_bounds_are_numbers_not_texts() -> None:
    """10 sorts before 2 as text; equal bounds of two spellings are one bucket."""
    found = histograms.quantile((10.0, INF, 2.0, 2.0), (30, 30, 10, 10), 0.5)
    assert (found.value, found.lower, found.upper) == (1.5, 0, 2)


def test_buckets_that_fall_are_lifted_and_say_so() -> None:
    found = histograms.quantile(BOUNDS, (50, 40, 100, 100), 0.5)
    assert found.repaired
    assert found.value == pytest.approx(0.1)
    assert not histograms.quantile(BOUNDS, (50, 50 - 1e-12, 100, 100), 0.5).repaired


def test_a_share_is_exact_only_at_a_bound() -> None:
    assert histograms.share(BOUNDS, (90, 96, 100, 100), 0.2) == (0.96, True)
    assert histograms.share((100 * 0.001, 200 * 0.001, INF), (90, 96, 100), 0.2) == (0.96, True)
    value, exact = histograms.share(BOUNDS, (90, 96, 100, 100), 0.35)
    assert (value, exact) == (pytest.approx(0.98), False)


@given(st.lists(st.floats(0.001, 2.0), min_size=1, max_size=200), st.floats(0.01, 0.99))
def test_the_bucket_holds_the_true_quantile(seen: list[float], q: float) -> None:
    """Whatever the data, the order statistic of the same rank lies within the bucket's bounds."""
    counts = [sum(v <= b for v in seen) for b in BOUNDS]
    found = histograms.quantile(BOUNDS, counts, q)
    exact = sorted(seen)[max(0, math.ceil(round(q * len(seen), 9)) - 1)]
    assert found.lower is not None and found.upper is not None and found.value is not None
    assert found.lower <= exact <= found.upper
    assert found.lower <= found.value <= found.upper
    assert found.n == len(seen)
