"""Repeats are found by hashes of keys and judged by keys: whatever the hashes, batches and age of the store."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import hashes, raw_events, raw_layout, sql
from data.errors import SnapshotError
from data.raw import RawStore
from tests.raw.support import DAY, events, run, table

ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "a ", "ab", "e" * 40]), st.sampled_from(["u1", "u2"]), st.just(DAY))
)


@pytest.fixture
def store(tmp_path):
    opened = RawStore(tmp_path / "raw.duckdb")
    yield opened
    opened.close()


def outcome(store: RawStore, loads: list[list[tuple]], source: str = "app") -> list[tuple]:
    """accepted, duplicates and conflicting of each load; its rows come one table each."""
    found = []
    for number, rows in enumerate(loads, 1):
        with store.load(run(number), source, "jsonl", "a", "raw_event") as load:
            for row in rows:
                load.rows(events([row]))
        found.append((load.counts.accepted, load.counts.duplicates, load.counts.conflicting))
    return found


def wanted(loads: list[list[tuple]]) -> tuple[list[tuple], dict]:
    """The same by a dictionary: the first row of a key is kept."""
    known: dict[str, tuple] = {}
    found = []
    for rows in loads:
        counts = [0, 0, 0]
        for row in rows:
            counts[0 if row[0] not in known else 1 if known[row[0]] == row else 2] += 1
            known.setdefault(row[0], row)
        found.append(tuple(counts))
    return found, known


@pytest.mark.parametrize("same_hash", [False, True])
@pytest.mark.parametrize(("batch", "group"), [(1, 1), (3, 2), (2, 5), (1000, 1)])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(loads=st.lists(ROWS, min_size=1, max_size=3))
def test_repeats_are_those_of_a_dictionary(tmp_path_factory, monkeypatch, batch, group, same_hash, loads):
    """Also across batches of one load, whose rows are not committed yet or wait for a whole row group, and when all
    keys have one hash."""
    store = RawStore(tmp_path_factory.mktemp("repeats") / "raw.duckdb")
    with monkeypatch.context() as patched:
        patched.setattr(raw_events, "BATCH", batch)
        patched.setattr(raw_events, "GROUP", group)
        if same_hash:
            patched.setattr(raw_events.hashes, "of_texts", one_for_all)
        counts, known = wanted(loads)
        assert outcome(store, loads) == counts
    stored = {r["event_key"]: (r["event_key"], r["user_id"], r["ts_us"]) for r in table(store, "raw_event")}
    store.close()
    assert stored == known


def one_for_all(column: pa.ChunkedArray, real=hashes.of_texts) -> np.ndarray:
    """Keys share a hash; texts of payloads, which are users here, keep theirs."""
    found = real(column)
    return found if all(v in ("u1", "u2", "post_view", None) for v in column.to_pylist()) else np.ones_like(found)


def lines(at: list[int]) -> pa.Table:
    return pa.table({"line": at, "offset": [n * 100 for n in at], "content": pa.array([b"%d\n" % n for n in at])})


def test_the_first_row_of_a_key_is_the_one_whose_line_came_first(store):
    """The trap: rows of a block come sorted by their form, not by their line."""
    rows = [("k", "late", DAY), ("j", "u", DAY), ("k", "early", DAY), ("j", "u", DAY)]
    at = [9, 2, 3, 7]
    with store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events(rows), lines(at))
    assert (load.counts.accepted, load.counts.duplicates, load.counts.conflicting) == (2, 1, 1)
    assert {r["event_key"]: r["user_id"] for r in table(store, "raw_event")} == {"k": "early", "j": "u"}
    (refused,) = table(store, "quarantine")
    assert (refused["line"], refused["offset_bytes"], refused["excerpt"]) == (9, 900, b"9")


def test_a_key_of_another_source_with_the_same_hash_is_no_repeat(store):
    rows = [("k", "u1", DAY)]
    assert outcome(store, [rows]) == outcome(store, [rows], "other") == [(1, 0, 0)]


def test_a_repeat_with_another_time_is_found_however_far_away(store):
    far = 200 * 86_400_000_000
    assert outcome(store, [[("k", "u1", DAY)], [("k", "u1", DAY + far)]]) == [(1, 0, 0), (0, 0, 1)]


@pytest.mark.parametrize("with_hashes", [False, True])
def test_an_event_that_an_older_version_stored_is_still_the_same_event(tmp_path, monkeypatch, with_hashes):
    """It has all its words in its row, perhaps no hash of its key, and a payload hash by md5: the same row is a
    duplicate, another a conflict."""
    monkeypatch.setattr(raw_layout, "PIECE", 2)
    file = tmp_path / "raw.duckdb"
    age(file, [("k1", "u1", DAY), ("k2", "u1", DAY), ("k3", None, DAY)], with_hashes)
    store = RawStore(file)
    new = [("k1", "u1", DAY), ("k2", "u2", DAY), ("k3", None, DAY), ("k3", None, DAY + 1), ("k4", "u1", DAY)]
    assert outcome(store, [new]) == [(1, 2, 2)]
    keys = table(store, "raw_event")
    store.close()
    assert [r["event_key"] for r in keys] == ["k1", "k2", "k3", "k4"]
    assert [r["key_hash"] for r in keys] == hashes.of_texts(pa.array(["k1", "k2", "k3", "k4"])).tolist()


def age(file, rows: list[tuple], with_hashes: bool) -> None:
    """A store as older versions left it: one table."""
    store = RawStore(file)
    outcome(store, [rows])
    cursor = store.cursor()
    stored = cursor.table("raw_event").to_arrow_table()
    incoming = stored.append_column("payload", pa.nulls(len(stored), pa.string())).append_column(
        "n", pa.array(range(len(stored)))
    )
    cursor.register("incoming", incoming)
    md5 = pa.array([found for (found,) in cursor.sql(sql.text("raw/event_hash_md5")).fetchall()], pa.uint64())
    assert not set(md5.to_pylist()) & set(stored["payload_hash"].to_pylist())
    cursor.register("old", stored.set_column(stored.column_names.index("payload_hash"), "payload_hash", md5))
    cursor.execute("DROP VIEW raw_event; DROP TABLE event_log; DROP TABLE event_kind; DELETE FROM load_ledger")
    left_out = "stored_row" if with_hashes else "stored_row, key_hash"
    cursor.execute(f"CREATE TABLE raw_event AS SELECT * EXCLUDE ({left_out}) FROM old")
    store.close()


def test_an_old_store_reads_as_before_in_its_order(tmp_path, monkeypatch):
    monkeypatch.setattr(raw_layout, "PIECE", 3)
    file = tmp_path / "raw.duckdb"
    rows = [(f"k{i}", None if i == 4 else f"u{i % 3}", DAY + i) for i in range(10)]
    store = RawStore(file)
    outcome(store, [rows])
    before = table(store, "raw_event")
    store.close()
    age(tmp_path / "old.duckdb", rows, with_hashes=True)
    store = RawStore(tmp_path / "old.duckdb")
    assert [{**r, "payload_hash": 0} for r in table(store, "raw_event")] == [{**r, "payload_hash": 0} for r in before]
    assert raw_layout.modernise(store.cursor()) == 0
    store.close()


@pytest.mark.parametrize("more", [0, 1, 7])
def test_a_batch_that_fails_in_the_thread_fails_the_load_and_leaves_nothing(store, monkeypatch, more):
    """The trap: the error of a merge that went on beside the reading was lost, and the load called good."""
    monkeypatch.setattr(raw_events, "BATCH", 2)
    monkeypatch.setattr(raw_events, "GROUP", 1)
    broken = events([("k1", "u", DAY), ("k2", "u", DAY)])
    broken = broken.set_column(0, "event_key", pa.array(["k1", None], pa.string()))
    with pytest.raises(SnapshotError, match="NOT NULL"), store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(broken)
        for number in range(more):
            load.rows(events([(f"n{number}", "u", DAY)]))
    assert table(store, "raw_event") == []
    with store.load(run(2), "app", "jsonl", "a", "raw_event") as load:
        load.rows(events([("k1", "u", DAY)]))
    assert load.counts.accepted == 1


def test_an_interruption_waits_for_the_batch_in_the_thread_and_leaves_nothing(store, monkeypatch):
    """Ctrl-C while a batch is being merged: the roll-back must not meet it on the same cursor."""
    monkeypatch.setattr(raw_events, "BATCH", 20_000)
    monkeypatch.setattr(raw_events, "GROUP", 20_000)
    with pytest.raises(KeyboardInterrupt), store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        for part in range(3):
            load.rows(events([(f"{part}-{n}", "u", DAY) for n in range(20_000)]))
        raise KeyboardInterrupt
    assert table(store, "raw_event") == []


def test_a_store_of_the_last_layout_gets_a_column_for_ids_that_are_uuids(tmp_path):
    """Its ids are texts, whatever they look like; they are still the same ids."""
    file = tmp_path / "raw.duckdb"
    keys = ["01890c5e-6f3a-7e2b-8000-00000000000a", "k"]
    store = RawStore(file)
    outcome(store, [[(key, "u", DAY) for key in keys]])
    before = table(store, "raw_event")
    store.cursor().execute("DROP VIEW raw_event")
    store.cursor().execute(
        "CREATE TABLE last AS SELECT coalesce(event_key, CAST(event_uuid AS VARCHAR)) AS event_key, * "
        "EXCLUDE (event_key, event_uuid) FROM event_log; DROP TABLE event_log; ALTER TABLE last RENAME TO event_log; "
        "ALTER TABLE event_log ALTER COLUMN event_key SET NOT NULL; CREATE VIEW raw_event AS FROM event_log"
    )
    store.close()
    store = RawStore(file)
    assert table(store, "raw_event") == before
    assert raw_layout.is_old(store.cursor())
    assert outcome(store, [[(key, "u", DAY) for key in [*keys, "b" + keys[0][1:]]]]) == [(1, 2, 0)]
    assert [r["event_uuid"] is None for r in table(store, "event_log")] == [True, True, False]
    store.close()
    store = RawStore(file)
    assert raw_layout.modernise(store.cursor()) == 0
    assert raw_layout.is_old(store.cursor())
    store.close()


def test_a_new_store_holds_nothing_old(store):
    outcome(store, [[("k", "u", DAY)]])
    assert not raw_layout.is_old(store.cursor())


def test_rows_of_one_block_are_merged_together_however_they_come(store, monkeypatch):
    """The trap: the first part of a block filled a batch, and the line that came first was the later one's repeat."""
    monkeypatch.setattr(raw_events, "BATCH", 2)
    later, earlier = events([("k", "late", DAY), ("x", "u", DAY)]), events([("k", "early", DAY)])
    with store.load(run(1), "app", "jsonl", "a", "raw_event") as load:
        load.rows(later, lines([5, 6]), more=True)
        load.rows(earlier, lines([2]))
    assert load.counts.conflicting == 1
    assert {r["event_key"]: r["user_id"] for r in table(store, "raw_event")} == {"k": "early", "x": "u"}
