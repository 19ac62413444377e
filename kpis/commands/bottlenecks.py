"""Where testers' time is lost: every route of a week, with what changed since the week before."""

from __future__ import annotations

import argparse
import math

from data import settings, warehouse
from data.cli import Result
from data.errors import QueryError
from kpis.operations import routes

HELP = "routes ranked by waiting time, with quantiles and growth split into load and slowdown"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, help="programme week (default: the last complete one)")
    parser.add_argument("--target", type=float, default=0.2, metavar="SECONDS", help="latency target of the p95")


def run(args: argparse.Namespace) -> Result:
    snapshot = warehouse.latest(settings.load(args.settings))
    weeks = routes.weeks(snapshot)
    week = args.week or default_week(snapshot)
    if week not in weeks:
        raise QueryError(f"there is no week {week}; the programme has weeks 1 to {max(weeks)}")
    found = routes.table(snapshot, weeks[week], before=weeks.get(week - 1), target=args.target)
    data = {
        "week": week, "target": args.target, "routes": [as_dict(r) for r in found],
        "mean_change": _mean_change(snapshot, weeks[week], weeks.get(week - 1)),
    }  # fmt: skip
    return Result(
        data=data, rows=[_line(r) for r in found], lines=() if found else ("no request histogram in this week",)
    )


def default_week(snapshot: warehouse.Snapshot) -> int:
    """The last complete week, else the first."""
    complete = [r["week"] for r in snapshot.rows("operations/weeks") if r["state"] == "complete"]
    return max(complete, default=1)


def _quantile(found: routes.Quantile) -> dict:
    upper = None if found.upper is None or math.isinf(found.upper) else found.upper
    return {"value": found.value, "low": found.lower, "high": upper, "above_highest_bound": found.saturated}


def as_dict(route: routes.Route) -> dict:
    """A route as JSON; seconds, shares 0..1."""
    growth = route.before
    return {
        "route": route.route, "requests": route.requests, "seconds": route.seconds, "mean": route.mean,
        "time_share": route.share,
        "p50": _quantile(route.p50), "p95": _quantile(route.p95), "p99": _quantile(route.p99),
        "excess_seconds": route.excess, "failed": route.failed, "error_ratio": route.error_ratio,
        "growth": None if growth is None else {
            "seconds": growth.total, "load": growth.load, "slowdown": growth.slowdown, "both": growth.both,
        },
    }  # fmt: skip


def _mean_change(snapshot: warehouse.Snapshot, days: routes.Days, before: routes.Days | None) -> dict | None:
    """The mean of all requests since the week before, in seconds, split into mix and slowdown."""
    found = routes.changed(snapshot, days, before) if before else None
    if found is None or found.mean is None:
        return None
    by_route = {r: {"mix": mix, "slowdown": slower} for r, (mix, slower) in found.mean.by_route.items()}
    return {"before": found.before.mean, "after": found.after.mean, "seconds": found.mean.total, "mix": found.mean.mix,
            "slowdown": found.mean.slowdown, "by_route": by_route}  # fmt: skip


def _line(route: routes.Route) -> dict:
    growth = route.before
    return {
        "route": route.route, "time share": None if route.share is None else f"{route.share:.1%}",
        "requests": round(route.requests), "mean ms": _ms(route.mean), "p50 ms": _ms(route.p50.value),
        "p95 ms": _ms(route.p95.value), "p99 ms": _ms(route.p99.value),
        "excess h": None if route.excess is None else round(route.excess / 3600, 2),
        "growth h": None if growth is None else round(growth.total / 3600, 2) + 0.0,
        "of it load": None if growth is None else round((growth.load or 0) / 3600, 2) + 0.0,
        "slowdown": None if growth is None else round((growth.slowdown or 0) / 3600, 2) + 0.0,
    }  # fmt: skip


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
