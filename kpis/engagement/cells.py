"""One cell of a retention table, and the rule when it may be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, overload

import numpy as np

from data.calendar import EPOCH, HOUR_US, day_number
from kpis.engagement.periods import Periods

State = Literal["over", "running", "future"]
COLUMNS = ("retained", "running", "low", "high", "measurable_on", "masked")  # of a cell, in its order


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
class Cells(Sequence[Cell]):
    """The cells of one cohort as columns; a cell is made when it is asked for, since few of thousands are."""

    retained: tuple[int | None, ...]
    running: tuple[int | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    measurable_on: tuple[date, ...]
    masked: tuple[bool, ...]

    @classmethod
    def of(cls, *cells: Cell) -> Cells:
        return cls(*(tuple(getattr(cell, name) for cell in cells) for name in COLUMNS))

    def __len__(self) -> int:
        return len(self.retained)

    @overload
    def __getitem__(self, col: int) -> Cell: ...
    @overload
    def __getitem__(self, col: slice) -> Cells: ...
    def __getitem__(self, col: int | slice) -> Cell | Cells:
        columns = (getattr(self, name)[col] for name in COLUMNS)
        return Cells(*columns) if isinstance(col, slice) else Cell(*columns)

    def __iter__(self) -> Iterator[Cell]:
        return map(Cell, *(getattr(self, name) for name in COLUMNS))

    def hidden(self) -> Cells:
        """The same without what was seen; cells with nothing seen yet stay as they are."""
        nothing: tuple[None, ...] = (None,) * len(self)
        seen = tuple(a is not None or b is not None for a, b in zip(self.retained, self.running, strict=True))
        return Cells(nothing, nothing, nothing, nothing, self.measurable_on, seen)


@dataclass(frozen=True)
class CohortRow:
    """A cohort: its first day, its label for people, its size (None when masked) and one cell a column."""

    cohort: date
    label: str
    size: int | None
    cells: Cells

    def as_json(self) -> dict[str, Any]:
        return {
            "cohort": self.cohort.isoformat(),
            "size": self.size,
            "retained": list(self.cells.retained),
            "running": list(self.cells.running),
            "low": list(self.cells.low),
            "high": list(self.cells.high),
            "measurable_on": [day.isoformat() for day in self.cells.measurable_on],
            "masked": list(self.cells.masked),
        }


@dataclass(frozen=True)
class Window:
    """When columns of a cohort are over. Windows from the own start end with the cohort's latest starter."""

    kind: Literal["calendar", "24h", "own-week"]
    periods: Periods
    hours: int  # of one 24h column

    def grid(
        self, last: Sequence[int | None], columns: Sequence[tuple[int, int]]
    ) -> tuple[np.ndarray, np.ndarray, list[list[date]]]:
        """By cohort and column: whether it is over, whether it is running, and from which day on it can be measured.

        last: the latest start in each cohort, see `state`.
        """
        if self.kind == "calendar":
            return self._calendar(len(last), columns)
        found = [[self.state(number, start, *span) for span in columns] for number, start in enumerate(last)]
        states = np.array([[state for state, _ in row] for row in found], str).reshape(len(last), len(columns))
        return states == "over", states == "running", [[day for _, day in row] for row in found]

    def _calendar(self, cohorts: int, columns: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, list]:
        low, high = np.array(columns, np.int64).reshape(-1, 2).T
        begins, ends = (np.arange(cohorts)[:, None] + place for place in (low, high + 1))
        starts = np.array([self.periods.start(n) for n in range(int(ends.max(initial=0)) + 1)], object)
        over = ends <= self.periods.over
        return over, ~over & (begins < self.periods.begun), starts[ends].tolist()

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
