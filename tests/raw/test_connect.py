"""Where a database in memory puts what does not fit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from data import connect

SORT = "SELECT hash(range) FROM range(2_000_000) ORDER BY hash(range) OFFSET 1_999_999"


@pytest.fixture
def attached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database file; the folder of the process and the one for temporary files are empty ones of the test."""
    for name in ("here", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    connect._private_folder.cache_clear()
    connect.connect(tmp_path / "facts.duckdb").close()
    yield tmp_path / "facts.duckdb"
    connect._private_folder.cache_clear()


def test_what_does_not_fit_goes_to_a_private_folder_and_not_to_where_the_process_was_started(attached: Path) -> None:
    con = connect.attached(attached, "shot", threads=1, memory="20MB")
    connect.lock(con)
    reader = con.sql(SORT).to_arrow_reader(1)
    reader.read_next_batch()
    (private,) = (attached.parent / "temporary").iterdir()
    assert private.stat().st_mode & 0o077 == 0
    assert list(private.rglob("duckdb_temp_*"))
    assert not list((attached.parent / "here").iterdir())
    del reader
    con.close()
    assert not list(private.rglob("duckdb_temp_*"))


def test_without_a_folder_for_temporary_files_what_fits_is_still_answered(
    attached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(attached.parent / "not there"))
    con = connect.attached(attached, "shot")
    assert con.execute("SELECT 1").fetchall() == [(1,)]
    con.close()
