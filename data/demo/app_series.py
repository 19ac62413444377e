"""Series of the application: requests, latencies, the beta's own counters, the process."""

from __future__ import annotations

import numpy as np

from data.demo import plan
from data.demo.log import CODE, ERRORS, IMPORT, ROUTES, Rows
from data.demo.openmetrics import Series
from data.demo.plan import HOUR_MS
from data.demo.scrape import Target
from data.demo.traffic import TICKS_PER_SECOND, Traffic, during

BOUNDS = ("0.005", "0.05", "0.1", "0.2", "0.25", "0.5", "1", "2.5", "10")
MIGRATION_BOUNDS = ("1000", "5000", "10000", "20000", "30000", "60000")  # ms


def build(targets: dict[str, Target], rows: Rows, traffic: Traffic, events: dict[str, np.ndarray]) -> list[Series]:
    """All series of job app. `events` holds what data.demo.happenings drew."""
    out: list[Series] = []
    for i, name in enumerate(plan.INSTANCES):
        target, mine = targets[name], traffic.instance == i
        for r, (method, path) in enumerate(ROUTES):
            here = mine & (traffic.route == r)
            out += _requests(target, traffic, here, method, path)
            out += _latencies(target, traffic, here, method, path)
        out += _beta(target, rows, traffic, events, i)
        out += _process(target, traffic, mine, i)
        out += _builds(target)
    return out


def _requests(target: Target, traffic: Traffic, here: np.ndarray, method: str, path: str) -> list[Series]:
    good = 201 if method == "POST" else 200
    known = (good, 404, 500, 503) if path == "/api/posts/:id" else (good, 500, 503)
    return [
        target.series("http_requests_total", target.cumulative(traffic.ts[here & (traffic.status == s)]),
                      method=method, path=path, status=str(s))
        for s in known
    ]  # fmt: skip


def histogram(target: Target, name: str, bounds: tuple[str, ...], unit: float, ts: np.ndarray, value: np.ndarray,
              decimals: int, **labels: str) -> list[Series]:  # fmt: skip
    """Buckets, sum and count of integer observations; `unit` observations' units make one of the bounds'."""
    edges = np.array([round(float(b) * unit) for b in bounds], dtype=np.int64)
    bucket = np.searchsorted(edges, value, side="left")
    out = []
    total = np.zeros(len(target.times), np.int64)
    for b, le in enumerate([*bounds, "+Inf"]):
        total = total + target.cumulative(ts[bucket == b])
        out.append(target.series(f"{name}_bucket", total, **labels, le=le))
    out.append(target.series(f"{name}_count", total, **labels))
    out.append(target.series(f"{name}_sum", target.cumulative(ts, value), decimals, **labels))
    return out


def _latencies(target: Target, traffic: Traffic, here: np.ndarray, method: str, path: str) -> list[Series]:
    return histogram(target, "http_request_duration_seconds", BOUNDS, TICKS_PER_SECOND, traffic.ts[here],
                     traffic.ticks[here], 5, method=method, path=path)  # fmt: skip


def _beta(target: Target, rows: Rows, traffic: Traffic, events: dict[str, np.ndarray], i: int) -> list[Series]:
    """The beta's counters. An event is counted by the instance its row number falls to."""
    mine = np.arange(len(rows)) % 2 == i
    out = [
        target.series(
            "beta_tester_activations_total", target.cumulative(rows.ts[mine & rows.of("beta_tester_activated")])
        ),
        target.series("beta_feedback_created_total", target.cumulative(rows.ts[mine & rows.of("feedback_submitted")])),
    ]
    for f, feature in enumerate(plan.FEATURES):
        used = mine & (rows.type == CODE["feature_used"]) & (rows.extra == f)
        out.append(target.series("beta_feature_usage_total", target.cumulative(rows.ts[used]), feature=feature))
    for k, (component, kind, _, _) in enumerate(ERRORS):
        ts = events[f"errors_{k}"][i::2]
        out.append(target.series("beta_errors_total", target.cumulative(ts), type=kind, component=component))
    tried = (traffic.route == IMPORT) & (traffic.instance == i)
    good = tried & ~traffic.failed
    out.append(target.series("beta_migration_attempts_total", target.cumulative(traffic.ts[tried])))
    out.append(target.series("beta_migration_success_total", target.cumulative(traffic.ts[good])))
    took = events["migration_ms"][good]
    out += histogram(target, "beta_migration_duration", MIGRATION_BOUNDS, 1, traffic.ts[good], took, 0)
    if i == 0:  # read from the database: one instance reports them
        for status in ("active", "invited", "inactive"):
            out.append(target.series("beta_tester_status", events[f"status_{status}"], status=status))
        out.append(target.series("beta_active_users", events["active_users"]))
        out += histogram(target, "rum_lcp_seconds", ("1", "2.5", "4"), 1000, events["lcp_ts"], events["lcp_ms"], 3)
    return out


def _process(target: Target, traffic: Traffic, mine: np.ndarray, i: int) -> list[Series]:
    """The process: CPU by requests served, memory that leaks 9 MB a day until the next restart."""
    rng = plan.rng(f"process{i}")
    noise = rng.integers(-1_500_000, 1_500_000, len(target.times))
    starts = np.array((plan.METRICS_FROM_MS - 90 * HOUR_MS, *target.restarts))
    age = target.times - starts[np.searchsorted(starts, target.times, side="right") - 1]
    memory = 210_000_000 + age * 9_000_000 // plan.DAY_MS + noise
    cpu_ms = target.cumulative(traffic.ts[mine], 4 + traffic.ticks[mine] // 2000)
    seen = np.searchsorted(target.times, traffic.ts[mine], side="left").clip(max=len(target.times) - 1)
    load = np.bincount(seen, minlength=len(target.times))
    lag_us = 11_000 + 40 * load // max(int(load.max()) // 100, 1) + rng.integers(0, 900, len(target.times))
    lag_us = np.where(during(target.times, plan.INCIDENT), lag_us * 6, lag_us)
    return [
        target.series("up", np.ones(len(target.times), np.int64)),
        target.series("process_cpu_seconds_total", cpu_ms, 3),
        target.series("process_resident_memory_bytes", memory),
        target.series("nodejs_heap_size_used_bytes", memory * 6 // 10),
        target.series("nodejs_eventloop_lag_p99_seconds", lag_us, 6),
    ]


def _builds(target: Target) -> list[Series]:
    """app_build_info: one series per version, for as long as it ran."""
    names = [plan.BEFORE_LAUNCH, *(r.name for r in plan.RELEASES)]
    running = np.searchsorted(np.array(target.restarts), target.times[target.kept], side="right")
    return [
        Series("app_build_info", {**target.labels, "version": name}, target.seconds[running == k],
               np.ones(int((running == k).sum()), np.int64))
        for k, name in enumerate(names)
    ]  # fmt: skip
