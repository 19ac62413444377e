"""Events folded in pieces, in any order and over any refreshes, give what folding all of them at once gives."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import event_parts, facts_events, snapshots
from data.errors import SnapshotError
from data.warehouse import Snapshot
from tests.support.raw import contents, make_settings, publish

START = datetime(2026, 3, 2, tzinfo=UTC)
START_US = round(START.timestamp() * 1e6)
MINUTE_US = 60_000_000
# short sessions, so that many runs are cut by the cap
CONFIG = make_settings(engagement={"session_idle_minutes": 30, "session_cap_hours": 1, "features": ("search",)})

EVENT = st.fixed_dictionaries(
    {
        "user_id": st.sampled_from(["a", "b", None]),
        "event": st.sampled_from(["post_view", "post_created", "api_call"]),
        "ts_us": st.integers(0, 40).map(lambda t: START_US + t * 12 * MINUTE_US),
        "duration_ms": st.sampled_from([None, 0.1, 0.25, 1500.0625]),
        "platform": st.sampled_from([None, "ios", "web"]),
        "feature": st.sampled_from([None, "search"]),
    }
)


def sessions(events: list[dict[str, Any]]) -> list[tuple[str, int, int, int]]:
    """Sessions in plain Python: user, start, end, events."""
    found = []
    for user in ("a", "b"):
        times = sorted(e["ts_us"] for e in events if e["user_id"] == user and e["event"] != "api_call")
        current: list[int] = []
        for at in times:
            if current and (at - current[-1] > 30 * MINUTE_US or at - current[0] > 60 * MINUTE_US):
                found.append((user, current[0], current[-1], len(current)))
                current = []
            current.append(at)
        if current:
            found.append((user, current[0], current[-1], len(current)))
    return sorted(found)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(EVENT, max_size=10), min_size=1, max_size=4), st.data())
def test_pieces_and_refreshes_equal_one_build(
    monkeypatch: pytest.MonkeyPatch, loads: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    """Late events, events ahead of as_of, new testers, runs that join, runs over the cap, small files put together."""
    hours = sorted(data.draw(st.lists(st.integers(1, 10), min_size=len(loads), max_size=len(loads))))
    with tempfile.TemporaryDirectory() as folder:
        for n, (events, hour) in enumerate(zip(loads, hours, strict=True), start=1):
            monkeypatch.setattr(facts_events, "PIECE", 3)
            monkeypatch.setattr(event_parts, "TOGETHER", 2)
            as_of = START + timedelta(hours=hour)
            rows = [{**e, "event_key": f"{n}-{i}"} for i, e in enumerate(events)]
            step = contents(publish(Path(folder), {"raw_event": rows}, n, as_of=as_of, config=CONFIG))
        monkeypatch.setattr(facts_events, "PIECE", 10**6)
        for file in (Path(folder) / "data/local/snapshots").iterdir():
            file.unlink()
        whole = contents(publish(Path(folder), {}, n, as_of=as_of, config=CONFIG, rebuild=True))
        for table in step.keys() - {"meta", "fct_load"}:  # the ledger has a second row from this test
            assert step[table] == whole[table], table
        assert dict(step["meta"])["content_hash"] == dict(whole["meta"])["content_hash"]
        names = {r[0]: r[1].removeprefix("name of ") for r in whole["dim_tester"]}
        due = [e for load in loads for e in load if e["ts_us"] < START_US + hour * 60 * MINUTE_US]
        assert sorted((names[s[0]], s[1], s[2], s[4]) for s in step["fct_session"]) == sessions(due)
        assert len(step["fct_event"]) == sum(e["user_id"] is not None for e in due)


def event(user: str, minute: int) -> dict[str, Any]:
    return {"user_id": user, "event": "post_view", "ts_us": START_US + minute * MINUTE_US}


def test_a_refresh_writes_the_new_events_only(tmp_path: Path) -> None:
    publish(tmp_path, {"raw_event": [event("a", n) for n in range(50)]}, 1)
    first = {f.name for f in (tmp_path / "data/local/events").iterdir()}
    file = publish(tmp_path, {"raw_event": [event("b", 1)]}, 2)
    second = {f.name for f in (tmp_path / "data/local/events").iterdir()}
    assert len(first) == 1
    assert first < second
    assert sorted(r[1] for r in Snapshot.open(file)._con.execute("FROM fct_event_part").fetchall()) == [1, 50]


def test_an_older_snapshot_reads_its_own_events_after_files_were_put_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_parts, "TOGETHER", 2)
    files = [publish(tmp_path, {"raw_event": [event("a", n)]}, n) for n in (1, 2, 3)]
    assert [len(contents(f)["fct_event"]) for f in files] == [1, 2, 3]


def test_files_of_events_go_with_the_last_snapshot_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "KEEP", 1)
    monkeypatch.setattr(event_parts, "TOGETHER", 2)
    for n in (1, 2, 3, 4):
        file = publish(tmp_path, {"raw_event": [event("a", n)]}, n)
    named = {r[0] for r in Snapshot.open(file)._con.execute("FROM fct_event_part").fetchall()}
    assert {f.name for f in (tmp_path / "data/local/events").iterdir()} == named


def test_a_missing_file_of_events_is_told_and_the_next_refresh_mends_it(tmp_path: Path) -> None:
    file = publish(tmp_path, {"raw_event": [event("a", 1)]}, 1)
    for part in (tmp_path / "data/local/events").iterdir():
        part.unlink()
    with pytest.raises(SnapshotError, match=r"events/events-\w+\.parquet is missing, and events are in it"):
        Snapshot.open(file)
    assert len(contents(publish(tmp_path, {"raw_event": [event("a", 2)]}, 2))["fct_event"]) == 2


def test_a_build_that_fails_leaves_no_file_of_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("data.facts.Builder.check", broken)
    with pytest.raises(KeyboardInterrupt):
        publish(tmp_path, {"raw_event": [event("a", 1)]}, 1)
    assert not list((tmp_path / "data/local/events").iterdir())


def test_a_snapshot_reads_its_own_files_and_no_other(tmp_path: Path) -> None:
    file = publish(tmp_path, {"raw_event": [event("a", 1)]}, 1)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    con = Snapshot.open(file)._con.cursor()
    with pytest.raises(Exception, match="disabled by configuration"):
        con.execute("SELECT count(*) FROM read_csv($file)", {"file": str(tmp_path / "secret.csv")})
