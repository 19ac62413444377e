"""Resources -> ChartSpec: use by day, load against use, expressions of the team's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from kpis.charts.build import local_day, local_markers
from kpis.charts.spec import ChartSpec, Line, Series
from kpis.model import Review, Unit
from kpis.operations.amounts import level
from kpis.operations.families import Resource
from kpis.operations.own import Own
from kpis.operations.resources import UseHour
from kpis.operations.scaling import Fit
from kpis.words import count, short_day, show


def use(review: Review, resource: Resource, found: Sequence[UseHour]) -> ChartSpec:
    """Daily mean of one resource, one line an instance, with its warning and critical levels."""
    zone = ZoneInfo(review.programme.timezone)
    whole = resource.kind == "level"
    parts: dict[str, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for hour in found:
        value, day = hour.used if whole else hour.share, local_day(hour.hour_us, zone)
        if value is not None and day >= review.programme.launch:
            parts[hour.instance][day].append(value)
    days = sorted({d for p in parts.values() for d in p})
    roles = ("main", "compare", "muted")
    series = tuple(
        Series(instance, tuple(days), tuple(sum(part[d]) / len(part[d]) if d in part else None for d in days),
               role=roles[min(i, 2)])
        for i, (instance, part) in enumerate(sorted(parts.items()))
    )  # fmt: skip
    lines: tuple[Line, ...] = ()
    if resource.limit_value is not None:
        lines = (Line(resource.limit_value, "noticed by testers", "limit"),)
    elif not whole:
        lines = (Line(resource.warn, "warning", "target"), Line(resource.critical, "critical", "limit"))
    form = {"ratio": "percent", "seconds": "seconds", "bytes": "bytes"}[resource.unit]
    title = _use_title(resource, found)
    alt = f"{title}. {resource.title} by day, mean of its hours."
    return ChartSpec(f"use-{resource.id}", title, alt, "", form, series, lines=lines,
                     markers=local_markers(review), height=230)  # fmt: skip


def _use_title(resource: Resource, found: Sequence[UseHour]) -> str:
    """What the hours of the programme say: the highest one, and how often it was too much."""
    whole = resource.kind == "level"
    known = [(h.hour_us, h.used if whole else h.share) for h in found]
    values = [(hour, value) for hour, value in known if value is not None]
    if not values:
        return f"{resource.title}: no use is known"
    top = max(value for _, value in values)
    most = f"{resource.title}: highest hour {level(top, resource.unit)}"
    if whole:
        return most
    critical, warned = (len({h for h, v in values if v > edge}) for edge in (resource.critical, resource.warn))
    if critical:
        return f"{most}, critical in {count(critical, 'hour')}"
    return f"{most}, above warning in {count(warned, 'hour')}" if warned else f"{most}, never above warning"


def scatter(fit: Fit, points: Sequence[tuple[float, float]], unit: str) -> ChartSpec:
    """Hourly load against use, with the limit: one dot an hour, thinned to what an eye can tell apart."""
    kept = sorted({(float(f"{x:.3g}"), float(f"{y:.3g}")) for x, y in points})
    kept = kept[:: max(1, len(kept) // 250)]
    dots = Series(fit.resource, tuple(x for x, _ in kept), tuple(y for _, y in kept), kind="points", role="compare")
    series = [dots]
    if fit.slope is not None and fit.base is not None and kept:
        series.append(_fitted(fit, kept[0][0], kept[-1][0]))
    form = {"ratio": "percent", "seconds": "seconds", "bytes": "bytes"}[unit]
    alt = f"{fit.resource} against {fit.load}: {fit.answer}."
    return ChartSpec(f"scatter-{fit.resource}", _scatter_title(fit), alt, "", form,
                     tuple(series), lines=(Line(fit.limit, "limit", "limit"),), height=240)  # fmt: skip


def _scatter_title(fit: Fit) -> str:
    answer = "cannot tell" if fit.times is None else f"limit at {fit.times:.1f} × peak"
    return f"{fit.resource} against {fit.load}: {answer}"


def _fitted(fit: Fit, low: float, high: float) -> Series:
    """The fitted line, with its knee where it has one."""
    assert fit.base is not None and fit.slope is not None
    ends: tuple[float, ...] = (low, high)
    values = tuple(fit.base + fit.slope * x for x in ends)
    if fit.knee is not None and low < fit.knee.at < high:
        ends = (low, fit.knee.at, high)
        corner = fit.base + fit.slope * fit.knee.at
        values = (corner - fit.knee.slope_below * (fit.knee.at - low), corner, fit.base + fit.slope * high)
    return Series("fit", ends, values, role="bad")


def own(review: Review, found: Own, days: Sequence[date]) -> ChartSpec:
    """An expression of the team's own by day, one line a series; its title tells the highest day."""
    known = [(v, days[i], name) for name, values in found.lines for i, v in enumerate(values) if v is not None]
    peak = max(known, key=lambda p: p[0], default=None)
    told = "no value on a day that is over"
    if peak is not None:
        of = f", {peak[2]}" if len(found.lines) > 1 and peak[2] else ""
        told = f"highest day {_amount(peak[0], found.form)} ({short_day(peak[1])}{of})"
    more = f"; {found.left_out} more not drawn" if found.left_out else ""
    title = f"{found.name}: {told}{more}"
    roles = ("main", "compare", "muted")
    series = tuple(
        Series(name or found.name, tuple(days), values, role=roles[min(i, 2)])
        for i, (name, values) in enumerate(found.lines)
    )
    what = "growth by day" if found.counter else "daily mean"
    alt = f"{title}. {what[0].upper()}{what[1:]} of {count(len(found.lines), 'series', 'series')}."
    return ChartSpec(f"own-{found.name}", title, alt, "", found.form, series, markers=local_markers(review),
                     height=230)  # fmt: skip


def _amount(value: float, form: str) -> str:
    """A value in words, in the unit that its form tells."""
    if form == "bytes":
        return level(value, form)
    return show(value, Unit.RATIO if form == "percent" else Unit.SECONDS if form == "seconds" else Unit.COUNT)
