"""A small beta on disk: settings and exports in a folder of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data import settings
from data.settings import Settings

KEY = "a key for tests only, long enough"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOML = """\
[programme]
name = "Small beta"
launch = 2026-03-02
timezone = "Europe/Berlin"
storage = "store"
as_of = 2026-03-20T00:00:00Z

[engagement]
active_events = ["post_view", "post_created"]
activation_event = "post_created"

[[sources]]
name = "events"
kind = "jsonl"
path = "events"

[[sources]]
name = "people"
kind = "jsonl"
table = "testers"
path = "testers.jsonl"
"""


def event(user: str, hours: float, name: str = "post_view", **more: Any) -> dict[str, Any]:
    return {"user": user, "event": name, "ts": (START + timedelta(hours=hours)).isoformat(), **more}


EVENTS = [
    event(f"did:plc:user{i % 7}", i * 1.7, ("post_view", "post_created", "api_call")[i % 3], id=f"e{i}")
    for i in range(200)
]
TESTERS = [{"did": f"did:plc:user{i}", "status": "active", "joined_at": START.isoformat()} for i in range(6)]


def write(file: Path, rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


def make(folder: Path, files: dict[str, list[dict[str, Any]]] | None = None, toml: str = TOML) -> Settings:
    """Write settings and exports (default: all events in one file) and load the settings."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "beta.toml").write_text(toml, encoding="utf-8")
    write(folder / "testers.jsonl", TESTERS)
    for name, rows in (files or {"all.jsonl": EVENTS}).items():
        write(folder / "events" / name, rows)
    return settings.load(folder / "beta.toml")


@pytest.fixture(autouse=True)
def one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pseudonyms in every storage, so that storages can be compared."""
    monkeypatch.setenv("BETA_PSEUDONYM_KEY", KEY)


@pytest.fixture
def beta(tmp_path: Path) -> Settings:
    return make(tmp_path)
