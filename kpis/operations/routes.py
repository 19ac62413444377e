"""Where testers' time is lost: every route in a period, ranked, and what changed between two periods.

Time share of a route = its increase of _sum over all routes'. Excess = requests x (p95 - target): what the slow tail
costs against the target. Quantiles come from summed buckets with their bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.warehouse import Snapshot
from kpis.operations import spellings
from kpis.operations.growth import Changes, Growth, Load, changes, growth, time_share
from kpis.operations.histograms import Quantile, quantile

Days = tuple[int, int]  # half-open range of local days


@dataclass(frozen=True)
class Route:
    """One route in one period. Seconds throughout; None where there is nothing to divide by."""

    route: str
    requests: float
    seconds: float
    mean: float | None
    share: float | None
    p50: Quantile
    p95: Quantile
    p99: Quantile
    excess: float | None
    failed: float | None
    error_ratio: float | None
    before: Growth | None = None  # against the period before, when one was given


@dataclass(frozen=True)
class Shift:
    """One route before and after an instant of change (a release, a change point)."""

    route: str
    before: Load
    after: Load
    mean_ratio: float | None  # after / before of the mean
    p95_before: float | None
    p95_after: float | None
    cost: float  # seconds of waiting per day that the slowdown adds: n1/day * (m1 - m0)


def weeks(snapshot: Snapshot) -> dict[int, Days]:
    """Local-day range of every programme week."""
    return {r["week"]: (r["start_day_n"], r["end_day_n"]) for r in snapshot.rows("operations/weeks")}


def instants(snapshot: Snapshot) -> dict[int, tuple[int, int]]:
    """First microsecond of every programme week, and the one after its last."""
    return {r["week"]: (r["start_us"], r["end_us"]) for r in snapshot.rows("operations/weeks")}


def loads(snapshot: Snapshot, periods: Sequence[Days]) -> list[dict[str, Load]]:
    """Requests and seconds of each route in each period; routes without samples in it are left out."""
    sums: list[dict[str, list[float]]] = [defaultdict(lambda: [0.0, 0.0]) for _ in periods]
    for row in snapshot.rows("operations/route_days", **spellings.durations(snapshot, "_count")):
        for place, (start, end) in enumerate(periods):
            if start <= row["day_n"] < end:
                entry = sums[place][row["route"]]
                entry[0] += row["requests"]
                entry[1] += row["seconds"]
    return [{route: Load(n, s) for route, (n, s) in part.items()} for part in sums]


def distributions(snapshot: Snapshot, periods: Sequence[Days]) -> list[dict[str, tuple[list[float], list[float]]]]:
    """Bounds and summed bucket increases of each route in each period; key '' holds all routes together."""
    found: list[dict[str, dict[float, float]]] = [defaultdict(dict) for _ in periods]
    parameters = {
        "starts": [s for s, _ in periods],
        "ends": [e for _, e in periods],
        **spellings.durations(snapshot, "_bucket"),
    }
    for row in snapshot.rows("operations/route_buckets", **parameters):
        found[row["period"] - 1][row["route"]][row["bound"]] = row["increase"]
    for part in found:
        if part:
            part[""] = together(part.values())
    return [{route: (list(b), list(b.values())) for route, b in part.items()} for part in found]


def together(parts: Iterable[Mapping[float, float]]) -> dict[float, float]:
    """Increases of several histograms, bound by bound, at the bounds that all of them have."""
    parts = list(parts)
    shared = sorted(set.intersection(*(set(part) for part in parts)))
    return {bound: sum(part[bound] for part in parts) for bound in shared}


def quantile_days(snapshot: Snapshot, days: tuple[int, ...]) -> dict[int, tuple[Quantile, Quantile, Quantile]]:
    """p50, p95 and p99 of all requests on each local day; days without requests are left out."""
    found = distributions(snapshot, [(n, n + 1) for n in days])
    spreads = {n: part[""] for n, part in zip(days, found, strict=True) if "" in part}
    out = {n: tuple(quantile(*spread, q) for q in (0.5, 0.95, 0.99)) for n, spread in spreads.items()}
    return {n: q for n, q in out.items() if q[0].n > 0}


def latency_hours(snapshot: Snapshot) -> tuple[dict, ...]:
    """Request buckets of every hour over all routes: hour_us, bound in seconds, increase."""
    return tuple(snapshot.rows("operations/http_hour_buckets", **spellings.durations(snapshot, "_bucket")))


def failures(snapshot: Snapshot, days: Days) -> dict[str, tuple[float, float]]:
    """Requests and 5xx of each route in a period, from the request counter; empty where it tells no failures apart."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in snapshot.rows("operations/route_failures", **spellings.requests(snapshot)):
        if days[0] <= row["day_n"] < days[1] and row["failed"] is not None:
            sums[row["route"]][0] += row["requests"]
            sums[row["route"]][1] += row["failed"]
    return {route: (n, bad) for route, (n, bad) in sums.items()}


def table(snapshot: Snapshot, days: Days, before: Days | None = None, target: float = 0.2) -> tuple[Route, ...]:
    """Every route of a period, the one that takes most waiting time first."""
    periods = [days] if before is None else [days, before]
    now, *old = loads(snapshot, periods)
    spread = distributions(snapshot, [days])[0]
    bad = failures(snapshot, days)
    shares = time_share(now)
    rows = [
        _route(name, load, shares[name], spread.get(name, ([], [])), bad.get(name), old[0] if old else None, target)
        for name, load in now.items()
    ]
    return tuple(sorted(rows, key=lambda r: (-r.seconds, r.route)))


def changed(snapshot: Snapshot, days: Days, before: Days) -> Changes:
    """Where the change of waiting time between two periods comes from, by route and for the mean of all requests."""
    now, old = loads(snapshot, [days, before])
    return changes(old, now)


def _route(
    name: str, load: Load, share: float | None, buckets: tuple[list[float], list[float]],
    bad: tuple[float, float] | None, old: Mapping[str, Load] | None, target: float,
) -> Route:  # fmt: skip
    p50, p95, p99 = (quantile(*buckets, q) for q in (0.5, 0.95, 0.99))
    excess = None if p95.value is None else load.requests * max(0.0, p95.value - target)
    ratio = bad[1] / bad[0] if bad and bad[0] > 0 else None
    change = growth(old.get(name, Load(0, 0)), load) if old is not None else None
    return Route(name, load.requests, load.seconds, load.mean, share, p50, p95, p99, excess,
                 bad[1] if bad else None, ratio, change)  # fmt: skip


def shifts(snapshot: Snapshot, at_day: int, edges: Days | None = None, width: int = 7) -> tuple[Shift, ...]:
    """All routes over the days before and after a day of change, which itself belongs to neither side.

    `width` days on either side at most, cut at `edges` (other changes). The costliest slowdown comes first.
    """
    first, last = edges or (at_day - width, at_day + 1 + width)
    sides = [(max(first, at_day - width), at_day), (at_day + 1, min(last, at_day + 1 + width))]
    if any(end <= start for start, end in sides):
        return ()
    return compare(loads(snapshot, sides), distributions(snapshot, sides), sides[1][1] - sides[1][0])


def compare(sums: Sequence[Mapping[str, Load]], spreads: Sequence[Mapping[str, tuple[list[float], list[float]]]],
            days_after: int) -> tuple[Shift, ...]:  # fmt: skip
    """Routes before and after, from `loads` and `distributions` of both sides; the costliest slowdown first."""
    (before, after), (old, new) = sums, spreads
    out = []
    for route in sorted({*before, *after}):
        a, b = before.get(route, Load(0, 0)), after.get(route, Load(0, 0))
        slower = (b.mean - a.mean) if a.mean is not None and b.mean is not None else 0.0
        out.append(
            Shift(
                route, a, b,
                b.mean / a.mean if a.mean and b.mean is not None else None,
                quantile(*old.get(route, ([], [])), 0.95).value,
                quantile(*new.get(route, ([], [])), 0.95).value,
                b.requests / days_after * slower,
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda s: (-s.cost, s.route)))
