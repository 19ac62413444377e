"""The doctor names what is wrong and what to do, and exits 1 only when something fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data import cli, refresh
from data.settings import Settings
from tests.refresh.conftest import TOML, make, write

ELSEWHERE = """
[[sources]]
name = "db"
kind = "postgres"
dsn_env = "BETA_TEST_DSN"

[[sources]]
name = "metrics"
kind = "prometheus"
url = "http://127.0.0.1:9"
"""


def doctor(settings: Settings | str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    file = settings if isinstance(settings, str) else str(settings.file)
    status = cli.main("data", "", ["doctor", "--settings", file, "--format", "json", *more])
    return status, {r["check"]: r for r in json.loads(capsys.readouterr().out)}


def test_a_healthy_beta(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beta = make(tmp_path, toml=TOML.replace("2026-03-20T00:00:00Z", "2026-03-16T12:00:00Z"))
    refresh.refresh(beta)
    status, found = doctor(beta, capsys)
    assert status == 0
    assert {r["state"] for r in found.values()} == {"ok"}
    assert found["source events"]["found"] == "1 file at events"


def test_before_the_first_refresh_it_says_what_to_run(beta: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = doctor(beta, capsys)
    assert status == 0
    assert found["snapshot"]["state"] == "warn"
    assert found["snapshot"]["do"] == "run `python -m data refresh`"


def test_what_cannot_be_reached_fails_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = make(tmp_path, toml=TOML + ELSEWHERE)
    (tmp_path / "testers.jsonl").unlink()
    status, found = doctor(settings, capsys)
    assert status == 1
    assert {c for c, r in found.items() if r["state"] == "fail"} == {
        "environment BETA_TEST_DSN", "source db", "source metrics", "source people",
    }  # fmt: skip
    assert found["environment BETA_TEST_DSN"]["do"] == "export BETA_TEST_DSN=..."
    assert "connection refused" in found["source metrics"]["found"]
    status, found = doctor(settings, capsys, "--offline")
    assert "source db" not in found


def test_refused_rows_and_thin_coverage_are_warnings(beta: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write(beta.base / "events/all.jsonl", [{"user": "a", "event": "post_view", "ts": "2026-03-03T10:00:00Z"}])
    with (beta.base / "events/all.jsonl").open("a") as out:
        out.write('{"user"\n')
    refresh.refresh(beta)
    status, found = doctor(beta, capsys)
    assert status == 0
    assert found["refused by events"]["found"] == "1 × malformed (first: all.jsonl, line 2)"
    assert found["coverage of events: events"]["state"] == "warn"
    assert "longest gap" in found["coverage of events: events"]["found"]


def test_wrong_settings_are_the_first_and_only_finding(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = doctor("/nowhere/beta.toml", capsys)
    assert status == 1
    assert list(found) == ["settings"]
