"""Will it hold at launch? Use of each resource against load, and the load at which it reaches its limit.

Ordinary least squares of hourly use on hourly load with a 95 % interval; hours of a day hang together, so the
interval comes from resampling whole days (fixed seed). When the load hardly varied the answer is
"cannot tell": a line through one point fits anything. Where use clearly bends upwards beyond some load (knee.py), the
line of the steep part is the one that is followed to the limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpis.model import Unit
from kpis.operations.knee import Knee, knee, steep
from kpis.words import show

MIN_DAYS = 7
MIN_SPREAD = 1.5  # p95 of load over its p5: below, load hardly varied
MIN_FIT = 0.3  # share of the variation that load must explain before its line is believed
RESAMPLES = 400


@dataclass(frozen=True)
class Fit:
    """use = base + slope * load (beyond the knee, where there is one). `at_limit`: load at which use reaches the limit,
    with its interval.

    `times`: at_limit over the busiest hours so far (p95 of load). `testers`: weekly active testers at that point if
    each behaves as today; None where the number of today is not known.
    """

    resource: str
    load: str  # what the load counts
    base: float | None
    slope: float | None
    r_squared: float | None
    limit: float
    busiest: float | None  # p95 of the load seen
    at_limit: float | None  # None: cannot tell
    low: float | None
    high: float | None  # None beside a low: no upper end found
    testers: float | None
    answer: str  # one sentence
    days: int
    knee: Knee | None = None

    @property
    def times(self) -> float | None:
        return self.at_limit / self.busiest if self.at_limit is not None and self.busiest else None


def fit(resource: str, days: Sequence[int], load: Sequence[float], use: Sequence[float], limit: float,
        *, load_word: str = "active testers", weekly: float | None = None, seed: int = 20260302) -> Fit:  # fmt: skip
    """Fit one resource. The three sequences run in parallel, one entry an hour; use and limit in the same unit.

    `weekly`: weekly active testers while this load was seen, to say the answer in testers.
    """
    day, x, y = np.asarray(days), np.asarray(load, float), np.asarray(use, float)
    count = len(set(day.tolist()))
    if why := _why_not(count, x):
        return _untold(resource, load_word, limit, count, why)
    bend = knee(day, x, y)
    base, slope = (bend.base, bend.slope) if bend else _line(x, y)
    fitted = base + slope * x
    if bend:
        below = base + slope * bend.at - bend.slope_below * (bend.at - x)
        fitted = np.where(x > bend.at, fitted, below)
    left, spread = float(((y - fitted) ** 2).sum()), float(((y - y.mean()) ** 2).sum())
    r_squared = 1 - left / spread if spread > 0 else 0.0
    crossings, slopes = _resampled(day, x, y, limit, seed, bend)
    if slope <= 0 or float(np.quantile(slopes, 0.025)) <= 0 or r_squared < MIN_FIT:
        why = f"{load_word} explain only {show(round(max(r_squared, 0), 2), Unit.RATIO)} of its variation"
        return _untold(resource, load_word, limit, count, why, base, slope, r_squared)
    at, busiest, (low, high) = (limit - base) / slope, float(np.quantile(x, 0.95)), _ends(crossings)
    testers = weekly * at / busiest if weekly and busiest else None
    answer = _answer(resource, load_word, at, busiest, low, high, weekly) + _bent(bend, load_word)
    return Fit(resource, load_word, base, slope, r_squared, limit, busiest, at, low, high, testers, answer, count, bend)


def _untold(resource: str, load_word: str, limit: float, days: int, why: str, *line: float) -> Fit:
    base, slope, r_squared = line or (None, None, None)
    return Fit(
        resource, load_word, base, slope, r_squared, limit, None, None, None, None, None, f"cannot tell: {why}", days
    )


def _answer(resource: str, load_word: str, at: float, busiest: float, low: float, high: float | None,
            weekly: float | None) -> str:  # fmt: skip
    if at <= busiest:
        return f"{resource} is at its limit in the busiest hours already"
    upto = "no upper end found" if high is None else f"{high / busiest:.1f}"
    span = f"(95 %: {low / busiest:.1f} to {upto})"
    text = f"{resource} reaches its limit at {at / busiest:.1f} times the busiest hours so far {span}"
    if weekly:
        text += f", about {weekly * at / busiest:,.0f} weekly active testers who behave as today's"
    return f"{text}; measured against {load_word}"


def _bent(bend: Knee | None, load_word: str) -> str:
    if bend is None:
        return ""
    pace = "only from there it grows" if bend.slope_below <= 0 else f"{bend.slope / bend.slope_below:.1f} times as fast"
    return f"; it bends at {bend.at:,.0f} {load_word}, {pace}"


def _why_not(days: int, load: np.ndarray) -> str | None:
    if days < MIN_DAYS:
        return f"{days} days of at least {MIN_DAYS}"
    low, high = np.quantile(load, [0.05, 0.95])
    if high <= 0 or (low > 0 and high / low < MIN_SPREAD):
        return "load hardly varied"
    return None


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    centred = x - x.mean()
    length = float(centred @ centred)
    slope = float(centred @ y) / length if length > 0 else 0.0
    return float(y.mean() - slope * x.mean()), slope


def _resampled(day: np.ndarray, x: np.ndarray, y: np.ndarray, limit: float, seed: int,
               bend: Knee | None) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Crossing loads (inf where use does not grow) and slopes of day-block resamples; a knee stays where it is."""
    names, place = np.unique(day, return_inverse=True)
    drawn = np.random.default_rng(seed).integers(0, len(names), (RESAMPLES, len(names)))
    if bend is None:
        bases, slopes = _lines(drawn, place, x, y)
    else:
        places = [np.flatnonzero(place == i) for i in range(len(names))]
        rows = (np.concatenate([places[i] for i in sample]) for sample in drawn)
        bases, slopes = np.array([steep(x[r], y[r], bend.at) for r in rows]).T
    with np.errstate(divide="ignore"):
        crossings = np.where(slopes > 0, (limit - bases) / slopes, np.inf)
    return crossings, slopes


def _lines(drawn: np.ndarray, place: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bases and slopes of all samples of days at once, from each day's sums; slope 0 where a sample has one load."""
    days = drawn.shape[1]
    centre, height = x.mean(), y.mean()  # sums of what is near 0 lose no digits
    a, b = x - centre, y - height
    sums = np.array([np.bincount(place, part, days) for part in (np.ones_like(a), a, b, a * a, a * b)])
    times = np.array([np.bincount(sample, minlength=days) for sample in drawn])
    n, sum_a, sum_b, sum_aa, sum_ab = sums @ times.T
    length = sum_aa - sum_a * sum_a / n
    one_load = length <= 1e-12 * sum_aa
    slopes = np.where(one_load, 0.0, (sum_ab - sum_a * sum_b / n) / np.where(one_load, 1.0, length))
    return height + sum_b / n - slopes * (centre + sum_a / n), slopes


def _ends(crossings: np.ndarray) -> tuple[float, float | None]:
    low, high = (float(v) for v in np.quantile(crossings, [0.025, 0.975], method="nearest"))
    return low, high if np.isfinite(high) else None


def first_to_saturate(fits: Sequence[Fit]) -> Fit | None:
    """The resource whose limit is the fewest times the busiest hours away, or None when none can be told."""
    known = [f for f in fits if f.times is not None]
    return min(known, key=lambda f: (f.times, f.resource)) if known else None
