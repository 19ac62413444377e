"""`[fold] engine` in beta.toml: the refresh folds there, and says in one line what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import settings as config
from data.commands import doctor
from data.errors import SettingsError, SnapshotError
from data.fold.clickhouse import ClickHouse
from data.fold.landing import Run
from data.refresh import refresh
from data.warehouse import latest, snapshot_files
from tests.end_to_end import small_beta

USERS = ("ann", "bob", "cy", "größe")
EVENTS = [small_beta.event(user, day + n / 50) for user in USERS for day in range(9) for n in range(3)]
LATER = small_beta.event("ann", 20)


def beta(folder: Path, fold: str, events: list[dict] = EVENTS) -> Path:
    """A small beta with a [fold] table in its settings."""
    folder.mkdir(exist_ok=True)
    return small_beta.write(folder, events, [small_beta.tester(user) for user in USERS], more=f"[fold]\n{fold}")


def content_hash(file: Path) -> str:
    refresh(config.load(file))
    return latest(config.load(file)).meta["content_hash"]


def test_the_same_settings_with_another_engine_give_the_same_hash(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BETA_FOLD_DSN", database)
    monkeypatch.setenv("BETA_PSEUDONYM_KEY", "one key for all three")
    found = {
        engine: content_hash(beta(tmp_path / engine, f'engine = "{engine}"'))
        for engine in ("duckdb", "clickhouse", "postgres")
    }
    assert len(set(found.values())) == 1, found
    assert not list((tmp_path / "clickhouse").rglob("run-*"))


def test_an_engine_that_dies_leaves_the_last_snapshot_and_the_next_refresh_clears_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = config.load(beta(tmp_path, 'engine = "clickhouse"'))
    refresh(settings)
    before = latest(settings).id

    def died(self: ClickHouse, run: Run, texts: object) -> None:
        (run.out / "event").mkdir()
        raise KeyboardInterrupt

    beta(tmp_path, 'engine = "clickhouse"', [*EVENTS, LATER])
    with monkeypatch.context() as patch:
        patch.setattr(ClickHouse, "work", died)
        with pytest.raises(KeyboardInterrupt):
            refresh(settings)
    assert latest(settings).id == before
    refresh(settings)
    assert latest(settings).id != before
    assert len(snapshot_files(settings)) == 2


def test_what_is_missing_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    settings = config.load(beta(tmp_path, 'engine = "postgres"\ndsn_env = "NOT_SET_ANYWHERE"'))
    with pytest.raises(SettingsError, match="environment variable NOT_SET_ANYWHERE is not set"):
        refresh(settings)
    found = {f.check: f.state for f in doctor.examine(str(settings.file), ask=False)}
    assert found["fold on postgres"] == "fail"
    assert not (settings.storage / "raw.duckdb").exists()


def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BETA_FOLD_DSN", "postgresql://u:hunter2@127.0.0.1:1/x")
    settings = config.load(beta(tmp_path, 'engine = "postgres"'))
    with pytest.raises(SnapshotError, match="fold on postgres: ") as told:
        refresh(settings)
    assert "hunter2" not in str(told.value)
