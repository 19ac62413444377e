"""What the Feedback and Testers pages show: flows that add up, and no small group that a total could tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from data.warehouse import Snapshot
from kpis import feedback, people
from tests.support import facts

HOUR = 3_600_000_000
LAUNCH = datetime(2026, 3, 2, tzinfo=UTC)


def us(day: float) -> int:
    return facts.us(LAUNCH + timedelta(days=day))


def item(key: int, day: float, kind: str = "bug", *, who: int = 1, **more: Any) -> dict[str, Any]:
    base = dict(feedback_key=f"f{key}", tester_key=who, type=kind, title="Dark mode", description="text",
                priority="high", created_us=us(day), day_n=facts.us(LAUNCH) // (24 * HOUR) + int(day))  # fmt: skip
    return {**base, **more}


def somebody(key: int, wave: str = "1", platform: str = "ios", **more: Any) -> dict[str, Any]:
    return {**dict(tester_key=key, tester_id=f"t-{key:010x}", on_roster=True, wave=wave, platform=platform,
                   accepted_us=us(0)), **more}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    items = [
        item(1, 1, resolved_us=us(2)), item(2, 6.9, resolved_us=us(8)), item(3, 8), item(4, 9, priority="critical"),
        item(5, 30.5), item(6, 10, "feature", resolved_us=us(20)), item(7, 3, who=99),
    ]  # fmt: skip
    items += [item(10 + i, 11, "feature", who=10 + i, title=" dark MODE ") for i in range(5)]
    items += [item(20 + i, 11, "feature", who=2, title="Only I want this") for i in range(3)]
    crowd = [somebody(i) for i in range(1, 21)] + [somebody(30 + i, "2", "web") for i in range(6)]
    crowd += [somebody(40 + i, "3", "web") for i in range(2)] + [somebody(99, excluded_reason="staff")]
    return facts.snapshot({"fct_feedback": items, "dim_tester": crowd}, settings={"people": {"min_cohort": 5}})


def test_bugs_open_at_the_end_of_a_week_are_those_before_plus_in_minus_out(snapshot: Snapshot) -> None:
    rows = snapshot.rows("feedback/flow", as_of_us=int(snapshot.meta["as_of_us"]))
    assert [(r["bugs_in"], r["bugs_out"], r["bugs_open"]) for r in rows] == [(2, 1, 1), (2, 1, 2), (0, 0, 2), (0, 0, 2)]
    for before, after in pairwise(rows):
        assert after["bugs_open"] == before["bugs_open"] + after["bugs_in"] - after["bugs_out"]


def test_open_bugs_stand_under_their_age_and_severity(snapshot: Snapshot) -> None:
    rows = {r["Severity"]: r for r in feedback.open_bugs(snapshot)}
    assert (rows["critical"]["Over 7 days"], rows["critical"]["Open"]) == (1, 1)
    assert (rows["high"]["Under 1 day"], rows["high"]["Over 7 days"], rows["high"]["Resolved"]) == (1, 1, 2)


def test_the_loop_never_grows_on_its_way(snapshot: Snapshot) -> None:
    rows = {r["Type"]: r for r in feedback.loop(snapshot)}
    assert rows["feature"] == {"Type": "feature", "Said": 9, "Taken up": "1 (11 %)", "Shipped": "1 (11 %)"}
    assert feedback.loop_sentence(snapshot, 1).endswith("1 answer told to testers.")


def test_topics_need_as_many_authors_as_a_cohort_and_the_rest_is_only_counted(snapshot: Snapshot) -> None:
    rows, rest = feedback.topics(snapshot)
    assert [(r["Request"].lower(), r["Items"], r["Authors"]) for r in rows] == [("dark mode", 6, 6)]
    assert rest == "3 further requests by fewer than 5 authors each are not shown."
    assert "Only I" not in repr(rows)


def test_items_never_carry_their_author(snapshot: Snapshot) -> None:
    rows = feedback.items(snapshot, 2, "Europe/Berlin")
    assert len(rows) == 11 and not any("t-0" in repr(r) or "tester" in repr(r).lower() for r in rows)
    assert len(feedback.items(snapshot, 1, "UTC")) == 2  # staff left out


def test_a_single_small_wave_hides_another_one_with_it(snapshot: Snapshot) -> None:
    assert [r["Wave"] for r in people.funnels(snapshot, 1)] == ["all", "1"]  # 26 of 28 would tell wave 3
    mix = people.mix(snapshot)
    assert [(r["Wave"], r["Testers"]) for r in mix] == [("1", 20), ("others", 8)]


def test_whom_to_ask_names_pseudonyms_with_the_missing_step(snapshot: Snapshot) -> None:
    rows = people.to_ask(snapshot, 1)
    assert {r["Why"] for r in rows} == {"not activated"} and len(rows) == 28
    assert all(r["Tester"].startswith("t-") for r in rows)
    assert len(people.to_ask(snapshot, 1, "3")) == 2
