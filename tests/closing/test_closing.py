"""A closed week stays what it was, says what moved under it, and cannot be altered unseen."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from data.errors import SnapshotError
from data.programme import kept_snapshots
from data.raw import RawStore, Run
from data.warehouse import Snapshot
from kpis import catalogue, closing, closing_archive, closing_freeze, review
from kpis.charts import build, titles
from kpis.model import State, Status
from tests.closing.world import LATER, MONDAY, World, at


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world whose week 2 was closed on Monday."""
    world = World(tmp_path_factory.mktemp("world"))
    snapshot = world.snapshot()
    found = closing.build(snapshot, world.store, 2)
    closing_archive.close(
        found, snapshot, world.store, author="ann", at=MONDAY, root=world.folder / "archive", formats=("json",)
    )
    return world


@pytest.fixture(scope="module")
def later(closed: World) -> tuple[World, Snapshot]:
    """The same world after late events, a merge and another target."""
    closed.events("late.jsonl", [("t01", 8), ("t02", 8), ("t04", 10)])
    closed.merge("t05", "t06")
    closed.target(30)
    return closed, closed.snapshot(LATER)


Later = tuple[World, Snapshot]


def test_late_events_a_merge_and_a_target_change_leave_the_closed_values_and_are_all_three_named(later: Later) -> None:
    world, snapshot = later
    live, shown = review.build(snapshot, 2), closing.build(snapshot, world.store, 2)
    frozen = closing.closings(world.store)[0]
    assert (live.value("wau").value, live.value("wau").target) == (23, 30)  # the merge takes one of 24 away
    assert (shown.value("wau").value, shown.value("wau").target) == (24, 20)
    assert shown.value("wau").status is Status.ON_TARGET and live.value("wau").status is Status.WITHIN_FLOOR
    assert [v.value for v in shown.values if v.week == 2] == [v.value for v in frozen.values]
    said = shown.closed[0]
    assert said.reasons == (
        "+3 late events in the week (10 March and 12 March)",
        "1 id merged into another tester",
        "1 fewer tester on the roster",
    )
    parts = {(d.kpi_id, d.part): d for d in said.differences}
    assert (parts["wau", "value"].closed, parts["wau", "value"].now) == ("24", "23")
    assert parts["wau", "value"].why == said.reasons
    assert (parts["wau", "target"].closed, parts["wau", "target"].now) == ("20", "30")
    assert parts["wau", "target"].why == ("target changed in the settings",)
    assert parts["wau", "verdict"].why[0] == "the target changed"
    assert parts["sessions_per_tester", "value"].why == said.reasons
    assert not [d for d in said.differences if d.kpi_id == "latency_p95"]  # no series: nothing to differ


def test_a_value_that_differs_is_marked_stale_with_what_it_would_read(later: Later) -> None:
    world, snapshot = later
    shown = closing.build(snapshot, world.store, 2)
    assert shown.value("wau").state is State.STALE
    assert shown.value("wau").flags[-1] == "closed 18 March; now reads 23"
    assert shown.value("latency_p95").state is not State.STALE
    assert next(w for w in shown.weeks if w.week == 2).state is State.STALE
    assert shown.verdict.sentence == "Week 2: go, because 1 of 1 criteria is met and none is missed."


def test_other_weeks_follow_the_newest_snapshot(later: Later) -> None:
    world, snapshot = later
    live, shown = review.build(snapshot, 1), closing.build(snapshot, world.store, 1)
    assert [v for v in shown.values if v.week != 2] == [v for v in live.values if v.week != 2]
    assert shown.verdict == live.verdict


def test_the_snapshot_of_a_closing_outlives_pruning(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from data import snapshots

    kept = kept_snapshots(closed.settings.storage)
    monkeypatch.setattr(snapshots, "KEEP", 1)
    for name in ("p1.jsonl", "p2.jsonl"):
        closed.events(name, [(f"t{int(name[1]):02d}", 16)])
        closed.snapshot(LATER)
    there = {f.stem for f in (closed.settings.storage / "snapshots").glob("*.duckdb")}
    assert kept <= there and len(there) == len(kept) + 1


def test_closing_json_in_the_archive_is_what_was_hashed(closed: World) -> None:
    frozen = closing.closings(closed.store)[0]
    file = closed.folder / "archive" / "week-2" / frozen.snapshot_id / "closing.json"
    assert closing_freeze.digest(file.read_bytes()) == frozen.sha256 == dict(frozen.files)["closing.json"]
    assert json.loads(file.read_bytes())["counts"]["merged_ids"] == 0
    assert set(dict(frozen.files)) == {"closing.json", "evaluation-week-2.json"}


def test_frozen_values_come_back_as_they_were(tmp_path: Path) -> None:
    world = World(tmp_path)
    snapshot = world.snapshot()
    found = closing.build(snapshot, world.store, 2)
    odd = replace(found.value("wau"), high=float("inf"), low=0.1 + 0.2, flags=("a", "b"))
    found = replace(found, values=tuple(odd if v == found.value("wau") else v for v in found.values))
    frozen = closing.close(found, snapshot, world.store, author="ann", at=MONDAY, files={})
    assert frozen.values == tuple(v for v in found.values if v.week == 2)
    assert frozen.verdict == found.verdict and frozen.changes == tuple(c for c in found.changes if c.week == 2)
    again = closing.applied(closing.build(snapshot, world.store, 2), snapshot, ())
    assert closing_freeze.canonical(closing_freeze.freeze(found, snapshot)) == closing_freeze.canonical(frozen.content)
    assert again.closed[0].reasons == ()


def test_only_a_complete_week_closes_and_only_once(closed: World) -> None:
    snapshot = closed.snapshot(LATER)
    for week, why in ((3, "3 of 7 days are over"), (2, "closed already; reopen it")):
        found = closing.build(snapshot, closed.store, week)
        assert closing.preflight(found)[0][0] is False
        with pytest.raises(SnapshotError, match=why):
            closing.close(found, snapshot, closed.store, author="ann", at=LATER, files={})
    with pytest.raises(SnapshotError, match="needs a name"):
        closing.close(closing.build(snapshot, closed.store, 1), snapshot, closed.store, author=" ", at=LATER, files={})


def test_a_week_whose_late_data_is_awaited_is_refused(tmp_path: Path) -> None:
    world = World(tmp_path)
    snapshot = world.snapshot(MONDAY.replace(day=16))
    with pytest.raises(SnapshotError, match="late data is still awaited"):
        closing.close(review.build(snapshot, 2), snapshot, world.store, author="ann", at=MONDAY, files={})


def test_reopening_needs_a_reason_and_lets_the_numbers_follow_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    snapshot = world.snapshot()
    closing.close(review.build(snapshot, 2), snapshot, world.store, author="ann", at=MONDAY, files={})
    world.target(30)
    snapshot = world.snapshot(LATER)
    assert closing.build(snapshot, world.store, 2).value("wau").target == 20
    with pytest.raises(SnapshotError, match="ten characters"):
        closing.reopen(world.store, 2, reason="oops", author="ann", at=LATER)
    closing.reopen(world.store, 2, reason="the target was agreed late", author="ann", at=LATER)
    shown = closing.build(snapshot, world.store, 2)
    assert shown.value("wau").target == 30 and shown.closed == ()
    assert len(world.store.closings()) == 1  # it stays in the archive


def test_an_altered_closing_is_refused(tmp_path: Path) -> None:
    world = World(tmp_path)
    snapshot = world.snapshot()
    closing.close(review.build(snapshot, 2), snapshot, world.store, author="ann", at=MONDAY, files={})
    with sqlite3.connect(world.store.file) as con:
        con.execute("UPDATE closed_week SET frozen = replace(frozen, '\"value\":24.0', '\"value\":25.0')")
    with pytest.raises(SnapshotError, match="week 2: its closing was altered"):
        closing.build(snapshot, world.store, 2)


def test_a_revised_definition_is_named_and_breaks_the_trend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path)
    snapshot = world.snapshot()
    closing.close(review.build(snapshot, 1), snapshot, world.store, author="ann", at=MONDAY, files={})
    revised = tuple(replace(k, revision=k.revision + 1) if k.id == "wau" else k for k in catalogue.all())
    monkeypatch.setattr(catalogue, "all", lambda: revised)
    shown = closing.build(snapshot, world.store, 2)
    found = [d for d in shown.closed[0].differences if d.part == "definition"]
    assert [(d.kpi_id, d.closed, d.now) for d in found] == [("wau", "revision 1", "revision 2")]
    assert titles.revisions(shown, "wau") == {2: 2} and titles.revisions(shown, "dau") == {}
    drawn = build.days(shown, "wau")
    assert [(m.sign, m.at.date().isoformat()) for m in drawn.markers if m.kind == "definition"] == [
        ("r2", "2026-03-09")
    ]
    assert "Definition revision 2 from week 2." in drawn.alt
    assert [x for x in build.seven_four(shown, "wau").series[1].x if x.strip()] == ["W1", "W2\nr2", "W3"]


def test_a_change_of_the_settings_is_named_by_its_table(tmp_path: Path) -> None:
    world = World(tmp_path)
    snapshot = world.snapshot()
    closing.close(review.build(snapshot, 2), snapshot, world.store, author="ann", at=MONDAY, files={})
    world.target(20, '\n[people]\nexclude_patterns = ["t03*"]\n')
    said = closing.build(world.snapshot(LATER), world.store, 2).closed[0]
    assert said.reasons == ("1 tester more left out", "the settings changed in [people]")
    assert {d.why for d in said.differences if d.kpi_id == "wau" and d.part == "value"} == {said.reasons}


def test_the_commands_close_show_and_reopen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from data.cli import main

    world = World(tmp_path)
    world.snapshot()
    common = ["--settings", str(tmp_path / "beta.toml"), "--week", "2"]
    assert main("kpis", "", ["difference", *common]) == 1
    assert "week 2 is not closed" in capsys.readouterr().err
    assert main("kpis", "", ["close", *common, "--author", "ann", "--format-files", ""]) == 0
    assert "Week 2 is closed" in capsys.readouterr().out
    world.target(30)
    world.snapshot(LATER)
    assert main("kpis", "", ["difference", *common, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [d["Why"] for d in found["differences"] if d["What"] == "target"] == ["target changed in the settings"]
    assert main("kpis", "", ["reopen", *common, "--author", "ann", "--reason", "agreed too late"]) == 0
    assert main("kpis", "", ["difference", *common]) == 1


def listed(world: World, load_id: int, keys: tuple[str, ...]) -> None:
    """A full listing of a database's feedback, each item of one tester in week 2."""
    store = RawStore(world.settings.storage / "raw.duckdb")
    day = round(datetime.fromisoformat(at(8)).timestamp() * 1e6)
    with store.load(Run(load_id, day, world.settings, b"k" * 32), "db", "postgres", "feedback", "raw_feedback") as load:
        load.rows(pa.Table.from_pylist([
            {"feedback_key": key, "user_id": "t01", "type": "bug", "status": "new", "created_us": day} for key in keys
        ]))  # fmt: skip
        load.complete()
        load.extend_covers(day - 8 * 86_400_000_000, round(LATER.timestamp() * 1e6))
    store.close()


def test_feedback_deleted_at_the_source_after_closing_leaves_the_closed_value(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.snapshot()
    listed(world, 90, ("f1", "f2", "f3"))
    snapshot = world.snapshot(MONDAY + timedelta(hours=1))
    closing.close(review.build(snapshot, 2), snapshot, world.store, author="ann", at=MONDAY, files={})
    listed(world, 91, ("f1",))
    snapshot = world.snapshot(LATER)
    live, shown = review.build(snapshot, 2), closing.build(snapshot, world.store, 2)
    assert live.value("feedback_per_tester").numerator == 1
    assert shown.value("feedback_per_tester").numerator == 3
    found = [d for d in shown.closed[0].differences if d.kpi_id == "feedback_per_tester" and d.part == "value"]
    assert len(found) == 1, "that it moved is not said"
