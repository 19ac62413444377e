"""Errors, incidents, availability and the error budget as rows of ready texts."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.model import Unit
from kpis.operations.amounts import DASH, instant
from kpis.operations.incidents import Incident
from kpis.operations.reliability import Spent, Target
from kpis.words import show


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


def failure_rows(found: dict[str, tuple[float, float]]) -> list[dict[str, str]]:
    """5xx of every route, most first. A route that was asked and never failed reads 0, one never asked no ratio."""
    ordered = sorted(found.items(), key=lambda f: (-f[1][1], -f[1][0], f[0]))
    return [
        {"Route": route, "5xx": f"{bad:,.0f}", "Requests": f"{n:,.0f}",
         "Ratio": show(bad / n, Unit.RATIO) if n > 0 else "no traffic"}
        for route, (n, bad) in ordered
    ]  # fmt: skip


def target_rows(found: Sequence[Target]) -> list[dict[str, str]]:
    """Availability as scraped, with how much was scraped at all."""

    def share(value: float | None) -> str:
        return DASH if value is None else show(value, Unit.RATIO)

    return [{"Target": t.name, "Up when scraped": share(t.up), "Scraped": share(t.scraped)} for t in found]


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
