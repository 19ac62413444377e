"""What a measure gives for one period, before anything is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpis.intervals import Interval


@dataclass(frozen=True)
class Result:
    """A value with its parts. None = no data."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    low: float | None = None
    high: float | None = None
    interval: str = "none"
    not_yet: int = 0
    measurable_on: date | None = None
    flags: tuple[str, ...] = ()
    open_high: bool = False  # the interval has no upper end (saturated histogram, median not reached)

    @property
    def ends(self) -> Interval:
        return self.low, self.high


@dataclass(frozen=True)
class Measured:
    """All periods of one KPI; a period without any row is absent."""

    weeks: dict[int, Result]
    days: dict[int, Result]  # by day_n


NO_DATA = Result(None)
