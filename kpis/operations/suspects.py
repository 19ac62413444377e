"""What moved most when an incident began: resources, components and load, ranked by robust scores. An association."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from data.warehouse import Snapshot
from kpis.operations import spellings
from kpis.operations.culprits import rank
from kpis.operations.families import APP_ERRORS, RESOURCES
from kpis.operations.resources import hours

HOUR_US = 3_600_000_000
BEFORE = 72  # hours looked back: three of every hour of the day
LEAST = 3.0  # interquartile ranges; below, it moves as it always does


@dataclass(frozen=True)
class Suspect:
    """One series around an onset; `score` in interquartile ranges of the time before."""

    name: str
    score: float
    before: float  # median
    during: float
    unit: str


def suspects(snapshot: Snapshot, start_us: int, end_us: int, most: int = 5) -> tuple[Suspect, ...]:
    """Series that moved by more than LEAST, the one that moved most first."""
    known, units = _series(snapshot)
    places = list(range(start_us - BEFORE * HOUR_US, end_us, HOUR_US))
    series = {name: [values.get(h, math.nan) for h in places] for name, values in known.items()}
    out = []
    for name, score in rank(series, BEFORE)[:most]:
        before, during = _median(series[name][:BEFORE]), _median(series[name][BEFORE:])
        if score >= LEAST and before is not None and during is not None:
            out.append(Suspect(name, score, before, during, units[name]))
    return tuple(out)


def _series(snapshot: Snapshot) -> tuple[dict[str, dict[int, float]], dict[str, str]]:
    """Hourly values by name, and their units."""
    out: dict[str, dict[int, float]] = defaultdict(dict)
    units: dict[str, str] = {}
    for resource in RESOURCES:
        for hour in hours(snapshot, resource):
            value = hour.used if resource.kind == "level" else hour.share
            if value is not None:
                out[resource.title][hour.hour_us] = max(out[resource.title].get(hour.hour_us, 0.0), value)
                units[resource.title] = resource.unit
    for row in snapshot.rows("operations/component_hours", metrics=list(APP_ERRORS)):
        name = f"errors of {row['component']}"
        out[name][row["hour_us"]], units[name] = row["errors"], "number"
    for row in snapshot.rows("operations/http_hours", **spellings.requests(snapshot)):
        out["requests"][row["hour_us"]], units["requests"] = row["requests"], "number"
    return out, units


def _median(values: list[float]) -> float | None:
    known = [v for v in values if not math.isnan(v)]
    return median(known) if known else None
