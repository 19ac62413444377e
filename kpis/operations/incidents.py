"""Incidents that nobody declared: spans of hours in which a detector fired, with their peak and what they touched.

Five detectors, the programme's five common issues: error spike, high latency, connections exhausted, cache collapse,
resource exhaustion; and error spikes of single components. Thresholds are the team's own alerts where they have set
them (5xx over 5 %, p95 over 1 s), otherwise relative to the programme's median hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from data.warehouse import Snapshot
from kpis.model import Unit
from kpis.operations import spellings
from kpis.operations.families import APP_ERRORS, RESOURCES
from kpis.operations.histograms import quantile
from kpis.operations.resources import UseHour
from kpis.operations.resources import hours as use_hours
from kpis.words import show

HOUR_US = 3_600_000_000
ERROR_ALERT, LATENCY_ALERT = 0.05, 1.0
MIN_REQUESTS, MIN_ERRORS = 50, 10
SPIKE = 8.0  # times the median hour
FULL = 0.95  # of a connection limit
CACHE_DROP = 0.6  # of the median hit ratio


@dataclass(frozen=True)
class Incident:
    """A detected span. `start_us` and `end_us` are whole UTC hours, half-open."""

    detector: str
    what: str  # "5xx ratio", "component migration", "Database connections"
    start_us: int
    end_us: int
    peak: float
    peak_words: str
    routes: tuple[str, ...]
    testers: int
    active: int


Point = tuple[int, float]


def detect(snapshot: Snapshot) -> tuple[Incident, ...]:
    """All detected incidents in time order."""
    spans: list[tuple[str, str, int, int, float, str]] = []
    for detector, what, points, fires, words in _detectors(snapshot):
        for start, end, peak in merge(points, fires):
            spans.append((detector, what, start, end, peak, words(peak)))
    return tuple(_touched(snapshot, *s) for s in sorted(spans, key=lambda s: (s[2], s[0], s[1])))


def merge(points: Iterable[Point], fires: Callable[[float], bool]) -> list[tuple[int, int, float]]:
    """Neighbouring hours that fire become one span; one quiet hour between two does not end it."""
    spans: list[list] = []
    for hour, value in sorted(points):
        if not fires(value):
            continue
        if spans and hour - spans[-1][1] <= HOUR_US:
            spans[-1][1], spans[-1][2] = hour + HOUR_US, max(spans[-1][2], value)
        else:
            spans.append([hour, hour + HOUR_US, value])
    return [tuple(s) for s in spans]


def _detectors(
    snapshot: Snapshot,
) -> Iterable[tuple[str, str, list[Point], Callable[[float], bool], Callable[[float], str]]]:
    yield (
        "error_spike",
        "5xx ratio",
        _error_ratio(snapshot),
        lambda v: v > ERROR_ALERT,
        lambda v: f"{show(v, Unit.RATIO)} of requests failed",
    )
    yield "high_latency", "p95", _latency(snapshot), lambda v: v > LATENCY_ALERT, lambda v: f"p95 {v:.1f} s"
    yield from _components(snapshot)
    yield from _exhausted(snapshot)
    yield from _cache(snapshot)


def _error_ratio(snapshot: Snapshot) -> list[Point]:
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in snapshot.rows("operations/http_hours", **spellings.requests(snapshot)):
        if row["failed"] is not None:  # in half-hour zones one UTC hour lies in two local days
            sums[row["hour_us"]][0] += row["requests"]
            sums[row["hour_us"]][1] += row["failed"]
    return [(hour, bad / n) for hour, (n, bad) in sums.items() if n >= MIN_REQUESTS]


def _latency(snapshot: Snapshot) -> list[Point]:
    by_hour: dict[int, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for row in snapshot.rows("operations/http_hour_buckets", **spellings.durations(snapshot, "_bucket")):
        by_hour[row["hour_us"]][0].append(row["bound"])
        by_hour[row["hour_us"]][1].append(row["increase"])
    found = ((hour, quantile(*buckets, 0.95)) for hour, buckets in by_hour.items())
    return [(hour, q.value) for hour, q in found if q.value is not None and q.n >= MIN_REQUESTS]


def _components(snapshot: Snapshot):
    """Errors of one component far above its own median hour, and enough of them to matter."""
    by_component: dict[str, list[Point]] = defaultdict(list)
    for row in snapshot.rows("operations/component_hours", metrics=list(APP_ERRORS)):
        by_component[row["component"]].append((row["hour_us"], row["errors"]))
    for component, points in sorted(by_component.items()):
        limit = max(MIN_ERRORS, SPIKE * median(v for _, v in points))
        yield ("component_errors", f"component {component}", points, lambda v, limit=limit: v >= limit,
               lambda v: f"{v:,.0f} errors in an hour")  # fmt: skip


def _exhausted(snapshot: Snapshot):
    """Connections at their limit, and any other resource above its critical level."""
    for resource in RESOURCES:
        if resource.kind == "level":
            continue
        full = FULL if resource.id == "connections" else resource.critical
        points: dict[int, float] = {}
        for hour in use_hours(snapshot, resource):
            points[hour.hour_us] = max(points.get(hour.hour_us, 0.0), _peak(hour))
        detector = "connections_exhausted" if resource.id == "connections" else "resource_exhaustion"
        yield (detector, resource.title, list(points.items()), lambda v, full=full: v >= full,
               lambda v: f"{show(v, Unit.RATIO)} of the limit")  # fmt: skip


def _peak(hour: UseHour) -> float:
    """Highest share of an hour. Maxima of several series need not fall together, so their sum counts only in an
    hour that was half full on average, and never as more than full."""
    if not hour.limit or hour.share is None:
        return 0.0
    return min(1.0, hour.peak / hour.limit) if hour.share >= 0.5 else hour.share


def _cache(snapshot: Snapshot):
    """Hit ratio (sum over sum) far under its own median hour."""
    hits, all_ = defaultdict(float), defaultdict(float)
    for name, into in (("redis_keyspace_hits_total", (hits, all_)), ("redis_keyspace_misses_total", (all_,))):
        for row in snapshot.rows("operations/counter_hours", metrics=[name]):
            for sums in into:
                sums[row["hour_us"]] += row["increase"]
    points = [(h, hits[h] / n) for h, n in all_.items() if n >= MIN_REQUESTS]
    if points:
        limit = CACHE_DROP * median(v for _, v in points)
        yield ("cache_collapse", "Redis hit ratio", [(h, 1 - v) for h, v in points], lambda v: 1 - v < limit,
               lambda v: f"hit ratio {show(1 - v, Unit.RATIO)}")  # fmt: skip


def _touched(snapshot: Snapshot, detector: str, what: str, start: int, end: int, peak: float, words: str) -> Incident:
    return Incident(detector, what, start, end, peak, words, *touched(snapshot, start, end))


def touched(snapshot: Snapshot, start: int, end: int) -> tuple[tuple[str, ...], int, int]:
    """Five routes with most 5xx between two instants, testers who met a failure or slowness, and all active ones."""
    settings = snapshot.settings
    testers = snapshot.row(
        "operations/span_testers", start_us=start, end_us=end,
        slow_ms=settings.get("performance", {}).get("slow_ms", 1000.0),
        error_events=list(settings.get("engagement", {}).get("error_events", ["app_error"])),
    )  # fmt: skip
    routes = snapshot.rows("operations/span_routes", start_us=start, end_us=end, **spellings.requests(snapshot))
    return tuple(r["route"] for r in routes[:5]), testers["touched"], testers["active"]
