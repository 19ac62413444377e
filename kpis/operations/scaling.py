"""Will it hold at launch? Use of each resource against load, and the load at which it reaches its limit.

Ordinary least squares of hourly use on hourly load with a 95 % interval; hours of a day hang together, so the
interval comes from resampling whole days (fixed seed). When the load hardly varied the answer is
"cannot tell": a line through one point fits anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MIN_DAYS = 7
MIN_SPREAD = 1.5  # p95 of load over its p5: below, load hardly varied
RESAMPLES = 400


@dataclass(frozen=True)
class Fit:
    """use = base + slope * load. `at_limit`: load at which use reaches the limit, with its interval."""

    resource: str
    base: float | None
    slope: float | None
    r_squared: float | None
    limit: float
    now: float | None  # use at the highest load seen (p95)
    at_limit: float | None  # None: never reached, or cannot tell
    low: float | None
    high: float | None  # None beside a low: no upper end found
    answer: str  # one sentence
    days: int


def fit(resource: str, days: Sequence[int], load: Sequence[float], use: Sequence[float], limit: float,
        *, load_word: str = "active testers", seed: int = 20260302) -> Fit:  # fmt: skip
    """Fit one resource. The three sequences run in parallel, one entry an hour; use and limit in the same unit."""
    day, x, y = np.asarray(days), np.asarray(load, float), np.asarray(use, float)
    count = len(set(day.tolist()))
    why = _why_not(count, x)
    if why:
        now = float(np.quantile(y, 0.95)) if len(y) else None
        return Fit(resource, None, None, None, limit, now, None, None, None, f"cannot tell: {why}", count)
    base, slope = _line(x, y)
    left = float(((y - base - slope * x) ** 2).sum())
    spread = float(((y - y.mean()) ** 2).sum())
    r_squared = 1 - left / spread if spread > 0 else 0.0
    top = float(np.quantile(x, 0.95))
    crossings, slopes = _resampled(day, x, y, limit, seed)
    at = (limit - base) / slope if slope > 0 else None
    low, high = _ends(crossings)
    grows = float(np.quantile(slopes, 0.025)) > 0
    if not grows or at is None:
        answer = f"cannot tell: {resource} does not follow {load_word} clearly"
        return Fit(resource, base, slope, r_squared, limit, base + slope * top, None, None, None, answer, count)
    upto = f"{high:,.0f}" if high is not None else "no upper end found"
    answer = f"{resource} reaches its limit at about {at:,.0f} {load_word} (95 %: {low:,.0f} to {upto})"
    return Fit(resource, base, slope, r_squared, limit, base + slope * top, at, low, high, answer, count)


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


def _resampled(day: np.ndarray, x: np.ndarray, y: np.ndarray, limit: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Crossing loads (inf where use does not grow) and slopes of day-block resamples."""
    generator = np.random.default_rng(seed)
    names = np.unique(day)
    places = [np.flatnonzero(day == d) for d in names]
    crossings, slopes = [], []
    for _ in range(RESAMPLES):
        rows = np.concatenate([places[i] for i in generator.integers(0, len(names), len(names))])
        base, slope = _line(x[rows], y[rows])
        slopes.append(slope)
        crossings.append((limit - base) / slope if slope > 0 else np.inf)
    return np.array(crossings), np.array(slopes)


def _ends(crossings: np.ndarray) -> tuple[float, float | None]:
    low, high = (float(v) for v in np.quantile(crossings, [0.025, 0.975], method="nearest"))
    return low, high if np.isfinite(high) else None


def first_to_saturate(fits: Sequence[Fit]) -> Fit | None:
    """The resource whose limit is reached at the lowest load, or None when none can be told."""
    known = [f for f in fits if f.at_limit is not None]
    return min(known, key=lambda f: (f.at_limit, f.resource)) if known else None
