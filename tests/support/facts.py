"""A snapshot made by hand, for tests: typed tables, filled from plain dictionaries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from data import connect, schema, sql
from data.warehouse import SCHEMA_VERSION, Snapshot

LAUNCH = date(2026, 3, 2)
EPOCH = date(1970, 1, 1)


def us(value: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return round(value.timestamp() * 1_000_000)


def calendar(launch: date, weeks: int, zone: str, as_of: datetime, lateness_hours: float = 48) -> dict[str, list[dict]]:
    """dim_day (from two weeks before launch) and dim_week of a programme."""
    tz = ZoneInfo(zone)

    def start(day: date) -> int:
        return us(datetime(day.year, day.month, day.day, tzinfo=tz))

    last = max(launch + timedelta(days=7 * weeks), as_of.astimezone(tz).date() + timedelta(days=1))
    days, day = [], launch - timedelta(days=14)
    while day < last:
        number = (day - launch).days // 7 + 1
        iso = day.isocalendar()
        end = start(day + timedelta(days=1))
        days.append(
            dict(day_n=(day - EPOCH).days, local_date=day, start_us=start(day), end_us=end,
                 week=number if number >= 1 else None, iso_week=f"{iso.year}-W{iso.week:02d}", is_over=end <= us(as_of))
        )  # fmt: skip
        day += timedelta(days=1)
    rows = []
    for week in range(1, weeks + 1):
        first, after = launch + timedelta(days=7 * (week - 1)), launch + timedelta(days=7 * week)
        begin, end, now = start(first), start(after), us(as_of)
        settled = end + round(lateness_hours * 3.6e9) <= now
        state = "future" if begin > now else "running" if end > now else "complete" if settled else "settling"
        rows.append(
            dict(week=week, start_date=first, end_date=after - timedelta(days=1), start_day_n=(first - EPOCH).days,
                 end_day_n=(after - EPOCH).days, start_us=begin, end_us=end, state=state)
        )  # fmt: skip
    return {"dim_day": days, "dim_week": rows}


def snapshot(
    tables: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    *,
    launch: date = LAUNCH,
    weeks: int = 4,
    zone: str = "UTC",
    as_of: datetime = datetime(2026, 4, 2, tzinfo=UTC),
    settings: Mapping[str, Any] | None = None,
) -> Snapshot:
    """An in-memory snapshot holding the given rows; columns left out are NULL."""
    con = connect.connect()
    schema.create(con, "facts")
    meta = {
        "schema_version": SCHEMA_VERSION, "as_of_us": us(as_of), "programme": "Test beta", "launch": launch.isoformat(),
        "weeks": weeks, "timezone": zone, "week_start": "monday", "lateness_hours": 48, "seats": 1000, "demo": "false",
        "settings_hash": "0" * 64, "settings_json": json.dumps(dict(settings or {})), "roster": "roster",
        "content_hash": "0" * 64, "load_id": 1,
    }  # fmt: skip
    filled = {"meta": [dict(key=k, value=str(v)) for k, v in meta.items()], **calendar(launch, weeks, zone, as_of)}
    for table, rows in {**filled, **(tables or {})}.items():
        for row in rows:
            columns, marks = ", ".join(row), ", ".join(f"${c}" for c in row)
            con.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", dict(row))
    con.execute(sql.text("facts/touch_every_week"))
    con.execute(f"INSERT INTO fct_tester_week {sql.text('facts/tester_weeks')}")
    con.execute("CREATE TEMP TABLE stage_counted_day AS SELECT DISTINCT day_n FROM fct_tester_day")
    con.execute(f"INSERT INTO fct_active_day {sql.text('facts/active_days')}")
    con.execute("DROP TABLE stage_touched_week; DROP TABLE stage_counted_day")
    return Snapshot(con, "beta-test")
