"""The benchmark runs at its smallest size, its answers agree and both tables are written. No speed is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import orjson
import pytest

from benchmarks import build, engagement, generate, goals, table
from benchmarks.measure import Row
from benchmarks.size import Size
from tests.support import betas, dashboards, runs

ROOT = Path(__file__).resolve().parents[2]


def test_a_small_run_compares_every_answer_and_writes_both_tables(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--events", "20000", "--samples", "20000", "--rounds", "1"]
    parts = "ingest,facts,engagement,counters"
    before = runs.folders()
    done = subprocess.run(
        [*command, "--only", parts, "--out", tmp_path], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "MB free" in done.stderr.splitlines()[0]
    content = json.loads((tmp_path / "bench-20k.json").read_text())
    assert {row["part"] for row in content["rows"]} == set(parts.split(","))
    compared = [row for row in content["rows"] if row["exact"] is not None]
    assert len(compared) >= 13
    assert all(row["exact"] for row in compared)
    asked = next(row for row in content["rows"] if row["what"] == "daily retention triangle")
    there = {"duckdb", "pandas"} | {peer for peer, module in engagement.OPTIONAL.items() if find_spec(module)}
    assert set(asked["ratios"]) == there
    absent = [why for why in content["left_out"] if "not installed" in why and "counters" not in why]
    assert len(absent) == 4 - len(there), "a peer that is not installed is left out by its name"
    assert (tmp_path / "bench-20k.md").read_text() == done.stdout.removesuffix("\n")
    assert str(ROOT) not in done.stdout
    assert not runs.left_behind(before)


def test_a_wrong_answer_of_a_peer_is_named_and_is_no_success() -> None:
    from benchmarks.measure import Timed

    answers = {"product": {0: 3}, "duckdb": {0: 3}, "pandas": {0: 4}}
    row = engagement._row(Size(20_000, 20_000), "daily", Timed({name: [1.0] for name in answers}, answers))
    assert row.exact is False
    assert row.note.endswith("answers differ: pandas")


def test_a_goal_that_is_missed_stands_in_the_table() -> None:
    row = Row("ingest", "JSON lines", 10.0, {"duckdb": 2.0}, {"duckdb": 0.2}, goal="<= 1.5x", met=False, note="5x")
    content = {"events": 1, "samples": 1, "threads": 2, "machine": table.machine(), "versions": {}, "left_out": []}
    text = table.markdown(content, [row])
    assert "| JSON lines | 10.0 ms | 2.0 ms, 0.2x | - | <= 1.5x | **no** | 5x |" in text
    assert (
        "| strict ingest with quarantine, JSON lines | <= 1.5x DuckDB's plain load, <= 1 GB | 5x | duckdb 0.2x |"
        in text
    )
    missed = text.split("## Goals missed")[1].split("##")[0]
    assert "- **strict ingest with quarantine, JSON lines**: " in missed
    assert "PostgreSQL" not in missed, "what was not measured is not missed"


@pytest.mark.parametrize(
    ("told", "wanted"), [((True, None), True), ((True, False), False), ((None, None), None), ((), None)]
)
def test_a_goal_is_met_when_every_row_that_can_tell_says_so(told: tuple, wanted: bool | None) -> None:
    assert goals.verdict([Row("pages", "page", 1.0, goal="g", met=met) for met in told]) is wanted


def test_reasons_are_given_for_goals_that_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert set(goals.reasons()) <= {goal.key for goal in goals.GOALS}
    monkeypatch.setattr(goals, "WHY", tmp_path / "why.toml")
    goals.WHY.write_text('[nothing]\nwhy = "x"\n')
    with pytest.raises(ValueError, match='no goal is named "nothing"'):
        goals.reasons()


@pytest.mark.parametrize("part", ["ingest,wrong", "x"])
def test_an_unknown_part_is_refused_in_words(part: str) -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", part]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no part is named" in done.stderr


def test_the_same_seed_gives_the_same_bytes_and_every_line_is_json(tmp_path: Path) -> None:
    data = generate.events(12_345, seed=3)
    assert len(data) == 12_345
    assert np.all(np.diff(data.ts_us) >= 0)
    for name in ("one", "two"):
        written = generate.write_events(generate.days(12_345, seed=3), tmp_path / name)
    one, two = ((tmp_path / name).read_bytes() for name in ("one", "two"))
    assert one == two
    assert written["lines"] == len(one.splitlines()) == len({orjson.loads(line)["id"] for line in one.splitlines()})
    before, after = (list(parts) for parts in zip(*generate.split(12_345, seed=3), strict=True))
    later = generate.later(12_345, seed=3)
    assert sum(map(len, before)) + len(later) == len(data)
    assert sum(map(len, after)) == len(later)
    assert later.ts_us.min() < max(block.ts_us[-1] for block in before if len(block)), "some events come late"
    end = generate.START_US + generate.DAYS * generate.DAY_US
    assert data.ts_us[0] >= generate.START_US and data.ts_us[-1] < end


def test_a_filled_raw_store_holds_the_rows_that_loading_files_gives(tmp_path: Path) -> None:
    """Else a size that is filled would measure other facts than one that is read."""
    found = {}
    for name, files in (("filled", False), ("read", True)):
        size, work = Size(12_345, 12_345), tmp_path / name
        build.prepare(size, work, files=files)
        if files:
            build.refresh(str(build.folder(work)), generate.DAYS - 1)
        con = duckdb.connect(str(build.folder(work) / "store" / "raw.duckdb"), read_only=True)
        found[name] = (
            con.execute("SELECT * EXCLUDE (payload_hash, stored_row) FROM raw_event ORDER BY event_key").fetchall(),
            con.execute("SELECT load_id, source, target, read, accepted, status FROM load_ledger").fetchall(),
        )
        con.close()
    assert found["filled"] == found["read"]
    assert len(found["read"][0]) > 12_000


def test_rows_that_differ_are_found_whatever_their_order(tmp_path: Path) -> None:
    days = betas.tables(betas.beta())["fct_session"]
    changed = [*days[:-1], {**days[-1], "events": 9}]
    for name, rows in (("one", days), ("two", days[::-1]), ("three", changed)):
        (tmp_path / name).mkdir()
        dashboards.write(tmp_path / name, {"fct_session": rows})
    one, two, three = (tmp_path / name / "store/snapshots/beta-0001.duckdb" for name in ("one", "two", "three"))
    assert build.differences(one, two) == []
    assert build.differences(one, three) == ["fct_session"]
