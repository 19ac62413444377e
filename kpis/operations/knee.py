"""Does use bend upwards beyond some load? A line with one knee against a plain line, judged on days it has not seen.

use = a + b * load + c * max(0, load - knee), by least squares for every knee on a grid. Whole days are left out in
turn and predicted from the others; a knee counts only where it predicts them clearly better than the line does: the
extra parameters then pay for themselves, however much the hours of a day hang together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BETTER = 0.15  # least reduction of the squared error on days left out
STEEPER = 1.5  # least ratio of the slopes
GRID = 19  # knees tried, between the 20th and the 90th percentile of load


@dataclass(frozen=True)
class Knee:
    """`at`: load from which use grows `slope` per unit instead of `slope_below`; `base` of the steep part's line.

    `better`: share of the line's squared error, on days left out, that the knee saves.
    """

    at: float
    base: float
    slope: float
    slope_below: float
    better: float


def knee(day: np.ndarray, x: np.ndarray, y: np.ndarray) -> Knee | None:
    """The knee of hourly use `y` over load `x`; None where a line does as well, or use bends downwards."""
    order = np.argsort(day, kind="stable")
    day, x, y = day[order], x[order], y[order]
    low, high = np.quantile(x, [0.2, 0.9])
    places = np.unique(np.linspace(low, high, GRID))
    if len(places) < 2 or len(np.unique(day)) < 4:
        return None
    line = _missed(day, np.column_stack([np.ones_like(x), x]), y)
    designs = [_bent(x, at) for at in places if (x > at).sum() >= 10 and (x <= at).sum() >= 10]
    if not designs or line <= 0:
        return None
    errors = [_missed(day, design, y) for design in designs]
    best = int(np.argmin(errors))
    better = 1 - errors[best] / line
    at = float(x.max() - designs[best][:, 2].max())
    below = float(np.linalg.lstsq(designs[best], y, rcond=None)[0][1])
    base, slope = steep(x, y, at)
    if better < BETTER or slope <= below or slope < STEEPER * max(below, 0.0):
        return None
    return Knee(at, base, slope, below, float(better))


def steep(x: np.ndarray, y: np.ndarray, at: float) -> tuple[float, float]:
    """Base and slope of the part beyond a knee at a given load."""
    (a, b, c), *_ = np.linalg.lstsq(_bent(x, at), y, rcond=None)
    return float(a - c * at), float(b + c)


def _bent(x: np.ndarray, at: float) -> np.ndarray:
    return np.column_stack([np.ones_like(x), x, np.maximum(0.0, x - at)])


def _missed(day: np.ndarray, design: np.ndarray, y: np.ndarray) -> float:
    """Squared error on each day, predicted from all the others. `day` is sorted."""
    starts = np.flatnonzero(np.diff(day, prepend=day[0] - 1))
    squares = np.add.reduceat(design[:, :, None] * design[:, None, :], starts)
    products = np.add.reduceat(design * y[:, None], starts)
    others = np.linalg.pinv(squares.sum(axis=0) - squares, hermitian=True)
    fitted = np.einsum("dij,dj->di", others, products.sum(axis=0) - products)
    place = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(day))))
    return float(((y - np.einsum("hi,hi->h", design, fitted[place])) ** 2).sum())
