"""Rows of facts in short form, for hand-worked cases. Day 1 is launch, 2 March 2026."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from data.warehouse import Snapshot
from kpis import catalogue, compute
from kpis.model import KpiValue
from tests.support.facts import EPOCH, LAUNCH, snapshot, us

INF = math.inf
DAY1 = (LAUNCH - EPOCH).days
HOUR = 3_600_000_000


def day(number: int) -> int:
    """day_n of a programme day, 1 = launch."""
    return DAY1 + number - 1


def at(number: int, hour: float = 12.0) -> int:
    """Microseconds of a UTC hour on a programme day."""
    return us(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=number - 1, hours=hour))


def person(key: int, first: int | None = None, **more: Any) -> dict[str, Any]:
    """A tester of the roster whose day 0 is a programme day."""
    row = dict(tester_key=key, tester_id=f"t{key}", on_roster=True, wave="1", platform="web")
    if first is not None:
        row |= dict(first_active_day_n=day(first), first_active_us=at(first))
    return row | more


def active(key: int, *numbers: int, **more: Any) -> list[dict[str, Any]]:
    """Active tester-days."""
    return [
        dict(tester_key=key, day_n=day(n), events=1, active_events=1, feature_mask=0, first_us=at(n), last_us=at(n),
             sessions=1, session_seconds=0.0, requests=0, failed_requests=0, slow_requests=0, request_ms=0.0,
             app_errors=0) | more
        for n in numbers
    ]  # fmt: skip


def series(number: int, metric: str, **more: Any) -> dict[str, Any]:
    row = dict(series_id=number, source="metrics", metric=metric, type="counter", labels="{}", job="app", instance="a")
    return row | more


def grown(number: int, on: int, increase: float, hour: int = 12, **more: Any) -> dict[str, Any]:
    """The increase of a series in one hour of a programme day."""
    row = dict(series_id=number, day_n=day(on), hour_us=at(on, hour), increase=float(increase), gap_increase=0.0)
    return row | dict(resets=0, samples=240) | more


def gauge(number: int, on: int, value: float, hour: int = 12, samples: int = 10) -> dict[str, Any]:
    return dict(
        series_id=number, day_n=day(on), hour_us=at(on, hour), samples=samples, value_sum=value * samples,
        value_min=value, value_max=value, last_value=value, last_ts_ms=at(on, hour) // 1000,
    )  # fmt: skip


_numbers = count(1)


def item(on: int, hour: float = 12.0, **more: Any) -> dict[str, Any]:
    """A feedback item created on a programme day."""
    row = dict(feedback_key=f"f{next(_numbers)}", type="general", status="new", created_us=at(on, hour), day_n=day(on))
    return row | more


def invitation(on: float, accepted: float | None = None, **more: Any) -> dict[str, Any]:
    """An invitation created at noon of a programme day (0 and below: before launch)."""
    row = dict(
        invitation_key=f"i{next(_numbers)}", wave="1", status="pending", created_us=at(1) + round((on - 1) * 24 * HOUR)
    )
    return row | dict(accepted_us=None if accepted is None else at(1) + round((accepted - 1) * 24 * HOUR)) | more


def fed(*items: str, days: int = 28, covered: float = 1.0, source: str = "s") -> list[dict[str, Any]]:
    """fct_source_day rows: the source has told us about these items on all days."""
    return [
        dict(source=source, item=i, day_n=day(n), rows=1, expected=None, covered=covered)
        for i in items for n in range(1, days + 1)
    ]  # fmt: skip


def histogram(metric: str, bounds: tuple[float, ...], first: int = 1, **more: Any) -> list[dict[str, Any]]:
    """Series of a histogram's buckets, numbered from `first`."""
    return [series(first + i, metric, le=b, type="histogram", **more) for i, b in enumerate(bounds)]


def values(snap: Snapshot, kpi_id: str) -> dict[int, KpiValue]:
    """Values of one KPI by week."""
    found = compute.everything(snap, (catalogue.get(kpi_id),))
    assert not found.failures
    return {v.week: v for v in found.values}


__all__ = ["LAUNCH", "snapshot", "us"]
