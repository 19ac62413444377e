"""Titles state the finding; complements swap what must be swapped; a running week is marked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kpis.charts import build
from kpis.charts.colours import DARK, LIGHT
from kpis.charts.sparkline import sparkline
from kpis.charts.titles import finding
from kpis.model import State
from tests.support.reviews import review

RUNNING = review(3, datetime(2026, 3, 19, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("week", "kpi_id", "says"),
    [
        (3, "latency_p95", "API latency p95 rose to 418 ms in week 3 (target 200 ms)"),
        (4, "open_critical_bugs", "Open critical bugs fell to 1 in week 4 (proposed target 0)"),
        (4, "latency_p95", "API latency p95: 402 ms in week 4 (target 200 ms)"),
        (4, "requests_within_200ms", "Requests over 200 ms missed its target in week 4: 11 % (target 5 %)"),
        (4, "redis_memory_used", "Redis memory used could not be computed"),
        (1, "retention_d7", "Day-7 retention: no data in week 1"),
    ],
)
def test_titles_state_the_finding(week: int, kpi_id: str, says: str) -> None:
    assert finding(review(week), kpi_id) == says


def test_a_running_week_claims_no_movement() -> None:
    assert finding(RUNNING, "latency_p95") == "API latency p95: 418 ms after 3 of 7 days"


def test_complement_swaps_value_interval_and_target() -> None:
    made = build.seven_four(review(), "requests_within_200ms")
    value = review().value("requests_within_200ms", 4)
    bars, targets = made.series[1], made.series[2]
    assert bars.y[-1] == pytest.approx(1 - value.value)
    assert (bars.low[-1], bars.high[-1]) == pytest.approx((1 - value.high, 1 - value.low))
    assert bars.low[-1] < bars.y[-1] < bars.high[-1]
    assert targets.y[-1] == pytest.approx(0.05)


def test_seven_four_has_seven_days_and_every_week() -> None:
    made = build.seven_four(review(), "wau", 2)
    days, bars, _ = made.series
    assert [x for x in days.x if x.strip()] == ["9\n②", "10", "11", "12\n③", "13", "14", "15"]
    assert [x for x in bars.x if x.strip()] == ["W1", "W2", "W3", "W4"]
    assert not set(days.x) & set(bars.x)


def test_running_bars_are_hatched_and_say_how_many_days() -> None:
    bars = build.seven_four(RUNNING, "wau").series[1]
    week3 = bars.x.index("W3")
    assert bars.hatched[week3]
    assert bars.labels[week3] == "281\n3 of 7 d"
    assert RUNNING.value("wau", 4).state is State.FUTURE
    assert bars.y[bars.x.index("W4")] is None


def test_source_matrix_keeps_missing_apart_from_nothing_covered() -> None:
    rows = [
        dict(source="m", item="a", local_date=date(2026, 3, 2), rows=10, expected=10.0, covered=1.0),
        dict(source="m", item="a", local_date=date(2026, 3, 3), rows=0, expected=10.0, covered=0.0),
        dict(source="m", item="b", local_date=date(2026, 3, 2), rows=10, expected=None, covered=1.0),
    ]
    made = build.source_days(rows)
    assert made.heatmap.z == ((1.0, 0.0), (1.0, None))
    assert made.title == "2 of 2 source items have days that are not fully covered"
    assert made.alt.endswith("a, b.")


def test_sparkline_breaks_at_a_hole_and_hatches_a_running_week() -> None:
    picture = sparkline([1.0, 2.0, None, 2.0, 3.0], LIGHT, week=1, running=True, target=2.0)
    assert picture.count("<polyline") == 2
    assert 'fill="url(#h)"' in picture
    assert "stroke-dasharray" in picture
    assert "<text" not in picture


def test_a_lone_day_in_a_sparkline_is_seen() -> None:
    assert sparkline([None, 2.0, None, 1.0], DARK, week=1).count("<circle") == 2


def test_every_chart_says_what_it_shows_without_eyes() -> None:
    for kpi in review().kpis:
        for made in (build.days(review(), kpi.id), build.seven_four(review(), kpi.id)):
            assert (kpi.complement or kpi.title) in made.alt
            assert made.title


def test_items_of_the_same_name_are_told_apart_by_their_source() -> None:
    rows = [
        dict(source=s, item=i, local_date=date(2026, 3, 2), rows=1, expected=None, covered=1.0)
        for s, i in (("old", "events"), ("new", "events"), ("metrics", "samples app/app-1"))
    ]
    assert build.source_days(rows).heatmap.y == ("old · events", "new · events", "app/app-1")
