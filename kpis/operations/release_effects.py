"""Before and after each release: the days on either side up to the neighbouring releases, every route ranked.

The release's own day is on neither side: it holds both versions. What changed with a release is an association.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.warehouse import Snapshot
from kpis.operations.growth import Load
from kpis.operations.histograms import quantile
from kpis.operations.releases import Release, releases
from kpis.operations.routes import Days, Shift, compare, distributions, failures, loads

WIDTH = 7  # days on either side at most


@dataclass(frozen=True)
class Effect:
    """One release with the days compared. Numbers are None where a side has no day or no requests."""

    release: Release
    sides: tuple[Days, Days]
    mean: tuple[float | None, float | None]
    p95: tuple[float | None, float | None]
    error_ratio: tuple[float | None, float | None]
    routes: tuple[Shift, ...]  # all of them, the costliest slowdown first; empty without two sides

    @property
    def worst(self) -> Shift | None:
        """The route whose slowdown costs most waiting; None where none became slower."""
        return self.routes[0] if self.routes and self.routes[0].cost > 0 else None


def effects(snapshot: Snapshot) -> tuple[Effect, ...]:
    """Every release inside the programme's days so far, in time order."""
    days = snapshot.rows("operations/programme_days")
    if not days:
        return ()
    placed = [(r, d) for r in releases(snapshot) if (d := _day(days, r.at_us)) is not None]
    changes = sorted({d for _, d in placed})
    first, last = days[0]["day_n"], days[-1]["day_n"] + 1
    sides = [_sides(day, changes, first, last) for _, day in placed]
    flat = [side for pair in sides for side in pair]
    if not flat:
        return ()
    sums, spreads = loads(snapshot, flat), distributions(snapshot, flat)
    return tuple(
        _effect(snapshot, release, pair, sums[2 * i : 2 * i + 2], spreads[2 * i : 2 * i + 2])
        for i, ((release, _), pair) in enumerate(zip(placed, sides, strict=True))
    )


def _day(days: list[dict], at_us: int) -> int | None:
    return next((d["day_n"] for d in days if d["start_us"] <= at_us < d["end_us"]), None)


def _sides(day: int, changes: list[int], first: int, last: int) -> tuple[Days, Days]:
    """Days before and after a release, cut at the releases beside it and at the programme's ends."""
    before = max([first, day - WIDTH, *(c + 1 for c in changes if c < day)])
    after = min([last, day + 1 + WIDTH, *(c for c in changes if c > day)])
    return (min(before, day), day), (day + 1, max(after, day + 1))


def _effect(snapshot: Snapshot, release: Release, sides: tuple[Days, Days], sums: list, spreads: list) -> Effect:
    totals = [Load(sum(r.requests for r in s.values()), sum(r.seconds for r in s.values())) for s in sums]
    p95 = tuple(quantile(*spread.get("", ([], [])), 0.95).value for spread in spreads)
    both = all(total.requests > 0 for total in totals)
    ranked = compare(sums, spreads, sides[1][1] - sides[1][0]) if both else ()
    ratios = tuple(_ratio(snapshot, side) for side in sides)
    return Effect(release, sides, (totals[0].mean, totals[1].mean), p95, ratios, ranked)


def _ratio(snapshot: Snapshot, side: Days) -> float | None:
    found = failures(snapshot, side).values()
    requests = sum(n for n, _ in found)
    return sum(bad for _, bad in found) / requests if requests > 0 else None
