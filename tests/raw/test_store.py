"""The raw store: conservation, idempotence, latest-wins tables, samples, failures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from data.errors import SnapshotError, SourceError
from data.raw import RawStore
from tests.raw.support import DAY, NOW, events, ledger, run, table


@pytest.fixture
def store(tmp_path: Path):
    with_store = RawStore(tmp_path / "raw.duckdb")
    yield with_store
    with_store.close()


def load_events(store, rows, load_id=1, item="a", lines=None):
    with store.load(run(load_id), "app", "jsonl", item, "raw_event") as load:
        load.rows(events(rows), lines)
    return load.counts


def test_an_event_read_twice_is_stored_once(store):
    rows = [("e1", "u1", DAY), ("e2", "u1", DAY + 1)]
    assert load_events(store, rows).accepted == 2
    again = load_events(store, rows, 2)
    assert (again.accepted, again.duplicates) == (0, 2)
    assert len(table(store, "raw_event")) == 2


def test_repeats_inside_one_batch_keep_the_first(store):
    counts = load_events(store, [("e1", "u1", DAY), ("e1", "u1", DAY), ("e1", "u2", DAY)])
    assert (counts.read, counts.accepted, counts.duplicates, counts.conflicting) == (3, 1, 1, 1)
    assert [r["user_id"] for r in table(store, "raw_event")] == ["u1"]


def test_conflicting_duplicate_keeps_the_first_and_quarantines_the_bytes(store):
    load_events(store, [("e1", "u1", DAY)])
    lines = pa.table({"line": [7], "offset": [99], "content": pa.array([b'{"id":"e1"}\r\n'], pa.binary())})
    # Another time, far from the first: a search limited to the batch's time range would miss it.
    counts = load_events(store, [("e1", "u1", DAY + 9 * 86_400_000_000)], 2, lines=lines)
    assert (counts.accepted, counts.conflicting) == (0, 1)
    (row,) = table(store, "quarantine")
    assert (row["reason"], row["line"], row["offset_bytes"], bytes(row["excerpt"])) == (
        "conflicting_duplicate", 7, 99, b'{"id":"e1"}')  # fmt: skip
    assert [r["ts_us"] for r in table(store, "raw_event")] == [DAY]


def test_the_same_key_of_another_source_is_another_event(store):
    load_events(store, [("e1", "u1", DAY)])
    with store.load(run(1), "other", "jsonl", "a", "raw_event") as load:
        load.rows(events([("e1", "u9", DAY)]))
    assert load.counts.accepted == 1


def test_null_and_empty_fields_are_different_payloads(store):
    def one(route, method):
        return pa.table({"event_key": ["k"], "event": ["x"], "ts_us": [DAY], "route": pa.array([route], pa.string()),
                         "method": pa.array([method], pa.string())})  # fmt: skip

    with store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(one("a", None))
    with store.load(run(2), "app", "jsonl", "a", "raw_event") as load:
        load.rows(one(None, "a"))
    assert load.counts.conflicting == 1


def test_a_failed_load_leaves_rows_watermark_and_coverage_as_they_were(store):
    with store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events([("e1", "u1", DAY)]))
        load.watermark, load.covers = {"offset": 10}, (DAY, DAY + 1)
    with pytest.raises(SourceError), store.load(run(2), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events([("e2", "u1", DAY)]))
        load.watermark = {"offset": 20}
        raise SourceError("a: cannot be read")
    assert store.watermark("app", "a") == {"offset": 10}
    assert len(table(store, "raw_event")) == 1
    (state,) = table(store, "source_state")
    assert (state["error"], state["last_success_us"], state["last_attempt_us"]) == (
        "a: cannot be read",
        NOW + 1,
        NOW + 2,
    )
    assert (state["covers_from_us"], state["covers_to_us"]) == (DAY, DAY + 1)
    assert [r["status"] for r in ledger(store)] == ["ok", "failed"]


def test_a_good_load_clears_the_error(store):
    with pytest.raises(SourceError), store.load(run(1), "app", "jsonl", "a", "raw_event"):
        raise SourceError("down")
    load_events(store, [("e1", "u1", DAY)], 2)
    assert table(store, "source_state")[0]["error"] is None


def test_any_other_error_leaves_no_trace(store):
    with pytest.raises(KeyError), store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events([("e1", "u1", DAY)]))
        raise KeyError("bug")
    assert (table(store, "raw_event"), ledger(store)) == ([], [])


def test_a_broken_balance_is_refused(store):
    with pytest.raises(SourceError, match="accounted"), store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events([("e1", "u1", DAY)]))
        load.counts.read += 1
    assert table(store, "raw_event") == []


def test_a_second_process_is_refused_with_the_holders_number(store, tmp_path):
    code = f"from pathlib import Path; from data.raw import RawStore; RawStore(Path({str(tmp_path / 'raw.duckdb')!r}))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "another refresh is running (PID " in seen.stderr


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "raw.duckdb").write_text("hello")
    with pytest.raises(SnapshotError, match=r"raw\.duckdb"):
        RawStore(tmp_path / "raw.duckdb")


def samples(store, values, load_id=1, start=1_000, kind="counter", metric="m_total"):
    with store.load(run(load_id), "prom", "prometheus", "all", "raw_sample") as load:
        ts = np.arange(start, start + len(values), dtype=np.int64)
        load.samples(metric, {"job": "app", "a": 'é\n"x'}, kind, ts, np.array(values, dtype=float))
    return load.counts


def test_samples_are_kept_once_per_series_and_instant(store):
    assert samples(store, [1, 2, 3]).accepted == 3
    counts = samples(store, [2, 3.5, 4], 2, start=1_001)
    assert (counts.accepted, counts.duplicates, counts.conflicting) == (1, 1, 1)
    assert [r["value"] for r in table(store, "raw_sample")] == [1, 2, 3, 4]


def test_stale_markers_are_blank_and_other_nan_quarantined(store):
    stale = np.array([0x7FF0000000000002], dtype=np.uint64).view(np.float64)[0]
    counts = samples(store, [1.0, stale, float("nan"), float("inf")])
    assert (counts.read, counts.accepted, counts.blank, counts.quarantined) == (4, 1, 1, 2)
    assert {r["reason"] for r in table(store, "quarantine")} == {"number"}


def test_series_are_numbered_densely_and_their_type_is_learnt(store):
    samples(store, [1], kind="unknown")
    samples(store, [1], 2, metric="other", kind="gauge")
    samples(store, [1], 3, kind="counter")
    samples(store, [1], 4, kind="unknown")
    rows = sorted(table(store, "raw_series"), key=lambda r: r["series_id"])
    assert [(r["series_id"], r["metric"], r["type"]) for r in rows] == [
        (1, "m_total", "counter"),
        (2, "other", "gauge"),
    ]
    assert rows[0]["labels"] == '{"a":"é\\n\\"x","job":"app"}'


def test_series_of_a_failed_load_leave_no_hole(store):
    with pytest.raises(SourceError), store.load(run(1), "prom", "prometheus", "all", "raw_sample") as load:
        load.samples("lost", {}, "gauge", np.array([1]), np.array([1.0]))
        raise SourceError("down")
    samples(store, [1], 2)
    assert [r["series_id"] for r in table(store, "raw_series")] == [1]


def listing(store, target, rows, load_id=1, full=True):
    with store.load(run(load_id), "db", "postgres", target, target) as load:
        load.rows(pa.Table.from_pylist(rows))
        if full:
            load.complete()
    return load.counts


def test_the_latest_row_of_a_tester_wins_and_a_vanished_one_is_marked(store):
    listing(store, "raw_tester", [{"user_id": "u1", "status": "pending"}, {"user_id": "u2", "status": "active"}])
    counts = listing(store, "raw_tester", [{"user_id": "u1", "status": "active"}], 2)
    assert (counts.accepted, counts.duplicates) == (1, 0)
    assert {(r["user_id"], r["status"], r["gone"]) for r in table(store, "raw_tester")} == {
        ("u1", "active", False), ("u2", "active", True)}  # fmt: skip
    back = listing(store, "raw_tester", [{"user_id": "u2", "status": "active"}], 3, full=False)
    assert back.accepted == 1
    assert not any(r["gone"] for r in table(store, "raw_tester"))


def test_feedback_keeps_the_history_of_statuses_and_ignores_an_older_row(store):
    def item(status, updated, rating=None):
        return {"feedback_key": "f1", "status": status, "created_us": 5, "updated_us": updated, "rating": rating}

    listing(store, "raw_feedback", [item("new", 5)])
    listing(store, "raw_feedback", [item("resolved", 9)], 2)
    counts = listing(store, "raw_feedback", [item("in_progress", 7)], 3)
    assert counts.duplicates == 1
    assert [r["status"] for r in table(store, "raw_feedback")] == ["resolved"]
    seen = sorted((r["since_us"], r["status"]) for r in table(store, "raw_feedback_status"))
    assert seen == [(5, "new"), (7, "in_progress"), (9, "resolved")]


def test_identity_cycles_are_quarantined(store):
    rows = [{"alias": "a", "canonical": "b"}, {"alias": "b", "canonical": "c"}, {"alias": "c", "canonical": "a"},
            {"alias": "d", "canonical": "d"}]  # fmt: skip
    counts = listing(store, "raw_identity", rows)
    assert (counts.read, counts.accepted, counts.quarantined) == (4, 2, 2)
    assert {r["reason"] for r in table(store, "quarantine")} == {"cycle"}


def test_a_flag_that_a_full_listing_no_longer_holds_is_off(store):
    flags = [{"user_id": "u1", "feature": f, "enabled": True} for f in ("a", "b")]
    listing(store, "raw_flag", flags)
    listing(store, "raw_flag", flags[:1], 2)
    assert [r["feature"] for r in table(store, "raw_flag")] == ["a"]


def test_feedback_and_invitations_that_a_full_listing_no_longer_holds_are_gone_of_their_own_source_only(store):
    items = [{"feedback_key": k, "status": "new", "created_us": 5} for k in ("f1", "f2")]
    invited = [{"invitation_key": k, "status": "pending"} for k in ("i1", "i2")]
    for target, rows in (("raw_feedback", items), ("raw_invitation", invited)):
        with store.load(run(1), "other", "postgres", target, target) as load:
            load.rows(pa.Table.from_pylist(rows))
        listing(store, target, rows, 2)
        listing(store, target, rows[:1], 3, full=False)
        key = next(iter(rows[0]))
        assert len(table(store, target)) == 4, "a partial listing took something out"
        listing(store, target, rows[:1], 4)
        found = sorted((r["source"], r[key]) for r in table(store, target))
        assert found == [("db", rows[0][key]), ("other", rows[0][key]), ("other", rows[1][key])]
    kept = sorted((r["source"], r["feedback_key"]) for r in table(store, "raw_feedback_status"))
    assert kept == [("db", "f1"), ("other", "f1"), ("other", "f2")]


def test_a_listing_that_holds_no_row_any_more_is_told(store):
    listing(store, "raw_feedback", [{"feedback_key": "f1", "status": "new", "created_us": 5}])
    with store.load(run(2), "db", "postgres", "raw_feedback", "raw_feedback") as load:
        load.complete()
    assert load.warnings == ["raw_feedback holds no row any more; 1 that it held before are gone"]
    assert table(store, "raw_feedback") == table(store, "raw_feedback_status") == []
    with store.load(run(3), "db", "postgres", "raw_feedback", "raw_feedback") as load:
        load.complete()
    assert load.warnings == []
