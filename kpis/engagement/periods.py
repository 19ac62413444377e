"""Days, weeks and months of one time zone as numbered periods. Plain Python, so no database can move an edge.

Period 0 is the first of a range; a period is half-open. `begun` periods have started before the instant the
question is asked for, `over` periods have ended by then, so at most one period is running.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from data.calendar import day_number, day_start, instant, local_day
from data.errors import QueryError

Grain = Literal["day", "week", "month"]
WeekStart = Literal["monday", "sunday"]
LONGEST_RANGE_DAYS = 366 * 20  # guards against a mistyped year


def floor(day: date, grain: Grain, week_start: WeekStart) -> date:
    """First day of the period that holds a day."""
    if grain == "day":
        return day
    if grain == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday() if week_start == "monday" else day.isoweekday() % 7)


def shift(day: date, grain: Grain, count: int) -> date:
    """First day of the period `count` after the one that starts on `day`."""
    if grain == "month":
        months = day.year * 12 + day.month - 1 + count
        return date(months // 12, months % 12 + 1, 1)
    return day + timedelta(days=count * (7 if grain == "week" else 1))


@dataclass(frozen=True)
class Periods:
    """The periods from the one that holds `first` to the one that holds the last instant before `until_us`."""

    grain: Grain
    week_start: WeekStart
    zone: ZoneInfo
    first: date  # first day of period 0
    until_us: int

    @classmethod
    def of(cls, grain: Grain, week_start: WeekStart, zone: ZoneInfo, start: date, until_us: int) -> Periods:
        """Periods of a range. Raises QueryError when the range is empty or absurdly long."""
        last = local_day(until_us - 1, zone)
        if start > last:
            raise QueryError(f"the range is empty: it starts on {start} and the data is asked for until {last}")
        if (last - start).days > LONGEST_RANGE_DAYS:
            raise QueryError(f"the range {start} to {last} is longer than 20 years; give --from and --until")
        return cls(grain, week_start, zone, floor(start, grain, week_start), until_us)

    @cached_property
    def starts(self) -> tuple[date, ...]:
        """First days of the periods that have begun, and of the one after them."""
        last, days = local_day(self.until_us - 1, self.zone), [self.first]
        while days[-1] <= last:
            days.append(shift(days[-1], self.grain, 1))
        return tuple(days)

    @property
    def begun(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def over(self) -> int:
        """Number of periods that are completely over."""
        return self.begun if self.midnight(self.starts[-1]) <= self.until_us else self.begun - 1

    def start(self, number: int) -> date:
        """First day of period `number`; also of periods that have not begun, and of those before the range (< 0)."""
        return shift(self.first, self.grain, number)

    def midnight(self, day: date) -> int:
        """First instant of a local day, in microseconds."""
        return day_start(day, self.zone)

    def local_date(self, value_us: int) -> date:
        return local_day(value_us, self.zone)

    def number(self, day: date) -> int:
        """Number of the period that holds a day; negative before the range."""
        if day < self.first:
            return -1
        return bisect_right(self.starts, day) - 1

    def days(self, before: int = 0) -> dict[str, list[int]]:
        """Query parameters that place an event: local days, their first instants and their periods.

        `before` adds that many earlier periods, numbered -1, -2 ...
        """
        day, last = self.start(-before), local_day(self.until_us - 1, self.zone)
        numbers, instants, periods = [], [], []
        current, following = -before, self.start(-before + 1)
        while day <= last:
            if day >= following:
                current, following = current + 1, self.start(current + 2)
            numbers.append(day_number(day))
            instants.append(self.midnight(day))
            periods.append(current)
            day += timedelta(days=1)
        return {"day_numbers": numbers, "day_starts": instants, "day_periods": periods}

    def edges(self, before: int = 0) -> list[int]:
        """Day numbers on which the periods start, and the one after the last day that is known in part or whole.

        `before` adds that many earlier periods.
        """
        starts = [*(self.start(number) for number in range(-before, 0)), *self.starts[:-1]]
        return [*map(day_number, starts), day_number(local_day(self.until_us - 1, self.zone)) + 1]

    def label(self, number: int) -> str:
        """Short name of a period for people: the date, or the ISO week, or the month."""
        day = self.start(number)
        if self.grain == "month":
            return f"{day:%Y-%m}"
        if self.grain == "week" and self.week_start == "monday":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        return day.isoformat()


def parse_until(text: str, zone: ZoneInfo) -> int:
    """Instant in microseconds: an ISO instant as it is, without offset in `zone`; a bare date = the end of that day."""
    try:
        if len(text) == 10:
            return day_start(date.fromisoformat(text) + timedelta(days=1), zone)
        value = datetime.fromisoformat(text)
    except ValueError:
        raise QueryError(f'--until "{text}" is neither a date nor an instant such as 2026-03-30T00:00:00Z') from None
    aware = value if value.tzinfo else value.replace(tzinfo=zone)
    since = aware - instant(0)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
