"""Change points of the daily series that matter, matched to what happened near them, and what moved with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from data.warehouse import Snapshot
from kpis.model import Marker
from kpis.operations import spellings
from kpis.operations.changepoints import Step, steps
from kpis.operations.families import RESOURCES
from kpis.operations.resources import hours, summary

MIN_REQUESTS = 50.0  # a route's day with fewer has no mean worth a test


@dataclass(frozen=True)
class Shift:
    """A dated step of one daily series, with the numbered events within a day of it."""

    series: str  # "route /api/feed", "resource CPU", "all routes"
    what: str  # "mean seconds", "use"
    step: Step
    near: tuple[Marker, ...]


@dataclass(frozen=True)
class Mover:
    """A resource over the days in which a route was slow, against the days before."""

    resource: str
    before: float
    after: float
    unit: str

    @property
    def ratio(self) -> float | None:
        return self.after / self.before if self.before else None


def days(snapshot: Snapshot) -> tuple[list[int], list[date]]:
    """Programme days that are over: numbers and dates."""
    rows = snapshot.rows("operations/programme_days")
    return [r["day_n"] for r in rows], [r["local_date"] for r in rows]


def route_means(snapshot: Snapshot) -> dict[str, dict[int, float]]:
    """Mean seconds of each route on each day with enough requests; '' is all routes together."""
    sums: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for row in snapshot.rows("operations/route_days", **spellings.durations(snapshot, "_count")):
        for route in (row["route"], ""):
            sums[route][row["day_n"]][0] += row["requests"]
            sums[route][row["day_n"]][1] += row["seconds"]
    return {
        route: {day: s / n for day, (n, s) in part.items() if n >= MIN_REQUESTS} for route, part in sums.items()
    }  # fmt: skip


def find(snapshot: Snapshot, markers: Sequence[Marker]) -> tuple[Shift, ...]:
    """Steps of every route's mean, of all routes' and of every resource, oldest first, largest before smaller."""
    numbers, dates = days(snapshot)
    series: list[tuple[str, str, dict[int, float]]] = []
    for route, means in sorted(route_means(snapshot).items()):
        series.append((f"route {route}" if route else "all routes", "mean seconds", means))
    for resource in RESOURCES:
        found = hours(snapshot, resource)
        uses = {n: summary(resource, found, (n, n + 1)).mean for n in numbers} if found else {}
        series.append((f"resource {resource.title}", "use", {n: v for n, v in uses.items() if v is not None}))
    out = [
        Shift(name, what, step, near(step.day, markers, snapshot.meta["timezone"]))
        for name, what, values in series
        for step in steps(dates, [values.get(n) for n in numbers])
    ]
    return tuple(sorted(out, key=lambda s: (s.step.day, -abs(s.step.size), s.series)))


def near(day: date, markers: Sequence[Marker], zone: str) -> tuple[Marker, ...]:
    """Numbered events on the local day of a step, the day before or after: a date is known to a day or so."""
    return tuple(m for m in markers if abs((m.at.astimezone(ZoneInfo(zone)).date() - day).days) <= 1)


def movers(snapshot: Snapshot, day_n: int, span: tuple[int, int], width: int = 7) -> tuple[Mover, ...]:
    """Every resource over the days before and after a day, inside a span; the one that grew most first."""
    out = []
    for resource in RESOURCES:
        found = hours(snapshot, resource)
        old = summary(resource, found, (max(span[0], day_n - width), day_n)).mean
        new = summary(resource, found, (day_n + 1, min(span[1], day_n + 1 + width))).mean
        if old is not None and new is not None:
            out.append(Mover(resource.title, old, new, resource.unit))
    return tuple(sorted(out, key=lambda m: (-(m.ratio or 0.0), m.resource)))


def latest(
    snapshot: Snapshot, route: str, markers: Sequence[Marker], until: date, up_only: bool = False
) -> Shift | None:
    """The latest step of a route's daily mean up to a day, or None where it had not shifted by then."""
    numbers, dates = days(snapshot)
    values = route_means(snapshot).get(route, {})
    found = [
        s for s in steps(dates, [values.get(n) for n in numbers]) if s.day <= until and (s.size > 0 or not up_only)
    ]
    if not found:
        return None
    return Shift(f"route {route}", "mean seconds", found[-1], near(found[-1].day, markers, snapshot.meta["timezone"]))


def slower_since(snapshot: Snapshot, route: str, markers: Sequence[Marker], until: date) -> Shift | None:
    """The latest step up of a route's daily mean up to a day, or None where it had not become slower."""
    return latest(snapshot, route, markers, until, True)


def edges(snapshot: Snapshot, route: str, step: Step) -> tuple[int, tuple[int, int]]:
    """Number of a step's day, and the days between its neighbouring steps: what it may be compared over."""
    numbers, dates = days(snapshot)
    values = route_means(snapshot).get(route, {})
    others = [s.day for s in steps(dates, [values.get(n) for n in numbers]) if s.day != step.day]
    number = dict(zip(dates, numbers, strict=True))
    first = max((number[d] for d in others if d < step.day), default=numbers[0])
    last = min((number[d] for d in others if d > step.day), default=numbers[-1] + 1)
    return number[step.day], (first, last)
