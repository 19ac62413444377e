"""A refresh that is killed leaves the store as it was; the next one does the whole job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from data.raw import RawStore
from tests.raw.support import DAY, events, ledger, run, table

SCRIPT = """
import os, signal, sys
from pathlib import Path
from data import raw, raw_events
from tests.raw.support import DAY, events, run
stage = sys.argv[2]
raw_events.BATCH, raw_events.GROUP = 2, 1
def die(*a, **k):
    os.kill(os.getpid(), signal.SIGKILL)
store = raw.RawStore(Path(sys.argv[1]))
if stage == "before the ledger":
    store._record = die
if stage == "after the ledger":
    keep = store._ledger
    store._note = die
with store.load(run(2), "app", "jsonl", "a", "raw_event") as load:
    load.rows(events([("e2", "u", DAY), ("e3", "u", DAY)]))
    if stage == "between batches":
        die()
    load.refuse("malformed", b"x")
    load.rows(events([("e4", "u", DAY)]))
    load.watermark = {"offset": 2}
if stage == "after the commit":
    die()
"""


def first_load(file):
    store = RawStore(file)
    with store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events([("e1", "u", DAY)]))
        load.watermark = {"offset": 1}
    store.close()


@pytest.mark.parametrize("stage", ["between batches", "before the ledger", "after the ledger", "after the commit"])
def test_kill_minus_nine_and_run_again(tmp_path, stage):
    file = tmp_path / "raw.duckdb"
    first_load(file)
    died = subprocess.run([sys.executable, "-c", SCRIPT, str(file), stage], check=False, env=dict(os.environ))
    assert died.returncode == -signal.SIGKILL
    done = stage == "after the commit"
    store = RawStore(file)
    assert store.watermark("app", "a") == {"offset": 2 if done else 1}
    assert [r["event_key"] for r in table(store, "raw_event")] == (["e1", "e2", "e3", "e4"] if done else ["e1"])
    assert len(table(store, "quarantine")) == len(ledger(store)) - 1 == int(done)
    with store.load(run(3), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events([("e2", "u", DAY), ("e3", "u", DAY), ("e4", "u", DAY)]))
    assert (load.counts.accepted, load.counts.duplicates) == ((0, 3) if done else (3, 0))
    assert len(table(store, "raw_event")) == 4
    store.close()
