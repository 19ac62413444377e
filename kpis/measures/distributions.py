"""Quantiles and shares from histogram buckets, and the median of durations."""

from __future__ import annotations

import math
from typing import Any

from data.warehouse import Snapshot
from kpis import intervals
from kpis.measures import bind, sums
from kpis.measures.result import Measured, Result
from kpis.model import HistogramQuantile, HistogramShare, MedianDuration
from kpis.operations import histograms

BUCKETS = "measures/buckets"
Rows = list[dict[str, Any]]


def quantile(snapshot: Snapshot, measure: HistogramQuantile) -> Measured:
    return _histogram(snapshot, measure, lambda rows: _quantile(rows, measure))


def _quantile(rows: Rows, measure: HistogramQuantile) -> Result:
    bounds, counts = _buckets(rows, measure.scale)
    found = histograms.quantile(bounds, counts, measure.q)
    if found.value is None:
        flags = ("only a +Inf bucket: no value can be read",) if found.n > 0 else ()
        return Result(None, n=round(found.n), flags=flags)
    below, above = intervals.rank_range(found.n, measure.q)
    low = histograms.quantile(bounds, counts, below).lower
    high = histograms.quantile(bounds, counts, above).upper
    flags = _flags(rows)
    if found.saturated:
        flags += (f"rank above the highest bucket: only > {found.value:g} s is known",)
    if found.repaired:
        flags += ("buckets did not add up and were lifted",)
    open_high = high is None or math.isinf(high)
    low = None if low is None or math.isinf(low) else low
    return Result(
        found.value, None, None, round(found.n), low, None if open_high else high,
        "bounds of the buckets that hold the rank", flags=flags, open_high=open_high,
    )  # fmt: skip


def share(snapshot: Snapshot, measure: HistogramShare) -> Measured:
    """Share below a bound. A week's interval is that of its days as clusters, never narrower than Wilson."""
    measured = _histogram(snapshot, measure, lambda rows: _share(rows, measure))
    return sums.with_spread(snapshot, measured, proportion=True)


def _share(rows: Rows, measure: HistogramShare) -> Result:
    bounds, counts = _buckets(rows, measure.scale)
    value, exact = histograms.share(bounds, counts, measure.bound)
    cleaned = histograms.clean(bounds, counts)
    if value is None or cleaned is None:
        return Result(None)
    flags = _flags(rows) + (() if exact else ("interpolated: the bound is no bucket's own",))
    total = cleaned.total
    low, high = intervals.wilson(value * total, total)
    name = "Wilson 95 % (fewer than 4 days; too narrow where requests cluster)"
    return Result(value, value * total, total, round(total), low, high, name, flags=flags)


def duration(snapshot: Snapshot, measure: MedianDuration) -> Measured:
    weeks, days = (
        {p: _duration(rows) for p, rows in bind.by_period(snapshot, measure.query, by, measure.given).items()}
        for by in ("week", "day")
    )
    return Measured(weeks, days)


def _duration(rows: Rows) -> Result:
    """Median in hours; n = resolved items, denominator = all."""
    hours = [r["duration_s"] / 3600 for r in rows]
    observed = [bool(r["observed"]) for r in rows]
    median, (low, high) = intervals.kaplan_meier_median(hours, observed)
    resolved = sum(observed)
    flags = (f"{len(rows) - resolved} of {len(rows)} still open, counted as at least their age",)
    if median is None:
        flags += ("median not reached: half or more are open",)
    return Result(
        median, resolved, len(rows), len(rows), low, high, "Kaplan-Meier 95 %" if low is not None else "none",
        flags=flags, open_high=low is not None and high is None,
    )  # fmt: skip


def _histogram(snapshot: Snapshot, measure: HistogramQuantile | HistogramShare, make: Any) -> Measured:
    given = (("metrics", measure.metric),)
    weeks, days = (
        {p: make(rows) for p, rows in bind.by_period(snapshot, BUCKETS, by, given).items()} for by in ("week", "day")
    )
    return Measured(weeks, days)


def _buckets(rows: Rows, scale: float) -> tuple[list[float], list[float]]:
    """Bounds in seconds and cumulative counts of one period.

    Of names with other bounds in one period, only the bounds that all have: another one would count the rest's
    requests as slower than they were.
    """
    parts: dict[str, dict[float, float]] = {}
    for row in rows:
        in_ms = any(part in row["metric"] for part in ("_ms_", "_milliseconds_"))
        bound = round(float(row["le"]) * scale * (0.001 if in_ms else 1.0), 12)
        parts.setdefault(row["metric"], {})[bound] = float(row["increase"])
    shared = sorted(set.intersection(*(set(part) for part in parts.values())))
    return shared, [sum(part[bound] for part in parts.values()) for bound in shared]


def _flags(rows: Rows) -> tuple[str, ...]:
    infinite = [r for r in rows if math.isinf(r["le"])]
    resets = sum(int(r["resets"] or 0) for r in infinite)
    return (sums.restarts(resets),) if resets else ()
