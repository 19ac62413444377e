"""Local days and programme weeks as half-open ranges of UTC microseconds; a DST day has 23 or 25 hours.

Computed in plain Python with zoneinfo, so that no database and no host time zone can move a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)
HOUR_US = 3_600_000_000
BEFORE_LAUNCH = timedelta(days=14)


def us(value: datetime) -> int:
    """Microseconds since 1970 of an aware datetime, exact."""
    since = value - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(value_us: int) -> datetime:
    """The UTC datetime of microseconds since 1970, exact."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value_us)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_start(day: date, zone: ZoneInfo) -> int:
    """First instant of a local day in microseconds (also where midnight itself does not exist)."""
    return us(datetime(day.year, day.month, day.day, tzinfo=zone))


def local_day(value_us: int, zone: ZoneInfo) -> date:
    """Local date of an instant."""
    return instant(value_us).astimezone(zone).date()


def days(
    launch: date,
    weeks: int,
    zone: ZoneInfo,
    as_of: datetime,
    earliest_us: int | None = None,
    latest_us: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Rows of dim_day: from two weeks before launch (or the earliest fact) to the end of programme or as_of."""
    day, now = launch - BEFORE_LAUNCH, us(as_of)
    if earliest_us is not None:
        day = min(day, local_day(earliest_us, zone))
    last = max(launch + timedelta(days=7 * weeks - 1), as_of.astimezone(zone).date())
    if latest_us is not None:
        last = max(last, local_day(latest_us, zone))
    start = day_start(day, zone)
    while day <= last:
        number = (day - launch).days // 7 + 1
        end = day_start(day + timedelta(days=1), zone)
        year, week, _ = day.isocalendar()
        yield {
            "day_n": day_number(day),
            "local_date": day,
            "start_us": start,
            "end_us": end,
            "week": number if number >= 1 else None,
            "iso_week": f"{year}-W{week:02d}",
            "is_over": end <= now,
        }
        day, start = day + timedelta(days=1), end


def weeks(launch: date, count: int, zone: ZoneInfo, as_of: datetime, lateness_hours: float) -> Iterator[dict[str, Any]]:
    """Rows of dim_week; `settling` = over, but data may still arrive within the lateness allowance."""
    now, lateness = us(as_of), round(lateness_hours * HOUR_US)
    for week in range(1, count + 1):
        first, after = launch + timedelta(days=7 * (week - 1)), launch + timedelta(days=7 * week)
        start, end = day_start(first, zone), day_start(after, zone)
        yield {
            "week": week,
            "start_date": first,
            "end_date": after - timedelta(days=1),
            "start_day_n": day_number(first),
            "end_day_n": day_number(after),
            "start_us": start,
            "end_us": end,
            "state": _state(start, end, end + lateness, now),
        }


def _state(start: int, end: int, settled: int, now: int) -> str:
    if start > now:
        return "future"
    if end > now:
        return "running"
    return "complete" if settled <= now else "settling"
