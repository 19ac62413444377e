"""Quantiles and shares from cumulative histogram buckets, as Prometheus computes them, with their uncertainty.

Formulas: prometheus/promql/quantile.go (BucketQuantile, histogram_fraction). `bounds` are upper bounds as numbers
(+Inf included, any order), `counts` the cumulative counts; equal bounds are merged by adding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Quantile:
    """A quantile with the bounds of its bucket.

    `value` None: no observations or no +Inf bucket. `saturated`: the rank lies above the highest finite bound, so the
    value is only a lower limit (`upper` is inf). `repaired`: counts that went down were lifted. `n`: observations.
    """

    value: float | None
    lower: float | None
    upper: float | None
    saturated: bool
    repaired: bool
    n: float


@dataclass(frozen=True)
class Buckets:
    """Cleaned buckets: bounds rising and unique, the last one +Inf, counts never falling."""

    bounds: np.ndarray
    counts: np.ndarray
    repaired: bool

    @property
    def total(self) -> float:
        return float(self.counts[-1])


def clean(bounds: Sequence[float], counts: Sequence[float]) -> Buckets | None:
    """Sort, merge equal bounds, lift counts that fall. None without a +Inf bucket (NaN bounds are dropped)."""
    merged: dict[float, float] = {}
    for bound, count in zip(bounds, counts, strict=True):
        if not math.isnan(bound) and not math.isnan(count):
            merged[float(bound)] = merged.get(float(bound), 0.0) + float(count)
    if math.inf not in merged:
        return None
    edges = np.array(sorted(merged))
    raw = np.array([merged[e] for e in edges])
    lifted = np.maximum.accumulate(raw)
    tolerance = 1e-9 * max(1.0, float(np.abs(raw).max()))  # summing floats, not a broken histogram
    return Buckets(edges, lifted, bool(np.any(lifted - raw > tolerance)))


def quantile(bounds: Sequence[float], counts: Sequence[float], q: float) -> Quantile:
    """The q-quantile: linear inside its bucket, the first bucket from 0 (or its own bound where that is <= 0).

    q > 1 is +Inf and q < 0 is -Inf, as on the server. A rank in the +Inf bucket gives the highest finite bound.
    """
    buckets = clean(bounds, counts)
    if buckets is None or not buckets.total > 0 or math.isnan(q):
        n = buckets.total if buckets else 0.0
        return Quantile(None, None, None, False, bool(buckets and buckets.repaired), n)
    if q < 0 or q > 1:
        far = math.inf if q > 1 else -math.inf
        return Quantile(far, far, far, False, buckets.repaired, buckets.total)
    if len(buckets.bounds) < 2:  # only +Inf: nothing is known about any value
        return Quantile(None, None, None, True, buckets.repaired, buckets.total)
    value, lower, upper = _in_bucket(buckets, q * buckets.total)
    return Quantile(value, lower, upper, math.isinf(upper), buckets.repaired, buckets.total)


def _in_bucket(buckets: Buckets, rank: float) -> tuple[float, float, float]:
    """Value at a rank and the bounds of the bucket it lies in."""
    bounds, counts = buckets.bounds, buckets.counts
    i = int(np.searchsorted(counts[:-1], rank, side="left"))
    if i == len(bounds) - 1:
        return float(bounds[-2]), float(bounds[-2]), math.inf
    upper = float(bounds[i])
    if i == 0 and upper <= 0:
        return upper, -math.inf, upper
    lower = float(bounds[i - 1]) if i else 0.0
    below = float(counts[i - 1]) if i else 0.0
    inside = float(counts[i]) - below
    part = (rank - below) / inside if inside > 0 else 0.0
    return lower + (upper - lower) * part, lower, upper


def fraction(bounds: Sequence[float], counts: Sequence[float], lower: float, upper: float) -> float | None:
    """Share of observations between two values, linear inside buckets, none of the +Inf bucket below +Inf.

    None without observations; 0 where lower >= upper.
    """
    buckets = clean(bounds, counts)
    if buckets is None or not buckets.total > 0 or math.isnan(lower) or math.isnan(upper):
        return None
    if lower >= upper:
        return 0.0
    return (_rank(buckets, upper) - _rank(buckets, lower)) / buckets.total


def _rank(buckets: Buckets, value: float) -> float:
    """Observations at or below a value, interpolated."""
    bounds, counts = buckets.bounds, buckets.counts
    i = int(np.searchsorted(bounds, value, side="left"))
    upper = float(bounds[i])
    if upper == value:
        return float(counts[i])
    below = float(counts[i - 1]) if i else 0.0
    lower = float(bounds[i - 1]) if i else 0.0
    if math.isinf(upper) or value <= lower or (i == 0 and upper <= 0):
        return below
    return below + (float(counts[i]) - below) * (value - lower) / (upper - lower)


def share(bounds: Sequence[float], counts: Sequence[float], bound: float) -> tuple[float | None, bool]:
    """Share of observations <= bound, and whether it is exact (the bound is a bucket's own)."""
    buckets = clean(bounds, counts)
    if buckets is None or not buckets.total > 0:
        return None, False
    exact = bool(np.any(np.isclose(buckets.bounds, bound, rtol=1e-9, atol=0.0)))
    if exact:
        i = int(np.flatnonzero(np.isclose(buckets.bounds, bound, rtol=1e-9, atol=0.0))[0])
        return float(buckets.counts[i]) / buckets.total, True
    return _rank(buckets, bound) / buckets.total, False
