"""Snapshots that change under readers."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest

from data import connect
from data.errors import SnapshotError
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
