"""What stands beside use: saturation, errors and rates of the machine, the network, PostgreSQL and Redis.

A ratio is a sum over a sum (a mean of hit ratios would let a quiet hour outvote a busy one). A rate is growth without
scrape gaps over the seconds that were scraped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from data.warehouse import Snapshot

Days = tuple[int, int]


@dataclass(frozen=True)
class Signal:
    """`kind`: share (of `top` in `top` + `rest`; of one mode in all modes), rate, count, level or longest (gauges)."""

    id: str
    area: str
    title: str
    kind: Literal["share", "mode", "rate", "count", "level", "longest"]
    top: tuple[str, ...]
    rest: tuple[str, ...] = ()
    mode: str = ""
    unit: str = "number"


SIGNALS = (
    Signal("iowait", "CPU", "waiting for disk (iowait)", "mode", ("node_cpu_seconds_total",), mode="iowait",
           unit="ratio"),
    Signal("steal", "CPU", "taken by the host (steal)", "mode", ("node_cpu_seconds_total",), mode="steal",
           unit="ratio"),
    Signal("load", "CPU", "tasks running or waiting (load1)", "level", ("node_load1",)),
    Signal("container_cpu", "CPU", "cores used by containers", "rate", ("container_cpu_usage_seconds_total",)),
    Signal("throttled", "CPU", "seconds containers were throttled", "count",
           ("container_cpu_cfs_throttled_seconds_total",), unit="seconds"),
    Signal("oom", "Memory", "processes killed for memory", "count", ("node_vmstat_oom_kill",)),
    Signal("disk_busy", "Disk", "busy with reads and writes, all disks", "rate", ("node_disk_io_time_seconds_total",),
           unit="ratio"),
    Signal("received", "Network", "received", "rate", ("node_network_receive_bytes_total",), unit="bytes a second"),
    Signal("sent", "Network", "sent", "rate", ("node_network_transmit_bytes_total",), unit="bytes a second"),
    Signal("network_errors", "Network", "errors", "count",
           ("node_network_receive_errs_total", "node_network_transmit_errs_total")),
    Signal("pg_hits", "PostgreSQL", "blocks found in its cache", "share", ("pg_stat_database_blks_hit",),
           ("pg_stat_database_blks_read",), unit="ratio"),
    Signal("pg_transactions", "PostgreSQL", "transactions a second", "rate",
           ("pg_stat_database_xact_commit", "pg_stat_database_xact_rollback")),
    Signal("pg_rollbacks", "PostgreSQL", "transactions rolled back", "share", ("pg_stat_database_xact_rollback",),
           ("pg_stat_database_xact_commit",), unit="ratio"),
    Signal("pg_longest", "PostgreSQL", "longest transaction", "longest", ("pg_stat_activity_max_tx_duration",),
           unit="seconds"),
    Signal("redis_hits", "Redis", "keys found", "share", ("redis_keyspace_hits_total",),
           ("redis_keyspace_misses_total",), unit="ratio"),
    Signal("redis_evictions", "Redis", "keys evicted for memory", "count", ("redis_evicted_keys_total",)),
    Signal("redis_clients", "Redis", "connected clients", "level", ("redis_connected_clients",)),
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One signal in a period: over all of it, and in its most extreme hour (lowest for hit ratios)."""

    signal: Signal
    value: float
    extreme: float | None
    extreme_us: int | None
    before: float | None  # the same over the period before


Hour = tuple[int, float, float]  # start, numerator, denominator


def read(snapshot: Snapshot, days: Days, before: Days | None = None) -> tuple[Reading, ...]:
    """Every signal whose series have samples in the period, in the order of SIGNALS."""
    rows = snapshot.rows("operations/signal_hours", metrics=sorted({m for s in SIGNALS for m in (*s.top, *s.rest)}))
    counters: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        counters[row["metric"]].append(row)
    out = []
    for signal in SIGNALS:
        hours = _gauge(snapshot, signal) if signal.kind in ("level", "longest") else _counter(counters, signal)
        value = _over(signal, _inside(hours, days))
        if value is None:
            continue
        extreme, at = _extreme(signal, _inside(hours, days))
        old = _over(signal, _inside(hours, before)) if before else None
        out.append(Reading(signal, value, extreme, at, old))
    return tuple(out)


def _inside(hours: Mapping[int, list[Hour]], days: Days) -> list[Hour]:
    return [h for n in range(*days) for h in hours.get(n, ())]


def _gauge(snapshot: Snapshot, signal: Signal) -> dict[int, list[Hour]]:
    hours: dict[tuple[int, int], list[float]] = defaultdict(list)
    for row in snapshot.rows("operations/gauge_hours", metrics=list(signal.top)):
        hours[row["day_n"], row["hour_us"]].append(row["top"] if signal.kind == "longest" else row["value"])
    out: dict[int, list[Hour]] = defaultdict(list)
    for (day, hour), values in hours.items():
        out[day].append((hour, max(values) if signal.kind == "longest" else sum(values), 1.0))
    return out


def _counter(rows: Mapping[str, Sequence[dict]], signal: Signal) -> dict[int, list[Hour]]:
    """Hours as numerator and denominator, so that a period is one sum over another."""
    if signal.kind == "share" and not all(m in rows for m in (*signal.top, *signal.rest)):
        return {}  # hits without misses say nothing
    sums: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for metric in (*signal.top, *signal.rest):
        for row in rows.get(metric, ()):
            entry = sums[row["day_n"], row["hour_us"]]
            if signal.kind == "rate":
                entry[0] += row["increase"] - row["gap_increase"]
                entry[1] = max(entry[1], row["seconds"] or 0.0)
            else:
                entry[0] += row["increase"] if metric in signal.top and row["mode"] in ("", signal.mode) else 0.0
                entry[1] += row["increase"]
    out: dict[int, list[Hour]] = defaultdict(list)
    for (day, hour), (top, under) in sums.items():
        out[day].append((hour, top, 1.0 if signal.kind == "count" else under))
    return out


def _over(signal: Signal, hours: Sequence[Hour]) -> float | None:
    """Value over hours; None where nothing was scraped, or nothing was asked of a cache."""
    if not hours:
        return None
    if signal.kind == "count":
        return sum(top for _, top, _ in hours)
    if signal.kind == "longest":
        return max(top for _, top, _ in hours)
    under = sum(below for _, _, below in hours)
    return sum(top for _, top, _ in hours) / under if under > 0 else None


def _extreme(signal: Signal, hours: Sequence[Hour]) -> tuple[float | None, int | None]:
    known = [(top / under, hour) for hour, top, under in hours if under > 0]
    if not known:
        return None, None
    value, hour = (min if signal.id.endswith("_hits") else max)(known)
    return value, hour
