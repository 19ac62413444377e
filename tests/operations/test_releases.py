"""Releases found by themselves, taken back and merged with the declared ones; what came with each."""

from __future__ import annotations

import pytest

from kpis.operations import release_effects, releases
from kpis.operations.tables_releases import effect_rows, effect_sentence
from tests.operations.world import HOUR, INF, World, at, day


def declared(name: str, on: int, found: bool = False) -> dict:
    return dict(name=name, at_us=at(on), found=found, note="")


def versions(world: World, spans: dict[str, list[tuple[int, int]]], job: str = "app", label: str = "version") -> None:
    """build_info of 1: version -> spans of programme hours in which it was scraped."""
    for version, parts in spans.items():
        hours = {(1 + h // 24, h % 24): 1.0 for a, b in parts for h in range(a, b)}
        world.gauge("app_build_info", hours, job=job, **{label: version})


def test_a_version_that_an_older_one_outlives_was_taken_back() -> None:
    world = World()
    versions(world, {"1.0": [(0, 100), (120, 300)], "1.1": [(99, 121)], "1.2": [(300, 400)]})
    world.tables["dim_release"] = [declared("1.1", 5, True), declared("1.2", 13, True)]
    back, stayed = releases.releases(world.build())
    assert (back.name, back.until_us is not None, stayed.until_us) == ("1.1", True, None)
    assert abs(back.until_us - at(1, 121)) <= HOUR
    assert len(releases.releases(world.build())) == 2, "going back to 1.0 is no release"


def test_a_version_that_comes_again_is_a_release_again() -> None:
    world = World()
    versions(world, {"1.0": [(0, 100), (120, 200)], "1.1": [(100, 120), (200, 300)]})
    world.tables["dim_release"] = [declared("1.1", 5, True)]
    first, again = releases.releases(world.build())
    assert first.until_us is not None
    assert (again.name, again.at_us, again.until_us) == ("1.1 again", at(1, 200), None)


def test_a_rolling_release_and_a_scrape_gap_are_no_rollback() -> None:
    world = World()
    versions(world, {"1.0": [(0, 101)], "1.1": [(100, 150), (160, 300)]})  # nothing at all from hour 150 to 160
    world.tables["dim_release"] = [declared("1.1", 5, True)]
    (found,) = releases.releases(world.build())
    assert found.until_us is None


def test_a_canary_on_one_instance_that_was_withdrawn_was_taken_back() -> None:
    world = World()
    versions(world, {"1.0": [(0, 300)], "1.1": [(100, 130)]})
    world.tables["dim_release"] = [declared("release 1.1", 5)]
    (found,) = releases.releases(world.build())
    assert (found.found, found.until_us is not None) == (False, True), "declared by name, interval from the series"


def test_another_jobs_or_an_exporters_version_is_no_release_of_the_app() -> None:
    world = World()
    versions(world, {"1.0": [(0, 300)]})
    versions(world, {"9": [(0, 50)], "10": [(50, 60)]}, job="worker", label="revision")
    world.gauge("node_exporter_build_info", {(1, 1): 1}, version="1.8")
    found = releases.runs(world.build().rows("operations/versions"))
    assert {(r.job, r.version) for r in found} == {("app", "1.0"), ("worker", "9"), ("worker", "10")}
    assert all(releases.taken_back(r, found) is None for r in found)


def test_a_restart_is_told_by_resets_or_by_a_new_start_time_but_not_twice() -> None:
    world = World()
    number = world.counter("http_requests_total", {(2, 12): 5}, status="200")
    world.tables["fct_reset"] = [dict(series_id=number, ts_ms=at(2) // 1000, value_before=9.0, value_after=1.0)]
    first, second, third = (at(n) / 1e6 for n in (1, 2, 3))
    world.gauge("process_start_time_seconds", {(1, 13): first, (1, 14): first + 1, (2, 13): second, (3, 13): third})
    found = releases.restarts(world.build())
    assert [(r.at_us, r.series) for r in found] == [(at(2), 1), (at(3), 0)], "a second of jitter is no restart"


# ---- before and after


def slowed() -> World:
    """Release 1.1 on day 5 makes /slow three times as slow; release 1.2 on day 9 changes nothing."""
    world = World()
    for on in range(1, 15):
        slow = 3.0 if on > 5 else 1.0
        spread = {(on, 12): {0.1: 50 if slow < 2 else 0, 0.4: 100, INF: 100}}
        world.histogram("http_request_duration_seconds", spread, 10 * slow, path="/slow")
        world.histogram("http_request_duration_seconds", {(on, 12): {0.1: 100, 0.4: 100, INF: 100}}, 5, path="/ok")
        world.counter("http_requests_total", {(on, 12): 200}, status="200")
    world.tables["dim_release"] = [declared("1.1", 5), declared("1.2", 9)]
    return world


def test_each_release_is_compared_up_to_its_neighbours_without_its_own_day() -> None:
    one, two = release_effects.effects(slowed().build())
    assert one.sides == ((day(1), day(5)), (day(6), day(9)))
    assert two.sides == ((day(6), day(9)), (day(10), day(17)))
    assert one.mean == (pytest.approx(15 / 200), pytest.approx(35 / 200))
    worst = one.worst
    assert (worst.route, worst.mean_ratio, worst.cost) == ("/slow", pytest.approx(3), pytest.approx(100 * 0.2))
    assert [r.route for r in one.routes] == ["/slow", "/ok"], "all routes, the costliest first"
    assert two.worst is None and one.error_ratio == (0, 0)
    assert effect_sentence(one, "UTC") == "Release 1.1 of 6 Mar 12:00: /slow slower by 200 % after it"
    assert effect_sentence(two, "UTC").endswith("no route became slower by a tenth")
    assert effect_rows([one], "UTC")[0]["Mean"] == "75 → 175 ms"


def test_a_release_on_the_first_or_last_day_has_one_side_only() -> None:
    world = slowed()
    world.tables["dim_release"] = [declared("1.0", 1), declared("2.0", 28), declared("late", 60)]
    first, last = release_effects.effects(world.build())
    assert first.mean[0] is None and first.routes == () and last.routes == ()
    assert "no days on both sides" in effect_sentence(last, "UTC")
    assert release_effects.effects(World().build()) == ()
