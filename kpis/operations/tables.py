"""Operations as rows of ready texts, for pages, report and command line alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kpis.model import Marker, Unit
from kpis.operations.growth import Changes
from kpis.operations.histograms import Quantile
from kpis.operations.incidents import Incident
from kpis.operations.releases import Restart
from kpis.operations.reliability import Spent, Target
from kpis.operations.resources import Use
from kpis.operations.routes import Route, Shift
from kpis.operations.scaling import Fit, first_to_saturate
from kpis.operations.shifts import Mover
from kpis.operations.shifts import Shift as DatedShift
from kpis.words import show

DASH = "–"


def seconds(value: float | None) -> str:
    return DASH if value is None else show(value, Unit.SECONDS)


def quantile(found: Quantile) -> str:
    """A quantile with the bounds of its bucket: "467 ms (250 to 500)"; above the highest bound only a limit."""
    if found.value is None:
        return DASH
    if found.saturated:
        return f"> {seconds(found.lower)}"
    return f"{seconds(found.value)} ({seconds(found.lower)} to {seconds(found.upper)})"


def waiting(found: float | None) -> str:
    """Seconds of waiting, gained or lost, as hours or minutes."""
    if found is None:
        return DASH
    if abs(found) < 30:
        return "0 min"
    return f"{found / 3600:+.1f} h" if abs(found) >= 3600 else f"{found / 60:+.0f} min"


def relative(change: float | None) -> str:
    """A relative change in per cent, signed."""
    return DASH if change is None else f"{change * 100:+.0f} %"


ROUTE_WIDTHS = {"Requests": 72, "Mean": 68, "p50": 68, "p99": 64, "Over target": 88, "5xx": 58}  # pixels


def route_rows(found: Sequence[Route]) -> list[dict[str, str | float | None]]:
    """Routes as they stand in a week; the time share is a number (0..100), to be drawn as a bar."""
    return [
        {
            "Route": r.route,
            "Time share": None if r.share is None else round(100 * r.share, 1),
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
    return DASH if found is None else "0 ms" if abs(found) < 0.00005 else f"{1000 * found:+.1f} ms"


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
            "Day": f"{s.step.day:%d %b}",
            "Series": s.series,
            "Shift": relative(s.step.size),
            "95 %": f"{s.step.low * 100:+.0f} to {s.step.high * 100:+.0f} %",
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


def level(value: float | None, unit: str) -> str:
    """A use (share) or a level in its own unit."""
    if value is None:
        return DASH
    if unit == "bytes":
        return f"{value / 2**20:,.0f} MiB"
    return show(value, Unit.SECONDS if unit == "seconds" else Unit.RATIO)


USE_WIDTHS = {
    "Mean": 72,
    "p95 of hours": 98,
    "Highest hour": 98,
    "When": 110,
    "Over warning": 104,
    "critical": 64,
    "Hours": 56,
}  # pixels


def use_rows(found: Sequence[Use], zone: str) -> list[dict[str, str]]:
    """Resources of a week: mean, p95 and highest hour with its instance, and hours above warning and critical level."""
    return [
        {
            "Resource": u.resource.title,
            "Mean": level(u.mean, u.resource.unit),
            "p95 of hours": level(u.p95, u.resource.unit),
            "Highest hour": level(u.highest, u.resource.unit),
            "When": DASH if u.highest_us is None else instant(u.highest_us, zone),
            "Over warning": f"{u.over_warn}",
            "critical": f"{u.over_critical}",
            "Hours": f"{u.hours}",
            "Where": u.highest_at or DASH,
        }
        for u in found
    ]


def fit_rows(found: Sequence[Fit]) -> list[dict[str, str]]:
    """Scaling of every resource in words, with the fit's quality."""
    return [
        {"Resource": f.resource, "Answer": f.answer, "Fit (r²)": DASH if f.r_squared is None else f"{f.r_squared:.2f}",
         "Days": f"{f.days}"}
        for f in found
    ]  # fmt: skip


def scaling_sentence(found: Sequence[Fit]) -> str:
    """The scaling assessment in one sentence."""
    first = first_to_saturate(found)
    if first is None:
        return "Cannot tell what saturates first: no resource follows the load clearly, or load hardly varied"
    return f"First to saturate: {first.answer}"


def incident_rows(found: Sequence[Incident], zone: str) -> list[dict[str, str]]:
    """Detected incidents in local time."""
    return [
        {
            "Start": instant(i.start_us, zone),
            "End": instant(i.end_us, zone),
            "What": i.what,
            "Peak": i.peak_words,
            "Routes": ", ".join(i.routes[:3]) or DASH,
            "Testers touched": f"{i.testers} of {i.active} active",
        }
        for i in found
    ]


def error_rows(found: Sequence[dict], zone: str) -> list[dict[str, str]]:
    """Failures that testers met, first those that touched most testers."""
    return [
        {"Kind": e["kind"], "Place": e["place"], "Detail": e["detail"] or DASH, "Testers": f"{e['testers']:,}",
         "Errors": f"{e['errors']:,}", "First": instant(e["first_us"], zone), "Last": instant(e["last_us"], zone)}
        for e in found
    ]  # fmt: skip


def kind_rows(found: Sequence[dict]) -> list[dict[str, str]]:
    """Errors by type and component, most first."""
    return [{"Component": e["component"], "Type": e["type"], "Errors": f"{e['errors']:,.0f}"} for e in found]


def restart_rows(found: Sequence[Restart], zone: str) -> list[dict[str, str]]:
    """Restarts in local time."""
    return [
        {
            "When": instant(r.at_us, zone),
            "Target": r.target,
            "Seen by": f"{r.series:,} counters that began again" if r.series else "its start time",
        }
        for r in found
    ]


def target_rows(found: Sequence[Target]) -> list[dict[str, str]]:
    """Availability as scraped, with how much was scraped at all."""

    def share(value: float | None) -> str:
        return DASH if value is None else show(value, Unit.RATIO)

    return [{"Target": t.name, "Up when scraped": share(t.up), "Scrapes made": share(t.scraped)} for t in found]


def budget_sentence(found: Spent | None) -> str:
    """The state of the error budget in one sentence."""
    if found is None or found.whole.spent is None:
        return "No traffic was measured, so nothing is known of the error budget"
    ratio = show(1 - found.objective, Unit.RATIO)
    whole = found.whole
    left = "is used up" if whole.spent >= 1 else f"has {show(whole.left, Unit.RATIO)} left"
    spent = f"{whole.failures:,.0f} of {whole.allowed:,.0f} failures"
    return f"The error budget ({ratio} of the programme's requests) {left}: {spent}"


def burn_rows(found: Spent | None, zone: str) -> list[dict[str, str]]:
    """Burn alerts: window, factor, worst burn rate, hours that reached the factor."""
    if found is None:
        return []
    return [
        {
            "Window": f"{b.window_hours} h",
            "Factor": f"{b.factor:.4g}",
            "Worst": DASH if b.worst is None else f"{b.worst:.2f}",
            "Hours over": f"{len(b.hours)}",
            "First": instant(found.hours[b.hours[0]], zone) if b.hours else DASH,
        }
        for b in found.burns
    ]


def instant(us: int, zone: str) -> str:
    """An instant at the programme's wall clock."""
    return f"{datetime.fromtimestamp(us / 1e6, tz=UTC).astimezone(ZoneInfo(zone)):%d %b %H:%M}"
