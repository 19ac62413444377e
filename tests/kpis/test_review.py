"""The review: its verdict, sentences, markers, lists, notices and what exclusion does."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

import pytest

from data.errors import QueryError
from kpis import compute, review, review_verdict
from kpis.model import Decision, KpiValue, State, Status
from kpis.review_verdict import Criterion
from tests.kpis.support import HOUR, active, at, day, fed, grown, item, person, series, snapshot

ON, NEAR, MISSED, OPEN = Status.ON_TARGET, Status.WITHIN_FLOOR, Status.MISSED, Status.CANNOT_TELL
MUST = (Criterion("retention_d7", True), Criterion("latency_p95", True))
SHOULD = (Criterion("csat", False),)


@pytest.fixture(scope="module")
def blank() -> dict[str, KpiValue]:
    return {v.kpi_id: v for v in compute.values(snapshot()) if v.week == 4}


def decide(blank: dict[str, KpiValue], d7: Status, p95: Status, csat: Status):  # type: ignore[no-untyped-def]
    told = {"retention_d7": (d7, 0.21), "latency_p95": (p95, 0.26), "csat": (csat, 0.5)}
    values = [
        dataclasses.replace(blank[k], status=s, value=None if s is OPEN else v, reason="n = 7 of at least 20")
        for k, (s, v) in told.items()
    ]
    return review_verdict.decide(4, (*MUST, *SHOULD), values)


@pytest.mark.parametrize(
    ("statuses", "decision"),
    [
        ((ON, ON, ON), Decision.GO),
        ((ON, ON, NEAR), Decision.GO),
        ((ON, ON, OPEN), Decision.GO),
        ((ON, ON, MISSED), Decision.CONDITIONS),
        ((NEAR, ON, ON), Decision.CONDITIONS),
        ((ON, OPEN, ON), Decision.CANNOT_TELL),
        ((ON, OPEN, MISSED), Decision.CANNOT_TELL),
        ((MISSED, OPEN, ON), Decision.NO_GO),
        ((MISSED, ON, MISSED), Decision.NO_GO),
        ((OPEN, OPEN, OPEN), Decision.CANNOT_TELL),
    ],
)
def test_programme_verdict(blank: dict[str, KpiValue], statuses: tuple[Status, ...], decision: Decision) -> None:
    found = decide(blank, *statuses)
    assert found.decision is decision
    assert found.sentence.startswith(f"Week 4: {decision.value}, because ")
    assert found.sentence.endswith(".")


def test_the_sentence_names_what_decides(blank: dict[str, KpiValue]) -> None:
    assert decide(blank, MISSED, ON, ON).sentence == "Week 4: no-go, because Day-7 retention is 21 % (target 30 %)."
    assert decide(blank, ON, NEAR, MISSED).sentence == (
        "Week 4: go with conditions, because Satisfaction (CSAT) is 50 % (target 75 %) and "
        "API latency p95 is 260 ms (target 200 ms)."
    )
    assert decide(blank, ON, ON, OPEN).sentence == (
        "Week 4: go, because 2 of 3 criteria are met and none is missed. 1 criterion cannot be told."
    )
    assert decide(blank, ON, OPEN, MISSED).sentence == (
        "Week 4: cannot tell, because API latency p95 cannot be told (n = 7 of at least 20). "
        "1 condition already stands."
    )
    assert decide(blank, OPEN, ON, ON).undecided == ("Day-7 retention: n = 7 of at least 20",)
    assert review_verdict.decide(2, (), []).sentence == (
        "Week 2: cannot tell, because no criterion has a target that the team has set."
    )


def test_without_criteria_the_teams_targets_are_conditions(blank: dict[str, KpiValue]) -> None:
    listed = review_verdict.criteria({}, list(blank.values()))
    assert {c.kpi_id for c in listed} >= {"error_ratio", "latency_p95", "seats_used"}
    assert not any(c.must for c in listed)
    assert "wau" not in {c.kpi_id for c in listed}


def test_the_week_of_a_review() -> None:
    def default(as_of: datetime) -> int:
        return review.build(snapshot(as_of=as_of)).week

    assert default(datetime(2026, 2, 20, tzinfo=UTC)) == 1  # not started
    assert default(datetime(2026, 3, 4, tzinfo=UTC)) == 1  # running
    assert default(datetime(2026, 3, 10, tzinfo=UTC)) == 1  # over, late data awaited
    assert default(datetime(2026, 3, 18, 1, tzinfo=UTC)) == 2  # week 2 complete, week 3 running
    assert default(datetime(2026, 9, 1, tzinfo=UTC)) == 4
    assert review.build(snapshot(), 2).week == 2
    with pytest.raises(QueryError, match=r"week 9: the programme has weeks 1 to 4"):
        review.build(snapshot(), 9)


def full() -> dict:
    """A small beta with a bit of everything."""
    people = [
        *(person(k, 1, accepted_us=at(1), activated_us=at(1), wave="1") for k in range(40)),
        *(person(k, 8, accepted_us=at(8), wave="2") for k in range(40, 60)),
        *(person(k, 1, excluded_reason="staff") for k in (90, 91)),
    ]
    days = [r for k in range(40) for r in active(k, 1, 2, 8 if k < 20 else 9, 16, 23, feature_mask=1)]
    days += [r for k in range(40, 60) for r in active(k, 8, 15)]
    days += [r for k in (90, 91) for r in active(k, *range(1, 29))]
    load = dict(kind="jsonl", item="events.jsonl", target="raw_event", last_success_us=at(31), read=9, accepted=8)
    return dict(
        dim_tester=people,
        fct_tester_day=days,
        fct_source_day=fed("events", "testers", "feedback"),
        dim_feature=[
            dict(feature_id=1, feature="core", feature_bit=1),
            dict(feature_id=2, feature="chat", feature_bit=2),
        ],
        fct_feedback=[
            item(2, tester_key=1, type="bug", priority="critical", resolved_us=at(4)),
            item(3, tester_key=2, rating=5),
        ],
        dim_series=[series(1, "http_requests_total", status="200")],
        fct_counter_hour=[grown(1, n, 1000) for n in range(1, 29)],
        dim_release=[
            dict(name="1.1", at_us=at(9), found=False, note="faster"),
            dict(name="1.0", at_us=at(1, 1), found=True, note=""),
        ],
        dim_incident=[{"name": "outage", "from_us": at(7, 22), "to_us": at(8, 3), "class": "database", "note": "pool"}],
        fct_load=[
            dict(source="s", **load, covers_to_us=at(28)),
            dict(
                source="p",
                kind="prometheus",
                item="http://x",
                target="raw_sample",
                error="refused",
                covers_to_us=at(20),
            ),
        ],
        fct_quarantine=[
            dict(source="s", item="events.jsonl", reason="bad_json", rows=1, first_line=7, first_offset=100),
        ],
    )


def test_markers_are_numbered_in_time_order() -> None:
    found = review.build(snapshot(full()))
    assert [(m.number, m.kind, m.title) for m in found.markers] == [
        (1, "release", "1.0"),
        (2, "wave", "wave 1"),
        (3, "incident", "outage"),
        (4, "wave", "wave 2"),
        (5, "release", "1.1"),
    ]
    assert found.markers[0].note == "(found in the series)"
    assert [m.number for m in found.weeks[0].markers] == [1, 2, 3]
    assert [m.number for m in found.weeks[1].markers] == [3, 4, 5]  # the incident reaches into week 2


def test_every_item_of_every_week_is_answered_with_numbers() -> None:
    found = review.build(snapshot(full()))
    answers = {(w.week, e.item): e for w in found.weeks for e in w.evidence}
    assert [e.item for e in found.weeks[0].evidence] == [
        "Initial deployment", "System monitoring", "Critical bug fixes", "Initial user onboarding",
    ]  # fmt: skip
    assert len(answers) == 16
    assert all(any(c.isdigit() for c in e.answer) or "Cannot tell" in e.answer for e in answers.values())
    assert answers[1, "Initial deployment"].answer == (
        "1 release: 1.0 (event 1); 1 incident: outage (event 3). Server errors: 0 % (on target)."
    )
    assert answers[1, "System monitoring"].answer == "1 of 2 sources deliver. Failing: p http://x."
    assert answers[1, "System monitoring"].status is MISSED
    assert answers[1, "Critical bug fixes"].answer == (
        "1 critical bug reported, 1 resolved in the week; 0 open at its end. "
        "Bugs of any priority: 1 reported, 1 resolved."
    )
    assert answers[1, "Initial user onboarding"].answer.startswith(
        "40 testers accepted (40 of 1,000 seats so far), 40 active for the first time, 40 activated."
    )
    assert answers[2, "Feature usage analysis"].answer.startswith(
        "Used by active testers: core 67 % (40 of 60), chat 0 % (0 of 60)."
    )
    assert answers[4, "Scaling assessment"].status is OPEN
    assert (
        answers[4, "Full programme evaluation"].answer
        == "Cannot tell" + found.verdict.sentence.partition("cannot tell")[2]
    )


def test_a_list_of_the_settings_replaces_the_default() -> None:
    settings = {"plan": [{"week": 2, "items": ["Watch the bug queue", "Dance"]}]}
    found = review.build(snapshot(full(), settings=settings))
    assert [e.item for e in found.weeks[1].evidence] == ["Watch the bug queue", "Dance"]
    assert found.weeks[1].evidence[0].answer.startswith("0 critical bugs reported")
    assert found.weeks[1].evidence[1].answer == "No number answers this item; write a note."


def test_exclusion_says_what_it_does() -> None:
    found = review.build(snapshot(full()), 2)
    assert found.programme.testers == 60
    assert found.programme.excluded == 2
    assert found.exclusion_effects == (
        "2 staff accounts excluded. With them, week 2 would read: day-7 retention 52 % instead of 50 %; "
        "weekly active testers 62 instead of 60.",
    )
    assert review.build(snapshot()).exclusion_effects == ()


def test_health_and_notices() -> None:
    found = review.build(snapshot(full()), problems=("The refresh of 2026-04-02 failed: disk full.",))
    assert [(h.source, h.ok) for h in found.health] == [("p", False), ("s", True)]
    assert found.health[0].sentence == "failed (never loaded): refused"
    assert found.health[1].warnings == ("rejected: 1 row (bad json), first at line 7",)
    assert found.notices[0] == "The refresh of 2026-04-02 failed: disk full."
    assert "p, http://x: failed (never loaded): refused" in found.notices
    assert any(n.startswith("p is stale: nothing newer than 2026-03-21 12:00, 8.5 days missing") for n in found.notices)
    assert not any(n.startswith("s is stale") for n in found.notices)  # it covers the programme to its last day


def test_headlines() -> None:
    found = review.build(snapshot(full(), as_of=datetime(2026, 3, 18, 1, tzinfo=UTC)))
    heads = [w.headline for w in found.weeks]
    assert heads[0].startswith("Week 1: ")
    assert "verdicts on target" in heads[0]
    assert heads[2] == "Week 3 is running: 2 of 7 days are over; verdicts follow when it is complete."
    assert heads[3] == "Week 4 starts on 23 March."
    assert found.weeks[3].evidence == ()
    assert [w.state for w in found.weeks] == [State.COMPLETE, State.COMPLETE, State.RUNNING, State.FUTURE]
    assert review.build(snapshot()).weeks[0].headline == "Week 1: no KPI has a verdict."


def test_the_review_holds_every_kpi_and_week_once() -> None:
    found = review.build(snapshot(full()))
    keys = [(v.kpi_id, v.week) for v in found.values]
    assert keys == [(k.id, w) for k in found.kpis for w in (1, 2, 3, 4)]
    assert [(c.kpi_id, c.week) for c in found.changes] == keys
    assert set(found.days) == {k.id for k in found.kpis}
    assert found.value("wau", 1).value == 40
    assert found.value("wau").week == found.week == 4
    assert found.failures == {}


def test_the_same_snapshot_gives_the_same_review() -> None:
    first, second = (repr(review.build(snapshot(full()))) for _ in range(2))
    assert first == second


def test_empty_snapshots_have_a_review_too() -> None:
    found = review.build(snapshot())
    assert found.verdict.decision is Decision.CANNOT_TELL
    assert found.markers == found.gaps == found.health == ()
    text = json.dumps([e.answer for w in found.weeks for e in w.evidence])
    assert "nan" not in text.lower().replace("finance", "")


def test_gaps_are_told_in_the_programmes_zone() -> None:
    tables = dict(fct_gap=[dict(source="m", item="app/a", from_us=at(28, 20), to_us=at(28, 20) + 9 * HOUR)])
    found = review.build(snapshot(tables, zone="Europe/Berlin"))
    assert found.gaps[0].words == "app/a of m: silent for 9 hours, 2026-03-29 22:00 to 2026-03-30 07:00"
    assert day(1) > 0
