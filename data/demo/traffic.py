"""Every HTTP request: those of testers, and those of the public site. Latency is drawn per request."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo import plan
from data.demo.log import FEED, IMPORT, POST, ROUTES, Rows
from data.demo.plan import HOUR_MS, Scale

TICKS_PER_SECOND = 100_000  # latencies are whole numbers of 10 microseconds, so that sums are exact
MEDIAN_MS = (78, 48, 62, 38, 110)  # per route
SPREAD = 0.48  # sigma of the log
SHARE = (0.47, 0.35, 0.06, 0.11, 0.01)  # of the background traffic, per route
HOURS = np.array([3, 2, 1, 1, 1, 2, 4, 7, 9, 10, 11, 12, 13, 12, 12, 12, 13, 15, 18, 20, 20, 17, 11, 6])  # local


@dataclass
class Traffic:
    """Requests as parallel arrays, testers' first (in the order of their api_call rows)."""

    ts: np.ndarray
    route: np.ndarray
    instance: np.ndarray  # 0 | 1
    status: np.ndarray
    ticks: np.ndarray
    testers: int  # how many of them have an event

    @property
    def failed(self) -> np.ndarray:
        return self.status >= 500


def build(rows: Rows, active_per_day: np.ndarray, scale: Scale) -> Traffic:
    """Draw the background and the fate of every request. Sets `rows.request`."""
    rng = plan.rng("traffic")
    calls = np.flatnonzero(rows.of("api_call"))
    rows.request[calls] = np.arange(len(calls))
    ts, route = _background(rng, active_per_day, scale)
    ts = np.concatenate([rows.ts[calls], ts])
    route = np.concatenate([rows.extra[calls], route])
    instance = rng.integers(0, len(plan.INSTANCES), len(ts))
    status = _statuses(rng, ts, route)
    ticks = _latencies(rng, ts, route, instance)
    return Traffic(ts, route, instance, status, ticks, len(calls))


def _background(rng: np.random.Generator, active: np.ndarray, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Requests of the public site: a daily rhythm, and more of them as testers bring their friends."""
    hours = np.arange(plan.METRICS_FROM_MS, plan.AS_OF_MS, HOUR_MS)
    day = plan.day_of(hours).clip(min=0)
    local = ((hours - plan.DAY_STARTS[plan.day_of(hours) - plan.FIRST_DAY]) // HOUR_MS).clip(max=23)
    busy = 0.55 + 0.9 * active[day] / max(int(active.max()), 1)
    count = rng.poisson(scale.background_per_day * HOURS[local] / HOURS.sum() * busy)
    ts = np.repeat(hours, count) + rng.integers(0, HOUR_MS, count.sum())
    return ts, np.searchsorted(np.cumsum(SHARE), rng.random(len(ts)), side="right").clip(max=len(SHARE) - 1)


def during(ts: np.ndarray, period: tuple[str, str]) -> np.ndarray:
    return (ts >= plan.local_ms(period[0])) & (ts < plan.local_ms(period[1]))


def _statuses(rng: np.random.Generator, ts: np.ndarray, route: np.ndarray) -> np.ndarray:
    """500 now and then, 503 while the database refuses, 404 for posts that are gone, else 200 or 201."""
    draw = rng.random(len(ts))
    good = np.array([201 if method == "POST" else 200 for method, _ in ROUTES])[route]
    status = np.where((route == POST) & (draw > 0.99), 404, good)
    failing = np.where(during(ts, plan.SPIKE) & (route == IMPORT), plan.SPIKE_FAILED, plan.FAILED)
    status = np.where(draw < failing, 500, status)
    return np.where(during(ts, plan.INCIDENT) & (draw < plan.INCIDENT_FAILED), 503, status)


def _latencies(rng: np.random.Generator, ts: np.ndarray, route: np.ndarray, instance: np.ndarray) -> np.ndarray:
    """Lognormal around the route's median, times what the running release and the incident do to it."""
    base = np.array(MEDIAN_MS)[route] * (TICKS_PER_SECOND / 1000)
    seen = ts - instance * plan.RESTART_LAG_MS  # the second instance gets each release a little later
    slowed = np.where(seen < release("1.3.0"), 1.0, plan.SLOW_FACTOR)
    slowed = np.where(seen < release("1.4.1"), slowed, plan.MENDED_FACTOR)
    factor = np.where(route == FEED, slowed, 1.0)
    factor = factor * np.where(during(ts, plan.INCIDENT), plan.INCIDENT_SLOWER, 1.0)
    ticks = np.rint(base * factor * rng.lognormal(0.0, SPREAD, len(ts)))
    return ticks.astype(np.int64).clip(min=1)


def release(name: str) -> int:
    """When a release went out, ms."""
    return next(r.ms for r in plan.RELEASES if r.name == name)
