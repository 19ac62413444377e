"""One person's data: handed over whole, and gone from every byte when asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data import cli, erasure, refresh, warehouse
from data.privacy import pseudonym
from data.programme import ProgrammeStore
from data.settings import Settings
from tests.refresh.conftest import EVENTS, TESTERS, TOML, event, make, write

VICTIM, ALIAS, OTHER = "did:plc:victimvictim", "did:web:oldname", "did:plc:user1"
MORE = """
[[sources]]
name = "feedback"
kind = "jsonl"
table = "feedback"
path = "feedback.jsonl"

[[sources]]
name = "identities"
kind = "jsonl"
table = "identities"
path = "identities.jsonl"
"""


def fill(folder: Path) -> None:
    own = [event(VICTIM, 5, id="v1"), event(ALIAS, 3, "post_created", id="v2", properties={"component": "victimpart"})]
    about = [event(OTHER, 6, id="o1", properties={"testerId": VICTIM, "screen": "x"})]
    write(folder / "events/all.jsonl", [*EVENTS, *own, *about])
    with (folder / "events/all.jsonl").open("a") as out:
        out.write(f'{{"user": "{VICTIM}", "event": "cut\n')
    write(folder / "testers.jsonl", [*TESTERS, {"did": VICTIM, "status": "active", "invited_by": OTHER},
                                     {"did": "did:plc:guest", "status": "active", "invited_by": VICTIM}])  # fmt: skip
    write(folder / "feedback.jsonl", [
        {"id": 1, "user_id": VICTIM, "type": "bug", "title": "mine", "description": "victimtext", "status": "new",
         "created_at": "2026-03-04T10:00:00Z", "updated_at": "2026-03-04T10:00:00Z"},
    ])  # fmt: skip
    write(folder / "identities.jsonl", [{"alias": ALIAS, "canonical": VICTIM}])


@pytest.fixture
def beta(tmp_path: Path) -> Settings:
    settings = make(tmp_path, toml=TOML + MORE)
    fill(tmp_path)
    assert refresh.refresh(settings).errors == ()
    return settings


def held_in(folder: Path, *words: str) -> list[str]:
    """Files whose bytes hold one of the words."""
    files = [f for f in folder.rglob("*") if f.is_file()]
    return [f.name for f in files if any(w.encode() in f.read_bytes() for w in words)]


def test_export_holds_everything_of_one_person_and_nothing_of_others(beta: Settings, tmp_path: Path) -> None:
    out = tmp_path / "export.json"
    status = cli.main("data", "", ["export", "--settings", str(beta.file), "--tester", ALIAS, "--out", str(out)])
    assert status == 0
    found = json.loads(out.read_text())
    assert found["ids"] == [VICTIM, ALIAS]
    counts = {k: len(v) for k, v in found.items() if isinstance(v, list) and k != "ids"}
    assert counts == {"events": 2, "feedback": 1, "feedback_status": 1, "flags": 0, "identities": 1, "invitations": 0,
                      "quarantine": 1, "testers": 1}  # fmt: skip
    assert {e["user_id"] for e in found["events"]} == {VICTIM, ALIAS}
    assert out.stat().st_mode & 0o077 == 0


def test_a_pseudonym_finds_the_person_too(beta: Settings, tmp_path: Path) -> None:
    name = pseudonym(refresh.storage_key(beta), VICTIM)
    out = tmp_path / "export.json"
    assert cli.main("data", "", ["export", "--settings", str(beta.file), "--tester", name, "--out", str(out)]) == 0
    assert json.loads(out.read_text())["pseudonym"] == name


def test_somebody_unknown_is_refused_in_words(
    beta: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ["--settings", str(beta.file), "--tester", "nobody"]
    assert cli.main("data", "", ["erase", *args]) == 1
    assert 'no tester "nobody" is held' in capsys.readouterr().err
    assert len(warehouse.snapshot_files(beta)) == 1


def test_erasing_leaves_no_byte_behind(beta: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    name = pseudonym(refresh.storage_key(beta), VICTIM)
    words = (VICTIM, ALIAS, "victimtext", "victimpart", name)
    assert {"raw.duckdb"} < set(held_in(beta.storage, *words))
    assert "raw.duckdb" in held_in(beta.storage, "victimpart")
    assert cli.main("data", "", ["erase", "--settings", str(beta.file), "--tester", VICTIM]) == 0
    assert f"erased {name} (2 ids)" in capsys.readouterr().out
    assert held_in(beta.storage, *words) == []
    con = warehouse.latest(beta)._con.cursor()
    assert con.execute("SELECT count(*) FROM fct_event").fetchone() == (len(EVENTS) + 1,)  # the other's event stays
    assert con.execute("SELECT count(*) FROM fct_feedback").fetchone() == (0,)
    assert con.execute("SELECT sum(rows) FROM fct_quarantine").fetchone() == (1,)  # still counted as refused


def close(beta: Settings, week: int, snapshot_id: str) -> int:
    return ProgrammeStore(beta.storage).close_week(
        week=week, snapshot_id=snapshot_id, content_hash="c", settings_hash="s", frozen='{"wau":1}', sha256="f",
        files={}, author="ann", at="2026-03-16T06:00:00Z",
    )  # fmt: skip


def test_snapshots_of_closed_weeks_are_named_when_they_go(beta: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (old,) = warehouse.snapshot_files(beta)
    frozen = [close(beta, 1, old.stem), close(beta, 2, old.stem), close(beta, 3, "beta-gone-already")]
    command = ["erase", "--settings", str(beta.file), "--tester"]
    assert cli.main("data", "", [*command, VICTIM]) == 0
    said = capsys.readouterr().out
    assert "older snapshots are gone: 1\namong them the snapshots of closed weeks: 1, 2; their frozen figures" in said
    assert not old.exists()
    assert [c["frozen"] for c in ProgrammeStore(beta.storage).closings()] == [{"wau": 1}] * len(frozen)
    assert cli.main("data", "", [*command, OTHER, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["snapshots_removed"], found["closed_weeks_without_snapshot"]) == (1, [])


def test_an_old_export_does_not_bring_the_person_back(beta: Settings) -> None:
    erasure.erase(beta, ALIAS)
    for file in (beta.base / "events").iterdir():  # the same content under new names, read again in full
        file.rename(file.with_name(f"again-{file.name}"))
    text = (beta.base / "testers.jsonl").read_text()
    (beta.base / "testers.jsonl").write_text(text + "\n")
    fresh = [event(VICTIM, 9, id="v9"), event(OTHER, 9, id="o9")]
    write(beta.base / "events/new.jsonl", fresh)
    with (beta.base / "events/new.jsonl").open("a") as out:
        out.write(f'{{"user": "{VICTIM}", "event": "cut again\n')
    done = refresh.refresh(beta)
    assert done.errors == ()
    assert held_in(beta.storage, VICTIM, ALIAS, "victimtext") == []
    con = warehouse.latest(beta)._con.cursor()
    assert con.execute("SELECT count(*) FROM fct_event").fetchone() == (len(EVENTS) + 2,)
    roster = con.execute("SELECT count(*) FROM dim_tester WHERE on_roster").fetchone()
    assert roster == (len(TESTERS) + 1,)


def test_an_erasure_cut_short_is_finished_by_asking_again(beta: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(raw: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "_renew", cut)
        with pytest.raises(KeyboardInterrupt):
            erasure.erase(beta, VICTIM)
    erasure.erase(beta, VICTIM)
    assert held_in(beta.storage, VICTIM, "victimtext") == []


def test_every_other_figure_stays_as_it_was(tmp_path: Path) -> None:
    with_victim = make(tmp_path / "one", toml=TOML + MORE)
    fill(tmp_path / "one")
    refresh.refresh(with_victim)
    erasure.erase(with_victim, VICTIM)
    query = (
        "SELECT tester_id, day_n, events, active_events, sessions FROM fct_tester_day "
        "JOIN dim_tester USING (tester_key) ORDER BY ALL"
    )
    after = warehouse.latest(with_victim)._con.cursor().execute(query).fetchall()
    without = make(tmp_path / "two")
    write(tmp_path / "two/events/all.jsonl", [*EVENTS, event(OTHER, 6, id="o1")])
    refresh.refresh(without)
    assert after == warehouse.latest(without)._con.cursor().execute(query).fetchall()
