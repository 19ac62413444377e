"""Counters from raw samples: reset-aware growth, with the last sample before the window as its baseline.

Nothing is extrapolated, so hours add up to days and days to weeks. (A server's `increase()` stretches the growth it
saw to the edges of the window: its answer holds fractions nobody counted and depends on its version.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GAP_INTERVALS = 2.0


@dataclass(frozen=True)
class Growth:
    """Growth between consecutive samples of one series; entry i belongs to the time of sample i (entry 0 is 0)."""

    ts: np.ndarray  # any unit, rising
    increase: np.ndarray
    reset: np.ndarray  # bool: the counter went down, so the growth is "at least"
    gap: np.ndarray  # bool: more than two scrape intervals since the sample before
    interval: float | None


def growth(ts: np.ndarray, values: np.ndarray) -> Growth:
    """Reset-aware differences of a whole series. The first sample adds nothing: what came before is unknown."""
    if len(ts) == 0:
        return Growth(ts, np.zeros(0), np.zeros(0, bool), np.zeros(0, bool), None)
    change = np.diff(values, prepend=values[0])
    reset = change < 0
    distance = np.diff(ts, prepend=ts[0])
    interval = float(np.median(distance[1:])) if len(ts) > 1 else None
    gap = distance > GAP_INTERVALS * interval if interval else np.zeros(len(ts), bool)
    return Growth(ts, np.where(reset, values, change), reset, gap, interval)


def increase(ts: np.ndarray, values: np.ndarray, start: float, end: float) -> float | None:
    """Growth in (start, end], from the last sample at or before `start` where there is one.

    None when the window holds no sample; 0 when it holds one and nothing is known of the time before.
    """
    inside = (ts > start) & (ts <= end)
    if not inside.any():
        return None
    return float(growth(ts, values).increase[inside].sum())
