"""Traffic -> ChartSpec: control chart of errors, budget, a route by day, quantiles by day, heatmap of durations."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from kpis.charts.build import local_day, local_markers
from kpis.charts.spec import ChartSpec, Heatmap, Line, Series
from kpis.model import Review, Unit
from kpis.operations.amounts import seconds
from kpis.operations.histograms import Quantile
from kpis.operations.reliability import Behaviour, Spent
from kpis.operations.tables_errors import budget_sentence
from kpis.words import joined, short_day, show


def behaviour(review: Review, found: Behaviour) -> ChartSpec:
    """Control chart of the daily error ratio: signals in orange, limits drawn."""
    known = found.limits is not None
    if not known:
        title = "Fewer than ten days with traffic: too few for limits"
    elif found.signals:
        named = joined([short_day(d) for d in found.signals])
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
        top = max((v for v in found.values if v is not None), default=0.0)
        apart = found.limits.high - found.limits.mean > top / 12  # else their labels would lie on each other
        lines = (
            Line(found.limits.mean, "mean" if apart else "", "mean"),
            Line(found.limits.high, "upper limit", "limit"),
        )
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


def route_days(review: Review, route: str, means: Mapping[int, float], days: tuple[Sequence[int], Sequence[date]],
               title: str) -> ChartSpec:  # fmt: skip
    """Daily mean of one route over the programme, with numbered events. `days`: numbers and dates."""
    values = tuple(means.get(n) for n in days[0])
    return ChartSpec(f"route-{route}", title, f"Mean duration of {route} by day. {title}.", "mean", "seconds",
                     (Series(route, tuple(days[1]), values),), markers=local_markers(review), height=280)  # fmt: skip


def heatmap(rows: Sequence[Mapping], review: Review, title: str) -> ChartSpec:
    """Requests by day and latency bucket. `rows`: hour_us, base, bound, increase (cumulative buckets).

    Where the histogram changed its name and its bounds, only the bounds that both had are drawn.
    """
    shared = _shared_bounds(rows)
    sums: dict[tuple[str, float], float] = defaultdict(float)
    zone, launch = ZoneInfo(review.programme.timezone), review.programme.launch
    local = {us: local_day(us, zone) for us in {row["hour_us"] for row in rows}}
    names_of = {us: day.isoformat() for us, day in local.items() if day >= launch}
    for row in rows:
        day = names_of.get(row["hour_us"])
        if day and row["bound"] in shared:
            sums[day, row["bound"]] += row["increase"]
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
    slow_first = range(len(bounds) - 1, -1, -1)
    z = tuple(tuple(c[i] for c in columns) for i in slow_first)
    names = tuple(_bucket(bounds, i) for i in slow_first)
    text = tuple(tuple("no requests" if v is None else show(v, Unit.RATIO) for v in row) for row in z)
    shown = tuple(short_day(date.fromisoformat(d)) for d in days)
    return ChartSpec("latency-heatmap", title, f"{title}. Share of requests by day and latency bucket.", "", "percent",
                     heatmap=Heatmap(shown, names, z, text, "amount"), height=90 + 22 * len(names))  # fmt: skip


def _shared_bounds(rows: Sequence[Mapping]) -> set[float]:
    parts: dict[str, set[float]] = defaultdict(set)
    for row in rows:
        parts[row["base"]].add(row["bound"])
    return set.intersection(*parts.values()) if parts else set()


def _bucket(bounds: Sequence[float], i: int) -> str:
    return f"over {seconds(bounds[i - 1])}" if math.isinf(bounds[i]) and i else f"to {seconds(bounds[i])}"


def quantile_days(review: Review, found: Mapping[int, Sequence[Quantile]], days: tuple[Sequence[int], Sequence[date]],
                  target: float) -> ChartSpec:  # fmt: skip
    """p50, p95 and p99 of all requests by day; the band is the bucket that holds the p95. `found`: day -> the three."""
    x = tuple(days[1])
    rows = [found.get(n) for n in days[0]]
    named = zip(("p99", "p95", "p50"), (2, 1, 0), ("muted", "main", "compare"), strict=True)
    place = _clearest(rows)
    under = {"p95", "p50"} if rows and _above_ground(rows[place]) else {"p95"}
    series = tuple(
        Series(
            name, x, tuple(None if r is None or r[i].saturated else r[i].value for r in rows), role=role,
            low=tuple(None if r is None else r[1].lower for r in rows) if i == 1 else None,
            high=tuple(None if r is None or r[1].saturated else r[1].upper for r in rows) if i == 1 else None,
            labels=tuple(name if at == place else "" for at in range(len(x))), below=name in under,
        )
        for name, i, role in named
    )  # fmt: skip
    over = sum(r is not None and r[1].value is not None and r[1].value > target for r in rows)
    known = sum(r is not None and r[1].value is not None for r in rows)
    title = f"p95 of all requests over {seconds(target)} on {over} of {known} days"
    alt = f"{title}. Daily p50, p95 and p99 from summed buckets; the band shows the bounds of the p95's bucket."
    return ChartSpec("quantile-days", title, alt, "", "seconds", series, lines=(Line(target, "target"),),
                     markers=local_markers(review), height=300)  # fmt: skip


def _above_ground(row: Sequence[Quantile] | None) -> bool:
    """Whether the p50 lies further from zero than from the p95: else its name would stand on the axis."""
    p50, p95 = (q.value or 0.0 for q in row[:2]) if row is not None else (0.0, 0.0)
    return p50 > p95 - p50


def _clearest(rows: Sequence[Sequence[Quantile] | None]) -> int:
    """The day on which three lines lie furthest apart, in the first half: there is room for their names."""

    def room(i: int) -> float:
        values = [q.value for q in rows[i] or () if q.value is not None and not q.saturated]
        calm = len(values) == 3 and values[2] < 3 * values[1]
        return min(values[1] - values[0], values[2] - values[1]) if calm else -1.0

    def around(i: int) -> float:
        return min(room(j) for j in range(max(0, i - 2), min(len(rows), i + 3)))

    return max(range(max(1, len(rows) // 2)), key=around) if rows else 0
