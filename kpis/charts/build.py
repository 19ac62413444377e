"""Review -> ChartSpec: the charts that screen and report share. No figure is computed here, only arranged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from kpis.charts.spec import ChartSpec, Heatmap, Line, Series
from kpis.charts.titles import finding, revisions, shown, shown_title
from kpis.model import KpiValue, Marker, Review, Unit
from kpis.words import short_day, show

_FORMATS: dict[Unit, Literal["percent", "number", "seconds"]] = {Unit.RATIO: "percent", Unit.SECONDS: "seconds"}
_UNIT_WORDS = {Unit.HOURS: "hours", Unit.COUNT: "", Unit.PER_TESTER: "per tester"}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def circled(number: int) -> str:
    """A marker's number as one sign: ①."""
    return _CIRCLED[number - 1] if 1 <= number <= len(_CIRCLED) else f"({number})"


def local_markers(review: Review) -> tuple[Marker, ...]:
    """Markers at the wall-clock time of the programme's zone, as charts place them."""
    zone = ZoneInfo(review.programme.timezone)
    return tuple(
        replace(m, at=m.at.astimezone(zone), end=m.end.astimezone(zone) if m.end else None) for m in review.markers
    )


@lru_cache(maxsize=65_536)
def local_day(hour_us: int, zone: ZoneInfo) -> date:
    """Local day of an hour. Every chart of a page asks for the same hours."""
    return datetime.fromtimestamp(hour_us / 1e6, tz=UTC).astimezone(zone).date()


def days(review: Review, kpi_id: str, height: int = 220) -> ChartSpec:
    """The daily points of one KPI over the whole programme, with target, floor and numbered events."""
    value = review.value(kpi_id)
    points = review.days.get(kpi_id, ())
    y = tuple(shown(review, value, p.value) for p in points)
    name = shown_title(review, kpi_id)
    series = Series(name, tuple(p.day for p in points), y)
    broken = "".join(f" {m.title[0].upper()}{m.title[1:]}." for m in redefined(review, kpi_id))
    return ChartSpec(
        id=f"days-{kpi_id}",
        title=finding(review, kpi_id),
        alt=f"{name} by day, {len([v for v in y if v is not None])} of {len(y)} days with data. "
        f"{finding(review, kpi_id)}. {_marker_words(review)}{broken}",
        y_title=_UNIT_WORDS.get(value.unit, ""),
        y_format=_FORMATS.get(value.unit, "number"),
        series=(series,),
        lines=_limits(review, value) if review.kpi(kpi_id).daily != "other" else (),
        markers=tuple(sorted((*local_markers(review), *redefined(review, kpi_id)), key=lambda m: m.at)),
        height=height,
    )


def redefined(review: Review, kpi_id: str) -> tuple[Marker, ...]:
    """A mark at the first day of each week from which on the KPI is defined anew."""
    zone = ZoneInfo(review.programme.timezone)
    starts = {w.week: datetime(w.start.year, w.start.month, w.start.day, tzinfo=zone) for w in review.weeks}
    return tuple(
        Marker(revision, starts[week], None, "definition", f"definition revision {revision} from week {week}")
        for week, revision in revisions(review, kpi_id).items()
    )


def seven_four(review: Review, kpi_id: str, week: int | None = None, height: int = 280) -> ChartSpec:
    """Seven daily points of a week beside the weekly bars, with a target tick on each bar."""
    value = review.value(kpi_id, week)
    daily = _seven(review, value)
    weekly = [v for v in review.values if v.kpi_id == kpi_id]
    blanks = [" " * (i + 2) for i in range(len(weekly))]
    new = revisions(review, kpi_id)
    names = tuple(n for v, blank in zip(weekly, blanks, strict=True) for n in (_week_name(v, new), blank))[:-1]
    bounds = [_bounds(review, v) for v in weekly]
    bars = Series(
        "weeks", names, _spread([shown(review, v, v.value) for v in weekly], None),
        low=_spread([b[0] for b in bounds], None), high=_spread([b[1] for b in bounds], None), kind="bar",
        hatched=_spread([not v.state.settled for v in weekly], False),
        labels=_spread([_bar_label(review, v) for v in weekly], ""),
    )  # fmt: skip
    goals = _spread([shown(review, v, v.target) for v in weekly], None)
    targets = Series("target", names, goals, kind="tick", role="bad")
    told = "; ".join(f"week {v.week} {_bar_label(review, v) or 'no data'}" for v in weekly)
    return ChartSpec(
        id=f"seven-four-{kpi_id}-{value.week}",
        title=finding(replace(review, week=value.week), kpi_id),
        alt=f"{shown_title(review, kpi_id)}: days of week {value.week} beside the weeks: {told}.",
        y_title=_UNIT_WORDS.get(value.unit, ""),
        y_format=_FORMATS.get(value.unit, "number"),
        series=(daily, bars, targets) if value.target is not None else (daily, bars),
        height=height,
    )


def _week_name(v: KpiValue, new: Mapping[int, int]) -> str:
    """ "W3", with the new revision under it where the definition changed."""
    return f"W{v.week}\nr{new[v.week]}" if v.week in new else f"W{v.week}"


def _spread(items: Sequence[Any], between: Any) -> tuple[Any, ...]:
    """An empty place between any two items, so that the labels of bars have room on a phone."""
    return tuple(x for item in items for x in (item, between))[:-1]


def _seven(review: Review, value: KpiValue) -> Series:
    """Daily points of one week on a named axis, closed by an empty place that parts them from the bars."""
    points = [p for p in review.days.get(value.kpi_id, ()) if value.start <= p.day <= value.end]
    events: dict[Any, str] = {}
    for marker in local_markers(review):
        events[marker.at.date()] = events.get(marker.at.date(), "") + circled(marker.number)
    names = [str(p.day.day) + (f"\n{events[p.day]}" if p.day in events else "") for p in points]
    y = [shown(review, value, p.value) for p in points]
    return Series("days", (*names, " "), (*y, None), role="compare")


def _bar_label(review: Review, v: KpiValue) -> str:
    if v.value is None:
        return ""
    text = show(shown(review, v, v.value), v.unit)
    return text if v.state.settled else f"{text}\n{v.days_in} of 7 d"


def _bounds(review: Review, v: KpiValue) -> tuple[float | None, float | None]:
    """Interval as drawn: a complement swaps its ends."""
    low, high = shown(review, v, v.low), shown(review, v, v.high)
    return (high, low) if review.kpi(v.kpi_id).complement and v.unit is Unit.RATIO else (low, high)


def _limits(review: Review, value: KpiValue) -> tuple[Line, ...]:
    found = []
    if value.target is not None:
        target = shown(review, value, value.target)
        found.append(Line(target, f"target {show(target, value.unit)}", "target"))
    if value.floor is not None and value.floor != value.target:
        floor = shown(review, value, value.floor)
        found.append(Line(floor, f"floor {show(floor, value.unit)}", "floor"))
    return tuple(found)


def _marker_words(review: Review) -> str:
    return "Events: " + "; ".join(f"{m.number} {m.title}" for m in review.markers) + "." if review.markers else ""


def source_days(rows: Sequence[Mapping[str, Any]]) -> ChartSpec:
    """Sources x local days. `rows`: source, item, local_date, rows, expected (or None), covered 0..1."""
    called = _short_names(rows)
    names = tuple(called.values())
    dates = sorted({r["local_date"] for r in rows})
    cells = {(called[r["source"], r["item"]], r["local_date"]): r for r in rows}
    z = tuple(tuple(_covered(cells.get((n, d))) for d in dates) for n in names)
    text = tuple(tuple(_cell_words(cells.get((n, d))) for d in dates) for n in names)
    thin = [n for n, row in zip(names, z, strict=True) if any(c is None or c < 0.95 for c in row)]
    title = f"{len(thin)} of {len(names)} source items have days that are not fully covered" if thin else (
        "Every source covers every day"
    )  # fmt: skip
    return ChartSpec(
        id="source-days", title=title, alt=f"{title}{': ' + ', '.join(thin) if thin else ''}.", y_title="",
        y_format="percent", height=90 + 26 * len(names),
        heatmap=Heatmap(tuple(short_day(d) for d in dates), names, z, text),
    )  # fmt: skip


def _short_names(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Source and item -> the item's name, with its source where two sources have an item of that name."""
    pairs = dict.fromkeys((r["source"], r["item"]) for r in rows)
    items = [item for _, item in pairs]
    return {
        (source, item): (item if items.count(item) == 1 else f"{source} · {item}").removeprefix("samples ")
        for source, item in pairs
    }


def _covered(row: Mapping[str, Any] | None) -> float | None:
    return None if row is None else row["covered"]


def _cell_words(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "nothing recorded"
    of = f" of {row['expected']:,.0f}" if row["expected"] else ""
    return f"{row['rows']:,}{of} rows, {show(row['covered'], Unit.RATIO)} of the day covered"
