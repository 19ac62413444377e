"""What is true about requests, errors, latency and resources, from each simulated request and scrape."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.demo import plan
from data.demo.host_series import connections
from data.demo.log import IMPORT, ROUTES
from data.demo.openmetrics import Series
from data.demo.plan import iso
from data.demo.scrape import increase, targets
from data.demo.traffic import TICKS_PER_SECOND, during
from data.demo.world import World


def _exact(ticks: np.ndarray, bad: np.ndarray) -> dict[str, Any]:
    """Count, mean, order-statistic quantiles (seconds) and shares of a set of requests."""
    n = len(ticks)
    ordered = np.sort(ticks)

    def quantile(q: float) -> float:
        return int(ordered[-(-int(q * 1000) * n // 1000) - 1]) / TICKS_PER_SECOND

    return {
        "requests": n,
        "failed": int(bad.sum()),
        "error_ratio": int(bad.sum()) / n,
        "seconds": int(ticks.sum()) / TICKS_PER_SECOND,
        "mean_s": int(ticks.sum()) / TICKS_PER_SECOND / n,
        "p50_s": quantile(0.5),
        "p95_s": quantile(0.95),
        "p99_s": quantile(0.99),
        "within_200ms": int((ticks <= TICKS_PER_SECOND // 5).sum()) / n,
    }


def weeks(world: World) -> list[dict[str, Any]]:
    """Per programme week: exact values from single requests, and what the scraped counters can show of them."""
    traffic = world.traffic
    out = []
    for w in range(plan.WEEKS):
        start, end = plan.day_start(7 * w), plan.day_start(7 * w + 7)
        mine = (traffic.ts >= start) & (traffic.ts < end)
        routes = {
            f"{method} {path}": _exact(
                traffic.ticks[mine & (traffic.route == r)], traffic.failed[mine & (traffic.route == r)]
            )
            for r, (method, path) in enumerate(ROUTES)
            if (mine & (traffic.route == r)).any()
        }
        out.append(
            {
                "week": w + 1,
                **_exact(traffic.ticks[mine], traffic.failed[mine]),
                "routes": routes,
                "migration": _migration(world, mine),
                "scraped": scraped(world.series, start, end),
                "resources": _resources(world, start, end),
            }
        )
    return out


def _migration(world: World, mine: np.ndarray) -> dict[str, Any]:
    tried = mine & (world.traffic.route == IMPORT)
    good = tried & ~world.traffic.failed
    took = np.sort(world.happenings["migration_ms"][good])
    return {
        "attempts": int(tried.sum()),
        "successes": int(good.sum()),
        "success_ratio": int(good.sum()) / max(int(tried.sum()), 1),
        "p95_s": int(took[-(-95 * len(took) // 100) - 1]) / 1000 if len(took) else None,
    }


def scraped(series: list[Series], start: int, end: int) -> dict[str, int]:
    """Increases that the scraped samples hold: what fell between a scrape and a restart is lost to anybody."""
    http = [s for s in series if s.metric == "http_requests_total"]

    def total(metric: str) -> int:
        return sum(increase(s, start, end) for s in series if s.metric == metric)

    return {
        "requests": sum(increase(s, start, end) for s in http),
        "failed": sum(increase(s, start, end) for s in http if s.labels["status"].startswith("5")),
        "migration_attempts": total("beta_migration_attempts_total"),
        "migration_successes": total("beta_migration_success_total"),
        "beta_errors": total("beta_errors_total"),
    }


def _resources(world: World, start: int, end: int) -> dict[str, Any]:
    """Mean and highest of the sampled gauges; CPU from the growth of its counters."""
    values: dict[str, np.ndarray] = {}
    for s in (s for s in world.series if s.metric in _GAUGES):
        here = (s.times * 1000 >= start) & (s.times * 1000 < end)
        values[s.metric] = values.get(s.metric, 0) + s.values[here]
    cpu = [s for s in world.series if s.metric == "node_cpu_seconds_total"]
    idle = sum(increase(s, start, end) for s in cpu if s.labels["mode"] == "idle")
    free = values["node_memory_MemAvailable_bytes"] / values["node_memory_MemTotal_bytes"]
    taken = values["pg_stat_activity_count"] / values["pg_settings_max_connections"]
    redis = values["redis_memory_used_bytes"] / values["redis_memory_max_bytes"]
    return {
        "cpu_busy_mean": round(1 - idle / sum(increase(s, start, end) for s in cpu), 6),
        **_span("memory_used", 1 - free),
        **_span("db_connections_used", taken),
        **_span("redis_memory_used", redis),
    }


_GAUGES = ("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes", "pg_stat_activity_count",
           "pg_settings_max_connections", "redis_memory_used_bytes", "redis_memory_max_bytes")  # fmt: skip


def _span(name: str, values: np.ndarray) -> dict[str, float]:
    return {f"{name}_mean": round(float(values.mean()), 6), f"{name}_max": round(float(values.max()), 6)}


def planted(world: World) -> dict[str, Any]:
    """Everything put in on purpose, with its times and size."""
    return {
        "releases": [{"name": r.name, "at": iso(r.ms), "note": r.note} for r in plan.RELEASES],
        "slow_route": {
            "route": plan.SLOW_ROUTE, "method": "GET", "since_release": "1.3.0", "mean_factor": plan.SLOW_FACTOR,
            "partly_mended_by": "1.4.1", "mean_factor_after": plan.MENDED_FACTOR, **_around_releases(world),
        },
        "incident": {"what": "PostgreSQL connections exhausted", **_period(plan.INCIDENT), "minutes": 95,
                     "failed_share": plan.INCIDENT_FAILED, "slower": plan.INCIDENT_SLOWER, **_incident(world)},
        "error_spike": {"component": plan.SPIKE_COMPONENT, **_period(plan.SPIKE), "day": plan.SPIKE[0][:10],
                        **_spike(world)},
        "scrape_gap": {"job": plan.GAP_JOB, **_period(plan.GAP), "hours": 3},
        "restarts": _restarts(world),
    }  # fmt: skip


def _period(period: tuple[str, str]) -> dict[str, str]:
    return {"start": iso(plan.local_ms(period[0])), "end": iso(plan.local_ms(period[1]))}


def _around_releases(world: World) -> dict[str, float]:
    """Mean seconds of the slow route in the 24 hours before and after the two releases."""
    traffic = world.traffic
    route = [path for _, path in ROUTES].index(plan.SLOW_ROUTE)
    out = {}
    for name, at in ((r.name, r.ms) for r in plan.RELEASES if r.name in ("1.3.0", "1.4.1")):
        for word, start in (("before", at - plan.DAY_MS), ("after", at)):
            mine = (traffic.route == route) & (traffic.ts >= start) & (traffic.ts < start + plan.DAY_MS)
            out[f"mean_s_{word}_{name}"] = round(
                int(traffic.ticks[mine].sum()) / TICKS_PER_SECOND / max(mine.sum(), 1), 6
            )
    return out


def _incident(world: World) -> dict[str, Any]:
    mine = during(world.traffic.ts, plan.INCIDENT)
    target = targets(world.scale)["postgres-1"]
    full = connections(target, world.rows) == plan.MAX_CONNECTIONS
    return {"max_connections": plan.MAX_CONNECTIONS, "samples_at_limit": int(full.sum()),
            "requests": int(mine.sum()), "failed": int(world.traffic.failed[mine].sum())}  # fmt: skip


def _spike(world: World) -> dict[str, Any]:
    per_day = plan.day_of(world.happenings["errors_0"])
    app = world.rows.of("app_error") & (world.rows.extra == 0)
    on_day = plan.day_of(np.array(plan.local_ms(plan.SPIKE[0])))
    usual = [int((per_day == d).sum()) for d in range(7)]
    return {
        "beta_errors_on_day": int((per_day == on_day).sum()),
        "beta_errors_on_a_usual_day": round(sum(usual) / 7, 2),
        "app_errors_on_day": int((app & (plan.day_of(world.rows.ts) == on_day)).sum()),
        "testers_affected": len(
            set(world.rows.person[app].tolist()) & set(np.flatnonzero(world.people.counts).tolist())
        ),
    }


def _restarts(world: World) -> list[dict[str, Any]]:
    """Each restart, and how many counters visibly fell at the first scrape after it."""
    out = []
    for name, target in targets(world.scale).items():
        mine = [
            s
            for s in world.series
            if s.labels["instance"] == name and world.types[s.metric] in ("counter", "histogram")
        ]
        for at in target.restarts:
            fell = 0
            for s in mine:
                k = int(np.searchsorted(s.times * 1000, at))
                fell += int(0 < k < len(s.values) and s.values[k] < s.values[k - 1])
            out.append({"instance": name, "at": iso(at), "series_that_fell": fell})
    return out
