"""Where did the time go? Exact splits of a change into its parts, by algebra, nothing estimated.

Per route: T = n * m (requests times mean seconds), so dT = dn*m0 (more load) + n0*dm (slower) + dn*dm (both).
Over routes: the mean M = sum(share * mean), so dM = sum(dshare * (mean0 - M0)) (mix) + sum(share1 * dmean) (slowdown).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """One route in one period: requests and the seconds they took together."""

    requests: float
    seconds: float

    @property
    def mean(self) -> float | None:
        return self.seconds / self.requests if self.requests > 0 else None


@dataclass(frozen=True)
class Growth:
    """Seconds gained or lost on a route, split; the parts add up to `total`. None where a mean is missing."""

    total: float
    load: float | None
    slowdown: float | None
    both: float | None


def growth(before: Load, after: Load) -> Growth:
    """Split of one route's change. A route without requests on one side has only load (new or gone)."""
    total = after.seconds - before.seconds
    if before.mean is None or after.mean is None:
        return Growth(total, total, 0.0, 0.0)
    more, slower = after.requests - before.requests, after.mean - before.mean
    return Growth(total, more * before.mean, before.requests * slower, more * slower)


@dataclass(frozen=True)
class MeanChange:
    """Change of the mean over all routes, in seconds: mix + slowdown = total."""

    total: float
    mix: float
    slowdown: float
    by_route: dict[str, tuple[float, float]]  # route -> (mix, slowdown)


def mean_change(before: Mapping[str, Load], after: Mapping[str, Load]) -> MeanChange | None:
    """Mix against slowdown; None when one side has no requests. A new route counts as mix, at its own mean."""
    n0, n1 = sum(r.requests for r in before.values()), sum(r.requests for r in after.values())
    if n0 <= 0 or n1 <= 0:
        return None
    mean0 = sum(r.seconds for r in before.values()) / n0
    parts: dict[str, tuple[float, float]] = {}
    for route in sorted({*before, *after}):
        old, new = before.get(route, Load(0, 0)), after.get(route, Load(0, 0))
        level = old.mean if old.mean is not None else new.mean
        if level is None:
            continue
        mix = (new.requests / n1 - old.requests / n0) * (level - mean0)
        slower = new.requests / n1 * ((new.mean if new.mean is not None else level) - level)
        parts[route] = (mix, slower)
    mix, slowdown = sum(p[0] for p in parts.values()), sum(p[1] for p in parts.values())
    return MeanChange(mix + slowdown, mix, slowdown, parts)


@dataclass(frozen=True)
class Changes:
    """What changed between two periods: waiting of every route in either, largest first, and the mean of all."""

    by_route: tuple[tuple[str, Growth], ...]
    before: Load
    after: Load
    mean: MeanChange | None


def changes(before: Mapping[str, Load], after: Mapping[str, Load]) -> Changes:
    """Both splits over the same routes, those that came or went included, so that the parts add up to the whole."""
    none = Load(0, 0)
    parts = {r: growth(before.get(r, none), after.get(r, none)) for r in sorted({*before, *after})}
    ordered = sorted(parts.items(), key=lambda p: -abs(p[1].total))
    return Changes(tuple(ordered), _all(before), _all(after), mean_change(before, after))


def _all(routes: Mapping[str, Load]) -> Load:
    return Load(sum(r.requests for r in routes.values()), sum(r.seconds for r in routes.values()))


def time_share(routes: Mapping[str, Load]) -> dict[str, float | None]:
    """Share of all waiting time that each route takes; None for all when nobody waited."""
    total = sum(r.seconds for r in routes.values())
    return {name: (r.seconds / total if total > 0 else None) for name, r in routes.items()}
