"""Worked counter and histogram cases from public test data (source named in each case)."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.operations.counters import growth, increase
from kpis.operations.histograms import fraction, quantile

CASES = json.loads((Path(__file__).parents[1] / "cases" / "prometheus.json").read_text(encoding="utf-8"))["cases"]
BY_KIND: dict[str, list[dict]] = defaultdict(list)
for case in CASES:
    BY_KIND[case["computation"]["kind"]].append(case)


def samples(series: dict) -> tuple[np.ndarray, np.ndarray]:
    points = [(t, float(v)) for t, v in series["samples"]]
    return np.array([t for t, _ in points], float), np.array([v for _, v in points], float)


def name(labels: dict) -> str:
    return labels.get("path") or next(iter(labels.values()))


COUNTERS = [c for c in CASES if "exact_anchored_increase" in c]


@pytest.mark.parametrize("case", COUNTERS, ids=[c["name"] for c in COUNTERS])
def test_anchored_increase(case: dict) -> None:
    at, window = case["computation"]["eval_t"], case["computation"]["window_s"]
    got = {name(s["labels"]): increase(*samples(s), at - window, at) for s in case["series"]}
    assert got == case["exact_anchored_increase"]


def grouped(case: dict) -> dict[str, tuple[list[float], list[float]]]:
    """Per group: bounds and summed counts, of the values at the instant or of their increase in the window."""
    computation = case["computation"]
    at, window = computation["eval_t"], computation["window_s"]
    out: dict[str, tuple[list[float], list[float]]] = {}
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for series in case["series"]:
        ts, values = samples(series)
        if window is None:
            seen = values[ts <= at]
            count = float(seen[-1]) if len(seen) else math.nan
        else:
            count = increase(ts, values, at - window, at) or 0.0
        sums["|".join(series["labels"][k] for k in computation["group_by"])][series["labels"]["le"]] += count
    for group, buckets in sums.items():
        out[group] = ([float(b) for b in buckets], list(buckets.values()))
    return out


def number(value: float | str) -> float:
    return math.inf if value == "+Inf" else math.nan if value == "NaN" else float(value)


@pytest.mark.parametrize("case", BY_KIND["histogram_quantile"], ids=[c["name"] for c in BY_KIND["histogram_quantile"]])
def test_quantile(case: dict) -> None:
    got = {g: quantile(*b, case["computation"]["q"]).value for g, b in grouped(case).items()}
    for group, value in case["expected"].items():
        expected = number(value)
        assert (got[group] is None) if math.isnan(expected) else got[group] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("case", BY_KIND["histogram_fraction"], ids=[c["name"] for c in BY_KIND["histogram_fraction"]])
def test_fraction(case: dict) -> None:
    c = case["computation"]
    got = {g: fraction(*b, c["lower"], c["upper"]) for g, b in grouped(case).items()}
    assert got == pytest.approx(case["expected"], abs=1e-9)


def test_every_kind_of_case_is_used_or_named() -> None:
    elsewhere = {"ratio_const", "quantile_over_time", "quantile_across"}  # sample quantiles: test_series.py
    counters = {c["computation"]["kind"] for c in COUNTERS}
    assert set(BY_KIND) == counters | {"histogram_quantile", "histogram_fraction"} | elsewhere


steps = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 50), st.booleans()), min_size=2, max_size=60)


@given(steps, st.integers(1, 400))
def test_hours_add_up_to_days_whatever_the_borders(walk: list[tuple[int, int, bool]], piece: int) -> None:
    """Oracle: a real counter that restarts now and then; what it counted is never lost at a border."""
    at, value, ts, values = 0, 0, [], []
    for wait, add, restart in walk:
        at, value = at + wait, (add if restart else value + add)
        ts.append(at)
        values.append(value)
    t, v = np.array(ts, float), np.array(values, float)
    whole = increase(t, v, -1, at)
    pieces = [increase(t, v, a, min(a + piece, at)) or 0.0 for a in range(-1, at, piece)]
    assert sum(pieces) == pytest.approx(whole)
    oracle = sum(b - a if b >= a else b for a, b in pairwise(values))
    assert whole == pytest.approx(oracle)


def test_the_gap_and_the_reset_are_marked() -> None:
    found = growth(np.array([0, 15, 30, 100, 115.0]), np.array([1, 2, 3, 9, 4.0]))
    assert found.gap.tolist() == [False, False, False, True, False]
    assert found.reset.tolist() == [False, False, False, False, True]
    assert found.increase.tolist() == [0, 1, 1, 6, 4]
