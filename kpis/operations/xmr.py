"""Process behaviour (XmR) limits: is a daily value routine variation or a signal?

Limits are mean +- 2.66 x mean moving range (2.66 = 3 / d2, d2 = 1.128 for pairs: Shewhart's constant for
individual values). They need ten days and are frozen from the baseline they were computed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FACTOR = 2.66
RANGE_FACTOR = 3.268  # D4 for pairs: upper limit of the moving range
MIN_DAYS = 10
RUN = 8  # this many days in a row on one side of the mean are a signal too


@dataclass(frozen=True)
class Limits:
    mean: float
    low: float
    high: float
    range_high: float
    days: int


def limits(values: Sequence[float | None], *, floor: float | None = 0.0) -> Limits | None:
    """Limits from the days that have a value; None with fewer than ten. `floor` cuts the lower limit (rates: 0)."""
    known = [v for v in values if v is not None]
    if len(known) < MIN_DAYS:
        return None
    mean = sum(known) / len(known)
    moving = [abs(b - a) for a, b in pairwise(known)]
    width = sum(moving) / len(moving)
    low = mean - FACTOR * width
    return Limits(
        mean, low if floor is None else max(low, floor), mean + FACTOR * width, RANGE_FACTOR * width, len(known)
    )


def signals(values: Sequence[float | None], given: Limits) -> tuple[int, ...]:
    """Positions outside the limits, or in a run of eight or more on one side of the mean."""
    outside = {i for i, v in enumerate(values) if v is not None and not given.low <= v <= given.high}
    run: list[int] = []
    for i, v in enumerate(values):
        if v is None or v == given.mean:
            continue
        if run and (values[run[-1]] > given.mean) != (v > given.mean):
            run = []
        run.append(i)
        if len(run) >= RUN:
            outside |= set(run)
    return tuple(sorted(outside))
