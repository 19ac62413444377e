"""The harness of the benchmark: viewers, profiles, curves, disk, tidying up. No speed is asserted."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as command
from benchmarks import curves, parts, postgres, profile, table, viewers
from benchmarks.measure import Row, child
from benchmarks.size import SIZES, Size, too_big
from data import connect
from tests.support import dashboards, runs

ROOT = Path(__file__).resolve().parents[2]


def another(snapshot: str, number: int) -> None:
    """What a refresh leaves: one more snapshot with another name."""
    file = Path(snapshot)
    shutil.copy(file, file.with_name("new"))
    file.with_name("new").rename(file.with_name(f"beta-9{number:03d}.duckdb"))


@pytest.mark.real
def test_a_small_run_opens_every_page_at_size_for_twenty_viewers_while_snapshots_change(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "benchmarks", "--size", "small", "--only", "pages at size", "--out", tmp_path]
    before = runs.folders()
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = {row["what"]: row for row in json.loads((tmp_path / "bench-20k.json").read_text())["rows"]}
    scripts = {f"page {file.stem}, script warm" for file in (ROOT / "pages").glob("*.py")}
    assert scripts <= set(rows)
    viewed = next(row for what, row in rows.items() if "while snapshots" in what)
    assert viewed["note"].endswith("errors shown: none")
    assert viewed["met"] is True
    memory = next(row for what, row in rows.items() if what.startswith("process of the dashboard"))
    assert memory["memory_mb"]["product"] > 50
    assert (tmp_path / "cost.svg").is_file()
    assert not runs.left_behind(before)


@pytest.mark.real
def test_an_error_that_a_viewer_sees_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewers, "VIEWERS", 2)
    monkeypatch.setattr(viewers, "THINK_S", (0.05, 0.1))
    settings = dashboards.write(tmp_path)
    spoilt = tmp_path / "store" / "snapshots" / "beta-0001.duckdb"
    spoilt.write_bytes(b"no database")
    with viewers.dashboard(settings, tmp_path / "log") as served:
        seen = viewers.watch(served.port, 0.1, 1, 1, (another, str(spoilt)))
    assert any("beta-0001" in error for error in seen.errors)
    told = next(row for row in viewers.rows("pages", seen, 1.0, "", stated=False) if row.goal == "no error")
    assert told.met is False


def asked() -> int:
    con = connect.connect()
    total = con.execute("-- name: facts/answer\nSELECT 42").fetchall()[0][0]
    return total + con.cursor().execute("SELECT 1").fetchall()[0][0]


def test_a_profile_names_the_queries_and_changes_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(profile.FOLDER, str(tmp_path))
    assert child(asked).value == 43
    (file,) = tmp_path.glob("*.txt")
    assert file.name == "profile-test_parts-asked-1.txt"
    text = file.read_text()
    assert "1  facts/answer" in text
    assert "SELECT 1" in text
    assert "Functions by own time" in text


def test_curves_hold_every_size_and_are_a_picture(tmp_path: Path) -> None:
    for events in (1_000_000, 20_000):
        row = dict(part="facts", what="x", curve="build", product_ms=events / 1000, memory_mb={"product": 200.0})
        plain = dict(part="engagement", what="q", goal="g", curve="", product_ms=4.0, memory_mb={})
        (tmp_path / f"bench-{events}.json").write_text(json.dumps({"events": events, "rows": [row, plain]}))
    files = curves.write(tmp_path)
    assert "| full build of the facts | 20 ms, 200 MB | 1.0 s, 200 MB |" in files[1].read_text()
    lines = ElementTree.parse(files[0]).getroot().findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 3, "time of builds, time of questions, memory of builds"
    assert curves.write(tmp_path / "none") == []


def test_peers_that_do_not_fit_are_named_with_the_reason() -> None:
    assert too_big(("pandas", "polars"), 1_000_000) == {}
    assert "100,000,000,000 rows" in too_big(("pandas",), 100_000_000_000)["pandas"]


def test_too_little_disk_is_said_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr(Size, "disk_mb", 10**12)
    before = runs.folders()
    assert command.main(["--size", "small", "--out", str(tmp_path)]) == 1
    assert "not enough disk" in capsys.readouterr().err
    assert not runs.left_behind(before)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing_behind(ending: signal.Signals, tmp_path: Path) -> None:
    before = runs.folders()
    line = [sys.executable, "-m", "benchmarks", "--events", "3000000", "--only", "facts", "--out", tmp_path]
    run = subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert any("writing" in said for said in run.stderr), "it ended before it was stopped"
    run.send_signal(ending)
    run.communicate(timeout=60)
    assert run.returncode == (130 if ending == signal.SIGINT else 143)
    assert not runs.left_behind(before)
    assert not list(tmp_path.iterdir())


def test_sizes_grow_and_the_largest_reads_no_files() -> None:
    needs = [size.disk_mb for size in SIZES.values()]
    assert needs == sorted(needs)
    assert not SIZES["100m"].from_files
    assert SIZES["100m"].limited(events=5).events == 5


@pytest.mark.real
def test_rows_pulled_from_postgresql_are_those_it_has(tmp_path: Path) -> None:
    (row,) = postgres.run(Size(12_000, 12_000, rounds=1), tmp_path)
    assert row.exact is True, row.note
    assert row.what.startswith("12,000 rows")
    assert not list(tmp_path.iterdir())


def test_a_part_that_fails_is_named_and_the_others_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    def broken(*_: object) -> list[Row]:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(parts.ingest, "run", broken)
    monkeypatch.setattr(parts.pages, "run", lambda *_: [Row("pages", "page x", 1.0)])
    assert command.main(["--size", "small", "--only", "ingest,pages", "--out", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "not measured to the end: ingest (RuntimeError)" in told.err
    assert "Left out: ingest (RuntimeError): it ended in an error." in told.out
    assert "| page x | 1.0 ms |" in told.out


def test_parts_measured_before_are_kept_and_said_to_be(tmp_path: Path) -> None:
    size = SIZES["small"]
    table.write(tmp_path, size, parts.Outcome([Row("facts", "old facts", 2.0), Row("pages", "old", 1.0)]), keep=False)
    new = parts.Outcome([Row("pages", "new", 1.0)])
    text = table.write(tmp_path, size, new, keep=True)[1].read_text()
    assert "old facts" in text
    assert "| old |" not in text
    assert "From an earlier run: Facts: first build and refresh." in text
    assert "old facts" not in table.write(tmp_path, size, new, keep=False)[1].read_text()
