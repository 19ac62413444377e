"""Snapshots that change under readers."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest

from data import connect, settings
from data.errors import SnapshotError
from data.programme import ProgrammeStore
from data.warehouse import Snapshot
from kpis import closing
from kpis.engagement import activity
from pages.parts import cached
from tests.support import betas, dashboards


def test_a_page_that_still_reads_an_old_snapshot_is_not_cut_off_by_newer_ones(tmp_path: Path) -> None:
    dashboards.write(tmp_path)
    first = tmp_path / "store" / "snapshots" / "beta-0001.duckdb"
    newer = [Path(shutil.copy(first, first.with_name(f"beta-000{n}.duckdb"))) for n in (2, 3, 4)]
    reading = cached._snapshot(str(first))
    for file in newer:
        cached._snapshot(str(file))
    assert reading.rows("operations/weekly_testers") == []
    with pytest.raises(SnapshotError):
        connect.connect(first)
    del reading
    gc.collect()
    connect.connect(first).close()  # refused while anybody holds it


def visits(found: Snapshot, week: int) -> str:
    visited.append((found.id, week))
    return found.id


visited: list[tuple[str, int]] = []


def test_a_new_snapshot_has_answered_what_the_one_before_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.parts.warm.PATIENCE_S", 60)
    chosen = settings.load(dashboards.write(tmp_path))
    monkeypatch.setattr(cached, "settings", lambda: chosen)
    first = cached.snapshot(chosen)
    assert cached.computed(first, visits, 3) == first.id
    review = cached.review(chosen, None)
    again = Path(shutil.copy(tmp_path / "store" / "snapshots" / f"{first.id}.duckdb", tmp_path / "copy"))
    again.rename(again.parent / "store" / "snapshots" / "beta-0002.duckdb")
    second = cached.snapshot(chosen)
    assert visited == [(first.id, 3), ("beta-0002", 3)]
    assert cached.computed(second, visits, 3) == second.id == "beta-0002"
    assert len(visited) == 2
    assert cached.review(chosen, None) is not review


def test_a_snapshot_that_is_shown_no_more_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.parts.warm.PATIENCE_S", 60)
    chosen = settings.load(dashboards.write(tmp_path))
    first = cached.snapshot(chosen)
    file = tmp_path / "store" / "snapshots" / f"{first.id}.duckdb"
    cached.review(chosen, None)
    shutil.copy(file, file.with_name("beta-0002.duckdb"))
    assert cached.snapshot(chosen).id == "beta-0002"
    del first
    gc.collect()
    connect.connect(file).close()  # refused while anybody holds it


def kept_by_the_engine(found: Snapshot) -> int:
    """Bytes of the file's blocks that a snapshot's engine holds in memory."""
    told = found._con.cursor().execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'BASE_TABLE'")
    return told.fetchall()[0][0]


def test_an_idle_tab_does_not_keep_what_the_old_snapshot_had_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fragment of a page that nobody touches any more holds its snapshot until the tab is closed."""
    monkeypatch.setattr("pages.parts.warm.PATIENCE_S", 60)
    chosen = settings.load(dashboards.write(tmp_path, betas.tables(betas.beta())))
    idle = cached.snapshot(chosen)
    review = cached.review(chosen, None)
    before = kept_by_the_engine(idle)
    assert idle in activity.ACTIVITIES
    file = tmp_path / "store" / "snapshots" / f"{idle.id}.duckdb"
    shutil.copy(file, file.with_name("beta-0002.duckdb"))
    assert cached.snapshot(chosen).id == "beta-0002"
    assert kept_by_the_engine(idle) < before
    assert idle not in activity.ACTIVITIES
    assert closing.build(idle, ProgrammeStore(chosen.storage)).values == review.values


def test_a_question_is_answered_to_its_end_while_the_engine_gives_back_its_memory(tmp_path: Path) -> None:
    chosen = settings.load(dashboards.write(tmp_path, betas.tables(betas.beta())))
    found = cached.snapshot(chosen)
    days = found.rows("engagement/visits", act_event="*")
    parts = found.batches("engagement/visits", 1, act_event="*")
    first = next(parts)
    found.relieve()
    read = [first, *parts]
    assert [(int(p["tester_key"][0]), int(p["day_n"][0])) for p in read] == [
        (d["tester_key"], d["day_n"]) for d in days
    ]
    assert found.rows("engagement/visits", act_event="*") == days
