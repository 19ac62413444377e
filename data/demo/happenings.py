"""What the metrics count beside requests: server errors, imports' durations, testers by status, page loads."""

from __future__ import annotations

import numpy as np

from data.demo import plan
from data.demo.log import ACTIVE, ERRORS, IMPORT, Rows
from data.demo.people import People
from data.demo.plan import HOUR_MS
from data.demo.scrape import Target
from data.demo.traffic import Traffic


def build(target: Target, rows: Rows, traffic: Traffic, people: People) -> dict[str, np.ndarray]:
    """Named arrays for app_series: instants in ms, and gauges at every due scrape of `target`."""
    rng = plan.rng("happenings")
    found: dict[str, np.ndarray] = {}
    hours = np.arange(plan.METRICS_FROM_MS, plan.AS_OF_MS, HOUR_MS)
    spike = (hours >= plan.local_ms(plan.SPIKE[0])) & (hours < plan.local_ms(plan.SPIKE[1]))
    for k in range(len(ERRORS)):
        count = rng.poisson(0.8, len(hours)) + (
            rng.poisson(plan.SPIKE_ERRORS_PER_HOUR, len(hours)) * spike if not k else 0
        )
        found[f"errors_{k}"] = np.sort(np.repeat(hours, count) + rng.integers(0, HOUR_MS, count.sum()))
    took = np.zeros(len(traffic.ts), np.int64)
    imports = traffic.route == IMPORT
    took[imports] = np.rint(9000 * rng.lognormal(0.0, 0.6, int(imports.sum()))).astype(np.int64)
    found["migration_ms"] = took
    views = rng.random(len(rows)) < 0.25 * (rows.type == 0)
    found["lcp_ts"] = rows.ts[views] + 1200
    found["lcp_ms"] = np.rint(1350 * rng.lognormal(0.0, 0.4, int(views.sum()))).astype(np.int64)
    found["active_users"] = active_users(rows, target.times)
    for status, values in _by_status(rows, people, target.times).items():
        found[f"status_{status}"] = values
    return found


def active_users(rows: Rows, times: np.ndarray) -> np.ndarray:
    """Distinct people active in the UTC hour of each instant so far complete: the hour before."""
    acts = rows.take(rows.of(*ACTIVE))
    first = plan.METRICS_FROM_MS // HOUR_MS - 1
    pairs = np.unique((acts.ts // HOUR_MS - first) * 100_000 + acts.person)
    per_hour = np.bincount(pairs // 100_000, minlength=(plan.AS_OF_MS // HOUR_MS - first) + 1)
    return per_hour[times // HOUR_MS - first - 1]


def _by_status(rows: Rows, people: People, times: np.ndarray) -> dict[str, np.ndarray]:
    """beta_tester_status: accepted and seen in the last week, accepted and silent, invited and waiting."""
    acts = rows.take(rows.of(*ACTIVE))
    days = np.arange(plan.DAYS)
    seen = np.zeros((len(people.did), plan.DAYS), bool)
    known = acts.person < len(people.did)
    day = plan.day_of(acts.ts[known])
    seen[acts.person[known][day < plan.DAYS], day[day < plan.DAYS]] = True
    recent = np.zeros_like(seen)
    for back in range(7):
        recent[:, back:] |= seen[:, : plan.DAYS - back]
    joined = plan.day_of(people.accepted)[:, None]
    silent = (joined + 7 <= days) & ~recent & people.counts[:, None]
    here = plan.day_of(times).clip(0, plan.DAYS - 1)
    count = people.counts
    accepted = np.searchsorted(np.sort(people.accepted[count]), times, side="right")
    asked = np.searchsorted(np.sort(people.invited[count]), times, side="right")
    inactive = np.minimum(silent.sum(axis=0)[here], accepted)
    return {"active": accepted - inactive, "inactive": inactive, "invited": asked - accepted}


def requests_per_scrape(traffic: Traffic, target: Target) -> np.ndarray:
    """Requests of both instances in the interval that ends at each scrape of `target`."""
    at = np.searchsorted(target.times, traffic.ts, side="left")
    return np.bincount(at, minlength=len(target.times) + 1)[: len(target.times)]
