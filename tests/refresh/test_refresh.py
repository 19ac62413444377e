"""The refresh as a whole: the same numbers however data came, and the last good snapshot whatever happens."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import calendar, connect, lock, status, warehouse
from data.errors import QueryError, SnapshotError
from data.refresh import refresh
from data.settings import Settings
from tests.refresh.conftest import EVENTS, KEY, TOML, event, make, write

ROOT = Path(__file__).resolve().parents[2]


def content_hash(settings: Settings) -> str:
    return warehouse.latest(settings).meta["content_hash"]


def command(settings: Settings, *more: str, **env: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "data", "refresh", "--settings", str(settings.file), *more],
        cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_refresh_publishes_what_the_sources_say(beta: Settings) -> None:
    done = refresh(beta)
    assert done.errors == ()
    assert done.snapshot_id.startswith("beta-20260320T000000Z-")
    snapshot = warehouse.latest(beta)
    assert snapshot.id == done.snapshot_id
    assert snapshot.as_of == datetime(2026, 3, 20, tzinfo=UTC)
    con = snapshot._con.cursor()
    assert con.execute("SELECT count(*) FROM fct_event").fetchone() == (len(EVENTS),)
    assert con.execute("SELECT count(*), sum(on_roster::INT) FROM dim_tester").fetchone() == (7, 6)
    assert status.read(beta) == status.Status(done.as_of, True, (), done.snapshot_id)


def test_the_same_data_again_changes_nothing(beta: Settings) -> None:
    first = refresh(beta).snapshot_file
    before = first.read_bytes()
    assert refresh(beta).snapshot_file == first
    assert first.read_bytes() == before
    assert warehouse.snapshot_files(beta) == [first]


def test_no_split_or_order_of_files_changes_a_number(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole")
    refresh(whole)
    shuffled = random.Random(3).sample(EVENTS, len(EVENTS))
    split = make(tmp_path / "split", {"b.jsonl": shuffled[:50]})
    refresh(split)
    write(tmp_path / "split/events/a.jsonl", shuffled[50:180])
    refresh(split)
    write(tmp_path / "split/events/c.jsonl", shuffled[150:])  # 30 of them for the second time
    refresh(split)
    assert content_hash(split) == content_hash(whole)


def test_late_events_reach_old_weeks(beta: Settings) -> None:
    refresh(beta)
    write(beta.base / "events/late.jsonl", [event("did:plc:user1", 0.5, id="late")])
    refresh(beta)
    found = warehouse.latest(beta)._con.cursor().execute("SELECT count(*), min(ts_us) FROM fct_event").fetchone()
    first = calendar.us(datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert found == (len(EVENTS) + 1, first)


def test_a_source_that_fails_does_not_stop_the_others(beta: Settings) -> None:
    refresh(beta)
    (beta.base / "testers.jsonl").unlink()
    write(beta.base / "events/more.jsonl", [event("did:plc:user1", 300, id="more")])
    done = refresh(beta)
    assert len(done.errors) == 1
    assert done.errors[0].startswith("people: testers.jsonl: no such file")
    con = warehouse.latest(beta)._con.cursor()
    assert con.execute("SELECT count(*) FROM fct_event").fetchone() == (len(EVENTS) + 1,)
    assert con.execute("SELECT count(*) FROM dim_tester WHERE on_roster").fetchone() == (6,)  # the last good roster
    assert status.read(beta).ok is False


def test_the_command_says_that_a_source_failed_and_exits_1(beta: Settings) -> None:
    (beta.base / "testers.jsonl").unlink()
    process = command(beta)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert out.startswith("published beta-20260320T000000Z-")
    assert err.startswith("error: people: testers.jsonl: no such file or folder")
    assert err.count("\n") == 1


def test_a_failing_check_keeps_the_last_good_snapshot(beta: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    good = refresh(beta).snapshot_file

    def wrong(self: object) -> None:
        raise QueryError("checks/events_all_kept: 1 rows where none may be; nothing was published")

    monkeypatch.setattr("data.snapshots.Builder.check", wrong)
    write(beta.base / "events/more.jsonl", [event("did:plc:user1", 300, id="more")])
    with pytest.raises(QueryError):
        refresh(beta)
    assert warehouse.snapshot_files(beta) == [good]
    note = status.read(beta)
    assert note.ok is False
    assert note.snapshot == good.stem
    assert "events_all_kept" in note.errors[0]
    assert not list((beta.storage / "tmp").iterdir())


def test_a_second_refresh_is_refused_with_the_first_ones_pid(beta: Settings) -> None:
    with lock.hold(beta.storage):
        process = command(beta)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"another refresh is running (PID {os.getpid()}); wait for it to finish" in err
    refresh(beta)  # the lock is gone with its holder


def test_a_lock_file_left_by_a_dead_process_is_no_lock(beta: Settings) -> None:
    beta.storage.mkdir()
    (beta.storage / lock.FILE).write_text("999999\n")
    refresh(beta)


def test_a_reader_keeps_its_snapshot_while_a_refresh_runs(beta: Settings) -> None:
    refresh(beta)
    reader = warehouse.latest(beta)
    count = "SELECT count(*) FROM fct_event"
    assert reader._con.cursor().execute(count).fetchone() == (len(EVENTS),)
    write(beta.base / "events/more.jsonl", [event("did:plc:user1", 300, id="more")])
    process = command(beta)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert reader._con.cursor().execute(count).fetchone() == (len(EVENTS),)
    assert warehouse.latest(beta)._con.cursor().execute(count).fetchone() == (len(EVENTS) + 1,)


def test_going_back_to_old_settings_makes_the_old_facts_the_newest_again(tmp_path: Path) -> None:
    first = refresh(make(tmp_path)).snapshot_id
    other = make(tmp_path, toml=TOML.replace('["post_view", "post_created"]', '["post_view"]'))
    assert refresh(other).snapshot_id != first
    again = make(tmp_path)
    refresh(again)
    assert warehouse.latest(again).id == first


KILLED = """
import importlib, os, signal, sys
from data import refresh, settings

place, name = sys.argv[2].split(":")
owner = importlib.import_module(place)
*path, last = name.split(".")
for part in path:
    owner = getattr(owner, part)
setattr(owner, last, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
refresh.refresh(settings.load(sys.argv[1]))
"""
STAGES = (
    "data.raw:RawStore._record",  # rows written, transaction open
    "data.refresh:_publish",  # all loaded, no facts
    "data.facts_settings:meta",  # facts half built
    "data.snapshots:_move",  # built and checked, not yet in place
    "data.refresh:_note",  # published, status not written
)


@pytest.fixture(scope="module")
def clean_hash(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BETA_PSEUDONYM_KEY", KEY)
        clean = make(tmp_path_factory.mktemp("clean"))
        refresh(clean)
        return content_hash(clean)


@pytest.mark.parametrize("stage", STAGES)
def test_killed_anywhere_and_run_again_equals_a_clean_run(beta: Settings, clean_hash: str, stage: str) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED, str(beta.file), stage], cwd=ROOT, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(warehouse.snapshot_files(beta)) == (stage == "data.refresh:_note")
    refresh(beta)
    assert content_hash(beta) == clean_hash
    assert len(warehouse.snapshot_files(beta)) == 1
    assert not list((beta.storage / "tmp").iterdir())
    con = connect.connect(beta.storage / "raw.duckdb", read_only=True)
    assert con.execute("SELECT count(*), count(DISTINCT event_key) FROM raw_event").fetchone() == (200, 200)
    con.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_publishes_nothing_and_frees_the_lock(
    beta: Settings, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def stopped(self: object) -> None:
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:  # as DuckDB passes it on
            raise RuntimeError("Query interrupted") from None
        raise AssertionError("the signal was ignored")

    with monkeypatch.context() as patch:
        patch.setattr("data.snapshots.Builder.check", stopped)
        with pytest.raises(KeyboardInterrupt):
            refresh(beta)
    assert warehouse.snapshot_files(beta) == []
    assert "interrupted" in status.read(beta).errors[0]
    refresh(beta)


def test_a_full_disk_is_said_in_words(beta: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    good = refresh(beta).snapshot_file
    write(beta.base / "events/more.jsonl", [event("did:plc:user1", 300, id="more")])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("data.snapshots._sync", full)
    with pytest.raises(SnapshotError, match="No space left on device; the last good snapshot stays"):
        refresh(beta)
    assert warehouse.latest(beta).id == good.stem


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_the_hosts_time_zone_moves_nothing(beta: Settings, clean_hash: str, zone: str) -> None:
    process = command(beta, "--format", "json", TZ=zone)
    out, err = process.communicate(timeout=120)
    assert err == ""
    assert json.loads(out)["snapshot"] == f"beta-20260320T000000Z-{clean_hash[:12]}"


def test_as_of_can_be_set_back_and_cuts_what_came_later(beta: Settings) -> None:
    done = refresh(beta, datetime(2026, 3, 5, tzinfo=UTC))
    snapshot = warehouse.Snapshot.open(done.snapshot_file)
    latest = snapshot._con.cursor().execute("SELECT max(ts_us) FROM fct_event").fetchone()[0]
    assert latest < calendar.us(datetime(2026, 3, 5, tzinfo=UTC))


def test_odd_folder_names_are_fine(tmp_path: Path) -> None:
    settings = make(tmp_path / 'it\'s "a" beta; ünï')
    refresh(settings)
    shutil.rmtree(tmp_path / 'it\'s "a" beta; ünï' / "store" / "snapshots")
    refresh(settings)
    assert warehouse.latest(settings).meta["programme"] == "Small beta"
