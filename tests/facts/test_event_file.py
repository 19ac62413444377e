"""A plain event file opened without settings: the same facts, the users' own ids, nothing silently refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from data.errors import SettingsError, SourceError
from data.event_file import open_events
from data.warehouse import Snapshot

EVENTS = [
    {"user": "ann", "event": "login", "ts": "2012-05-30T22:30:00Z", "properties": {"plan": "pro"}},
    {"user": "ann", "event": "view", "ts": "2012-06-02T10:00:00Z"},
    {"user": "bob", "event": "view", "ts": "2012-06-01T10:00:00Z"},
    {"user": "annie", "event": "buy", "ts": "2012-06-03T10:00:00+02:00"},
]


def write(folder: Path, events: list[dict[str, Any]] | None = None, name: str = "events.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(e) + "\n" for e in (EVENTS if events is None else events)), encoding="utf-8")
    return file


def rows(snapshot: Snapshot, query: str) -> list[tuple]:
    return snapshot._con.cursor().execute(query).fetchall()


def test_everybody_in_the_file_is_a_tester_under_the_own_id(tmp_path: Path) -> None:
    snapshot = open_events(write(tmp_path))
    assert snapshot.meta["roster"] == "events"
    found = rows(snapshot, "SELECT tester_id, on_roster, accepted_us = first_active_us FROM dim_tester ORDER BY 1")
    assert found == [("ann", True, True), ("annie", True, True), ("bob", True, True)]
    assert rows(snapshot, "SELECT event, is_active FROM dim_event ORDER BY 1") == [
        ("buy", True), ("login", True), ("view", True),
    ]  # fmt: skip


def test_old_events_are_not_refused_as_too_old(tmp_path: Path) -> None:
    snapshot = open_events(write(tmp_path))
    assert rows(snapshot, "SELECT sum(read), sum(accepted), sum(quarantined) FROM fct_load") == [(4, 4, 0)]
    assert snapshot.meta["launch"] == "2012-05-30"
    assert snapshot.as_of == datetime(2012, 6, 4, tzinfo=UTC)  # every day in the file is over


def test_days_follow_the_zone(tmp_path: Path) -> None:
    snapshot = open_events(write(tmp_path), timezone="Europe/Berlin")
    assert snapshot.meta["launch"] == "2012-05-31"  # 00:30 in Berlin
    assert open_events(write(tmp_path), from_date=date(2012, 5, 28)).meta["launch"] == "2012-05-28"


def test_aliases_exclusions_and_active_events(tmp_path: Path) -> None:
    (tmp_path / "merge.csv").write_text("alias,user\nannie,ann\n", encoding="utf-8")
    (tmp_path / "out.txt").write_text("bob\n\n", encoding="utf-8")
    snapshot = open_events(
        write(tmp_path), merge=tmp_path / "merge.csv", exclude=tmp_path / "out.txt", active_events=["view", "buy"]
    )
    query = "SELECT tester_id, excluded_reason, first_active_us FROM dim_tester ORDER BY 1"
    first = round(datetime(2012, 6, 2, 10, tzinfo=UTC).timestamp() * 1e6)
    assert rows(snapshot, query)[0] == ("ann", None, first)
    assert rows(snapshot, query)[1][:2] == ("bob", "staff")
    same = open_events(write(tmp_path), merge={"annie": "ann"}, exclude=["bob"], active_events=["view", "buy"])
    assert rows(same, query) == rows(snapshot, query)


def test_as_of_judges_and_before_cuts(tmp_path: Path) -> None:
    noon = datetime(2012, 6, 1, 12, tzinfo=UTC)
    snapshot = open_events(write(tmp_path), as_of=noon)
    assert snapshot.as_of == noon
    assert rows(snapshot, "SELECT count(*) FROM fct_event") == [(4,)]
    assert rows(snapshot, "SELECT max(local_date) FROM dim_day WHERE is_over") == [(date(2012, 5, 31),)]
    assert rows(open_events(write(tmp_path), as_of=noon, before=noon), "SELECT count(*) FROM fct_event") == [(2,)]


def test_properties_and_refused_lines_are_there_to_see(tmp_path: Path) -> None:
    file = write(tmp_path)
    with file.open("a") as out:
        out.write('{"user": "x", "event"\n')
    snapshot = open_events(file)
    found = rows(snapshot, "SELECT properties ->> '$.plan' FROM fct_event WHERE properties IS NOT NULL")
    assert found == [("pro",)]
    assert rows(snapshot, "SELECT reason, rows, first_line FROM fct_quarantine") == [("malformed", 1, 5)]


def test_another_shape(tmp_path: Path) -> None:
    file = write(tmp_path, [{"messageId": "1", "type": "track", "userId": "ann", "event": "view",
                             "timestamp": "2026-03-02T10:00:00Z"}])  # fmt: skip
    assert rows(open_events(file, shape="segment"), "SELECT tester_id FROM dim_tester") == [("ann",)]


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"timezone": "Mars/Base"}, SettingsError, 'timezone: "Mars/Base" is no IANA time zone'),
        ({"shape": "sgment"}, SettingsError, "shape: input should be"),
        ({"merge": "none.csv"}, SourceError, "none.csv: cannot be read: No such file"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, change: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match="(?i)" + says.replace("(", r"\(")):
        open_events(write(tmp_path), **change)


def test_a_missing_an_empty_and_a_nameless_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nope\.jsonl: no such event file"):
        open_events(tmp_path / "nope.jsonl")
    with pytest.raises(SourceError, match="holds no event of a named user"):
        open_events(write(tmp_path, []))
    with pytest.raises(SourceError, match=r"bad\.csv:1: needs two columns"):
        (tmp_path / "bad.csv").write_text("just one\n")
        open_events(write(tmp_path), merge=tmp_path / "bad.csv")
