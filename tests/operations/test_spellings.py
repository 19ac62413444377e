"""A thing that changes its name in mid-programme: joined in time, never doubled, each number worked out beside it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.operations import apdex, detection, incidents, reliability, routes, spellings
from kpis.operations.families import HTTP_TOTAL
from tests.kpis.support import values
from tests.operations.world import DAY1, HOUR, INF, World, at

WEEK1, WEEK2 = (DAY1, DAY1 + 7), (DAY1 + 7, DAY1 + 14)
SECONDS, MS = "http_request_duration_seconds", "http_request_duration_ms"


def renamed() -> World:
    """Milliseconds on days 1 to 3; a release on day 4 at 12:00 brings seconds."""
    world = World()
    old = {(d, h): {200.0: 50, 800.0: 100, INF: 100} for d in (1, 2, 3) for h in (10, 12)}
    new = {(d, h): {0.2: 30, 0.8: 60, INF: 60} for d in (4, 5) for h in (12, 13)}
    world.histogram(MS, old, 30_000, path="/x")
    world.histogram(SECONDS, new, 6, path="/x")
    return world


def test_a_renamed_histogram_is_joined_and_both_units_are_seconds() -> None:
    (found,) = routes.table(renamed().build(), WEEK1)
    assert found.requests == 6 * 100 + 4 * 60
    assert found.seconds == 6 * 30 + 4 * 6
    # half of the requests lie below 200 ms under either name
    assert (found.p50.value, found.p50.upper) == (pytest.approx(0.2), 0.2)
    assert found.p95.value == pytest.approx(0.2 + 0.6 * 0.9)


def test_names_that_exist_together_are_not_added_up() -> None:
    """On day 3 both are exposed by every process (a release that keeps the old name for dashboards)."""
    world = renamed()
    world.histogram(SECONDS, {(3, 12): {0.2: 50, 0.8: 100, INF: 100}}, 30, path="/x")
    (found,) = routes.table(world.build(), WEEK1)
    assert (found.requests, found.seconds) == (840, 204)


def test_an_old_name_still_exposed_at_rest_hides_nothing() -> None:
    """The first name of the order stays registered, but nothing is counted in it any more."""
    world = World()
    world.histogram(SECONDS, {(1, 12): {0.2: 5, INF: 10}, (2, 12): {0.2: 0, INF: 0}, (3, 12): {0.2: 0, INF: 0}},
                    {(1, 12): 2, (2, 12): 0, (3, 12): 0}, path="/x")  # fmt: skip
    world.histogram(MS, {(2, 12): {200.0: 5, INF: 20}, (3, 12): {200.0: 5, INF: 20}}, 4_000, path="/x")
    (found,) = routes.table(world.build(), WEEK1)
    assert (found.requests, found.seconds) == (50, 10)


def test_a_quiet_night_is_not_filled_with_the_traffic_of_another_name() -> None:
    world = World()
    world.counter("http_requests_total", {(1, 12): 10, (1, 13): 0, (1, 14): 10}, path="/x", status="200")
    world.counter("http_server_requests_seconds_count", {(1, h): 7 for h in (12, 13, 14)}, path="/x", status="500")
    assert routes.failures(world.build(), WEEK1) == {"/x": (20, 0)}


def test_bounds_of_only_one_name_do_not_make_requests_slower() -> None:
    """100 of the old name's 100 requests lie below 0.5 s, a bound the new one does not have."""
    world = World()
    world.histogram(MS, {(1, 12): {200.0: 50, 500.0: 100, 1000.0: 100, INF: 100}}, 20_000, path="/x")
    world.histogram(SECONDS, {(2, 12): {0.2: 50, 1.0: 100, INF: 100}}, 20, path="/x")
    snapshot = world.build()
    ((bounds, counts),) = [part["/x"] for part in routes.distributions(snapshot, [WEEK1])]
    assert (bounds, counts) == ([0.2, 1.0, INF], [100, 200, 200])
    alone = routes.distributions(snapshot, [(DAY1, DAY1 + 1)])[0]["/x"]
    assert alone == ([0.2, 0.5, 1.0, INF], [50, 100, 100, 100]), "alone it keeps its bounds"
    assert values(snapshot, "latency_p95")[1].value == pytest.approx(0.2 + 0.8 * 0.9)


def test_kpis_and_pages_agree_on_a_renamed_histogram_and_counter() -> None:
    world = renamed()
    world.counter("http_requests_total", {(1, 12): 1000}, path="/x", status="200")
    world.counter("http_requests_total", {(1, 12): 50}, path="/x", status="500")
    world.counter("http_server_requests_seconds_count", {(4, 12): 3000}, path="/x", status="200")
    world.counter("http_server_requests_seconds_count", {(4, 12): 50}, path="/x", status="503")
    snapshot = world.build()
    assert routes.failures(snapshot, WEEK1) == {"/x": (4100, 100)}
    found = values(snapshot, "error_ratio")[1]
    assert (found.numerator, found.denominator) == (100, 4100)
    assert values(snapshot, "requests_within_200ms")[1].value == pytest.approx(0.5)
    assert reliability.behaviour(snapshot).values[:4] == (50 / 1050, None, None, 50 / 3050)
    assert apdex.apdex(snapshot, WEEK1, 0.2).requests == 840


def test_a_name_without_status_does_not_water_down_the_error_ratio() -> None:
    """Its 900 requests may have failed or not: they are no successes."""
    world = World()
    world.counter("http_requests_total", {(1, 12): 90}, path="/x", status="200")
    world.counter("http_requests_total", {(1, 12): 10}, path="/x", status="500")
    world.counter("http_server_requests_seconds_count", {(2, 12): 900}, path="/x")
    snapshot = world.build()
    assert routes.failures(snapshot, WEEK1) == {"/x": (100, 10)}
    assert values(snapshot, "error_ratio")[1].value == pytest.approx(0.1)


def test_a_label_that_changes_its_name_is_one_route() -> None:
    world = World()
    for number, label in enumerate(("path", "route"), 1):
        world.counter("http_requests_total", {(number, 12): 10}, status="200", **{label: "/x"})
        world.tables["dim_series"][-1]["route"] = "/x"  # as queries/facts/dim_series.sql reads either label
    assert routes.failures(world.build(), WEEK1) == {"/x": (20, 0)}


def test_latency_incidents_are_found_under_either_name() -> None:
    world = World()
    for name, scale, on in ((MS, 1000, 1), (SECONDS, 1, 3)):
        world.histogram(name, {(on, h): {0.2 * scale: 100, 5.0 * scale: 100, INF: 100} for h in (10, 12)}, 1, path="/x")
        world.histogram(name, {(on, 11): {0.2 * scale: 0, 5.0 * scale: 100, INF: 100}}, 1, path="/x")
    found = [i.start_us for i in incidents.detect(world.build()) if i.detector == "high_latency"]
    assert found == [at(1, 11), at(3, 11)]


def test_it_is_told_which_name_counts_on_which_days() -> None:
    snapshot = renamed().build()
    named = detection.joined(snapshot)
    assert named["Request durations"] == f"{MS}_bucket until 5 Mar; {SECONDS}_bucket from 5 Mar"
    assert named["Requests by status"] == f"{MS}_count until 5 Mar; {SECONDS}_count from 5 Mar"
    family = next(f for f in detection.detect(snapshot) if f.what == "Request durations")
    assert named["Request durations"] in family.remark and family.also == ()


def test_one_name_needs_no_words_and_none_reads_nothing() -> None:
    world = World()
    world.counter("http_requests_total", {(1, 12): 10}, status="200")
    assert detection.joined(world.build())["Requests by status"] == ""
    assert spellings.covers(World().build(), HTTP_TOTAL)[0].metric == HTTP_TOTAL[0]
    assert routes.table(world.build(), WEEK1) == ()


growths = st.dictionaries(st.integers(0, 30).map(lambda n: n * HOUR), st.sampled_from([0.0, 1.0]), min_size=1)


@given(st.lists(growths, min_size=1, max_size=4))
def test_every_instant_has_one_name_and_every_hour_one_that_has_samples(parts: list[dict[int, float]]) -> None:
    named = [(f"m{n}", part) for n, part in enumerate(parts)]
    found = spellings.in_time(named)
    assert (found[0].from_us, found[-1].to_us) == (spellings.FIRST, spellings.LAST)
    assert all(a.to_us == b.from_us and a.metric != b.metric for a, b in pairwise(found))
    for hour in set().union(*parts):
        (owner,) = [c.metric for c in found if c.from_us <= hour < c.to_us]
        assert hour in dict(named)[owner], "an hour is never given to a name without samples in it"
