"""Testers who met a failing or slow request in their first session against those who did not. An association only.

Compared are retention on day 7 and the mean length of the sessions after the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np

from data.calendar import day_number
from data.warehouse import Snapshot
from kpis.engagement.compare import fisher, newcombe
from kpis.engagement.scope import Scope, resolve
from kpis.intervals import Interval, wilson
from kpis.words import signed

WORD = "association"
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class ExposureGroup:
    """Testers, those with a known day 7, those active on it; mean length of later sessions over testers who had any."""

    name: str
    testers: int
    mature: int
    retained: int
    rate: float | None
    interval: Interval
    with_later: int
    later_seconds: float | None


@dataclass(frozen=True)
class Exposure:
    """met - clean: difference of retention (Newcombe, Fisher) and of later session length in seconds (Welch).

    no_requests: testers without a single request in their first session; they are in neither group.
    """

    met: ExposureGroup
    clean: ExposureGroup
    difference: float | None
    interval: Interval
    p_value: float | None
    seconds_difference: float | None
    seconds_interval: Interval
    no_requests: int
    failed_only: int
    slow_only: int
    sentence: str


def exposure(snapshot: Snapshot, scope: Scope, *, low: int = 7, high: int = 7) -> Exposure:
    """The split over all testers with a first session; low..high are days after the first active day."""
    where = resolve(snapshot, scope, "day")
    engagement, performance = snapshot.settings.get("engagement", {}), snapshot.settings.get("performance", {})
    columns = snapshot.arrays(
        "engagement/exposure",
        **where.people,
        until_us=where.until_us,
        end_day=day_number(where.periods.first) + where.periods.over,
        low=low,
        high=high,
        request_event=performance.get("request_event", "api_call"),
        slow_ms=performance.get("slow_ms", 1000),
        idle_us=round(engagement.get("session_idle_minutes", 30) * 60_000_000),
    )
    failed, slow = columns["failed"] > 0, columns["slow"] > 0
    seen = columns["requests"] > 0
    met, clean = _group("met", columns, seen & (failed | slow)), _group("clean", columns, seen & ~(failed | slow))
    seconds, seconds_interval = _welch(
        _lengths(columns, seen & (failed | slow)), _lengths(columns, seen & ~(failed | slow))
    )
    difference = met.rate - clean.rate if met.rate is not None and clean.rate is not None else None
    interval = newcombe(met.retained, met.mature, clean.retained, clean.mature)
    return Exposure(
        met=met,
        clean=clean,
        difference=difference,
        interval=interval,
        p_value=fisher(met.retained, met.mature, clean.retained, clean.mature),
        seconds_difference=seconds,
        seconds_interval=seconds_interval,
        no_requests=int((~seen).sum()),
        failed_only=int((seen & failed & ~slow).sum()),
        slow_only=int((seen & slow & ~failed).sum()),
        sentence=_sentence(met, clean, difference, interval),
    )


def _group(name: str, columns: Columns, those: np.ndarray) -> ExposureGroup:
    """`those`: which of the testers are in the group."""
    mature = int((those & columns["is_mature"]).sum())
    retained, lengths = int((those & columns["is_mature"] & columns["is_back"]).sum()), _lengths(columns, those)
    return ExposureGroup(
        name=name,
        testers=int(those.sum()),
        mature=mature,
        retained=retained,
        rate=retained / mature if mature else None,
        interval=wilson(retained, mature),
        with_later=len(lengths),
        later_seconds=fmean(lengths) if lengths else None,
    )


def _lengths(columns: Columns, those: np.ndarray) -> list[float]:
    """Mean length of the later sessions of each tester who had any."""
    seconds = columns["later_seconds"][those]
    return seconds[~np.isnan(seconds)].tolist()


def _welch(a: list[float], b: list[float]) -> tuple[float | None, Interval]:
    """Difference of means and its 95 % interval without assuming equal variances (Welch 1947)."""
    if not a or not b:
        return None, (None, None)
    difference = fmean(a) - fmean(b)
    if len(a) < 2 or len(b) < 2 or (np.var(a) == 0 and np.var(b) == 0):
        return difference, (None, None)
    from scipy import stats

    ends = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    return difference, (float(ends.low), float(ends.high))


def _sentence(met: ExposureGroup, clean: ExposureGroup, difference: float | None, interval: Interval) -> str:
    if difference is None:
        return f"Cannot tell: {met.mature} and {clean.mature} testers have a known outcome in the two groups."
    points = f"{signed(100 * difference)} points, 95 %: {signed(100 * interval[0])} to {signed(100 * interval[1])}"
    n = f"n = {met.mature} and {clean.mature}"
    who = "testers who met a failing or slow request in their first session"
    if interval[0] <= 0 <= interval[1]:
        return f"No clear {WORD}: {who} came back about as often as the others ({points}; {n})."
    word = "less" if difference < 0 else "more"
    return f"{WORD.capitalize()}: {who} came back {word} often ({points}; {n})."
