"""Process behaviour (XmR) limits: is a daily value routine variation or a signal?

Limits are mean +- 2.66 x mean moving range (2.66 = 3 / d2, d2 = 1.128 for pairs: Shewhart's constant for
individual values). They need ten days; days with a cause of their own take no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

FACTOR = 2.66
ROBUST_FACTOR = 3.145
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
    """Limits from the days that have a value; None with fewer than ten. `floor` cuts the lower limit (rates: 0).

    Days far outside (3.145 x the median moving range from the median, Wheeler's robust form) have a cause of their own:
    they are left out before mean and mean moving range are taken, or one outage would hide the next.
    """
    known = [v for v in values if v is not None]
    if len(known) < MIN_DAYS:
        return None
    centre, spread = median(known), median(abs(b - a) for a, b in pairwise(known))
    routine = [v for v in known if abs(v - centre) <= ROBUST_FACTOR * spread] or known
    mean = sum(routine) / len(routine)
    moving = [abs(b - a) for a, b in pairwise(routine)]
    width = sum(moving) / max(1, len(moving))
    low = mean - FACTOR * width
    high_range = RANGE_FACTOR * width
    return Limits(mean, low if floor is None else max(low, floor), mean + FACTOR * width, high_range, len(routine))


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
