"""The texts of scorecard and data health: states kept apart, sums that must add up, downloads that stay safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data.cli import csv_text
from kpis import scorecard, trust
from kpis.model import Review, State
from pages.parts.detail import _csv
from pages.parts.queries import promql
from tests.support.reviews import KPI_IDS, review


def nobody_due() -> Review:
    """Nobody's day 7 falls in week 1: that is another thing than data that is missing."""
    made = review()
    reason = "nothing to measure: no testers in this week"
    due = lambda v: (v.kpi_id, v.week) == ("retention_d7", 1)  # noqa: E731
    return replace(made, values=tuple(replace(v, reason=reason) if due(v) else v for v in made.values))


RUNNING = review(3, datetime(2026, 3, 19, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("made", "kpi_id", "week", "says"),
    [
        (review(), "wau", 4, "274"),
        (review(), "retention_d7", 1, "no data"),
        (nobody_due(), "retention_d7", 1, "none due"),
        (review(), "redis_memory_used", 2, "failed"),
        (review(), "migration_success", 4, "(94 %)"),
        (RUNNING, "wau", 3, "▨ 281"),
        (RUNNING, "wau", 4, "not yet"),
    ],
)
def test_no_data_not_yet_failed_running_and_too_few_are_told_apart(made, kpi_id, week, says) -> None:
    assert scorecard.cell(made, made.value(kpi_id, week)) == says


def test_zero_is_a_value() -> None:
    zero = replace(review().value("open_critical_bugs"), value=0.0)
    assert scorecard.cell(review(), zero) == "0"
    assert scorecard.gap(zero) == "±0"


def test_every_kpi_has_one_line_with_all_weeks() -> None:
    lines = scorecard.rows(review())
    assert [line["id"] for line in lines] == list(KPI_IDS)
    assert {"KPI", "Status", "W1", "W2", "W3", "W4", "Target", "Gap", "n"} <= set(lines[0])


def test_a_ratios_gap_is_in_points_and_signed_towards_its_target() -> None:
    assert scorecard.gap(review().value("retention_d7")) == "−6 pt"
    assert scorecard.gap(review().value("latency_p95")) == "+202 ms"


def test_signals_list_clear_changes_worse_ones_first() -> None:
    assert [v.kpi_id for v, _ in scorecard.signals(review())] == ["error_ratio", "migration_p95", "open_critical_bugs"]
    assert scorecard.signals(review(1)) == []


def test_a_running_week_reports_no_movement() -> None:
    assert scorecard.moved(RUNNING, "latency_p95") == ("▨ 3 of 7 days", None)


def test_comparing_with_a_week_without_data_gives_no_difference() -> None:
    lines = {line["KPI"]: line for line in scorecard.compare(review(), 1, 4)}
    assert lines["Day-7 retention"]["Difference"] == "–"
    assert lines["Weekly active testers"]["Difference"] == "+85 %"


def test_lost_rows_are_named_not_hidden() -> None:
    health = review().health
    short = review(health=(replace(health[0], accepted=health[0].accepted - 7), *health[1:]))
    assert [line["Adds up"] for line in trust.conservation(review())] == ["● yes", "● yes"]
    assert trust.conservation(short)[0]["Adds up"] == "▲ 7 unaccounted for"
    assert trust.conservation(short, by_item=True)[1]["Adds up"] == "● yes"


def test_a_source_is_as_fresh_as_its_furthest_item_and_all_as_the_latest_behind() -> None:
    made = review()
    lines = {line["Source"]: line for line in trust.sources(made)}
    assert lines["product"]["Reaches"] == "2 Apr 07:59"
    assert lines["metrics"]["State"] == "▲ problem"
    assert trust.freshness(made) == "sources reach 1 Apr 23:59 or later (metrics)"
    assert trust.freshness(review(health=())) == "no source has data"


def test_consequences_name_source_failure_gap_and_thin_weeks() -> None:
    told = "\n".join(trust.consequences(review()))
    assert "Reliability, performance and resources end there until it answers again." in told
    assert "Redis memory used has no value: no series" in told
    assert "1 gap in the series" in told
    assert (
        "Week 3: 11 KPIs of performance, reliability and resources rest on part of the week only, down to 94 %" in told
    )
    assert trust.consequences(review(health=(), gaps=(), failures={}, values=())) == []


def test_preflight_passes_only_what_is_whole() -> None:
    checks = trust.preflight(review())
    assert [passed for passed, _ in checks] == [True, False, False, False, False, False]
    assert trust.preflight(RUNNING)[0] == (False, "Week 3 is running (3 of 7 days).")
    assert RUNNING.weeks[2].state is State.RUNNING


def test_csv_of_a_kpi_holds_weeks_and_days_and_no_formula() -> None:
    text = _csv(review(), "retention_d7")
    lines = text.splitlines()
    assert lines[0].startswith("kpi,period,start,value")
    assert len(lines) == 1 + 4 + 28
    assert ",week 1,2026-03-02,,," in text, "no data is empty, not 0"
    assert csv_text([{"=1+1": "@x", "n": -3.5}]) == "'=1+1,n\n'@x,-3.5\n"


def test_promql_names_bucket_quantile_and_bound() -> None:
    kpis = {k.id: k for k in review().kpis}
    assert promql(kpis["latency_p95"].measure) == (
        "histogram_quantile(0.95, sum by (le) (increase(http_request_duration_seconds_bucket[7d])))"
    )
    assert 'le="0.2"' in promql(kpis["requests_within_200ms"].measure)
