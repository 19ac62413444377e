"""What people wrote is never lost and never silently changed."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import pytest

from data import programme
from data.errors import SnapshotError
from data.programme import FILE, ProgrammeStore

AT = "2026-03-16T09:00:00Z"
CLOSING = dict(week=2, snapshot_id="beta-x", content_hash="c", settings_hash="s", frozen='{"v": 1}', sha256="f",
               files={"a.pdf": "00"}, author="ann", at=AT)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> ProgrammeStore:
    return ProgrammeStore(tmp_path)


def test_reading_before_anything_was_written_makes_no_file(store: ProgrammeStore) -> None:
    assert store.entries() == [] and store.closings() == [] and store.closed(1) is None
    assert not store.file.exists()


def test_an_open_action_is_carried_over_until_done(store: ProgrammeStore) -> None:
    action = store.write(
        kind="action", week=1, text="Raise the pool", owner="bo", due="2026-03-20", author="ann", at=AT
    )
    store.write(kind="note", week=1, text="Quiet week", author="ann", at=AT)
    assert [a["id"] for a in store.open_actions(3)] == [action]
    store.done(action, author="bo", at=AT)
    assert store.open_actions(3) == []
    assert [e["done_by"] for e in store.entries(1) if e["kind"] == "action"] == ["bo"]


def test_an_action_of_a_later_week_is_not_carried_back(store: ProgrammeStore) -> None:
    store.write(kind="action", week=3, text="later", author="ann", at=AT)
    assert store.open_actions(2) == []


def test_a_withdrawn_entry_is_not_shown(store: ProgrammeStore) -> None:
    store.withdraw(store.write(kind="note", week=1, text="wrong", author="ann", at=AT), at=AT)
    assert store.entries() == []


def test_a_week_closes_once_and_reopens_only_with_a_reason(store: ProgrammeStore) -> None:
    store.close_week(**CLOSING)
    assert store.closed(2)["frozen"] == {"v": 1}
    with pytest.raises(SnapshotError, match="week 2 is closed already"):
        store.close_week(**CLOSING)
    with pytest.raises(SnapshotError, match="at least ten characters"):
        store.reopen_week(2, reason="oops", author="ann", at=AT)
    store.reopen_week(2, reason="late events of the outage", author="ann", at=AT)
    assert store.closed(2) is None
    store.close_week(**CLOSING)
    assert [c["reopen_reason"] for c in store.closings()] == ["late events of the outage", None]


def test_reopening_an_open_week_is_refused(store: ProgrammeStore) -> None:
    with pytest.raises(SnapshotError, match="week 1 is not closed"):
        store.reopen_week(1, reason="long enough reason", author="ann", at=AT)


def test_a_waiver_needs_a_name_and_a_reason(store: ProgrammeStore) -> None:
    with pytest.raises(SnapshotError):
        store.waive(kpi="error_ratio", week=4, name="", reason="accepted for launch", at=AT)
    with pytest.raises(SnapshotError):
        store.waive(kpi="error_ratio", week=4, name="ann", reason="ok", at=AT)
    store.waive(kpi="error_ratio", week=4, name="ann", reason="accepted for launch", at=AT)
    assert [w["kpi"] for w in store.waivers()] == ["error_ratio"]


def test_the_newest_word_on_an_incident_counts(store: ProgrammeStore) -> None:
    word = dict(detector="error_spike", start_us=5, category="", author="ann", at=AT)
    store.name_incident(name="noise", verdict="dismissed", **word)
    store.name_incident(name="migration outage", verdict="confirmed", **word)
    assert [(i["name"], i["verdict"]) for i in store.incident_names()] == [("migration outage", "confirmed")]


def test_quotes_and_statements_in_texts_stay_texts(store: ProgrammeStore) -> None:
    text = "'); DROP TABLE entry; --"
    store.write(kind="note", week=1, text=text, author="ann", at=AT)
    assert store.entries()[0]["text"] == text


def test_many_writers_at_once_lose_nothing(store: ProgrammeStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: store.write(kind="note", week=1, text=f"n{i}", author="a", at=AT), range(40)))
    assert len(store.entries()) == 40


def test_the_first_writer_waits_for_another_instead_of_failing_at_once(store: ProgrammeStore) -> None:
    with closing(sqlite3.connect(store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            written = pool.submit(store.write, kind="note", week=1, text="first", author="a", at=AT)
            wait([written], timeout=0.3)
            other.execute("COMMIT")
            written.result()
    assert [e["text"] for e in store.entries()] == ["first"]


def test_a_file_held_by_another_is_not_called_damaged(store: ProgrammeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(kind="note", week=1, text="first", author="a", at=AT)
    monkeypatch.setattr(programme, "WAIT_SECONDS", 0)
    with closing(sqlite3.connect(store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SnapshotError, match="another process has held it") as told:
            store.write(kind="note", week=1, text="second", author="a", at=AT)
    assert "backup" not in str(told.value)


def test_a_damaged_file_is_named(store: ProgrammeStore) -> None:
    store.file.parent.mkdir(parents=True, exist_ok=True)
    store.file.write_bytes(b"not a database" * 100)
    with pytest.raises(SnapshotError, match=FILE):
        store.entries()
