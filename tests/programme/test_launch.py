"""The launch checklist reads its evidence; a waiver turns a missed must into a condition that names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data.errors import SnapshotError
from data.programme import ProgrammeStore
from kpis import closing, launch_checklist
from kpis.model import ClosedWeek, Decision, KpiValue, Status
from kpis.operations.incidents import Incident
from kpis.operations.scaling import Fit
from kpis.review_verdict import Criterion, Waiver, decide
from tests.support import facts
from tests.support.reviews import review

AT = datetime(2026, 4, 2, tzinfo=UTC)
TODAY = date(2026, 4, 2)
SETTINGS = {"criteria": [{"kpi": "latency_p95", "must": True}, {"kpi": "csat", "must": False}]}


def value(kpi_id: str, status: Status) -> KpiValue:
    return replace(review().value(kpi_id), status=status, reason="measured")


def test_a_waived_miss_is_a_condition_that_names_the_waiver() -> None:
    listed = (Criterion("latency_p95", True), Criterion("error_ratio", True))
    values = [value("latency_p95", Status.MISSED), value("error_ratio", Status.ON_TARGET)]
    waiver = Waiver("latency_p95", 4, "Ann", "mended in 1.4.2")
    assert decide(4, listed, values).decision is Decision.NO_GO
    waived = decide(4, listed, values, (waiver,))
    assert waived.decision is Decision.CONDITIONS and waived.blockers == ()
    assert waived.conditions == ("API latency p95: missed, measured; waived by Ann: mended in 1.4.2",)


@pytest.mark.parametrize("waiver", [Waiver("latency_p95", 3, "Ann", "of another week"),
                                    Waiver("csat", 4, "Ann", "of another criterion")])  # fmt: skip
def test_a_waiver_of_another_week_or_criterion_changes_nothing(waiver: Waiver) -> None:
    found = decide(4, (Criterion("latency_p95", True),), [value("latency_p95", Status.MISSED)], (waiver,))
    assert found.decision is Decision.NO_GO


def test_a_waiver_does_not_decide_what_cannot_be_told() -> None:
    waiver = Waiver("latency_p95", 4, "Ann", "long enough a reason")
    found = decide(4, (Criterion("latency_p95", True),), [value("latency_p95", Status.CANNOT_TELL)], (waiver,))
    assert found.decision is Decision.CANNOT_TELL


def test_a_waiver_needs_name_reason_and_an_open_week(tmp_path: Path) -> None:
    store, shown = ProgrammeStore(tmp_path), review()
    for name, reason, why in ((" ", "long enough a reason", "name"), ("Ann", "   short   ", "ten characters|10")):
        with pytest.raises(SnapshotError, match=why):
            closing.waive(store, shown, kpi_id="latency_p95", name=name, reason=reason, at=AT)
    closed = replace(shown, closed=(ClosedWeek(4, AT, "Ann", "s", "h", (), (), ()),))
    with pytest.raises(SnapshotError, match="week 4 is closed"):
        closing.waive(store, closed, kpi_id="latency_p95", name="Ann", reason="long enough a reason", at=AT)
    closing.waive(store, shown, kpi_id="latency_p95", name="Ann", reason="long enough a reason", at=AT)
    assert closing.waivers(store) == (Waiver("latency_p95", 4, "Ann", "long enough a reason"),)
    store.withdraw_waiver(1, at=AT.isoformat())
    assert closing.waivers(store) == ()


def states(**changed: object) -> dict[str, tuple[str, str]]:
    given = {"entries": [], "named": [], "found": [], "fits": [], "today": TODAY} | changed
    shown = given.pop("review", review())
    rows = launch_checklist.checklist(facts.snapshot(settings=SETTINGS), shown, **given)
    return {r["Point"]: (r["State"], r["Evidence"]) for r in rows}


def test_actions_are_open_until_done_and_overdue_after_their_day() -> None:
    action = dict(kind="action", done_at=None, due="2026-04-01")
    assert states(entries=[action])["Actions are done"] == ("▲ open", "1 action open, 1 of them overdue.")
    assert states(entries=[{**action, "due": "2026-04-02"}])["Actions are done"][1].endswith("0 of them overdue.")
    assert states(entries=[{**action, "done_at": "x"}])["Actions are done"][0] == "● done"


def test_capacity_is_held_against_the_seats() -> None:
    def lasting(testers: float) -> Fit:
        return Fit("CPU", "requests", 0.1, 0.1, 0.9, 1.0, 10.0, 20.0, 15.0, 30.0, testers, "CPU reaches its limit", 20)

    assert states(fits=[lasting(540)])["Capacity for all seats"][0] == "▲ open"
    assert states(fits=[lasting(1200)])["Capacity for all seats"][0] == "● done"
    assert states()["Capacity for all seats"][0] == "○ cannot tell"


def test_an_incident_is_open_until_somebody_said_what_it_was() -> None:
    incident = Incident(
        "error_spike", "5xx ratio", 3_600_000_000 * 500, 3_600_000_000 * 502, 0.8, "80 %", ("/a",), 3, 9
    )
    word = dict(
        detector="error_spike", start_us=incident.start_us, name="pool", category="database", verdict="confirmed"
    )
    assert states(found=[incident])["Incidents are confirmed or dismissed"][0] == "▲ open"
    assert states(found=[incident], named=[word])["Incidents are confirmed or dismissed"][0] == "● done"
    row = launch_checklist.incident_rows([incident], [word], "UTC")[0]
    assert (row["Name"], row["Class"], row["Word"], row["Duration"]) == ("pool", "database", "confirmed", "2 hours")
    assert launch_checklist.incident_rows([incident], [], "UTC")[0]["Word"] == "", (
        "a column without a word is not shown"
    )


def test_a_page_names_one_route_of_an_incident_and_the_download_all() -> None:
    rows = [{"Start": "s", "Routes": "/a, /b, /c"}, {"Start": "s", "Routes": "/a"}]
    assert [r["Routes"] for r in launch_checklist.brief(rows)] == ["/a, …", "/a"]
    assert rows[0]["Routes"] == "/a, /b, /c"


def test_criteria_that_missed_can_be_waived_once() -> None:
    missed = review()
    values = tuple(replace(v, status=Status.MISSED) if v.kpi_id == "latency_p95" else v for v in missed.values)
    shown, snapshot = replace(missed, values=values), facts.snapshot(settings=SETTINGS)
    assert launch_checklist.waivable(snapshot, shown, ()) == {"latency_p95": "API latency p95"}
    waiver = Waiver("latency_p95", 4, "Ann", "long enough a reason")
    assert launch_checklist.waivable(snapshot, shown, (waiver,)) == {}
    row = launch_checklist.criteria(snapshot, shown, (waiver,))[0]
    assert (row["Kind"], row["Status"], row["Waiver"]) == ("must", "▲ missed", "Ann: long enough a reason")
