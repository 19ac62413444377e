"""A bucket bound that not every request was counted at, as a coarser native histogram gives: left out, never lower."""

from __future__ import annotations

import pytest

from data.warehouse import Snapshot
from kpis.operations import apdex, routes
from kpis.operations.series import Options, read
from tests.kpis.support import values
from tests.operations.world import DAY1, INF, World

WEEK1 = (DAY1, DAY1 + 7)
SECONDS = "http_request_duration_seconds"
# 600 requests of 0.5 s and 400 of 1.2 s; the second instance cannot tell on day 1 how many are below 1.4 s
FAST, SLOW = {1.0: 600, 1.4: 600, 2.0: 600, 4.0: 600, INF: 600}, {1.0: 0, 1.4: 400, 2.0: 400, 4.0: 400, INF: 400}
COARSE = {1.0: 0, 2.0: 400, 4.0: 400, INF: 400}


def mixed(path: str = "/x") -> Snapshot:
    world = World()
    world.histogram(SECONDS, {(d, 12): FAST for d in (1, 2)}, 300, path="/x", instance="a")
    world.histogram(SECONDS, {(1, 12): COARSE}, 480, path=path, instance="b")
    world.histogram(SECONDS, {(2, 12): SLOW}, 480, path=path, instance="b")
    return world.build()


@pytest.mark.parametrize("path", ["/x", "/y"])
def test_routes_of_a_day_use_the_bounds_at_which_everything_was_counted(path: str) -> None:
    first, second = routes.distributions(mixed(path), [(DAY1, DAY1 + 1), (DAY1 + 1, DAY1 + 2)])
    assert first[""] == ([1.0, 2.0, 4.0, INF], [600, 1000, 1000, 1000])
    assert second[""] == ([1.0, 1.4, 2.0, 4.0, INF], [600, 1000, 1000, 1000, 1000])
    if path == "/y":
        assert first["/x"][0] == [1.0, 1.4, 2.0, 4.0, INF], "a route of its own keeps its bounds"


def test_a_quantile_shows_the_wider_bucket_in_which_it_is_known_to_lie() -> None:
    days = routes.quantile_days(mixed(), (DAY1, DAY1 + 1))
    assert [(days[n][1].lower, days[n][1].upper) for n in sorted(days)] == [(1.0, 2.0), (1.0, 1.4)]
    assert values(mixed(), "latency_p95")[1].high == 2.0, "a week that holds such a day is as wide as that"


def test_hours_series_and_apdex_leave_the_bound_out_too() -> None:
    snapshot = mixed()
    hours: dict[int, list[float]] = {}
    for row in routes.latency_hours(snapshot):
        hours.setdefault(row["hour_us"], []).append(row["bound"])
    assert list(hours.values()) == [[1.0, 2.0, 4.0, INF], [1.0, 1.4, 2.0, 4.0, INF]]
    points = read(snapshot, Options(f"{SECONDS}_bucket", "quantile", "day", q=0.95))
    assert [(p.lower, p.upper) for p in points] == [(1.0, 2.0), (1.0, 1.4)]
    assert apdex.apdex(mixed("/y"), WEEK1, 1.0).low == pytest.approx((0.6 + 1.0) / 2)


def test_growth_after_a_pause_of_one_bound_is_not_counted_in_its_hour_alone() -> None:
    """The fine bound comes back after hours in which only the coarse ones were there: its growth is all of them's."""
    world = World()
    world.histogram(SECONDS, {(1, 12): {1.0: 10, 2.0: 20, INF: 20}}, 20, path="/x")
    world.counter(f"{SECONDS}_bucket", {(1, 12): 300}, "histogram", path="/x", le="1.4")
    world.tables["fct_counter_hour"][-1]["gap_increase"] = 300.0
    assert routes.distributions(world.build(), [WEEK1])[0]["/x"] == ([1.0, 2.0, INF], [10, 20, 20])
