"""Routes, their growth and their dated shifts as rows of ready texts."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.model import Marker, Unit
from kpis.operations.amounts import DASH, level, quantile, relative, seconds, waiting
from kpis.operations.growth import Changes
from kpis.operations.routes import Route, Shift
from kpis.operations.shifts import Mover
from kpis.operations.shifts import Shift as DatedShift
from kpis.words import short_day, show, signed

ROUTE_WIDTHS = {  # pixels: all columns are seen beside the menu at 1,280
    "Requests": 72, "Mean": 66, "p50": 66, "p95 (bucket)": 168, "p99": 62, "Over target": 88, "5xx": 58,
}  # fmt: skip


def route_rows(found: Sequence[Route]) -> list[dict[str, str | float | None]]:
    """Routes as they stand in a week; the share of time is a number, 0 to 100."""
    return [
        {
            "Route": r.route,
            "Share": None if r.share is None else round(100 * r.share, 1),
            "Requests": f"{r.requests:,.0f}",
            "Mean": seconds(r.mean),
            "p50": seconds(r.p50.value),
            "p95 (bucket)": quantile(r.p95),
            "p99": seconds(r.p99.value),
            "Over target": waiting(r.excess).lstrip("+"),
            "5xx": DASH if r.error_ratio is None else show(r.error_ratio, Unit.RATIO),
        }
        for r in found
    ]


def growth_rows(found: Changes) -> list[dict[str, str]]:
    """Why waiting time and the mean grew or fell since the week before: the parts add up to the changes.

    Routes of either week, largest change first; one that came has only load, one that went too.
    """
    parts = found.mean.by_route if found.mean else {}
    return [
        {
            "Route": route,
            "Waiting time": waiting(g.total),
            "more load": waiting(g.load),
            "slower": waiting(g.slowdown),
            "both": waiting(g.both),
            "Mean by mix": _signed(parts.get(route, (None, None))[0]),
            "by slower": _signed(parts.get(route, (None, None))[1]),
        }
        for route, g in found.by_route
    ]


def _signed(found: float | None) -> str:
    """Seconds of a mean, gained or lost."""
    return DASH if found is None else f"{signed(1000 * found, 1)} ms"


def shift_rows(found: Sequence[Shift]) -> list[dict[str, str]]:
    """All routes before and after a change, the costliest slowdown first."""
    return [
        {
            "Route": s.route,
            "Mean before": seconds(s.before.mean),
            "after": seconds(s.after.mean),
            "Change": relative(None if s.mean_ratio is None else s.mean_ratio - 1),
            "p95 before": seconds(s.p95_before),
            "p95 after": seconds(s.p95_after),
            "Waiting added a day": waiting(s.cost),
        }
        for s in found
    ]


def step_rows(found: Sequence[DatedShift]) -> list[dict[str, str]]:
    """Dated shifts with the numbered events within a day of them."""
    return [
        {
            "Day": short_day(s.step.day),
            "Series": s.series,
            "Shift": relative(s.step.size),
            "95 %": f"{signed(s.step.low * 100)} to {signed(s.step.high * 100)} %",
            "Near in time": "; ".join(event(m) for m in s.near) or "nothing known",
        }
        for s in found
    ]


def event(marker: Marker) -> str:
    """A numbered event in words, its kind not said twice."""
    kind = "" if marker.title.startswith(marker.kind) else f"{marker.kind} "
    return f"{marker.number} {kind}{marker.title}"


def mover_rows(found: Sequence[Mover]) -> list[dict[str, str]]:
    """Resources before and after, the one that grew most first."""
    return [
        {"Resource": m.resource, "Before": level(m.before, m.unit), "After": level(m.after, m.unit),
         "Change": relative(None if m.ratio is None else m.ratio - 1)}
        for m in found
    ]  # fmt: skip
