"""How sure one may be: 95 % intervals, each by the method its kind of data allows.

Nothing here knows about KPIs. `None` means that no interval can be given, never a narrow one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri, stdtrit

LEVEL = 0.95
Interval = tuple[float | None, float | None]
NONE: Interval = (None, None)
MIN_DAYS = 4  # days needed for an interval from the spread of days


def wilson(successes: float, n: float, level: float = LEVEL) -> Interval:
    """Wilson score interval of a proportion (Wilson 1927). None for n <= 0.

    Also right at 0 and 1: nothing in n still allows about 3.8 / n. Counts may be fractions (increases of counters).
    Written out because scipy's binomtest spends a millisecond on a p-value that nobody reads; tests compare the two.
    """
    if n <= 0:
        return NONE
    z = float(ndtri((1 + level) / 2))
    p = min(max(successes / n, 0.0), 1.0)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (0.0 if p == 0 else middle - half), (1.0 if p == 1 else middle + half)


def wilsons(successes: np.ndarray, n: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of `wilson` for arrays of whole counts, to the last bit the same; NaN for n <= 0."""
    z = float(ndtri((1 + level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.clip(successes / n, 0.0, 1.0)
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        ends = np.where(p == 0, 0.0, middle - half), np.where(p == 1, 1.0, middle + half)
    return np.where(n > 0, ends[0], np.nan), np.where(n > 0, ends[1], np.nan)


def difference(new: tuple[float, float], old: tuple[float, float], level: float = LEVEL) -> Interval:
    """Interval of p_new - p_old of two independent proportions, each (successes, n), n > 0.

    Newcombe 1998, method 10: the Wilson ends of both, combined by squares.
    """
    (k1, n1), (k0, n0) = new, old
    (l1, u1), (l0, u0) = wilson(k1, n1, level), wilson(k0, n0, level)
    if l1 is None or u1 is None or l0 is None or u0 is None:
        return NONE
    p1, p0 = k1 / n1, k0 / n0
    return p1 - p0 - math.hypot(p1 - l1, u0 - p0), p1 - p0 + math.hypot(u1 - p1, p0 - l0)


def mean_t(total: float, n: int, sum_squares: float) -> Interval:
    """Student t interval of a mean from its sums, 95 %. None for fewer than 2."""
    if n < 2:
        return NONE
    mean = total / n
    variance = max(0.0, (sum_squares - n * mean * mean) / (n - 1))
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * math.sqrt(variance / n)
    return mean - half, mean + half


def ratio_of_days(numerators: Sequence[float], denominators: Sequence[float]) -> Interval:
    """Interval of sum(x) / sum(y) with days as clusters, 95 %, Student t with days - 1 degrees of freedom.

    Linearised ratio estimator (Cochran 1977, section 2.11): requests of one day resemble each other, so that days, not
    requests, are counted as independent. None for fewer than 4 days or without any denominator.
    """
    x, y = np.asarray(numerators, float), np.asarray(denominators, float)
    days, total = len(x), float(y.sum())
    if days < MIN_DAYS or total <= 0:
        return NONE
    ratio = float(x.sum()) / total
    variance = days / (days - 1) * float(((x - ratio * y) ** 2).sum()) / total**2
    half = float(stdtrit(days - 1, (1 + LEVEL) / 2)) * math.sqrt(variance)
    return ratio - half, ratio + half


def rank_range(n: float, q: float) -> tuple[float, float]:
    """The quantile's own uncertainty as two levels q1 <= q <= q2 (normal approximation of the binomial rank)."""
    if n <= 0:
        return q, q
    half = float(ndtri((1 + LEVEL) / 2)) * math.sqrt(q * (1 - q) / n)
    return max(0.0, q - half), min(1.0, q + half)


def kaplan_meier_median(durations: Sequence[float], observed: Sequence[bool]) -> tuple[float | None, Interval]:
    """Median of durations with open ones censored, and its 95 % interval (log-log, Brookmeyer and Crowley 1982).

    Written out because importing scipy.stats takes most of a second of the first page; tests compare the two.
    The median is None while more than half are still open; an end of the interval is None where it is not reached.
    """
    if not len(durations):
        return None, NONE
    times, seen = np.asarray(durations, float), np.asarray(observed, bool)
    if not seen.any():
        return None, NONE
    order = np.argsort(times)
    times, seen = times[order], seen[order]
    first = np.flatnonzero(np.diff(times, prepend=-np.inf) > 0)
    at_risk = len(times) - first
    ended = np.add.reduceat(seen.astype(np.int64), first)
    survival, quantiles = np.cumprod((at_risk - ended) / at_risk), times[first]
    median = _first_below(quantiles, survival)
    if len(times) < 2:
        return median, NONE
    with np.errstate(divide="ignore", invalid="ignore"):  # NaN at the first and last times: "not reached"
        variance = 1 / np.log(survival) ** 2 * np.cumsum(ended / (at_risk * (at_risk - ended)))
        half = float(ndtri((1 + LEVEL) / 2)) * np.sqrt(variance)
        middle = np.log(-np.log(survival))
        low, high = np.exp(-np.exp(middle + half)), np.exp(-np.exp(middle - half))
    return median, (_first_below(quantiles, low), _first_below(quantiles, high))


def _first_below(times: np.ndarray, probabilities: np.ndarray) -> float | None:
    """First time at which a survival curve is at or below one half."""
    reached = times[np.nan_to_num(probabilities, nan=1.0) <= 0.5 + 1e-12]
    return float(reached[0]) if len(reached) else None
