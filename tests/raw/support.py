"""Small runs, events and views of the raw tables for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa

from data.raw import RawStore, Run
from data.settings import Settings

DAY = 1_772_409_600_000_000  # 2026-03-02 00:00 UTC, launch day
NOW = DAY + 30 * 86_400_000_000

_KEYS = {
    "raw_event": "event_key", "raw_sample": "series_id, ts_ms", "quarantine": "item, line, sha256",
    "load_ledger": "load_id, item",
}  # fmt: skip


def settings(folder: Path | None = None, **parts) -> Settings:
    """The smallest valid settings, with launch on DAY."""
    return Settings.model_validate(
        {
            "programme": {"name": "Test beta", "launch": date(2026, 3, 2)},
            "engagement": {"active_events": ["post_view"], "activation_event": "post_created"},
            "sources": [{"kind": "jsonl", "name": "app", "path": "events"}],
            "file": (folder or Path()) / "beta.toml",
            **parts,
        }
    )


def run(load_id: int = 1, base: Settings | None = None) -> Run:
    return Run(load_id, NOW + load_id, base or settings(), b"k" * 32)


def events(rows: list[tuple[str, str, int]]) -> pa.Table:
    """Events from (key, user, time)."""
    return pa.table(
        {"event_key": [r[0] for r in rows], "user_id": [r[1] for r in rows], "event": ["post_view"] * len(rows),
         "ts_us": [r[2] for r in rows]}
    )  # fmt: skip


def table(store: RawStore, name: str) -> list[dict]:
    """All rows of a raw table, in a fixed order."""
    relation = store.cursor().table(name)
    return (relation.order(_KEYS[name]) if name in _KEYS else relation).to_arrow_table().to_pylist()


def ledger(store: RawStore) -> list[dict]:
    return table(store, "load_ledger")
