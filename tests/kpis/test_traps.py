"""What would be silently wrong: each test is named after the mistake."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from data.errors import QueryError
from kpis import catalogue, compute
from kpis.model import State, Status
from tests.kpis.support import (
    HOUR,
    INF,
    active,
    at,
    day,
    fed,
    gauge,
    grown,
    histogram,
    invitation,
    item,
    person,
    series,
    snapshot,
    us,
    values,
)


def test_an_immature_cohort_is_not_churned() -> None:
    """as_of in the middle of day 10: of two starts, only the one whose day 7 is over counts."""
    people = [person(1, 1), person(2, 3), person(3, 4)]
    days = [*active(1, 1, 8), *active(2, 3), *active(3, 4)]
    snap = snapshot(dict(dim_tester=people, fct_tester_day=days), as_of=datetime(2026, 3, 11, 12, tzinfo=UTC))
    found = values(snap, "retention_d7")[2]
    assert (found.numerator, found.denominator, found.not_yet_measurable) == (1, 1, 2)
    assert found.measurable_on == date(2026, 3, 13)  # day 11 + 1: the later start's day 7 is over
    assert (found.state, found.days_in) == (State.RUNNING, 2)


def test_adding_an_immature_cohort_changes_no_mature_number() -> None:
    people, days = [person(1, 1), person(2, 1)], [*active(1, 1, 8), *active(2, 1)]
    as_of = datetime(2026, 3, 16, 1, tzinfo=UTC)
    before = values(snapshot(dict(dim_tester=people, fct_tester_day=days), as_of=as_of), "retention_d7")
    people, days = [*people, person(3, 8)], [*days, *active(3, 8)]
    after = values(snapshot(dict(dim_tester=people, fct_tester_day=days), as_of=as_of), "retention_d7")
    assert before[2].value == after[2].value == 0.5
    assert (before[3].not_yet_measurable, after[3].not_yet_measurable) == (0, 1)
    assert after[3].reason.endswith("the week ends on 22 March")


def test_an_open_activation_window_is_not_a_failure() -> None:
    people = [person(1, accepted_us=at(8), activated_us=at(8)), person(2, accepted_us=at(9))]
    snap = snapshot(dict(dim_tester=people, fct_tester_day=active(1, 8)), as_of=datetime(2026, 3, 11, 13, tzinfo=UTC))
    found = values(snap, "activation")[2]
    assert (found.numerator, found.denominator, found.not_yet_measurable) == (1, 1, 1)
    assert found.measurable_on == date(2026, 3, 12)


def test_an_activation_before_acceptance_does_not_count() -> None:
    people = [person(1, accepted_us=at(2), activated_us=at(1))]
    assert values(snapshot(dict(dim_tester=people, fct_tester_day=active(1, 1))), "activation")[1].value == 0


def test_an_open_invitation_is_not_a_refusal_and_an_early_yes_is_not_counted_early() -> None:
    rows = [invitation(1, 2), invitation(1), invitation(4, 5)]
    found = values(snapshot(dict(fct_invitation=rows), as_of=datetime(2026, 3, 10, tzinfo=UTC)), "invitations_accepted")
    assert (found[2].numerator, found[2].denominator, found[2].not_yet_measurable) == (1, 2, 1)


def test_zero_over_zero_is_no_data_not_zero_and_not_one() -> None:
    rows = [series(1, "http_requests_total", status="200"), series(2, "http_requests_total", status="500")]
    snap = snapshot(dict(dim_series=rows, fct_counter_hour=[grown(1, 1, 0), grown(2, 1, 0)]))
    found = values(snap, "error_ratio")[1]
    assert (found.value, found.status) == (None, Status.CANNOT_TELL)


def test_a_counter_without_any_status_label_tells_nothing_of_failures() -> None:
    rows = [series(1, "http_requests_total", route="/api/feed")]
    found = values(snapshot(dict(dim_series=rows, fct_counter_hour=[grown(1, 1, 5000)])), "error_ratio")[1]
    assert found.value is None


def test_traffic_without_a_5xx_series_is_zero_errors() -> None:
    rows = [series(1, "http_requests_total", status="200")]
    found = values(snapshot(dict(dim_series=rows, fct_counter_hour=[grown(1, 1, 5000)])), "error_ratio")[1]
    assert (found.value, found.n) == (0.0, 5000)
    assert found.high is not None and 3 / 5000 < found.high < 5 / 5000  # zero seen does not mean zero possible


def test_a_missing_metric_is_no_data_while_others_live() -> None:
    rows = [series(1, "http_requests_total", status="200")]
    snap = snapshot(dict(dim_series=rows, fct_counter_hour=[grown(1, 1, 5000)]))
    assert values(snap, "latency_p95")[1].reason == "no data: no such series has been scraped"
    assert values(snap, "cpu_busy")[1].value is None


def test_two_spellings_of_one_metric_are_not_added_up() -> None:
    rows = [
        series(1, "http_requests_total", status="200"), series(2, "http_server_requests_seconds_count", status="500"),
    ]  # fmt: skip
    found = values(snapshot(dict(dim_series=rows, fct_counter_hour=[grown(1, 1, 90), grown(2, 1, 90)])), "error_ratio")
    assert (found[1].value, found[1].denominator) == (0.0, 90)


def test_a_week_is_not_the_mean_of_its_days() -> None:
    """Day 1: 1 of 10, day 2: 0 of 990 -> 0.1 %, not the 5 % of the mean of days."""
    rows = [series(1, "http_requests_total", status="200"), series(2, "http_requests_total", status="500")]
    snap = snapshot(dict(dim_series=rows, fct_counter_hour=[grown(1, 1, 9), grown(2, 1, 1), grown(1, 2, 990)]))
    assert values(snap, "error_ratio")[1].value == pytest.approx(0.001)


def test_p95_of_the_week_is_not_the_mean_of_daily_p95() -> None:
    buckets = histogram("http_request_duration_seconds_bucket", (0.1, 0.2, 0.5, INF))
    hours = [grown(1 + i, 1, v) for i, v in enumerate((1000, 1000, 1000, 1000))]
    hours += [grown(1 + i, 2, v) for i, v in enumerate((0, 0, 10, 10))]
    found = compute.everything(
        snapshot(dict(dim_series=buckets, fct_counter_hour=hours)), (catalogue.get("latency_p95"),)
    )
    week, days = found.values[0], found.days["latency_p95"]
    assert week.value == pytest.approx(0.1 * 959.5 / 1000)
    assert (days[0].value, days[1].value) == (pytest.approx(0.095), pytest.approx(0.485))


def test_an_empty_week_stays_on_the_axis() -> None:
    people = [person(1, 1)]
    snap = snapshot(dict(dim_tester=people, fct_tester_day=[*active(1, 1, 22)], fct_source_day=fed("events")))
    found = values(snap, "wau")
    assert [found[w].value for w in (1, 2, 3, 4)] == [1, 0, 0, 1]
    assert values(snap, "stickiness")[2].value is None


def test_a_silent_source_is_no_data_not_zero() -> None:
    """Week 2 has no rows because the source told nothing, not because nobody came."""
    covered = [r | dict(covered=0.0 if day(8) <= r["day_n"] <= day(14) else 1.0) for r in fed("events")]
    gap = dict(source="s", item="events", from_us=at(8, 0), to_us=at(15, 0))
    tables = dict(
        dim_tester=[person(1, 1)], fct_tester_day=active(1, 1, 22), fct_source_day=covered, fct_gap=[gap]
    )  # fmt: skip
    found = compute.everything(snapshot(tables), (catalogue.get("wau"),))
    week2, week3 = found.values[1], found.values[2]
    assert (week2.value, week2.state, week2.coverage) == (None, State.NOT_EVALUABLE, 0.0)
    assert "events silent from 2026-03-09 00:00 to 2026-03-16 00:00" in week2.reason
    assert (week3.value, week3.state) == (0.0, State.COMPLETE)
    assert [d.value for d in found.days["wau"]][6:9] == [0.0, None, None]


def test_a_half_covered_week_shows_its_number_but_has_no_verdict() -> None:
    covered = [r | dict(covered=0.3 if r["day_n"] == day(3) else 1.0) for r in fed("samples app/a", source="metrics")]
    rows = [series(1, "http_requests_total", status="200")]
    gap = dict(source="metrics", item="app/a", from_us=at(3, 2), to_us=at(3, 18.8))
    other = dict(source="metrics", item="node/n", from_us=at(1, 0), to_us=at(7, 0))
    tables = dict(dim_series=rows, fct_counter_hour=[grown(1, 1, 5000)], fct_source_day=covered, fct_gap=[gap, other])
    found = values(snapshot(tables), "error_ratio")[1]
    assert found.coverage == pytest.approx(0.9)
    assert found.state is State.COMPLETE
    tables["fct_source_day"] = [r | dict(covered=min(r["covered"], 0.89)) for r in covered]
    found = values(snapshot(tables), "error_ratio")[1]
    assert (found.value, found.state, found.status) == (0.0, State.NOT_EVALUABLE, Status.CANNOT_TELL)
    assert "app/a silent from 2026-03-04 02:00 to 2026-03-04 18:48" in found.reason


def test_a_week_waits_for_late_data() -> None:
    """Week 1 is over, its 48 hours are not: shown, without a verdict."""
    tables = dict(
        dim_tester=[person(k, 1) for k in range(300)], fct_tester_day=[r for k in range(300) for r in active(k, 1)]
    )
    found = values(snapshot(tables, as_of=datetime(2026, 3, 10, tzinfo=UTC)), "wau")
    assert (found[1].value, found[1].state, found[1].status) == (300, State.RUNNING, Status.CANNOT_TELL)
    assert found[1].reason == "late data is awaited until 48 hours after 8 March"
    assert (found[3].state, found[3].value, found[3].days_in) == (State.FUTURE, None, 0)


def test_today_is_not_a_complete_day() -> None:
    """DAU of a running week: 2 complete days; the testers of this morning do not count yet."""
    tables = dict(dim_tester=[person(1, 1), person(2, 3)], fct_tester_day=[*active(1, 1, 2), *active(2, 3)])
    found = values(snapshot(tables, as_of=datetime(2026, 3, 4, 9, tzinfo=UTC)), "dau")[1]
    assert (found.value, found.denominator, found.days_in) == (1.0, 2, 2)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_the_second_around_a_weeks_edge(zone: str) -> None:
    """23:59:59 of the last day and 00:00 of the next are two weeks, in the programme's zone."""
    tz = ZoneInfo(zone)
    edge = us(datetime(2026, 3, 9, tzinfo=tz))
    people = [
        person(1, accepted_us=edge - 48 * HOUR - 1_000_000),
        person(2, accepted_us=edge - 48 * HOUR),
    ]
    found = values(snapshot(dict(dim_tester=people, fct_tester_day=active(1, 1)), zone=zone), "activation")
    assert (found[1].denominator, found[2].denominator) == (1, 1)


def test_the_week_of_the_spring_change_has_seven_days() -> None:
    """Europe/Berlin loses an hour on 29 March: week 4 still has 7 days, and its last instant is in it."""
    tz = ZoneInfo("Europe/Berlin")
    last = us(datetime(2026, 3, 29, 23, 59, 59, tzinfo=tz))
    rows = [item(28, type="bug", priority="critical") | dict(created_us=last)]
    snap = snapshot(
        dict(fct_feedback=rows, dim_tester=[person(1, 1)], fct_tester_day=active(1, *range(22, 29))),
        zone="Europe/Berlin",
    )
    assert values(snap, "open_critical_bugs")[4].value == 1
    dau = values(snap, "dau")[4]
    assert (dau.denominator, dau.value, dau.days_in) == (7, 1.0, 7)


def test_one_restart_of_many_series_is_one_restart() -> None:
    """A restart makes every series of the process fall: that is one restart, in one hour."""
    rows = [series(k, "http_requests_total", status="200", route=f"/{k}") for k in (1, 2, 3)]
    hours = [grown(k, 1, 2000, resets=1, gap_increase=400.0) for k in (1, 2, 3)] + [grown(1, 4, 9, resets=2)]
    found = values(snapshot(dict(dim_series=rows, fct_counter_hour=hours)), "error_ratio")[1]
    assert found.flags == (
        "2 restarts of its counters: what they counted is a lower bound",
        "about 1,200 counted over scrape gaps",
    )


def test_limits_of_two_instances_are_not_mixed_up() -> None:
    """Each instance against its own limit; sums over sums, not the mean of ratios."""
    rows = [
        series(1, "redis_memory_used_bytes", type="gauge"), series(2, "redis_memory_max_bytes", type="gauge"),
        series(3, "redis_memory_used_bytes", type="gauge", instance="b"),
        series(4, "redis_memory_max_bytes", type="gauge", instance="b"),
    ]  # fmt: skip
    hours = [gauge(1, 1, 9), gauge(2, 1, 10), gauge(3, 1, 10), gauge(4, 1, 90)]
    assert values(snapshot(dict(dim_series=rows, fct_gauge_hour=hours)), "redis_memory_used")[1].value == 0.19


def test_fewer_scrapes_of_one_gauge_do_not_bend_the_ratio() -> None:
    rows = [series(1, "redis_memory_used_bytes", type="gauge"), series(2, "redis_memory_max_bytes", type="gauge")]
    hours = [gauge(1, 1, 40, samples=3), gauge(2, 1, 100, samples=240)]
    found = values(snapshot(dict(dim_series=rows, fct_gauge_hour=hours)), "redis_memory_used")[1]
    assert found.value == pytest.approx(0.4)


def test_a_bug_resolved_later_was_open_at_the_weeks_end() -> None:
    rows = [item(1, type="bug", resolved_us=at(1) + 5 * HOUR), item(1, type="bug", resolved_us=at(20))]
    found = values(snapshot(dict(fct_feedback=rows)), "time_to_resolve")
    assert (found[1].numerator, found[1].n) == (1, 2)
    assert (found[3].numerator, found[3].n) == (2, 2)


def test_an_excluded_persons_work_is_left_out_everywhere() -> None:
    staff = person(1, 1, excluded_reason="staff", accepted_us=at(1), activated_us=at(1))
    tables = dict(
        dim_tester=[staff], fct_tester_day=active(1, 1, 2, 8), fct_source_day=fed("events", "feedback", "invitations"),
        fct_feedback=[item(1, tester_key=1, rating=5), item(1, tester_key=1, type="bug", priority="critical")],
        fct_invitation=[invitation(1, 1, tester_key=1)],
    )  # fmt: skip
    snap = snapshot(tables)
    for kpi in catalogue.all():
        for v in compute.everything(snap, (kpi,)).values:
            assert not v.value, f"{kpi.id} counts an excluded person: {v.value}"
            assert v.denominator in (None, 7.0, 1000.0), kpi.id


def test_a_failing_kpi_gets_no_number_and_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from kpis.measures import run

    real = run.measure

    def broken(snap, kind):  # type: ignore[no-untyped-def]
        if kind == catalogue.get("csat").measure:
            raise QueryError("measures/csat: out of memory")
        return real(snap, kind)

    monkeypatch.setattr(run, "measure", broken)
    found = compute.everything(snapshot(dict(dim_tester=[person(1, 1)], fct_tester_day=active(1, 1))))
    assert found.failures == {"csat": "measures/csat: out of memory"}
    csat = [v for v in found.values if v.kpi_id == "csat"]
    assert [(v.value, v.status, v.state) for v in csat] == [(None, Status.CANNOT_TELL, State.NOT_EVALUABLE)] * 4
    assert csat[0].reason == "could not be computed: measures/csat: out of memory"
    assert next(v for v in found.values if v.kpi_id == "wau").value == 1
    assert len(found.values) == 4 * len(catalogue.all())
