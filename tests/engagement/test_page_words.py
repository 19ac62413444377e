"""What the Engagement page says and hides: sentences from hand-worked numbers, groups that must not be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest

from data.errors import QueryError
from data.warehouse import Snapshot
from kpis.engagement import findings, groups
from kpis.engagement import tables as rows
from kpis.engagement.active import ActiveDay, active_days
from kpis.engagement.averages import Average
from kpis.engagement.compare import CompareOptions, compare, parse_ratio
from kpis.engagement.exposure import exposure
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle
from kpis.engagement.retention import RetentionOptions, retention
from kpis.engagement.scope import EVERYBODY, Scope
from kpis.engagement.stickiness import StickinessOptions, StickinessTable
from tests.support import facts
from tests.support.betas import Member, beta, tables
from tests.support.reviews import review

FIRST = date(2026, 3, 2)


def snapshot(testers: list[Member] | None = None, **settings: object) -> Snapshot:
    if testers is None and not settings:
        return usual()
    return facts.snapshot(tables(beta() if testers is None else testers), zone="Europe/Berlin", settings=settings)


@cache
def usual() -> Snapshot:
    return facts.snapshot(tables(beta()), zone="Europe/Berlin")


def headline(testers: list[Member], scope: Scope = EVERYBODY, **options: object) -> str:
    asked = RetentionOptions(scope=scope, min_cohort=5, **options)  # type: ignore[arg-type]
    return findings.headline(retention(snapshot(testers), asked))


def day(text: str) -> int:
    return facts.us(datetime.fromisoformat(f"{text}T00:00:00+01:00"))


def test_the_headline_is_pooled_over_all_whose_day_is_over() -> None:
    assert headline(beta()) == "42 % of testers come back on day 7 (pooled, n 24; 95 %: 24 to 61 %)"
    wave = Scope(wave="2", platform=None)
    assert headline(beta(), wave).startswith("33 % of testers of wave 2 come back on day 7 (pooled, n 12; ")
    later = headline(beta(), rule="on-or-after")
    assert later.startswith("67 % of testers come back on day 7 or later (pooled, n 24; "), "12 of wave 1, 4 of wave 2"


def test_before_day_7_is_over_the_headline_names_its_date_and_no_zero() -> None:
    assert headline(beta(), Scope(until_us=day("2026-03-05"))) == (
        "Too early for day 7 of testers: its first result comes on 10 Mar"
    )
    assert headline(beta(), Scope(until_us=day("2026-03-09"))).startswith("Too early for day 7")
    assert headline(beta(), Scope(until_us=day("2026-03-10"))).startswith("50 % of testers come back on day 7")


def test_nobody_and_too_few_are_not_zero_per_cent() -> None:
    assert headline([]) == "No active testers yet: nobody could come back"
    assert headline([Member("1", "ios", FIRST, (7,))] * 3) == (
        "Day-7 retention of testers is hidden: too few of them are known"
    )


def test_an_earlier_week_is_shown_as_known_at_its_end() -> None:
    made = review(2)
    assert groups.scope_of(made, "1", None) == Scope(wave="1", until_us=day("2026-03-16"))
    assert groups.scope_of(review(4), None, "ios") == Scope(platform="ios")


def test_waves_are_in_the_order_of_their_numbers() -> None:
    made = [Member(w, "ios", FIRST) for w in ("10", "2", "unknown", "1")]
    assert groups.choices(snapshot(made)) == (("1", "2", "10", "unknown"), ("ios",))


def test_a_group_is_hidden_when_it_or_the_rest_of_a_larger_one_is_small() -> None:
    made = [*beta(), *(Member("3", "web", FIRST) for _ in range(6)), *(Member("3", "ios", FIRST) for _ in range(2))]
    found = snapshot(made)
    assert groups.too_small(found, Scope(wave="3", platform="ios"))
    assert groups.too_small(found, Scope(wave="3", platform="web")), "wave 3 less web is 2 testers on ios"
    assert groups.too_small(found, Scope(wave="1", platform="ios")), "all on ios less waves 1 and 2 is those 2"
    assert not groups.too_small(found, Scope(wave="3"))
    assert not groups.too_small(found, Scope())
    assert groups.too_small(found, Scope(wave="2", until_us=day("2026-03-09"))) is False, "nobody yet is no secret"


def test_small_waves_are_in_no_curve_no_column_and_no_comparison() -> None:
    made = [*beta(), *(Member("3", "ios", FIRST, (7,)) for _ in range(2))]
    found = snapshot(made, engagement={"features": ["feeds"]})
    hidden_with_it = {"wave 3", "wave 1", "wave 2"}
    assert len(hidden_with_it & set(groups.curves(found, Scope(), "on"))) <= 1
    columns = rows.funnel_rows(found, Scope(), 4)[0]
    assert "Wave 3" not in columns
    assert len([c for c in columns if c.startswith("Wave")]) == 1, "one more, or the total would tell of wave 3"
    assert "wave" not in groups.comparable(found, Scope())
    assert groups.comparable(found, Scope())["platform"] == ("ios", "web")


def test_curves_are_the_waves_or_one_wave_beside_all() -> None:
    found = snapshot()
    assert list(groups.curves(found, Scope(), "on")) == ["wave 1", "wave 2"]
    one = groups.curves(found, Scope(wave="2"), "on")
    assert list(one) == ["wave 2", "all testers"]
    assert one["wave 2"].values[7] == pytest.approx(4 / 12)
    assert one["all testers"].values[7] == pytest.approx(10 / 24)
    assert findings.curves(one) == "On day 7, wave 2: 33 %, all testers: 42 %"


def average(value: float, low: float, high: float) -> Average:
    return Average("pooled", (1.0, value), (50, 50), (0, 0), (0.9, low), (1.0, high))


def test_waves_differ_only_where_their_intervals_do_not_meet() -> None:
    near = {"wave 1": average(0.5, 0.4, 0.6), "wave 2": average(0.3, 0.2, 0.45)}
    assert findings.curves(near, 1) == "No clear difference on day 1 (wave 1: 50 %, wave 2: 30 %)"
    far = near | {"wave 3": average(0.1, 0.05, 0.15)}
    assert findings.curves(far, 1).startswith("Wave 1 came back more often on day 1 than wave 3 (")
    assert findings.curves({}, 1) == "Retention by day"


def active_day(number: int, dau: int) -> ActiveDay:
    return ActiveDay(date(2026, 3, number), dau, 40 if number > 7 else None, None)


@pytest.mark.parametrize(
    ("newest", "says"),
    [
        (21, "21 active on 9 Mar, more than on any of the seven days before; 40 in the week to it"),
        (20, "20 active on 9 Mar; 40 in the week to it"),
        (9, "9 active on 9 Mar, fewer than on any of the seven days before; 40 in the week to it"),
    ],
)
def test_a_day_is_unusual_only_outside_the_seven_before_it(newest: int, says: str) -> None:
    days = [active_day(2, 20), *(active_day(n, 10) for n in range(3, 9)), active_day(9, newest)]
    assert findings.active(days) == says


def test_fewer_than_seven_days_before_call_nothing_unusual() -> None:
    assert findings.active([active_day(2, 5), active_day(3, 50)]) == "50 active on 3 Mar"
    assert findings.active([]) == "No complete day yet"


def test_those_who_stayed_away_are_counted_of_the_week_before() -> None:
    table = lifecycle(snapshot(), LifecycleOptions(Scope(until_us=day("2026-03-16")), period="week"))
    # week 1: 12 new; week 2: 12 new, 6 of wave 1 return on day 7, 6 stay away
    assert findings.lifecycle(table) == (
        "6 of 12 active testers stayed away in the week from 9 Mar, 0 came back after a pause"
    )
    assert [r["Dormant"] for r in rows.lifecycle_rows(table)] == [0, -6]


@pytest.mark.parametrize(
    ("buckets", "median"),
    [((3, 0, 1), "1 day"), ((2, 2), "2 days"), ((1, 1, 1), "2 days"), ((0, 0, 0, 0, 0, 0, 4), "7 days")],
)
def test_half_came_on_as_many_days_or_more(buckets: tuple[int, ...], median: str) -> None:
    table = StickinessTable(StickinessOptions(), buckets, sum(buckets), 7, ())
    assert findings.stickiness(table, 2) == f"Half of the {sum(buckets)} testers of week 2 came on {median} or more"
    assert findings.stickiness(replace(table, complete=3), 2).endswith("so far (3 of 7 days)")


def test_stickiness_of_a_week_takes_no_day_of_another() -> None:
    found = snapshot()
    assert rows.stickiness_week(found, Scope(), 1).buckets == (6, 6, 0, 0, 0, 0, 0)
    assert rows.stickiness_week(found, Scope(), 2).testers == 6 + 12
    running = rows.stickiness_week(found, Scope(until_us=day("2026-03-12")), 2)
    assert (running.complete, len(running.buckets)) == (3, 3)


def test_sessions_by_week_add_up_and_last_ten_minutes() -> None:
    found = rows.session_rows(snapshot(), Scope(), 2)
    assert [(r["Week"], r["Sessions"], r["Active testers"], r["Per tester"]) for r in found] == [
        ("1", 18, "12", "1.5"),
        ("2", 18 + 8, "18", "1.44"),
    ]
    assert found[0]["Median length"] == "10.0 min"
    assert findings.sessions(found) == "Half of the sessions of week 2 lasted 10.0 min or more; 1.44 a tester"


def test_a_week_with_too_few_testers_has_no_session_length() -> None:
    made = [Member("1", "ios", FIRST)] * 3 + [Member("1", "ios", date(2026, 3, 10))] * 8
    first = rows.session_rows(snapshot(made), Scope(), 1)[0]
    assert (first["Sessions"], first["Active testers"], first["Median length"]) == (None, "hidden: fewer than 5", "–")


def test_an_invitation_has_no_platform_so_the_way_of_one_begins_later() -> None:
    everybody = rows.funnel_rows(snapshot(), Scope(), 4)
    ios = rows.funnel_rows(snapshot(), Scope(platform="ios"), 4)
    assert everybody[0]["Step"] == "Invited"
    assert (ios[0]["Step"], ios[0]["Of the step before"]) == ("Accepted", "–")


def test_the_exposure_split_is_not_shown_for_a_handful() -> None:
    found = exposure(snapshot(), Scope())
    assert [r["Testers"] for r in rows.exposure_rows(found, 5)] == ["6", "18"]
    assert rows.exposure_rows(found, 7) == []


def test_a_comparison_says_difference_interval_p_and_n() -> None:
    found = compare(snapshot(), CompareOptions("wave", "1", "2", expected=(1, 1)))
    assert findings.comparison(found).startswith(
        "No clear difference on day 7 between wave 1 and wave 2 (+17 points, 95 %: −"
    )
    assert findings.comparison(found).endswith("; n 12 and 12)")
    assert findings.split(found).startswith("The sizes fit the planned split: 12 and 12 testers")
    assert "not drawn by lot" in findings.caution(found)


def test_a_split_that_is_not_the_planned_one_is_an_alarm() -> None:
    found = compare(snapshot(), CompareOptions("wave", "1", "2", expected=(9, 1)))
    assert findings.mismatch(found)
    assert findings.split(found).startswith("Sample ratio mismatch: 12 and 12 testers do not fit")


@pytest.mark.parametrize("text", ["1", "1:", ":1", "a:b", "1:2:3", "-1:2", "1e9:1"])
def test_a_planned_split_is_two_numbers(text: str) -> None:
    with pytest.raises(QueryError, match="no ratio such as 1:1"):
        parse_ratio(text)


def test_an_empty_planned_split_plans_nothing() -> None:
    assert parse_ratio("") is None
    assert parse_ratio(" 2 : 1.5 ") == (2.0, 1.5)


def test_the_end_of_a_day_is_named_by_that_day() -> None:
    until = groups.known_until(snapshot(), Scope(until_us=day("2026-03-16")))
    assert findings.about(Scope(), 24, until) == "24 testers active so far, known to the end of 15 Mar"
    noon = datetime(2026, 3, 16, 12, 30, tzinfo=UTC)
    assert findings.about(Scope(wave="1"), 1, noon) == "1 tester of wave 1 active so far, known to 16 Mar 12:30"


def test_csv_of_the_triangle_has_every_cell_and_no_masked_number() -> None:
    made = [*beta(), *(Member("1", "ios", date(2026, 3, 3), (7,)) for _ in range(3))]
    table = retention(snapshot(made), RetentionOptions(intervals=9, min_cohort=5))
    found = rows.retention_rows(table, 5)
    assert len(found) == 32 * 8 + 8, "32 days begun and the average, columns D1 to D8"
    small = [r for r in found if r["Cohort"] == "2026-03-03"]
    assert all(r["Testers"] is None and r["Came back"] is None and r["Share"] is None for r in small)
    assert small[0]["State"].startswith("hidden: fewer than 5")
    assert len(active_days(snapshot(), Scope())) == 31
