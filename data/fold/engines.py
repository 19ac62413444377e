"""The engine that the settings name, ready to fold."""

from __future__ import annotations

from typing import assert_never

from data import settings as config
from data.fold import landing
from data.fold.elsewhere import Elsewhere, Worker
from data.fold.tables import Engine
from data.settings import Fold, Settings

FOLDER = "landing"  # below the storage, unless the settings name another


def engine_of(settings: Settings) -> Engine | None:
    """The engine outside, or None for DuckDB here.

    Raises SettingsError when its client is not installed or a variable it needs is not set.
    """
    fold = settings.fold
    if fold.engine == "duckdb":
        return None
    place = settings.storage / FOLDER if fold.landing is None else (settings.base / fold.landing).resolve()
    return Elsewhere(_worker(fold), landing.place(place, settings.storage))


def _worker(fold: Fold) -> Worker:
    """Libraries are imported only by the engine that needs them."""
    match fold.engine:
        case "postgres":
            from data.fold.postgres import Postgres

            return Postgres(config.secret(fold.dsn_env))
        case "clickhouse":
            from data.fold.clickhouse import ClickHouse

            return ClickHouse()
        case "spark":
            from data.fold.spark import Spark

            return Spark(fold.url or "", config.secret(fold.token_env) if fold.token_env else None)
        case "duckdb":
            raise ValueError("DuckDB folds here, without an engine outside")
        case _:
            assert_never(fold.engine)
