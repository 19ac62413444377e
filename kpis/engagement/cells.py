"""One cell of a retention table, and the rule when it may be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from data.calendar import EPOCH, HOUR_US, day_number
from kpis.engagement.periods import Periods

State = Literal["over", "running", "future"]


@dataclass(frozen=True)
class Cell:
    """retained is None while not measurable, or masked; running is what was seen so far in a running period."""

    retained: int | None
    running: int | None
    low: float | None
    high: float | None
    measurable_on: date
    masked: bool = False


@dataclass(frozen=True)
class CohortRow:
    """A cohort: its first day, its label for people, its size (None when masked) and one cell a column."""

    cohort: date
    label: str
    size: int | None
    cells: tuple[Cell, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "cohort": self.cohort.isoformat(),
            "size": self.size,
            "retained": [c.retained for c in self.cells],
            "running": [c.running for c in self.cells],
            "low": [c.low for c in self.cells],
            "high": [c.high for c in self.cells],
            "measurable_on": [c.measurable_on.isoformat() for c in self.cells],
            "masked": [c.masked for c in self.cells],
        }


@dataclass(frozen=True)
class Window:
    """When columns of a cohort are over. Windows from the own start end with the cohort's latest starter."""

    kind: Literal["calendar", "24h", "own-week"]
    periods: Periods
    hours: int  # of one 24h column

    def state(self, cohort: int, last_anchor: int | None, low: int, high: int) -> tuple[State, date]:
        """State of the column `low`..`high` of a cohort, and the local date on which it becomes measurable.

        `last_anchor` is the latest start in the cohort: a local day number (own-week) or an hour since 1970 (24h);
        None for an empty cohort, which counts as if somebody had started at its very end. Column 0, the cohort's
        size, is complete when the cohort's own period is over, whatever the window.
        """
        periods = self.periods
        if self.kind == "calendar" or high == 0:
            state: State = "over" if cohort + high < periods.over else "future"
            if state == "future" and cohort + low < periods.begun:
                state = "running"
            return state, periods.start(cohort + high + 1)
        after = periods.start(cohort + 1)
        if self.kind == "own-week":
            anchor = EPOCH + timedelta(days=last_anchor if last_anchor is not None else day_number(after) - 1)
            begin, end = anchor + timedelta(days=7 * low), anchor + timedelta(days=7 * (high + 1))
            return self._between(periods.midnight(begin), periods.midnight(end)), end
        hour = last_anchor if last_anchor is not None else periods.midnight(after) // HOUR_US - 1
        begin_us, end_us = (hour + self.hours * low) * HOUR_US, (hour + self.hours * (high + 1)) * HOUR_US
        return self._between(begin_us, end_us), periods.local_date(end_us)

    def _between(self, begin_us: int, end_us: int) -> State:
        until = self.periods.until_us
        return "over" if end_us <= until else "running" if begin_us < until else "future"
