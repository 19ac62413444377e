"""The usual names of the usual metrics: one place for their spellings (prom-client, OpenTelemetry, Spring)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Histogram:
    """Base names of a histogram, first found wins, each with the factor that turns it into seconds."""

    bases: tuple[str, ...]
    scales: tuple[float, ...]


HTTP_DURATION = Histogram(
    (
        "http_request_duration_seconds", "http_request_duration_ms", "http_server_request_duration_seconds",
        "http_server_requests_seconds", "http_request_duration_milliseconds", "http_server_duration_milliseconds",
    ),
    (1.0, 0.001, 1.0, 1.0, 0.001, 0.001),
)  # fmt: skip
HTTP_TOTAL = (
    "http_requests_total", "http_server_requests_seconds_count", "http_server_request_duration_seconds_count",
    "http_request_duration_seconds_count", "http_request_duration_ms_count",
    "http_request_duration_milliseconds_count", "http_server_duration_milliseconds_count",
)  # fmt: skip
APP_ERRORS = ("beta_errors_total",)


@dataclass(frozen=True)
class Resource:
    """One resource as use over capacity (USE). `kind` says how the two are read.

    gauge: used and limit are gauges; free: the first gauge is what is left; cpu: busy share of a mode counter;
    level: a gauge without a limit of its own (`limit_value` is then the level at which testers notice).
    """

    id: str
    title: str
    kind: str
    used: tuple[str, ...]
    limit: tuple[str, ...] = ()
    limit_value: float | None = None
    warn: float = 0.75
    critical: float = 0.9
    unit: str = "ratio"


_CONTAINER = ("container_memory_working_set_bytes", "container_memory_usage_bytes")
_EVENT_LOOP = (
    "nodejs_eventloop_lag_p99_seconds",
    "nodejs_eventloop_lag_p50_seconds",
    "nodejs_eventloop_lag_mean_seconds",
)  # nodejs_eventloop_lag_seconds times the scrape itself

RESOURCES = (
    Resource("cpu", "CPU", "cpu", ("node_cpu_seconds_total",), warn=0.70, critical=0.85),
    Resource("memory", "Memory", "free", ("node_memory_MemAvailable_bytes",), ("node_memory_MemTotal_bytes",)),
    Resource("disk", "Disk", "free", ("node_filesystem_avail_bytes", "node_filesystem_free_bytes"),
             ("node_filesystem_size_bytes",), warn=0.85, critical=0.95),
    Resource("connections", "Database connections", "gauge", ("pg_stat_activity_count",),
             ("pg_settings_max_connections",)),
    Resource("redis", "Redis memory", "gauge", ("redis_memory_used_bytes",), ("redis_memory_max_bytes",), warn=0.80),
    Resource("container", "Container memory", "gauge", _CONTAINER, ("container_spec_memory_limit_bytes",)),
    Resource("eventloop", "Event-loop lag", "level", _EVENT_LOOP, limit_value=0.1, unit="seconds"),
    Resource("app_memory", "Application memory", "level", ("process_resident_memory_bytes",), unit="bytes"),
)  # fmt: skip
