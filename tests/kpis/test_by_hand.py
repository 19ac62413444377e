"""One small case per KPI, worked out by hand. A KPI without one fails the last test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kpis import catalogue
from kpis.model import KpiValue
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
    values,
)

Weeks = dict[int, KpiValue]
CASES: dict[str, Callable[[], None]] = {}


def case(kpi_id: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def keep(function: Callable[[], None]) -> Callable[[], None]:
        CASES[kpi_id] = function
        return function

    return keep


def weeks(kpi_id: str, tables: dict[str, Any], **more: Any) -> Weeks:
    return values(snapshot(tables, **more), kpi_id)


@case("wau")
def wau() -> None:
    # A on days 1 and 3, B on day 7 (last of week 1), C on day 8 (first of week 2); D is staff, E an orphan
    people = [*(person(k) for k in (1, 2, 3)), person(4, excluded_reason="staff"), person(5, on_roster=False)]
    days = [
        *active(1, 1, 3),
        *active(2, 7),
        *active(3, 8),
        *active(4, 1),
        *active(5, 1),
        *active(3, 2, active_events=0),
    ]
    found = weeks("wau", dict(dim_tester=people, fct_tester_day=days))
    assert [found[w].value for w in (1, 2, 3, 4)] == [2, 1, 0, 0]
    assert found[1].n == 3


@case("dau")
def dau() -> None:
    # week 1: 2 testers on day 1, 1 on day 2, none on the other five: 3 / 7
    found = weeks("dau", dict(dim_tester=[person(1), person(2)], fct_tester_day=[*active(1, 1, 2), *active(2, 1)]))
    assert found[1].value == pytest.approx(3 / 7)
    assert (found[1].numerator, found[1].denominator) == (3, 7)


@case("stickiness")
def stickiness() -> None:
    # A on 7 of 7 days, B on 1 of 7: mean 4 / 7
    found = weeks(
        "stickiness", dict(dim_tester=[person(1), person(2)], fct_tester_day=[*active(1, *range(1, 8)), *active(2, 4)])
    )
    assert found[1].value == pytest.approx(4 / 7)
    assert found[1].n == 2


@case("activation")
def activation() -> None:
    # accepted at noon of day 1: window ends at noon of day 3. A after 47 h, B after 49 h, C never; D's ends in week 2
    people = [
        person(1, accepted_us=at(1), activated_us=at(1) + 47 * HOUR),
        person(2, accepted_us=at(1), activated_us=at(1) + 49 * HOUR),
        person(3, accepted_us=at(1)),
        person(4, accepted_us=at(7), activated_us=at(7)),
    ]
    found = weeks("activation", dict(dim_tester=people, fct_tester_day=active(1, 1)))
    assert (found[1].numerator, found[1].denominator) == (1, 3)
    assert (found[2].numerator, found[2].denominator) == (1, 1)


def retention(kpi_id: str, offset: int) -> None:
    # A and B start on day 1, A is back on the target day, B only the day after; C starts on day 2 and is back
    people = [person(1, 1), person(2, 1), person(3, 2)]
    days = [*active(1, 1, 1 + offset), *active(2, 1, 2 + offset), *active(3, 2, 2 + offset)]
    found = weeks(kpi_id, dict(dim_tester=people, fct_tester_day=days))
    week = (offset + 1) // 7 + 1  # of the target days 1 + offset and 2 + offset
    assert (found[week].numerator, found[week].denominator) == (2, 3)
    assert [w for w in found if found[w].value is not None] == [week]


@case("retention_d1")
def retention_d1() -> None:
    retention("retention_d1", 1)


@case("retention_d7")
def retention_d7() -> None:
    retention("retention_d7", 7)


@case("retention_d14")
def retention_d14() -> None:
    retention("retention_d14", 14)


@case("retention_w1")
def retention_w1() -> None:
    # bracket of a start on day 1: days 8 to 14, lands in week 2. A on day 8, B on day 14, C on days 7 and 15 only
    people = [person(k, 1) for k in (1, 2, 3)]
    days = [*active(1, 1, 8), *active(2, 1, 14), *active(3, 1, 7, 15)]
    found = weeks("retention_w1", dict(dim_tester=people, fct_tester_day=days))
    assert (found[2].numerator, found[2].denominator) == (2, 3)


@case("sessions_per_tester")
def sessions_per_tester() -> None:
    # A 3 + 1 sessions, B 2: 6 / 2; C has sessions but no active event
    days = [
        *active(1, 1, sessions=3),
        *active(1, 2),
        *active(2, 2, sessions=2),
        *active(3, 2, sessions=9, active_events=0),
    ]
    found = weeks("sessions_per_tester", dict(dim_tester=[person(k) for k in (1, 2, 3)], fct_tester_day=days))
    assert (found[1].value, found[1].n) == (3.0, 2)


@case("feature_adoption")
def feature_adoption() -> None:
    # x is flagged on for A and B only; no other feature: C is not eligible. A used x, B did not
    tables = dict(
        dim_tester=[person(k) for k in (1, 2, 3)],
        dim_feature=[dict(feature_id=1, feature="x", feature_bit=1)],
        fct_flag=[dict(tester_key=1, feature_id=1, since_us=None), dict(tester_key=2, feature_id=1, since_us=None)],
        fct_tester_day=[*active(1, 1, feature_mask=1), *active(2, 1), *active(3, 1, feature_mask=1)],
    )
    found = weeks("feature_adoption", tables)
    assert (found[1].numerator, found[1].denominator) == (1, 2)


@case("error_ratio")
def error_ratio() -> None:
    # day 1: 1 of 100, day 2: 9 of 900 -> 10 / 1000, sums over sums
    rows = [
        series(1, "http_requests_total", status="200"), series(2, "http_requests_total", status="503"),
        series(3, "http_requests_total", status="404"),
    ]  # fmt: skip
    hours = [grown(1, 1, 99), grown(2, 1, 1), grown(1, 2, 800), grown(3, 2, 91), grown(2, 2, 9, resets=1)]
    found = weeks("error_ratio", dict(dim_series=rows, fct_counter_hour=hours))
    assert found[1].value == pytest.approx(0.01)
    assert (found[1].numerator, found[1].denominator, found[1].n) == (10, 1000, 1000)
    assert found[1].flags == ("1 restart of its counters: what they counted is a lower bound",)
    assert found[2].value is None


@case("error_free_testers")
def error_free_testers() -> None:
    # A clean, B one failed request, C one app error on a day without active events
    days = [
        *active(1, 1),
        *active(2, 1, failed_requests=1),
        *active(3, 1),
        *active(3, 2, active_events=0, app_errors=1),
    ]
    found = weeks("error_free_testers", dict(dim_tester=[person(k) for k in (1, 2, 3)], fct_tester_day=days))
    assert (found[1].numerator, found[1].denominator) == (1, 3)


@case("migration_success")
def migration_success() -> None:
    rows = [series(1, "beta_migration_attempts_total"), series(2, "beta_migration_success_total")]
    hours = [grown(1, 1, 40), grown(2, 1, 30), grown(1, 3, 10), grown(2, 3, 10)]
    found = weeks("migration_success", dict(dim_series=rows, fct_counter_hour=hours))
    assert (found[1].value, found[1].numerator, found[1].denominator) == (0.8, 40, 50)


def latency(kpi_id: str, expected: float, bounds: tuple[float, float]) -> None:
    # 1000 requests: 900 <= 0.1 s, 960 <= 0.2 s, 1000 <= 0.5 s
    buckets = histogram("http_request_duration_seconds_bucket", (0.1, 0.2, 0.5, INF))
    hours = [grown(1 + i, 1, v) for i, v in enumerate((900, 960, 1000, 1000))]
    found = weeks(kpi_id, dict(dim_series=buckets, fct_counter_hour=hours))
    assert found[1].value == pytest.approx(expected)
    assert (found[1].low, found[1].high) == bounds
    assert found[1].n == 1000


@case("latency_p95")
def latency_p95() -> None:
    # rank 950: 50 of the 60 in (0.1, 0.2]; its sampling range 936 to 964 reaches into the next bucket
    latency("latency_p95", 0.1 + 0.1 * 50 / 60, (0.1, 0.5))


@case("latency_p99")
def latency_p99() -> None:
    # rank 990: 30 of the 40 in (0.2, 0.5]
    latency("latency_p99", 0.2 + 0.3 * 30 / 40, (0.2, 0.5))


@case("requests_within_200ms")
def requests_within_200ms() -> None:
    # older spelling in milliseconds; 200 is a bound, so 960 / 1000 is exact
    buckets = histogram("http_request_duration_ms_bucket", (100, 200, 500, INF))
    hours = [grown(1 + i, 1, v) for i, v in enumerate((900, 960, 1000, 1000))]
    found = weeks("requests_within_200ms", dict(dim_series=buckets, fct_counter_hour=hours))
    assert (found[1].value, found[1].flags) == (0.96, ("proposed target",))


@case("migration_p95")
def migration_p95() -> None:
    # 100 migrations: 90 <= 10 s, 100 <= 20 s; rank 95 is half way through (10, 20]
    buckets = histogram("beta_migration_duration_bucket", (10_000, 20_000, 60_000, INF))
    hours = [grown(1 + i, 1, v) for i, v in enumerate((90, 100, 100, 100))]
    found = weeks("migration_p95", dict(dim_series=buckets, fct_counter_hour=hours))
    assert found[1].value == pytest.approx(15.0)


@case("cpu_busy")
def cpu_busy() -> None:
    # hour 12: 60 of 100 CPU seconds idle, hour 13: 20 of 100 idle -> busy 120 / 200, highest hour 80 %
    rows = [
        series(1, "node_cpu_seconds_total", labels='{"mode":"idle"}'),
        series(2, "node_cpu_seconds_total", labels='{"mode":"user"}'),
    ]
    hours = [grown(1, 1, 60), grown(2, 1, 40), grown(1, 1, 20, 13), grown(2, 1, 80, 13)]
    found = weeks("cpu_busy", dict(dim_series=rows, fct_counter_hour=hours))
    assert (found[1].value, found[1].n) == (0.6, 2)
    assert found[1].flags == ("highest hour 80 %",)


def pair(used: str, limit: str) -> list[dict[str, Any]]:
    return [series(1, used, type="gauge"), series(2, limit, type="gauge")]


@case("memory_used")
def memory_used() -> None:
    # 8 total; 2 available in one hour, 6 in the other: (6 + 2) / 16; an hour without the total is left out
    rows = pair("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes")
    hours = [gauge(1, 1, 2), gauge(2, 1, 8), gauge(1, 1, 6, 13), gauge(2, 1, 8, 13), gauge(1, 1, 1, 14)]
    found = weeks("memory_used", dict(dim_series=rows, fct_gauge_hour=hours))
    assert (found[1].value, found[1].n) == (0.5, 2)


@case("db_connections_used")
def db_connections_used() -> None:
    # two states of one instance add up: 30 + 15 of 100, then 90 + 5
    rows = [
        *pair("pg_stat_activity_count", "pg_settings_max_connections"),
        series(3, "pg_stat_activity_count", type="gauge"),
    ]
    hours = [
        gauge(1, 1, 30),
        gauge(3, 1, 15),
        gauge(2, 1, 100),
        gauge(1, 1, 90, 13),
        gauge(3, 1, 5, 13),
        gauge(2, 1, 100, 13),
    ]
    found = weeks("db_connections_used", dict(dim_series=rows, fct_gauge_hour=hours))
    assert found[1].value == pytest.approx(0.7)
    assert found[1].flags[0] == "highest hour 95 %"


@case("redis_memory_used")
def redis_memory_used() -> None:
    # a limit of 0 means no limit: that hour has no ratio
    rows = pair("redis_memory_used_bytes", "redis_memory_max_bytes")
    hours = [gauge(1, 1, 40), gauge(2, 1, 100), gauge(1, 1, 90, 13), gauge(2, 1, 0, 13)]
    found = weeks("redis_memory_used", dict(dim_series=rows, fct_gauge_hour=hours))
    assert (found[1].value, found[1].n) == (0.4, 1)


@case("feedback_per_tester")
def feedback_per_tester() -> None:
    # A and B active; A wrote 3 items. C wrote one without being active: not counted
    items = [item(1, tester_key=1), item(2, tester_key=1), item(7, 23.9, tester_key=1), item(1, tester_key=3)]
    tables = dict(
        dim_tester=[person(k) for k in (1, 2, 3)], fct_tester_day=[*active(1, 1), *active(2, 1)], fct_feedback=items
    )
    found = weeks("feedback_per_tester", tables)
    assert (found[1].value, found[1].n) == (1.5, 2)


@case("csat")
def csat() -> None:
    # ratings 5, 4, 3 and one item without: 2 / 3; the staff member's 1 is left out
    people = [person(1), person(2), person(3, excluded_reason="staff")]
    items = [item(1, tester_key=1, rating=5), item(1, tester_key=2, rating=4), item(2, tester_key=1, rating=3),
             item(2, tester_key=1), item(2, tester_key=3, rating=1)]  # fmt: skip
    found = weeks("csat", dict(dim_tester=people, fct_feedback=items, fct_tester_day=[*active(1, 1), *active(2, 1)]))
    assert (found[1].numerator, found[1].denominator) == (2, 3)
    assert found[1].flags[0] == "rated by 2 of 2 active testers"


@case("open_critical_bugs")
def open_critical_bugs() -> None:
    # A open since day 1; B opened on day 2, resolved on day 10; C high, not critical; D critical, not a bug
    items = [
        item(1, type="bug", priority="critical"), item(2, type="bug", priority="critical", resolved_us=at(10)),
        item(2, type="bug", priority="high"), item(2, type="feature", priority="critical"),
    ]  # fmt: skip
    found = weeks("open_critical_bugs", dict(fct_feedback=items))
    assert [found[w].value for w in (1, 2, 3, 4)] == [2, 1, 1, 1]


@case("time_to_resolve")
def time_to_resolve() -> None:
    # resolved after 10, 20 and 30 h, one open since 6.5 days: survival 3/4, then 1/2 -> median 20 h
    items = [item(1, 12, type="bug", resolved_us=at(1) + h * HOUR) for h in (10, 20, 30)] + [item(1, 12, type="bug")]
    found = weeks("time_to_resolve", dict(fct_feedback=items))
    assert (found[1].value, found[1].numerator, found[1].n) == (20.0, 3, 4)
    assert found[1].flags[0] == "1 of 4 still open, counted as at least their age"


@case("invitations_accepted")
def invitations_accepted() -> None:
    # sent on day 1, the 7 days end at noon of day 8 (week 2): one after 6.9 days, one after 7.1, one never, one revoked
    rows = [invitation(1, 7.9), invitation(1, 8.1), invitation(1), invitation(1, status="revoked")]
    found = weeks("invitations_accepted", dict(fct_invitation=rows))
    assert (found[2].numerator, found[2].denominator) == (1, 3)
    assert found[1].value is None


@case("seats_used")
def seats_used() -> None:
    # 1000 seats; 2 accepted in week 1, 1 in week 2, one never, one is staff
    people = [person(1, accepted_us=at(1)), person(2, accepted_us=at(7)), person(3, accepted_us=at(8)), person(4),
              person(5, accepted_us=at(1), excluded_reason="staff")]  # fmt: skip
    found = weeks("seats_used", dict(dim_tester=people))
    assert [found[w].value for w in (1, 2)] == [0.002, 0.003]
    assert found[1].denominator == 1000


@pytest.mark.parametrize("kpi_id", sorted(CASES))
def test_by_hand(kpi_id: str) -> None:
    CASES[kpi_id]()


def test_every_kpi_has_a_case_and_every_case_a_kpi() -> None:
    ids = {k.id for k in catalogue.all()}
    assert ids - set(CASES) == set(), "add a hand-worked case to tests/kpis/test_by_hand.py"
    assert set(CASES) - ids == set()


def test_the_helpers_count_days_from_launch() -> None:
    assert day(1) * 24 * HOUR == at(1, 0)
    assert len(fed("events")) == 28
