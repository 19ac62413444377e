"""Titles say what was found, and not what has meanwhile been mended."""

from __future__ import annotations

from datetime import date

from kpis.charts.resources import _use_title
from kpis.operations import findings, resources
from kpis.operations.changepoints import Step
from kpis.operations.families import RESOURCES
from kpis.operations.growth import Load, changes
from kpis.operations.routes import table
from kpis.operations.shifts import Shift
from tests.operations.world import DAY1, INF, World


def shift(on: int, size: float) -> Shift:
    day = date(2026, 3, on)
    return Shift("route /x", "mean seconds", Step(day, size, size, size, 0.001, day, day), ())


def test_a_slowdown_that_was_partly_mended_is_told_with_its_mending() -> None:
    world = World()
    world.histogram("http_request_duration_seconds", {(1, 12): {0.2: 50, INF: 100}}, 30, path="/x")
    (route,) = table(world.build(), (DAY1, DAY1 + 7))
    slow, fast, slower = shift(11, 1.2), shift(23, -0.3), shift(25, 0.5)
    said = findings.bottleneck(route, slow, 4, fast)
    assert said.endswith("120 % slower since 11 Mar, then 30 % faster since 23 Mar"), said
    assert findings.bottleneck(route, slow, 4, slow) == findings.bottleneck(route, slow, 4)
    assert "faster" not in findings.bottleneck(route, slow, 4, slower)
    assert route.requests == Load(100, 30).requests


def test_the_title_of_a_use_counts_hours_above_its_levels() -> None:
    redis = next(r for r in RESOURCES if r.id == "redis")
    for used, words in ((50, "never above warning"), (85, "above warning in 1 hour"), (95, "critical in 1 hour")):
        world = World()
        world.gauge("redis_memory_used_bytes", {(1, 12): used, (1, 13): 10})
        world.gauge("redis_memory_max_bytes", {(1, 12): 100, (1, 13): 100})
        title = _use_title(redis, resources.hours(world.build(), redis))
        assert title == f"Redis memory: highest hour {used} %, {words}"
    assert _use_title(redis, ()) == "Redis memory: no use is known"


def test_a_mean_that_fell_by_mix_alone_is_not_called_faster_routes() -> None:
    before = {"fast": Load(500, 50), "slow": Load(500, 500)}
    after = {"fast": Load(900, 90), "slow": Load(100, 100)}
    assert findings.mean_change(changes(before, after)) == (
        "Mean of all requests: 550 ms → 190 ms: −360.0 ms because the mix of routes changed, routes as fast as before."
    )
    assert "cannot be compared" in findings.mean_change(changes({}, after))
    assert findings.mean_change(changes(after, after)).endswith("unchanged.")
