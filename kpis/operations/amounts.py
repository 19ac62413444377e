"""Amounts of operations in words: durations, quantiles with their bucket, waiting, levels, instants."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kpis.model import Unit
from kpis.operations.histograms import Quantile
from kpis.words import short_instant, show, signed, span

DASH = "–"


def seconds(value: float | None) -> str:
    return DASH if value is None else show(value, Unit.SECONDS)


def quantile(found: Quantile) -> str:
    """A quantile with the bounds of its bucket, "467 ms (250 to 500)"; above the highest bound only a limit."""
    if found.value is None:
        return DASH
    if found.saturated:
        return f"> {seconds(found.lower)}"
    value = seconds(found.value)
    unit = value.rpartition(" ")[2]
    return f"{value} ({span(found.lower, found.upper, Unit.SECONDS).removesuffix(f' {unit}')})"


def waiting(found: float | None) -> str:
    """Seconds of waiting, gained or lost, as hours or minutes."""
    if found is None:
        return DASH
    if abs(found) < 30:
        return "0 min"
    hours = f"{'+' if found > 0 else '−'}{show(abs(found) / 3600, Unit.HOURS)}"
    return hours if abs(found) >= 3600 else f"{signed(found / 60)} min"


def relative(change: float | None) -> str:
    """A relative change in per cent, signed."""
    return DASH if change is None else f"{signed(change * 100)} %"


def level(value: float | None, unit: str) -> str:
    """A use (share) or a level in its own unit."""
    if value is None:
        return DASH
    if unit == "bytes":
        return f"{value / 2**20:,.0f} MiB"
    return show(value, Unit.SECONDS if unit == "seconds" else Unit.RATIO)


def instant(us: int, zone: str) -> str:
    """An instant at the programme's wall clock."""
    return short_instant(datetime.fromtimestamp(us / 1e6, tz=UTC).astimezone(ZoneInfo(zone)))
