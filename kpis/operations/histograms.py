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


@dataclass(frozen=True)
class Table:
    """Histograms with the same bounds, one a row: bounds rising and unique, counts of each bucket and below."""

    bounds: np.ndarray
    counts: np.ndarray  # rows x bounds, lifted where they fell

    @classmethod
    def of(cls, bounds: Sequence[float], counts: np.ndarray) -> Table | None:
        """As `clean`, for all rows at once. None without a +Inf bucket."""
        merged: dict[float, np.ndarray] = {}
        for bound, column in zip(bounds, counts.T, strict=True):
            if not math.isnan(bound):
                merged[bound] = merged[bound] + column if bound in merged else column
        if math.inf not in merged:
            return None
        edges = sorted(merged)
        lifted = np.empty((len(counts), len(edges)), order="F")  # a column is what is worked on
        for place, edge in enumerate(edges):
            lifted[:, place] = merged[edge] if place == 0 else np.maximum(lifted[:, place - 1], merged[edge])
        return cls(np.array(edges), lifted)

    def quantiles(self, q: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Value, lower and upper bound of each row's quantile, as `quantile`; NaN where there is none."""
        if not 0 <= q <= 1 or len(self.bounds) < 2:
            found = [quantile(self.bounds, row, q) for row in self.counts]
            rows = np.array([(f.value, f.lower, f.upper) for f in found], dtype=float).reshape(-1, 3)
            return rows[:, 0], rows[:, 1], rows[:, 2]
        total = self.counts[:, -1]
        rank = q * total
        at = np.zeros(len(rank), np.int64)
        for column in self.counts.T[:-1]:
            at += column < rank
        row, before = np.arange(len(at)), np.maximum(at - 1, 0)
        upper = self.bounds[at]
        lower = np.where(at > 0, self.bounds[before], 0.0)
        below = np.where(at > 0, self.counts[row, before], 0.0)
        inside = self.counts[row, at] - below
        with np.errstate(divide="ignore", invalid="ignore"):
            value = lower + (upper - lower) * np.where(inside > 0, (rank - below) / inside, 0.0)
        beyond, under = at == len(self.bounds) - 1, (at == 0) & (upper <= 0)
        value = np.where(beyond, lower, np.where(under, upper, value))
        lower = np.where(under, -np.inf, lower)
        value, lower, upper = (np.where(total > 0, part, np.nan) for part in (value, lower, upper))
        return value, lower, upper

    def shares(self, bound: float) -> np.ndarray:
        """Share of each row's observations <= bound, as `share`; NaN where there are none."""
        total = self.counts[:, -1]
        own = np.flatnonzero(np.isclose(self.bounds, bound, rtol=1e-9, atol=0.0))
        rank = self.counts[:, own[0]] if len(own) else self._ranks(bound)
        return np.where(total > 0, rank / np.where(total > 0, total, 1.0), np.nan)

    def _ranks(self, value: float) -> np.ndarray:
        """As `_rank` for a value that is no bound."""
        i = int(np.searchsorted(self.bounds, value, side="left"))
        lower, upper = float(self.bounds[i - 1]) if i else 0.0, float(self.bounds[i])
        below = self.counts[:, i - 1] if i else np.zeros(len(self.counts))
        if math.isinf(upper) or value <= lower or (i == 0 and upper <= 0):
            return below
        return below + (self.counts[:, i] - below) * (value - lower) / (upper - lower)
