"""Operations -> ChartSpec: control chart, budget, time shares, heatmap, resources, load against use."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kpis.charts.build import local_markers
from kpis.charts.spec import ChartSpec, Heatmap, Line, Series
from kpis.model import Review, Unit
from kpis.operations.reliability import Behaviour, Spent
from kpis.operations.resources import UseHour
from kpis.operations.routes import Route
from kpis.operations.tables import budget_sentence, seconds
from kpis.words import joined, show

_CPU = "cpu"


def behaviour(review: Review, found: Behaviour) -> ChartSpec:
    """Control chart of the daily error ratio: signals in orange, limits drawn."""
    known = found.limits is not None
    if not known:
        title = "Fewer than ten days with traffic: too few for limits"
    elif found.signals:
        named = joined([f"{d:%d %b}" for d in found.signals])
        title = f"The error ratio left its routine range on {named}"
    else:
        title = "The error ratio only varies as it always does"
    signals = set(found.signals)
    dots = tuple(v if d in signals else None for d, v in zip(found.days, found.values, strict=True))
    series = [Series("5xx ratio", found.days, found.values)]
    if signals:
        series.append(Series("signal", found.days, dots, kind="points", role="bad"))
    lines = ()
    if found.limits is not None:
        lines = (Line(found.limits.mean, "mean", "mean"), Line(found.limits.high, "upper limit", "limit"))
    alt = f"{title}. {len(found.days)} days."
    return ChartSpec("xmr-errors", title, alt, "", "percent", tuple(series), lines=lines,
                     markers=local_markers(review), height=300)  # fmt: skip


def budget(found: Spent) -> ChartSpec:
    """Share of the whole error budget that each week spent."""
    names = tuple(f"W{w}" for w in found.by_week)
    values = tuple(found.by_week.values())
    labels = tuple("no traffic" if v is None else show(v, Unit.RATIO) for v in values)
    sentence = budget_sentence(found)
    bars = Series("spent", names, values, kind="bar", labels=labels)
    told = ", ".join(f"{n} {t}" for n, t in zip(names, labels, strict=True))
    alt = f"{sentence}. Spent by week: {told}."
    return ChartSpec("error-budget", sentence, alt, "of the budget", "percent", (bars,), height=260)


def time_shares(found: Sequence[Route], week: int) -> ChartSpec:
    """Who takes testers' waiting time: one bar a route, the rest together."""
    top, rest = list(found[:7]), list(found[7:])
    names = [r.route for r in top] + (["all others"] if rest else [])
    shares = [r.share for r in top] + ([sum(r.share or 0.0 for r in rest)] if rest else [])
    title = f"No request was measured in week {week}"
    if top and top[0].share is not None:
        title = f"{top[0].route} takes {show(top[0].share, Unit.RATIO)} of all waiting time in week {week}"
    labels = tuple(show(s, Unit.RATIO) for s in shares)
    bars = Series("time share", tuple(names), tuple(shares), kind="bar", labels=labels)
    return ChartSpec("time-share", title, f"{title}.", "of waiting time", "percent", (bars,), height=300)


def route_days(review: Review, route: str, means: Mapping[int, float], numbers: Sequence[int], dates: Sequence,
               title: str) -> ChartSpec:  # fmt: skip
    """Daily mean of one route over the programme, with numbered events."""
    values = tuple(means.get(n) for n in numbers)
    return ChartSpec(f"route-{route}", title, f"Mean duration of {route} by day. {title}.", "", "seconds",
                     (Series(route, tuple(dates), values),), markers=local_markers(review), height=280)  # fmt: skip


def heatmap(rows: Sequence[Mapping], zone: str, title: str) -> ChartSpec:
    """Requests by day and latency bucket. `rows`: hour_us, bound, increase (cumulative buckets)."""
    sums: dict[tuple[str, float], float] = defaultdict(float)
    for row in rows:
        local = datetime.fromtimestamp(row["hour_us"] / 1e6, tz=UTC).astimezone(ZoneInfo(zone))
        sums[f"{local:%m-%d}", row["bound"]] += row["increase"]
    days = sorted({d for d, _ in sums})
    bounds = sorted({b for _, b in sums})
    columns = []
    for day in days:
        below, total = 0.0, sums.get((day, bounds[-1]), 0.0) if bounds else 0.0
        column = []
        for bound in bounds:
            here = sums.get((day, bound), 0.0)
            column.append((here - below) / total if total > 0 else None)
            below = here
        columns.append(column)
    z = tuple(tuple(c[i] for c in columns) for i in range(len(bounds)))
    names = tuple("over" if math.isinf(b) else f"≤ {seconds(b)}" for b in bounds)
    text = tuple(tuple("no requests" if v is None else show(v, Unit.RATIO) for v in row) for row in z)
    shown = tuple(f"{int(d[3:])}.{int(d[:2])}." for d in days)
    return ChartSpec("latency-heatmap", title, f"{title}. Share of requests by day and latency bucket.", "", "percent",
                     heatmap=Heatmap(shown, names, z, text), height=90 + 22 * len(names))  # fmt: skip


def use(review: Review, found: Sequence[UseHour], title: str, name: str, limits: tuple[float, float] | None,
        unit: str) -> ChartSpec:  # fmt: skip
    """Daily mean of one resource, one line an instance, with its warning and critical levels."""
    zone = ZoneInfo(review.programme.timezone)
    parts: dict[str, dict] = defaultdict(lambda: defaultdict(list))
    for hour in found:
        value = hour.share if unit == "ratio" else hour.used
        day = datetime.fromtimestamp(hour.hour_us / 1e6, tz=UTC).astimezone(zone).date()
        if value is not None and review.programme.launch <= day:
            parts[hour.instance][day].append(value)
    days = sorted({d for p in parts.values() for d in p})
    roles = ("main", "compare", "muted")
    series = tuple(
        Series(instance, tuple(days), tuple(sum(part[d]) / len(part[d]) if d in part else None for d in days),
               role=roles[min(i, 2)])
        for i, (instance, part) in enumerate(sorted(parts.items()))
    )  # fmt: skip
    lines = () if limits is None else (Line(limits[0], "warning", "target"), Line(limits[1], "critical", "limit"))
    form = {"ratio": "percent", "seconds": "seconds", "bytes": "bytes"}[unit]
    return ChartSpec(f"use-{name}", title, f"{title}. {name} by day.", "", form, series, lines=lines,
                     markers=local_markers(review), height=220)  # fmt: skip
