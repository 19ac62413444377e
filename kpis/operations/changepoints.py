"""When did a daily value shift? Steps in daily values with the weekday removed, each dated and sized.

Model: log value = weekday effect + steps. The best further step is the one with the largest drop of the
residual sum of squares over all days; its p-value comes from permuting the residuals of the model without
it (fixed seed), so that searching all days is paid for. Where no single step stands out, pairs (up and
back down) are searched the same way. Steps are added until none is significant. A level that only grows or
falls steadily is no row of steps: where a smooth trend explains the days better than the steps do (BIC),
steps are searched on top of the trend. Hours are never tested: their autocorrelation makes a nominal 1 %
alarm far more often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

ALPHA = 0.002  # per search; keeps 28 days of pure noise silent in at least 99 of 100 cases
PERMUTATIONS = 1999
MIN_SIDE = 3  # days on either side of a step
MIN_SIZE = 0.05  # relative shift below which nobody needs to act
MAX_STEPS = 4
MARGIN = 4.0  # of BIC: a trend must explain the days clearly better, or a real step near the ends would be called one


@dataclass(frozen=True)
class Step:
    """A shift: `day` is the first day at the new level; `size` is relative (0.2 = +20 %)."""

    day: date
    size: float
    low: float  # 95 % interval of the size
    high: float
    p_value: float
    earliest: date  # days whose fit is nearly as good: how sure the date is
    latest: date


def steps(days: Sequence[date], values: Sequence[float | None], *, seed: int = 20260302) -> tuple[Step, ...]:
    """Significant steps of a positive daily value, oldest first; days without a value take no part."""
    known = [(d, v) for d, v in zip(days, values, strict=True) if v is not None and v > 0]
    if len(known) < 4 * MIN_SIDE:
        return ()
    dates = [d for d, _ in known]
    y = np.log(np.array([v for _, v in known]))
    if np.ptp(y) == 0:
        return ()
    base = _weekdays(dates)
    found = _all(y, base, seed)
    ordinal = np.array([d.toordinal() - dates[0].toordinal() for d in dates]) / len(y)
    trend = np.column_stack([base, ordinal, ordinal**2])
    if found:
        other = _all(y, trend, seed)
        if _bic(y, _with(trend, other), len(other)) + MARGIN < _bic(y, _with(base, found), len(found)):
            base, found = trend, other
    return _measure(dates, y, base, found)


def _all(y: np.ndarray, base: np.ndarray, seed: int) -> list[tuple[int, float]]:
    """Places and p-values of all significant steps on top of a base."""
    generator = np.random.default_rng(seed)
    found: list[tuple[int, float]] = []
    while len(found) < MAX_STEPS:
        design = _with(base, found)
        single, pairs = _candidates(len(y), [at for at, _ in found])
        best = _search(y, design, single, generator) or _search(y, design, pairs, generator)
        if best is None:
            break
        found += [(at, best[1]) for at in best[0]]
    return found


def _with(base: np.ndarray, found: Sequence[tuple[int, float]]) -> np.ndarray:
    return np.column_stack([base, *(_step(len(base), at) for at, _ in found)])


def _bic(y: np.ndarray, design: np.ndarray, dates: int) -> float:
    """Bayesian information criterion; every step's date is a parameter as well as its size."""
    solution, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = max(float(((y - design @ solution) ** 2).mean()), 1e-12)
    return len(y) * float(np.log(left)) + (design.shape[1] + dates) * float(np.log(len(y)))


def _weekdays(dates: Sequence[date]) -> np.ndarray:
    """Dummies of the weekday; only an intercept when there are fewer than two weeks."""
    if len(dates) < 14:
        return np.ones((len(dates), 1))
    columns = [[float(d.weekday() == w) for d in dates] for w in sorted({d.weekday() for d in dates})]
    return np.array(columns).T


def _step(size: int, at: int) -> np.ndarray:
    return (np.arange(size) >= at).astype(float)


def _candidates(size: int, taken: Sequence[int]) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """Places for one further step, and for a pair of steps at least MIN_SIDE days apart."""
    edges = [0, *taken, size]
    free = [at for at in range(MIN_SIDE, size - MIN_SIDE + 1) if all(abs(at - e) >= MIN_SIDE for e in edges)]
    return [(at,) for at in free], [(a, b) for a in free for b in free if b - a >= MIN_SIDE]


def _search(
    y: np.ndarray, design: np.ndarray, places: list[tuple[int, ...]], generator: np.random.Generator
) -> tuple[tuple[int, ...], float] | None:
    """The best further step or pair of steps and its p-value, or None when it may be chance."""
    basis, _ = np.linalg.qr(design)
    residual = y - basis @ (basis.T @ y)
    if not places or residual @ residual < 1e-18 * (y @ y + 1):
        return None
    shapes = [
        sum((_step(len(y), at) * sign for at, sign in zip(p, (1, -1), strict=False)), np.zeros(len(y))) for p in places
    ]
    columns = np.column_stack(shapes)
    columns = columns - basis @ (basis.T @ columns)
    lengths = (columns**2).sum(axis=0)
    usable = lengths > 1e-9
    if not usable.any():
        return None
    unit = columns[:, usable] / np.sqrt(lengths[usable])
    shuffled = generator.permuted(np.tile(residual, (PERMUTATIONS, 1)), axis=1)
    shuffled -= (shuffled @ basis) @ basis.T
    gain = (residual @ unit) ** 2 / (residual @ residual)
    chance = ((shuffled @ unit) ** 2).max(axis=1) / (shuffled**2).sum(axis=1)
    p_value = (1 + int((chance >= gain.max()).sum())) / (1 + PERMUTATIONS)
    if p_value > ALPHA:
        return None
    return [p for p, ok in zip(places, usable, strict=True) if ok][int(gain.argmax())], p_value


def _measure(dates: list[date], y: np.ndarray, base: np.ndarray, found: list[tuple[int, float]]) -> tuple[Step, ...]:
    """Size, interval and date range of every step, all steps fitted together."""
    if not found:
        return ()
    from scipy import stats

    found = sorted(found)
    design = _with(base, found)
    freedom = max(1, len(y) - np.linalg.matrix_rank(design))
    solution, *_ = np.linalg.lstsq(design, y, rcond=None)
    residual = y - design @ solution
    variance = float(residual @ residual) / freedom
    covariance = variance * np.linalg.pinv(design.T @ design)
    width = float(stats.t.ppf(0.975, freedom))
    out = []
    for position, (at, p_value) in enumerate(found, start=base.shape[1]):
        effect, error = float(solution[position]), float(np.sqrt(max(covariance[position, position], 0.0)))
        size = float(np.expm1(effect))
        if abs(size) < MIN_SIZE:
            continue
        low, high = float(np.expm1(effect - width * error)), float(np.expm1(effect + width * error))
        first, last = _date_range(y, design, position, at, variance)
        out.append(Step(dates[at], size, low, high, p_value, dates[first], dates[last]))
    return tuple(out)


def _date_range(y: np.ndarray, design: np.ndarray, position: int, at: int, variance: float) -> tuple[int, int]:
    """First and last day whose fit is within the 95 % likelihood drop (3.84 residual variances) of the best."""

    def misfit(place: int) -> float:
        moved = design.copy()
        moved[:, position] = _step(len(y), place)
        solution, *_ = np.linalg.lstsq(moved, y, rcond=None)
        return float(((y - moved @ solution) ** 2).sum())

    best, first, last = misfit(at), at, at
    while first > 1 and misfit(first - 1) - best <= 3.84 * variance:
        first -= 1
    while last < len(y) - 1 and misfit(last + 1) - best <= 3.84 * variance:
        last += 1
    return first, last
