"""Snapshots that change under readers."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest

from data import connect, settings
from data.errors import SnapshotError
from data.warehouse import Snapshot
from pages.parts import cached
from tests.support import dashboards


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
