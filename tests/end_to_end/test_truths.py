"""Everything planted in the demo is found, by the path that anybody's data takes."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data.warehouse import Snapshot
from kpis import review
from kpis.model import KpiValue, Review, Status
from kpis.operations import incidents, releases, routes, shifts

WEEKS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def found(snapshot: Snapshot) -> Review:
    return review.build(snapshot, 4)


@pytest.fixture(scope="module")
def people(truth: dict) -> dict[int, dict]:
    return {w["week"]: w for w in truth["engagement"]}


@pytest.fixture(scope="module")
def servers(truth: dict) -> dict[int, dict]:
    return {w["week"]: w for w in truth["operations"]}


def holds(value: KpiValue, true: float) -> None:
    """The true value lies within the interval, ends included."""
    assert value.low is not None and value.high is not None, value
    assert value.low - 1e-9 <= true <= value.high + 1e-9, (value.kpi_id, value.week, value.low, true, value.high)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.mark.parametrize("week", WEEKS)
def test_counts_of_people_are_exact(found: Review, people: dict, week: int) -> None:
    true = people[week]
    assert found.value("wau", week).value == true["wau"]
    assert found.value("dau", week).value == pytest.approx(sum(true["dau"]) / 7)
    assert found.value("stickiness", week).value == pytest.approx(true["stickiness"])
    assert found.value("sessions_per_tester", week).value == pytest.approx(true["sessions_per_active_tester"])
    assert found.value("error_free_testers", week).numerator == true["error_free_testers"]
    assert found.value("feedback_per_tester", week).value == pytest.approx(true["feedback_per_active_tester"])
    assert found.value("csat", week).value == pytest.approx(true["csat"])
    assert found.value("open_critical_bugs", week).value == true["open_critical_bugs_at_end"]


@pytest.mark.parametrize(("kpi", "name"), [("retention_d1", "d1"), ("retention_d7", "d7"), ("retention_d14", "d14")])
def test_retention_by_target_day_is_exact(found: Review, truth: dict, kpi: str, name: str) -> None:
    by_day = truth["retention"]["by_target_day"][name]
    for week in WEEKS:
        value = found.value(kpi, week)
        inside = [v for d, v in by_day.items() if value.start <= date.fromisoformat(d) <= value.end]
        assert (
            (value.numerator or 0, value.denominator or 0) == tuple(sum(v[i] for v in inside) for i in (0, 1))
            if (inside)
            else value.value is None
        )


def test_retention_of_each_wave_agrees_with_its_design(truth: dict) -> None:
    """The realised retention that the product finds exactly lies near the probabilities the lives were made with."""
    from kpis.intervals import wilson

    for wave in ("1", "2", "3"):
        for name in ("d1", "d7"):
            part = truth["retention"]["by_wave"][wave][name]
            low, high = wilson(part["returned"], part["mature"])
            assert low <= part["design_probability"] <= high, (wave, name)


@pytest.mark.parametrize("week", WEEKS)
def test_service_kpis_hold_the_truth(found: Review, servers: dict, week: int) -> None:
    true = servers[week]
    ratio = found.value("error_ratio", week)
    assert ratio.numerator == pytest.approx(true["scraped"]["failed"])
    assert ratio.denominator == pytest.approx(true["scraped"]["requests"])
    holds(ratio, true["error_ratio"])
    holds(found.value("latency_p95", week), true["p95_s"])
    holds(found.value("latency_p99", week), true["p99_s"])
    holds(found.value("migration_p95", week), true["migration"]["p95_s"])
    holds(found.value("migration_success", week), true["migration"]["success_ratio"])
    assert found.value("requests_within_200ms", week).value == pytest.approx(true["within_200ms"], abs=0.002)
    for kpi in ("cpu_busy", "memory_used", "db_connections_used", "redis_memory_used"):
        assert found.value(kpi, week).value == pytest.approx(true["resources"][f"{kpi}_mean"], abs=0.01), kpi


def test_the_slow_route_its_release_and_its_mending_are_dated(snapshot: Snapshot, found: Review, truth: dict) -> None:
    slow = truth["planted"]["slow_route"]
    steps = {s.step.day: s for s in shifts.find(snapshot, found.markers) if s.series == f"route {slow['route']}"}
    up, down = steps[date(2026, 3, 11)], steps[date(2026, 3, 23)]
    assert up.step.low <= slow["mean_factor"] - 1 <= up.step.high
    assert slow["since_release"] in " ".join(m.title for m in up.near)
    assert down.step.size < 0 and slow["partly_mended_by"] in " ".join(m.title for m in down.near)
    others = {s.series for s in shifts.find(snapshot, found.markers) if s.series.startswith("route ")}
    assert others == {f"route {slow['route']}"}, "no route that was left alone is blamed"
    worst = routes.table(snapshot, routes.weeks(snapshot)[3])[0]
    assert worst.route == slow["route"]
    assert routes.shifts(snapshot, (date(2026, 3, 11) - date(1970, 1, 1)).days)[0].route == slow["route"]


def test_the_incident_and_the_error_spike_are_detected_and_nothing_else(snapshot: Snapshot, truth: dict) -> None:
    planted, spike = truth["planted"]["incident"], truth["planted"]["error_spike"]
    detected = {i.detector: i for i in incidents.detect(snapshot)}
    assert set(detected) == {"connections_exhausted", "error_spike", "high_latency", "component_errors"}
    full = detected["connections_exhausted"]
    assert full.start_us <= at(planted["start"]).timestamp() * 1e6 < full.end_us
    assert full.end_us >= at(planted["end"]).timestamp() * 1e6 and full.testers > 0
    kind = detected["component_errors"]
    assert kind.what == f"component {spike['component']}" and kind.testers >= spike["testers_affected"]
    assert kind.start_us == at(spike["start"]).timestamp() * 1e6


def test_every_restart_is_seen_as_resets(snapshot: Snapshot, truth: dict) -> None:
    seen = [(r.target.split("/")[1], r.series) for r in releases.restarts(snapshot)]
    assert sorted(seen) == sorted((r["instance"], r["series_that_fell"]) for r in truth["planted"]["restarts"])


def test_the_gap_is_named_on_data_health(found: Review, truth: dict) -> None:
    gap = truth["planted"]["scrape_gap"]
    assert found.gaps and all(gap["job"] in g.item for g in found.gaps)
    for seen in found.gaps:
        assert seen.start <= at(gap["start"]) and at(gap["end"]) <= seen.end
        assert "3 h" in seen.words or "hours" in seen.words


def test_deliveries_are_accounted_for(found: Review, truth: dict) -> None:
    files = [h for h in found.health if h.item.startswith("events/") or (h.kind == "jsonl" and h.source == "events")]
    told = truth["deliveries"]
    assert sum(h.duplicates for h in files) == sum(told["duplicates"].values())
    assert sum(h.read for h in files) == sum(told["lines"].values())
    for health in found.health:
        parts = (health.accepted, health.duplicates, health.conflicting, health.quarantined, health.blank)
        assert health.read == sum(parts), health.item


def test_staff_are_left_out_and_the_effect_is_said(found: Review) -> None:
    assert found.programme.excluded == 14
    assert any("would" in sentence for sentence in found.exclusion_effects)


def test_the_story_of_the_weeks(found: Review) -> None:
    latency = [found.value("latency_p95", w).status for w in WEEKS]
    assert latency == [Status.ON_TARGET, Status.MISSED, Status.MISSED, Status.WITHIN_FLOOR]
    assert found.programme.demo and any("emo" in n for n in found.notices)


def test_hostile_feedback_is_kept_as_it_was_written(snapshot: Snapshot) -> None:
    rows = snapshot._con.cursor().execute("SELECT title FROM fct_feedback").fetchall()
    assert ("<script>alert('t')</script>",) in rows
