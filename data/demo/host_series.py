"""Series of the machine, its containers, PostgreSQL and Redis: they follow the load, so a fit can be made."""

from __future__ import annotations

import numpy as np

from data.demo import plan
from data.demo.happenings import active_users, requests_per_scrape
from data.demo.log import Rows
from data.demo.openmetrics import Series
from data.demo.plan import DAY_MS
from data.demo.scrape import Target
from data.demo.traffic import Traffic, during

CPUS = 2
CPU_IDLE_LOAD, CPU_PER_REQUEST_MS = 0.06, 1200  # busy share at rest; busy CPU time per request
CONNECTIONS_AT_REST, CONNECTIONS_PER_ACTIVE = 14, 1.1
GB = 1_000_000_000


def build(targets: dict[str, Target], rows: Rows, traffic: Traffic, step_s: int) -> list[Series]:
    """All series that do not come from the application itself."""
    node, postgres, redis = targets["node-1"], targets["postgres-1"], targets["redis-1"]
    out = [t.series("up", np.ones(len(t.times), np.int64)) for n, t in targets.items() if n not in plan.INSTANCES]
    out += _cpu(node, traffic, step_s) + _machine(node, traffic) + _containers(targets["cadvisor-1"], traffic)
    out += _postgres(postgres, rows, traffic) + _redis(redis, rows, traffic)
    return out


def busy_ms(target: Target, traffic: Traffic, step_s: int) -> np.ndarray:
    """Busy CPU time of the interval before each scrape, over both processors, ms."""
    rng = plan.rng("cpu")
    full = CPUS * step_s * 1000
    load = requests_per_scrape(traffic, target) * CPU_PER_REQUEST_MS
    noise = rng.integers(-full // 100, full // 100, len(load))
    busy = round(full * CPU_IDLE_LOAD) + load + noise
    busy = np.where(during(target.times, plan.INCIDENT), busy + full // 12, busy)
    return busy.clip(full // 50, full * 95 // 100)


def _cpu(target: Target, traffic: Traffic, step_s: int) -> list[Series]:
    busy = busy_ms(target, traffic, step_s)
    full = step_s * 1000
    out = []
    for cpu in range(CPUS):
        mine = busy // CPUS
        shares = {"user": mine * 70 // 100, "system": mine * 22 // 100, "iowait": mine * 6 // 100}
        shares["steal"] = mine - sum(shares.values())
        shares["idle"] = full - mine
        for mode, added in shares.items():
            out.append(target.series("node_cpu_seconds_total", target.restarted(added), 3, cpu=str(cpu), mode=mode))
    return out


def _machine(target: Target, traffic: Traffic) -> list[Series]:
    """Memory (with the applications' leak), disk that fills, network by requests."""
    rng = plan.rng("machine")
    n = len(target.times)
    day_ms = target.times - plan.METRICS_FROM_MS
    starts = np.array([plan.METRICS_FROM_MS - 4 * DAY_MS, *(r.ms for r in plan.RELEASES)])
    age = target.times - starts[np.searchsorted(starts, target.times, side="right") - 1]
    used = 3_600_000_000 + age * 18_000_000 // DAY_MS + rng.integers(0, 60_000_000, n)
    served = requests_per_scrape(traffic, target)
    used = used + served * 240_000
    return [
        target.series("node_memory_MemTotal_bytes", np.full(n, 8 * GB)),
        target.series("node_memory_MemAvailable_bytes", 8 * GB - used),
        target.series("node_filesystem_size_bytes", np.full(n, 80 * GB), mountpoint="/"),
        target.series("node_filesystem_free_bytes", 46 * GB - day_ms * 300_000_000 // DAY_MS, mountpoint="/"),
        target.series("node_network_receive_bytes_total", target.restarted(served * 1_900), device="eth0"),
        target.series("node_network_transmit_bytes_total", target.restarted(served * 21_000), device="eth0"),
        target.series("node_network_receive_errs_total", np.zeros(n, np.int64), device="eth0"),
    ]


def _containers(target: Target, traffic: Traffic) -> list[Series]:
    """Each application container: CPU, memory and the limit it would be killed at."""
    out = []
    n = len(target.times)
    for i, name in enumerate(plan.INSTANCES):
        starts = np.array([plan.METRICS_FROM_MS - 4 * DAY_MS, *(r.ms + i * plan.RESTART_LAG_MS for r in plan.RELEASES)])
        age = target.times - starts[np.searchsorted(starts, target.times, side="right") - 1]
        served = np.bincount(np.searchsorted(target.times, traffic.ts[traffic.instance == i]), minlength=n + 1)[:n]
        out += [
            target.series("container_cpu_usage_seconds_total", target.restarted(served * 12), 3, name=name),
            target.series("container_memory_usage_bytes", 260_000_000 + age * 9_000_000 // DAY_MS, name=name),
            target.series("container_spec_memory_limit_bytes", np.full(n, 512_000_000), name=name),
        ]
    return out


def connections(target: Target, rows: Rows) -> np.ndarray:
    """Database connections at each scrape: by people active, and at the limit in the incident."""
    rng = plan.rng("connections")
    active = active_users(rows, target.times)
    open_ = (
        CONNECTIONS_AT_REST + np.rint(active * CONNECTIONS_PER_ACTIVE).astype(int) + rng.integers(-2, 3, len(active))
    )
    open_ = open_.clip(4, plan.MAX_CONNECTIONS - 20)
    return np.where(during(target.times, plan.INCIDENT), plan.MAX_CONNECTIONS, open_)


def _postgres(target: Target, rows: Rows, traffic: Traffic) -> list[Series]:
    open_ = connections(target, rows)
    served = requests_per_scrape(traffic, target)
    busy = np.where(during(target.times, plan.INCIDENT), open_ - 3, open_ // 4)
    slowest = np.where(during(target.times, plan.INCIDENT), 540_000, 40 + served % 900)
    db = {"datname": "tiktoktoe"}
    return [
        target.series("pg_stat_activity_count", busy, **db, state="active"),
        target.series("pg_stat_activity_count", open_ - busy, **db, state="idle"),
        target.series("pg_settings_max_connections", np.full(len(open_), plan.MAX_CONNECTIONS)),
        target.series("pg_stat_activity_max_tx_duration", slowest, 3, **db),
        target.series("pg_stat_database_blks_hit", target.restarted(served * 57), **db),
        target.series("pg_stat_database_blks_read", target.restarted(served), **db),
        target.series("pg_stat_database_xact_commit", target.restarted(served * 3), **db),
        target.series("pg_stat_database_xact_rollback", target.restarted(served // 90), **db),
    ]


def _redis(target: Target, rows: Rows, traffic: Traffic) -> list[Series]:
    rng = plan.rng("redis")
    served = requests_per_scrape(traffic, target)
    n = len(served)
    grown = (target.times - plan.METRICS_FROM_MS) * 4_500_000 // DAY_MS
    used = 96_000_000 + grown + active_users(rows, target.times) * 300_000 + rng.integers(0, 4_000_000, n)
    return [
        target.series("redis_memory_used_bytes", used),
        target.series("redis_memory_max_bytes", np.full(n, 512_000_000)),
        target.series("redis_keyspace_hits_total", target.restarted(served * 4)),
        target.series("redis_keyspace_misses_total", target.restarted(served // 3)),
        target.series("redis_evicted_keys_total", np.zeros(n, np.int64)),
        target.series("redis_connected_clients", 6 + served // max(int(served.max()) // 8, 1)),
    ]


TYPES = {
    "counter": ("http_requests_total", "beta_tester_activations_total", "beta_feedback_created_total",
                "beta_feature_usage_total", "beta_errors_total", "beta_migration_attempts_total",
                "beta_migration_success_total", "process_cpu_seconds_total", "node_cpu_seconds_total",
                "node_network_receive_bytes_total", "node_network_transmit_bytes_total",
                "node_network_receive_errs_total", "container_cpu_usage_seconds_total", "redis_keyspace_hits_total",
                "redis_keyspace_misses_total", "redis_evicted_keys_total"),
    "histogram": tuple(f"{m}_{end}" for m in ("http_request_duration_seconds", "beta_migration_duration",
                                               "rum_lcp_seconds") for end in ("bucket", "sum", "count")),
    # counters whose names lack _total: the format cannot call them counter, so beta.toml names their type
    "unknown": ("pg_stat_database_blks_hit", "pg_stat_database_blks_read", "pg_stat_database_xact_commit",
                "pg_stat_database_xact_rollback"),
}  # fmt: skip


def types(series: list[Series]) -> dict[str, str]:
    """Type of every metric; what is not listed is a gauge."""
    listed = {metric: kind for kind, metrics in TYPES.items() for metric in metrics}
    return {s.metric: listed.get(s.metric, "gauge") for s in series}
