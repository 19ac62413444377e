"""Detected incidents that overlap in time are one story: seen from several sides, not several incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.warehouse import Snapshot
from kpis.operations.incidents import Incident, detect, touched
from kpis.words import joined

# What may lie behind others first: a full pool shows as latency and errors, hardly the other way round.
ORDER = (
    "connections_exhausted", "resource_exhaustion", "cache_collapse", "component_errors", "high_latency",
    "error_spike",
)  # fmt: skip
NAMES = {
    "connections_exhausted": "connections exhausted", "resource_exhaustion": "resource exhausted",
    "cache_collapse": "cache collapse", "component_errors": "component errors", "high_latency": "high latency",
    "error_spike": "error spike",
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """Incidents that hang together in time. `start_us`, `end_us`: whole UTC hours, half-open."""

    start_us: int
    end_us: int
    parts: tuple[Incident, ...]  # in ORDER
    routes: tuple[str, ...]
    testers: int
    active: int

    @property
    def title(self) -> str:
        """The detector that stands first, with those that fired beside it."""
        first, *rest = dict.fromkeys(_named(p) for p in self.parts)
        return f"{first}, with {joined(rest)}" if rest else first

    @property
    def peaks(self) -> str:
        """What each detector saw at worst."""
        words = [p.peak_words if p.what in ("p95", "5xx ratio") else f"{p.what}: {p.peak_words}" for p in self.parts]
        return "; ".join(dict.fromkeys(words))


def stories(snapshot: Snapshot) -> tuple[Story, ...]:
    """Every story in time order."""
    return tuple(_story(snapshot, group) for group in grouped(detect(snapshot)))


def grouped(found: Sequence[Incident]) -> tuple[tuple[Incident, ...], ...]:
    """Incidents that overlap, directly or through a third; mere neighbours in time stay apart."""
    groups: list[list[Incident]] = []
    end = 0
    for incident in sorted(found, key=lambda i: (i.start_us, i.end_us)):
        if groups and incident.start_us < end:
            groups[-1].append(incident)
        else:
            groups.append([incident])
        end = max(end, incident.end_us)
    return tuple(tuple(g) for g in groups)


def _story(snapshot: Snapshot, group: Sequence[Incident]) -> Story:
    start, end = min(i.start_us for i in group), max(i.end_us for i in group)
    parts = tuple(sorted(group, key=lambda i: (_rank(i), i.start_us, i.what)))
    routes, testers, active = touched(snapshot, start, end)
    return Story(start, end, parts, routes, testers, active)


def _rank(incident: Incident) -> int:
    return ORDER.index(incident.detector) if incident.detector in ORDER else len(ORDER)


def _named(incident: Incident) -> str:
    name = NAMES.get(incident.detector, incident.detector.replace("_", " "))
    if incident.detector == "component_errors":
        return f"errors of {incident.what}"
    return f"{incident.what} exhausted" if incident.detector == "resource_exhaustion" else name
