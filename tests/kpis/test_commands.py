"""`python -m kpis values` and `catalogue`: the names scripts rely on, and what goes wrong in words."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from data import cli, settings, warehouse
from tests.kpis.support import active, person, snapshot

KEYS = [
    *("id", "title", "unit", "week", "value", "numerator", "denominator", "n", "low", "high", "interval", "target"),
    *("floor", "target_proposed", "verdict", "state", "reason", "as_of", "revision", "coverage", "not_yet_measurable"),
    *("measurable_on", "start", "end", "flags"),
]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One snapshot in the place of the newest, and an empty storage."""
    snap = snapshot(dict(dim_tester=[person(1, 1)], fct_tester_day=active(1, 1, 8)))
    monkeypatch.setattr(settings, "load", lambda path: SimpleNamespace(storage=tmp_path))
    monkeypatch.setattr(warehouse, "latest", lambda found: snap)


def run(*argv: str) -> int:
    return cli.main("kpis", "test", list(argv))


def test_values_json(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("values", "--week", "1", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(list(r) == KEYS for r in rows)
    assert len(rows) == 27
    wau = rows[0]
    assert (wau["id"], wau["value"], wau["week"], wau["verdict"], wau["state"]) == (
        "wau",
        1.0,
        1,
        "cannot tell",
        "complete",
    )
    assert (wau["start"], wau["end"], wau["as_of"]) == ("2026-03-02", "2026-03-08", "2026-04-02T00:00:00+00:00")
    assert rows[10]["value"] is None


def test_values_of_one_kpi(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("values", "--kpi", "wau", "--kpi", "dau", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(r["id"], r["week"]) for r in rows] == [("wau", str(w)) for w in range(1, 5)] + [
        ("dau", str(w)) for w in range(1, 5)
    ]
    assert run("values", "--week", "1") == 0
    assert "n = 1 of at least 20 testers on the roster" in capsys.readouterr().out


def test_values_errors(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("values", "--week", "7") == 1
    assert capsys.readouterr().err == "error: week 7: the programme has weeks 1 to 4\n"
    assert run("values", "--kpi", "wua") == 1
    assert capsys.readouterr().err == 'error: there is no KPI "wua" (did you mean "wau"?)\n'


def test_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("catalogue", "--format", "json") == 0
    entries = json.loads(capsys.readouterr().out)
    assert len(entries) == 27
    assert entries[0]["queries"] == ["queries/measures/active_testers.sql"]
    assert {e["source"] for e in entries} == {"events", "samples", "feedback", "invitations", "testers"}
    assert run("catalogue", "--write", str(tmp_path / "kpis.md")) == 0
    assert "### Weekly active testers (`wau`)" in (tmp_path / "kpis.md").read_text()
    assert run("catalogue", "--write", str(tmp_path / "no" / "kpis.md")) == 1
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
