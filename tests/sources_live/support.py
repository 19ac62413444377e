"""Settings with one live source, and what a load left in the raw store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from data.raw import RawStore, Run
from data.settings import Settings

LAUNCH_S = 1_772_409_600  # 2026-03-02 00:00 UTC
KEY = b"k" * 32


def settings(folder: Path, source: dict, *, zone: str = "UTC") -> Settings:
    """Settings with launch on 2 March 2026 and the one source."""
    return Settings.model_validate(
        {
            "programme": {"name": "Test beta", "launch": "2026-03-02", "timezone": zone},
            "engagement": {"active_events": ["post_view"], "activation_event": "post_created"},
            "sources": [source],
            "file": folder / "beta.toml",
        }
    )


def run(config: Settings, load_id: int, as_of_s: float) -> Run:
    return Run(load_id, round(as_of_s * 1e6), config, KEY)


def instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def samples(store: RawStore) -> list[tuple]:
    """(metric, labels, ts_ms, value), sorted."""
    return (
        store.cursor()
        .execute("SELECT metric, labels, ts_ms, value FROM raw_sample JOIN raw_series USING (series_id) ORDER BY ALL")
        .fetchall()
    )


def ledger(store: RawStore) -> list[dict]:
    return store.cursor().table("load_ledger").order("load_id, item").to_arrow_table().to_pylist()


def state(store: RawStore) -> dict[str, dict]:
    rows = store.cursor().table("source_state").to_arrow_table().to_pylist()
    return {row["item"]: row for row in rows}
