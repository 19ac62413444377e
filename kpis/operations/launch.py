"""Will it hold at launch? Every resource against the load that explains it best."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from data.warehouse import Snapshot
from kpis.operations import spellings
from kpis.operations.families import RESOURCES, Resource
from kpis.operations.resources import UseHour, hours
from kpis.operations.scaling import Fit, fit

DAY_US = 86_400_000_000
REQUESTS = "requests an hour"


@dataclass(frozen=True)
class Assessment:
    """One resource: its fit, and what it was made from (load and use by the hour)."""

    resource: Resource
    fit: Fit
    points: tuple[tuple[float, float], ...]


def assess(snapshot: Snapshot) -> tuple[Assessment, ...]:
    """Each resource that has a limit and samples, in the order of the catalogue of resources.

    Two loads are tried, requests and active testers of the same hour; the one that explains more is kept.
    """
    used = [(r, r.limit_value if r.kind == "level" else 1.0) for r in RESOURCES]
    found = [(r, limit, hours(snapshot, r)) for r, limit in used if limit is not None]
    found = [(r, limit, seen) for r, limit, seen in found if seen]
    if not found:  # hours of testers are counted from all sessions: not for nothing
        return ()
    weekly = max((r["testers"] for r in snapshot.rows("operations/weekly_testers")), default=None)
    loads = {word: load for word, load in _loads(snapshot).items() if load}
    out = []
    for resource, limit, seen in found if loads else ():
        tried = [_one(resource, seen, limit, word, load, weekly) for word, load in loads.items()]
        out.append(max(tried, key=lambda a: a.fit.r_squared or 0.0))
    return tuple(out)


def scaling(snapshot: Snapshot) -> tuple[Fit, ...]:
    """The fits of `assess`, without their points."""
    return tuple(a.fit for a in assess(snapshot))


def _loads(snapshot: Snapshot) -> dict[str, dict[int, float]]:
    requests: dict[int, float] = defaultdict(float)
    gaps: set[int] = set()
    for row in snapshot.rows("operations/http_hours", **spellings.requests(snapshot)):
        requests[row["hour_us"]] += row["requests"]
        gaps |= {row["hour_us"]} if row["gap_requests"] else set()  # more hours than one came in at its end
    return {
        REQUESTS: {hour: n for hour, n in requests.items() if hour not in gaps},
        "testers active in the same hour": {r["hour_us"]: r["testers"] for r in snapshot.rows("operations/load_hours")},
    }


def _one(resource: Resource, found: tuple[UseHour, ...], limit: float, word: str, load: dict[int, float],
         weekly: float | None) -> Assessment:  # fmt: skip
    by_hour: dict[int, list[UseHour]] = defaultdict(list)
    for hour in found:
        by_hour[hour.hour_us].append(hour)
    # an hour without request samples was not scraped; one without active testers had none
    kept = [h for h in sorted(by_hour) if (h in load if word == REQUESTS else h >= min(load))]
    points = tuple((float(load.get(h, 0)), _worst(resource, by_hour[h])) for h in kept)
    result = fit(
        resource.title, [h // DAY_US for h in kept], [x for x, _ in points], [y for _, y in points], limit,
        load_word=word, weekly=weekly,
    )  # fmt: skip
    return Assessment(resource, result, points)


def _worst(resource: Resource, part: list[UseHour]) -> float:
    """The instance nearest to its limit: it saturates first."""
    return max(h.used if resource.kind == "level" else (h.share or 0.0) for h in part)
