"""Counters, gauges and gaps against a plain-Python oracle, and the cases where a rate would lie."""

from __future__ import annotations

import itertools
import json
import math
import statistics
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.raw import facts, make_settings

HOUR = 3_600_000
T0 = int(datetime(2026, 3, 3, tzinfo=UTC).timestamp() * 1000)


def series(number: int, metric: str, type: str = "counter", **labels: str) -> dict[str, Any]:
    labels = {"job": "app", "instance": "a:1", **labels}
    return {"series_id": number, "metric": metric, "labels": json.dumps(labels, sort_keys=True), "type": type}


def samples(number: int, points: list[tuple[int, float]]) -> list[dict[str, Any]]:
    return [{"series_id": number, "ts_ms": T0 + t, "value": v} for t, v in points]


def rows(snapshot, query: str) -> list[tuple]:
    return snapshot._con.cursor().execute(query).fetchall()


def one_series(points: list[tuple[int, float]], zone: str = "UTC", type: str = "counter"):
    return facts({"raw_series": [series(1, "x_total", type)], "raw_sample": samples(1, points)}, make_settings(zone))


COUNTER = "SELECT hour_us // 1000, increase, gap_increase, resets, samples FROM fct_counter_hour ORDER BY 1"


def test_the_first_sample_of_a_series_is_a_baseline_not_an_increase() -> None:
    assert rows(one_series([(0, 1_000_000.0)]), COUNTER) == [(T0, 0, 0, 0, 1)]


def test_growth_belongs_to_the_hour_of_its_end_sample() -> None:
    found = rows(one_series([(HOUR - 15_000, 10), (HOUR, 14), (HOUR + 15_000, 15)]), COUNTER)
    assert found == [(T0, 0, 0, 0, 1), (T0 + HOUR, 5, 0, 0, 2)]


def test_two_restarts_lose_nothing_that_was_seen() -> None:
    snapshot = one_series([(0, 5), (15_000, 9), (30_000, 2), (45_000, 2), (60_000, 1), (75_000, 4)])
    assert rows(snapshot, COUNTER) == [(T0, 4 + 2 + 0 + 1 + 3, 0, 2, 6)]
    query = "SELECT ts_ms, value_before, value_after FROM fct_reset ORDER BY 1"
    assert rows(snapshot, query) == [(T0 + 30_000, 9, 2), (T0 + 60_000, 2, 1)]


def test_growth_over_a_gap_counts_and_is_marked() -> None:
    step = 15_000
    points = [(0, 0), (step, 1), (2 * step, 2), (4 * step, 4), (9 * step, 9)]  # 2 intervals are no gap, 5 are
    assert rows(one_series(points), COUNTER) == [(T0, 9, 5, 0, 5)]


def test_a_sample_at_as_of_is_not_yet_told() -> None:
    end = int(datetime(2026, 4, 2, tzinfo=UTC).timestamp() * 1000) - T0
    found = rows(one_series([(end - 30_000, 1), (end - 15_000, 2), (end, 3)]), COUNTER)
    assert [(r[1], r[4]) for r in found] == [(1, 2)]


@pytest.mark.parametrize(
    ("metric", "type", "labels", "counts"),
    [
        ("a_total", "counter", {}, True),
        ("a_seconds", "counter", {}, True),  # the type decides, not the suffix
        ("a_total", "gauge", {}, False),
        ("a_created", "counter", {}, False),
        ("h_bucket", "histogram", {"le": "0.5"}, True),
        ("h_sum", "histogram", {}, True),
        ("h_count", "histogram", {}, True),
        ("s", "summary", {"quantile": "0.9"}, False),
        ("s_sum", "summary", {}, True),
        ("s_count", "summary", {}, True),
        ("u_total", "unknown", {}, True),  # no metadata: only the name is left
        ("u_bucket", "unknown", {"le": "1"}, True),
        ("u_bucket", "unknown", {}, False),
        ("u_seconds", "unknown", {}, False),
        ("u_sum", "unknown", {}, False),
    ],
)
def test_which_series_are_counted(metric: str, type: str, labels: dict, counts: bool) -> None:
    snapshot = facts(
        {"raw_series": [series(1, metric, type, **labels)], "raw_sample": samples(1, [(0, 1), (15_000, 3)])}
    )
    found = rows(snapshot, "SELECT (SELECT count(*) FROM fct_counter_hour), (SELECT count(*) FROM fct_gauge_hour)")
    assert found == [(1, 0) if counts else (0, 1)]


def test_sum_and_count_of_an_untyped_histogram_are_counted() -> None:
    names = [("h_bucket", {"le": "1"}), ("h_sum", {}), ("h_count", {})]
    tables = {
        "raw_series": [series(i, n, "unknown", **labels) for i, (n, labels) in enumerate(names)],
        "raw_sample": [s for i in range(3) for s in samples(i, [(0, 1), (15_000, 3)])],
    }
    assert rows(facts(tables), "SELECT count(*) FROM fct_counter_hour") == [(3,)]


def test_a_gauge_keeps_sum_extremes_and_last_value_of_each_hour() -> None:
    snapshot = one_series([(0, 3), (15_000, -1), (30_000, 4), (HOUR, 7)], type="gauge")
    query = (
        "SELECT samples, value_sum, value_min, value_max, last_value, last_ts_ms FROM fct_gauge_hour ORDER BY hour_us"
    )
    assert rows(snapshot, query) == [(3, 6, -1, 4, 4, T0 + 30_000), (1, 7, 7, 7, 7, T0 + HOUR)]


def test_a_half_hour_zone_splits_an_hour_between_two_days() -> None:
    start = int(datetime(2026, 3, 3, 18, 0, tzinfo=UTC).timestamp() * 1000) - T0  # 23:30 in Kolkata
    snapshot = one_series([(start, 0), (start + 15_000, 1), (start + HOUR // 2, 3)], "Asia/Kolkata")
    found = rows(snapshot, "SELECT day_n, hour_us, increase FROM fct_counter_hour ORDER BY 1")
    assert [(d, i) for d, _, i in found] == [(20515, 1), (20516, 2)]
    assert found[0][1] == found[1][1]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"status": "500", "path": "/posts/3kabc", "method": "GET"}, ("/posts/:id", "GET", "500", None)),
        ({"code": "200", "handler": "/feed"}, ("/feed", None, "200", None)),
        ({"http_response_status_code": "204", "http_route": "/users/:id"}, ("/users/:id", None, "204", None)),
        ({"status_code": "301", "uri": "login"}, ("login", None, "301", None)),
        ({"le": "0.25"}, (None, None, None, 0.25)),
        ({"le": "1e+01"}, (None, None, None, 10.0)),
        ({"le": "+Inf"}, (None, None, None, math.inf)),
        ({"le": "abc"}, (None, None, None, None)),
    ],
)
def test_the_usual_labels_get_one_spelling(labels: dict[str, str], expected: tuple) -> None:
    tables = {"raw_series": [series(1, "x_total", **labels)], "raw_sample": samples(1, [(0, 1), (15_000, 2)])}
    found = rows(facts(tables), "SELECT route, method, status, le, job, instance, interval_ms FROM dim_series")
    assert found == [(*expected, "app", "a:1", 15_000)]


def oracle(points: list[tuple[int, float]], zone: str) -> dict[tuple[int, int], list[float]]:
    """(day, hour) -> increase, gap increase, resets, samples; one loop over the whole series."""
    tz, found = ZoneInfo(zone), defaultdict(lambda: [0.0, 0.0, 0, 0])
    points = sorted(points)
    apart = [b[0] - a[0] for a, b in itertools.pairwise(points)]
    interval = statistics.median_low(apart) if apart else None
    for i, (t, v) in enumerate(points):
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=t)
        cell = found[(instant.astimezone(tz).date() - datetime(1970, 1, 1).date()).days, t // HOUR * HOUR]  # noqa: DTZ001
        cell[3] += 1
        if i == 0:
            continue
        before_t, before = points[i - 1]
        growth = v if v < before else v - before
        cell[0] += growth
        cell[1] += growth if interval and t - before_t > 2 * interval else 0
        cell[2] += v < before
    return dict(found)


POINTS = st.lists(
    st.tuples(st.integers(0, 12 * 60), st.one_of(st.integers(0, 50).map(float), st.floats(0, 1e6))),
    min_size=1, max_size=60, unique_by=lambda p: p[0],
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=4), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]))
def test_counters_agree_with_the_oracle(found: list[list[tuple[int, float]]], zone: str) -> None:
    all_points = {i: [(T0 + 15 * HOUR + m * 60_000, v) for m, v in points] for i, points in enumerate(found)}
    tables = {
        "raw_series": [series(i, "x_total", path=f"/{i}") for i in all_points],
        "raw_sample": [{"series_id": i, "ts_ms": t, "value": v} for i, points in all_points.items() for t, v in points],
    }
    query = "SELECT series_id, day_n, hour_us // 1000, increase, gap_increase, resets, samples FROM fct_counter_hour"
    facts_rows = {(s, d, h): values for s, d, h, *values in rows(facts(tables, make_settings(zone)), query)}
    expected = {(i, *k): v for i, points in all_points.items() for k, v in oracle(points, zone).items()}
    assert facts_rows == expected  # to the last bit: sums run in order of time


def gaps(points: dict[str, list[tuple[int, float]]], as_of: datetime | None = None, metric: str = "up") -> list[tuple]:
    tables = {
        "raw_series": [series(i, metric, "gauge", instance=name) for i, name in enumerate(points)],
        "raw_sample": [s for i, p in enumerate(points.values()) for s in samples(i, p)],
    }
    launch = datetime.fromtimestamp(T0 / 1000, tz=UTC).date()
    snapshot = facts(tables, make_settings(launch=launch), as_of or datetime.fromtimestamp(T0 / 1000 + 3600, tz=UTC))
    found = rows(snapshot, "SELECT item, from_us, to_us FROM fct_gap ORDER BY 1, 2")
    return [
        (item.split("/")[1], a // 60_000_000 - T0 // 60_000, b // 60_000_000 - T0 // 60_000) for item, a, b in found
    ]


def minutes(*spans: tuple[int, int], value: float = 1.0) -> list[tuple[int, float]]:
    return [(m * 60_000, value) for a, b in spans for m in range(a, b)]


def test_gaps_of_a_target() -> None:
    assert gaps({"a": minutes((0, 60))}) == []
    assert gaps({"a": minutes((0, 20), (22, 60))}) == [("a", 19, 22)]
    assert gaps({"a": minutes((0, 20), (21, 60))}) == []  # two intervals are no gap
    assert gaps({"a": minutes((0, 40))}) == [("a", 39, 60)]  # silent up to as_of
    assert gaps({"a": minutes((10, 60))}) == [("a", 0, 10)]  # not there at launch


def test_a_target_that_answers_the_scrape_with_down_is_a_gap() -> None:
    down = [*minutes((0, 20)), *minutes((20, 30), value=0.0), *minutes((30, 60))]
    assert gaps({"a": down}) == [("a", 19, 30)]


def test_a_replaced_instance_is_no_gap_but_a_dead_job_is() -> None:
    assert gaps({"old": minutes((0, 30)), "new": minutes((30, 60))}) == []
    assert gaps({"old": minutes((0, 20)), "new": minutes((20, 40))}) == [("new", 39, 60)]


def test_without_up_any_sample_shows_that_a_target_lives() -> None:
    assert gaps({"a": minutes((0, 20), (30, 60))}, metric="memory_bytes") == [("a", 19, 30)]


def test_after_the_programme_nothing_is_missing_any_more() -> None:
    late = datetime.fromtimestamp(T0 / 1000, tz=UTC) + timedelta(days=60)
    assert gaps({"a": [(h * HOUR, 1.0) for h in range(28 * 24)]}, late) == []
