"""Routes, resources, budget, availability and incidents from hand-made facts: each number worked out beside it."""

from __future__ import annotations

import pytest

from kpis.operations import (
    apdex,
    detection,
    incidents,
    launch,
    reliability,
    resources,
    routes,
    signals,
    stories,
    suspects,
)
from kpis.operations.families import RESOURCES
from tests.kpis.support import gauge
from tests.operations.world import DAY1, HOUR, INF, World, at, day

WEEK1 = (DAY1, DAY1 + 7)
NOON = (1, 12)


def named(id: str):
    return next(r for r in RESOURCES if r.id == id)


def test_time_share_mean_and_excess_by_hand() -> None:
    world = World()
    world.histogram("http_request_duration_seconds", {NOON: {0.2: 50, 0.8: 100, INF: 100}}, 30, path="/slow")
    world.histogram("http_request_duration_seconds", {NOON: {0.2: 300, 0.8: 300, INF: 300}}, 10, path="/fast")
    slow, fast = routes.table(world.build(), WEEK1, target=0.2)
    assert (slow.route, slow.requests, slow.seconds, slow.mean, slow.share) == ("/slow", 100, 30, 0.3, 0.75)
    assert slow.p95.value == pytest.approx(0.74) and (slow.p95.lower, slow.p95.upper) == (0.2, 0.8)
    assert slow.excess == pytest.approx(100 * 0.54) and fast.excess == 0
    assert slow.failed is None and slow.error_ratio is None, "no request counter: nothing is known of failures"


def test_milliseconds_are_seconds_when_read() -> None:
    world = World()
    world.histogram("http_request_duration_ms", {NOON: {200.0: 50, 800.0: 100, INF: 100}}, 30_000, path="/x")
    (found,) = routes.table(world.build(), WEEK1)
    assert (found.seconds, found.p50.value) == (30, pytest.approx(0.2))


def test_two_spellings_of_one_histogram_are_not_added_up() -> None:
    world = World()
    world.histogram("http_request_duration_ms", {NOON: {200.0: 100, INF: 100}}, 10_000, path="/x")
    world.histogram("http_request_duration_seconds", {NOON: {0.2: 100, INF: 100}}, 10, path="/x")
    world.counter("http_requests_total", {NOON: 100}, path="/x", status="200")
    world.counter("http_server_requests_seconds_count", {NOON: 100}, path="/x", status="500")
    (found,) = routes.table(world.build(), WEEK1)
    assert (found.requests, found.seconds, found.error_ratio) == (100, 10, 0)


def test_a_route_without_5xx_series_is_0_and_one_without_traffic_has_no_ratio() -> None:
    world = World()
    world.counter("http_requests_total", {NOON: 80}, path="/ok", status="200")
    world.counter("http_requests_total", {NOON: 0}, path="/idle", status="200")
    world.counter("http_requests_total", {NOON: 8}, path="/bad", status="503")
    snapshot = world.build()
    assert routes.failures(snapshot, WEEK1) == {"/ok": (80, 0), "/idle": (0, 0), "/bad": (8, 8)}
    from kpis.operations.tables_errors import failure_rows

    shown = {r["Route"]: r["Ratio"] for r in failure_rows(routes.failures(snapshot, WEEK1))}
    assert shown == {"/bad": "100 %", "/ok": "0 %", "/idle": "no traffic"}


def test_a_counter_without_status_says_nothing_of_failures_not_0() -> None:
    world = World()
    for on in range(1, 15):
        world.counter("http_requests_total", {(on, 12): 100}, path="/x")
    snapshot = world.build()
    assert routes.failures(snapshot, WEEK1) == {}
    assert reliability.behaviour(snapshot).values == (None,) * 28
    assert reliability.spent(snapshot) is None
    assert incidents.detect(snapshot) == ()
    world.counter("http_request_duration_seconds_count", {NOON: 10}, status="500")
    assert routes.failures(world.build(), WEEK1) == {"all": (10, 10)}, "one that tells failures goes first"


def test_days_without_traffic_are_no_data_and_never_nan() -> None:
    world = World()
    world.counter("http_requests_total", {(1, 12): 100, (2, 12): 0}, status="200")
    world.counter("http_requests_total", {(1, 12): 5}, status="500")
    found = reliability.behaviour(world.build())
    assert found.values[:3] == (5 / 105, None, None)
    spent = reliability.spent(world.build(), objective=0.9)
    assert spent.by_week == {1: pytest.approx(5 / 10.5), 2: None, 3: None, 4: None}
    assert spent.whole.left == pytest.approx(1 - 5 / 10.5)


def test_availability_is_up_over_scrapes_and_says_how_many_there_were() -> None:
    world = World()
    world.gauge("up", {(1, h): 1 for h in range(12)}, job="app", instance="a")
    world.gauge("up", {(1, 0): 0.5}, job="app", instance="b")
    one, two = reliability.availability(world.build(), (DAY1, DAY1 + 1))
    assert (one.name, one.up, one.scraped) == ("app/a", 1, 0.5)
    assert (two.up, two.scraped) == (0.5, pytest.approx(1 / 24))


# ---- resources


def test_pause_and_parent_cgroups_do_not_count_twice() -> None:
    """cAdvisor: / and the pod hold what their containers use; the pause container holds the pod open."""
    world = World()
    used, limit = "container_memory_working_set_bytes", "container_spec_memory_limit_bytes"
    for metric, sizes in ((used, (900, 400, 1, 300, 100)), (limit, (2000, 600, 0, 600, 0))):
        root, pod, pause, web, side = sizes
        world.gauge(metric, {NOON: root}, id="/")
        world.gauge(metric, {NOON: pod}, id="/pods/p", pod="p", namespace="n")
        world.gauge(metric, {NOON: pause}, id="/pods/p/0", pod="p", namespace="n", container="POD")
        world.gauge(metric, {NOON: web}, id="/pods/p/1", pod="p", namespace="n", container="web")
        world.gauge(metric, {NOON: side}, id="/pods/p/2", pod="p", namespace="n", container="side")
    world.gauge("container_memory_usage_bytes", {NOON: 9999}, id="/pods/p/1", pod="p", container="web")
    (found,) = resources.hours(world.build(), named("container"))
    assert (found.instance, found.used, found.limit, found.share) == ("app/a p/web", 300, 600, 0.5)


def test_without_names_only_the_innermost_cgroups_count() -> None:
    world = World()
    for metric, factor in (("container_memory_usage_bytes", 1), ("container_spec_memory_limit_bytes", 2)):
        for group, size in (("/", 90), ("/docker", 80), ("/docker/a", 30), ("/docker/ab", 50)):
            world.gauge(metric, {NOON: size * factor}, id=group)
    found = resources.hours(world.build(), named("container"))
    assert sorted(h.used for h in found) == [30, 50] and {h.share for h in found} == {0.5}


@pytest.mark.parametrize("none", [0, 2.0**63, 18446744073709551615.0])
def test_no_limit_is_no_share(none: float) -> None:
    world = World()
    world.gauge("container_memory_usage_bytes", {NOON: 300}, name="web")
    world.gauge("container_spec_memory_limit_bytes", {NOON: none}, name="web")
    assert resources.hours(world.build(), named("container")) == ()
    assert resources.week_of(world.build(), WEEK1) == ()


def test_a_series_that_took_over_is_not_added_to_the_one_before() -> None:
    """A container restarted at half past: two series with half the samples each are one container."""
    world = World()
    first = world.gauge("redis_memory_used_bytes", {}, id="old")
    second = world.gauge("redis_memory_used_bytes", {}, id="new")
    half = at(1, 12.5) // 1000
    world.tables["fct_gauge_hour"] += [
        gauge(first, 1, 100.0, 12, 120) | dict(last_ts_ms=half - 15_000),
        gauge(second, 1, 200.0, 12, 120) | dict(last_ts_ms=half + 1_800_000 - 15_000),
    ]
    world.gauge("redis_memory_max_bytes", {NOON: 1000})
    (found,) = resources.hours(world.build(), named("redis"))
    assert (found.used, found.peak) == (150, 200)


def test_states_of_one_server_are_added_up_against_its_one_limit() -> None:
    world = World()
    world.gauge("pg_stat_activity_count", {NOON: 30}, state="active")
    world.gauge("pg_stat_activity_count", {NOON: 10}, state="idle")
    world.gauge("pg_settings_max_connections", {NOON: 100})
    (found,) = resources.hours(world.build(), named("connections"))
    assert (found.used, found.limit) == (40, 100)


def test_each_mountpoint_on_its_own_without_memory_and_bind_mounts() -> None:
    world = World()
    mounts = (("/", "/dev/a", "ext4", 40), ("/data", "/dev/b", "xfs", 5), ("/run", "tmpfs", "tmpfs", 99),
              ("/var/bind", "/dev/a", "ext4", 40))  # fmt: skip
    for mount, device, kind, free in mounts:
        labels = dict(mountpoint=mount, device=device, fstype=kind)
        world.gauge("node_filesystem_avail_bytes", {NOON: free}, **labels)
        world.gauge("node_filesystem_free_bytes", {NOON: free + 5}, **labels)
        world.gauge("node_filesystem_size_bytes", {NOON: 100}, **labels)
    found = resources.hours(world.build(), named("disk"))
    assert {h.instance: h.used for h in found} == {"app/a /": 60, "app/a /data": 95}
    use = resources.summary(named("disk"), found, WEEK1)
    assert (use.highest, use.highest_at, use.over_critical) == (0.95, "app/a /data", 0)
    assert use.mean == 155 / 200


def test_idle_and_iowait_are_no_work_and_steal_and_iowait_are_shown_apart() -> None:
    world = World()
    for mode, seconds in (("idle", 600), ("iowait", 200), ("user", 150), ("steal", 50)):
        world.counter("node_cpu_seconds_total", {NOON: seconds}, mode=mode)
    (found,) = resources.hours(world.build(), named("cpu"))
    assert found.share == 0.2
    read = {r.signal.id: r.value for r in signals.read(world.build(), WEEK1)}
    assert read == {"iowait": 0.2, "steal": 0.05}


def test_event_loop_lag_is_a_percentile_never_the_gauge_that_times_the_scrape() -> None:
    world = World()
    world.gauge("nodejs_eventloop_lag_seconds", {NOON: 0.4})
    snapshot = world.build()
    assert resources.hours(snapshot, named("eventloop")) == ()
    remark = next(f.remark for f in detection.detect(snapshot) if f.what == "Event-loop lag")
    assert "times the scrape itself" in remark
    world.gauge("nodejs_eventloop_lag_p50_seconds", {NOON: 0.01})
    world.gauge("nodejs_eventloop_lag_p99_seconds", {NOON: 0.02})
    (found,) = resources.hours(world.build(), named("eventloop"))
    assert found.used == 0.02


# ---- signals


def test_hit_ratios_are_sums_over_sums_and_need_both_parts() -> None:
    """A quiet hour with ratio 0 and a busy one with 0.9: the mean of ratios says 0.45, the truth is 0.89."""
    world = World()
    world.counter("redis_keyspace_hits_total", {(1, 3): 0, (1, 12): 900})
    assert signals.read(world.build(), WEEK1) == (), "hits alone are no ratio"
    world.counter("redis_keyspace_misses_total", {(1, 3): 10, (1, 12): 100})
    world.counter("pg_stat_database_blks_hit", {(1, 12): 98})
    world.counter("pg_stat_database_blks_read", {(1, 12): 2})
    read = {r.signal.id: r for r in signals.read(world.build(), WEEK1)}
    assert read["redis_hits"].value == pytest.approx(900 / 1010)
    assert (read["redis_hits"].extreme, read["redis_hits"].extreme_us) == (0, at(1, 3)), "the lowest hour"
    assert read["pg_hits"].value == 0.98


def test_a_cache_that_nobody_asked_has_no_ratio() -> None:
    world = World()
    world.counter("redis_keyspace_hits_total", {NOON: 0})
    world.counter("redis_keyspace_misses_total", {NOON: 0})
    assert signals.read(world.build(), WEEK1) == ()


def test_rates_leave_out_gaps_and_virtual_devices() -> None:
    world = World()
    number = world.counter("node_network_receive_bytes_total", {NOON: 7200}, device="eth0")
    world.counter("node_network_receive_bytes_total", {NOON: 999}, device="veth12")
    world.tables["fct_counter_hour"][0] |= dict(gap_increase=3600.0)
    assert number == 1
    (found,) = signals.read(world.build(), WEEK1)
    assert found.value == pytest.approx(3600 / 3600), "240 samples x 15 s were scraped"


def test_the_longest_transaction_is_the_longest_of_all_databases_not_their_sum() -> None:
    world = World()
    for database, seconds in (("a", 30), ("b", 50)):
        world.gauge("pg_stat_activity_max_tx_duration", {NOON: seconds}, datname=database)
    (found,) = signals.read(world.build(), WEEK1)
    assert found.value == 50


# ---- Apdex


def test_apdex_by_hand_with_failures_frustrated() -> None:
    world = World()
    world.histogram("http_request_duration_seconds", {NOON: {0.2: 60, 0.8: 80, INF: 90}}, 9, path="/x", status="200")
    world.histogram("http_request_duration_seconds", {NOON: {0.2: 10, 0.8: 10, INF: 10}}, 1, path="/x", status="500")
    found = apdex.apdex(world.build(), WEEK1, 0.2)
    assert (found.low, found.high, found.exact) == (0.7, 0.7, True)  # (60 + 20 / 2) / 100


def test_apdex_is_a_range_where_the_histogram_does_not_tell_failures() -> None:
    world = World()
    world.histogram("http_request_duration_seconds", {NOON: {0.2: 70, 0.8: 90, INF: 100}}, 9, path="/x")
    world.counter("http_requests_total", {NOON: 86}, status="200")
    world.counter("http_requests_total", {NOON: 14}, status="500")
    found = apdex.apdex(world.build(), WEEK1, 0.2)
    assert found.low == pytest.approx((56 + 20 / 2) / 100)  # all 14 were fast
    assert found.high == pytest.approx((70 + 16 / 2) / 100)  # 10 were frustrated anyway, 4 were tolerating


def test_apdex_wants_t_and_4t_as_bounds() -> None:
    assert apdex.threshold([0.1, 0.25, 0.5, 1, INF], 0.2) == 0.25
    assert apdex.threshold([0.1, 0.3, INF], 0.2) is None
    world = World()
    world.histogram("http_request_duration_seconds", {NOON: {0.1: 1, 0.3: 1, INF: 1}}, 1, path="/x")
    assert apdex.apdex(world.build(), WEEK1, 0.2) is None


# ---- load, incidents


def test_an_hour_that_was_not_scraped_is_no_hour_without_load() -> None:
    world = World()
    hours = {(d, h): 100.0 * d for d in range(1, 15) for h in range(24)}
    gap = {k: v for k, v in hours.items() if k[0] != 9}
    world.counter("http_requests_total", gap, status="200")
    world.gauge("redis_memory_used_bytes", {k: v / 100 for k, v in hours.items()})
    world.gauge("redis_memory_max_bytes", dict.fromkeys(hours, 100.0))
    (found,) = launch.assess(world.build())
    assert found.fit.load == "requests an hour" and found.fit.base == pytest.approx(0, abs=1e-9)
    assert len(found.points) == 13 * 24 and found.fit.at_limit == pytest.approx(10_000)


def test_growth_over_a_gap_is_no_load_of_one_hour() -> None:
    world = World()
    world.counter("http_requests_total", {(d, h): 100.0 for d in range(1, 15) for h in range(24)}, status="200")
    world.tables["fct_counter_hour"][30] |= dict(increase=9000.0, gap_increase=8900.0)
    assert len(launch._loads(world.build())["requests an hour"]) == 14 * 24 - 1


def test_overlapping_incidents_are_one_story_and_neighbours_two() -> None:
    def seen(detector: str, start: int, end: int) -> incidents.Incident:
        return incidents.Incident(detector, detector, start * HOUR, end * HOUR, 1.0, "", (), 0, 0)

    spike, slow, full, later = (seen("error_spike", 2, 4), seen("high_latency", 1, 3),
                                seen("connections_exhausted", 3, 5), seen("cache_collapse", 5, 6))  # fmt: skip
    groups = stories.grouped([later, spike, full, slow])
    assert [{i.detector for i in g} for g in groups] == [
        {"high_latency", "error_spike", "connections_exhausted"}, {"cache_collapse"}
    ]  # fmt: skip
    parts = tuple(sorted(groups[0], key=stories._rank))
    assert stories.Story(0, 1, parts, (), 0, 0).title == "connections exhausted, with high latency and error spike"


def test_incidents_are_found_with_their_hours() -> None:
    world = World()
    calm = {(d, h): 1000.0 for d in range(1, 8) for h in range(24)}
    world.counter("http_requests_total", calm, status="200")
    world.counter("http_requests_total", {(3, 10): 100, (3, 11): 200, (3, 13): 100}, status="500", path="/x")
    world.gauge("pg_stat_activity_count", calm | {(3, 11): 97})
    world.gauge("pg_settings_max_connections", dict.fromkeys(calm, 100))
    world.tables["fct_gauge_hour"] = [
        r | dict(value_sum=20.0 * r["samples"], value_max=20.0) if r["value_max"] == 1000 else r
        for r in world.tables["fct_gauge_hour"]
    ]
    found = {i.detector: i for i in incidents.detect(world.build())}
    spike = found["error_spike"]
    assert (spike.start_us, spike.end_us) == (at(3, 10), at(3, 14)), "one quiet hour does not end it"
    assert spike.routes == ("/x",) and spike.peak == pytest.approx(200 / 1200)
    assert (found["connections_exhausted"].start_us, found["connections_exhausted"].peak) == (at(3, 11), 0.97)
    (story,) = stories.stories(world.build())
    assert story.title == "connections exhausted, with error spike"


def test_found_families_name_their_spelling_and_what_is_missing() -> None:
    world = World()
    world.histogram("http_server_requests_seconds", {NOON: {0.2: 1, INF: 1}}, 1, uri="/x", status="200")
    world.gauge("pg_stat_database_blks_hit", {NOON: 5})
    found = {f.what: f for f in detection.detect(world.build())}
    assert found["Request durations"].metric == "http_server_requests_seconds_bucket"
    assert found["Request durations"].labels == "route: uri, status: status"
    assert "availability is not known" in found["Scrape targets"].remark
    wrong = next(f for f in detection.detect(world.build()) if f.metric == "pg_stat_database_blks_hit")
    assert 'set types = { pg_stat_database_blks_hit = "counter" }' in wrong.remark


def test_a_period_is_the_sum_of_its_days() -> None:
    world = World()
    world.histogram("http_request_duration_seconds",
                    {(d, h): {0.2: d, INF: d + h} for d in range(1, 8) for h in (3, 23)}, 1.5, path="/x")  # fmt: skip
    snapshot = world.build()
    days = [(day(n), day(n + 1)) for n in range(1, 8)]
    loads, whole = routes.loads(snapshot, days), routes.loads(snapshot, [WEEK1])[0]["/x"]
    assert sum(p["/x"].requests for p in loads) == whole.requests
    assert sum(p["/x"].seconds for p in loads) == whole.seconds
    spreads, all_ = routes.distributions(snapshot, days), routes.distributions(snapshot, [WEEK1])[0][""]
    assert [sum(dict(zip(*p[""], strict=True))[b] for p in spreads) for b in all_[0]] == all_[1]


def test_what_moved_most_when_it_began_is_named_and_the_steady_is_not() -> None:
    world = World()
    hours = {(d, h): 100.0 + (7 * d + 3 * h) % 5 for d in range(1, 8) for h in range(24)}
    onset = (5, 10)
    late = {k for k in hours if onset <= k < (5, 13)}
    world.counter("beta_errors_total", {k: 40.0 if k in late else float(k[1] % 3) for k in hours}, component="import")
    world.counter("beta_errors_total", {k: float(k[1] % 4) for k in hours}, component="feed")
    world.counter("http_requests_total", hours, status="200")
    world.gauge("redis_memory_used_bytes", {k: 30.0 + k[1] % 4 for k in hours})
    world.gauge("redis_memory_max_bytes", dict.fromkeys(hours, 100.0))
    (found,) = suspects.suspects(world.build(), at(*onset), at(5, 13))
    assert (found.name, found.before, found.during) == ("errors of import", 1, 40)
    assert suspects.suspects(world.build(), at(2, 10), at(2, 12)) == ()
