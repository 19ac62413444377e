"""`python -m kpis report` writes the files and lists each with its size and sum."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from data import warehouse
from data.cli import main
from kpis import closing
from kpis.model import Review
from tests.support import facts

SETTINGS = """\
[programme]
name = "Test"
launch = 2026-03-02

[engagement]
active_events = ["post_view"]
activation_event = "post_view"

[[sources]]
name = "events"
kind = "jsonl"
path = "events"
"""


@pytest.fixture
def settings(tmp_path: Path, review: Review, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "beta.toml").write_text(SETTINGS, encoding="utf-8")
    opened = facts.snapshot()
    opened.id = review.snapshot_id
    monkeypatch.setattr(warehouse, "latest", lambda known: opened)
    monkeypatch.setattr(closing, "build", lambda snapshot, store, week=None: review)
    return tmp_path / "beta.toml"


def test_lists_every_file_with_size_and_sum(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = settings.parent / "out"
    asked = ["report", "--settings", str(settings), "--week", "4", "--out", str(out), "--format", "json"]
    assert main("kpis", "", [*asked, "--format-files", "json, xlsx"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["week"], told["snapshot"]) == (4, "beta-20260402T060000Z-0a1b2c3d")
    assert [Path(f["file"]).name for f in told["files"]] == ["evaluation-week-4.json", "evaluation-week-4.xlsx"]
    for row in told["files"]:
        content = Path(row["file"]).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_an_unknown_format_ends_with_one_line(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["report", "--settings", str(settings), "--out", str(settings.parent), "--format-files", "docx"]
    assert main("kpis", "", asked) == 1
    error = capsys.readouterr().err
    assert error == 'error: there is no report format "docx"; known: html, pdf, xlsx, json, md\n'
