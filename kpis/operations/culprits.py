"""Which component moved most when it went wrong? Ranked by robust scores.

Score = |median during - median before| / (interquartile range before): a median and a spread that a few wild
samples cannot move. A mean and a standard deviation are moved by them, so a z-score hides a culprit behind a noisy
bystander. Ties in a spread of 0 are broken by a small share of the level itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

LEVEL_SHARE = 0.01  # smallest spread taken serious: one per cent of the level
SETTLE = 0.25  # part of the time before the onset whose samples are not used: the trouble may have begun early


def rank(series: Mapping[str, Sequence[float]], onset: int) -> tuple[tuple[str, float], ...]:
    """Components by score, the likeliest culprit first. `onset` is the position at which the trouble was noticed."""
    scores = {name: score(np.asarray(values, float), onset) for name, values in series.items()}
    return tuple(sorted(scores.items(), key=lambda s: (-s[1], s[0])))


def score(values: np.ndarray, onset: int) -> float:
    """Robust score of one component; 0 where one side has no samples."""
    before, during = values[: max(1, round(onset * (1 - SETTLE)))], values[onset:]
    before, during = before[np.isfinite(before)], during[np.isfinite(during)]
    if not len(before) or not len(during):
        return 0.0
    low, middle, high = np.quantile(before, [0.25, 0.5, 0.75])
    spread = max(float(high - low), LEVEL_SHARE * abs(float(middle)), 1e-12)
    return abs(float(np.median(during)) - float(middle)) / spread
