"""A snapshot's content hash does not depend on where its events were folded, refresh after refresh."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.fold.clickhouse import ClickHouse
from data.fold.elsewhere import Elsewhere
from data.fold.postgres import Postgres
from data.fold.tables import Engine
from tests.support.raw import contents, make_settings, publish

START = datetime(2026, 3, 2, tzinfo=UTC)
START_US = round(START.timestamp() * 1e6)
CONFIG = make_settings(engagement={"session_cap_hours": 1, "features": ("search",)})  # many runs over the cap


def loads() -> list[list[dict]]:
    """Three loads over two weeks, the later ones with late events and some ahead of their as_of."""
    dice = random.Random(7)
    return [
        [
            {
                "user_id": dice.choice(["a", "b", "c", "d", None]),
                "event": dice.choice(["post_view", "api_call", "post_created"]),
                "ts_us": START_US + dice.randrange(14 * 24 * 60) * 60_000_000,
                "duration_ms": dice.choice([None, dice.random() * 2000]),
                "status": dice.choice([200, 500, None]),
                "feature": dice.choice([None, "search"]),
                "platform": dice.choice([None, "ios", "web"]),
                "properties": '{"k":"it\'s \\"größe\\""}',
            }
            for _ in range(1500)
        ]
        for _ in range(3)
    ]


def published(folder: Path, engine: Engine | None) -> list[dict[str, list[tuple]]]:
    """Contents of the snapshots of three refreshes."""
    found = []
    for n, rows in enumerate(loads(), start=1):
        as_of = START + timedelta(days=5 * n)
        found.append(contents(publish(folder, {"raw_event": rows}, n, as_of=as_of, config=CONFIG, engine=engine)))
    return found


class Counted(Elsewhere):
    """An engine that says how often it was asked."""

    folds = 0

    def fold(self, con: Any, parameters: dict[str, int]) -> None:
        self.folds += 1
        super().fold(con, parameters)


@pytest.mark.parametrize("name", ["clickhouse", "postgres"])
def test_three_refreshes_elsewhere_equal_three_here(tmp_path: Path, database: str, name: str) -> None:
    workers: dict[str, Callable] = {"clickhouse": ClickHouse, "postgres": lambda: Postgres(database)}
    engine = Counted(workers[name](), tmp_path / "landing")
    here, there = published(tmp_path / "here", None), published(tmp_path / "there", engine)
    assert engine.folds >= 3
    for one, other in zip(here, there, strict=True):
        for table in one.keys() - {"meta", "fct_event"}:
            assert one[table] == other[table], table
        assert sorted(one["fct_event"], key=repr) == sorted(other["fct_event"], key=repr)
        assert dict(one["meta"])["content_hash"] == dict(other["meta"])["content_hash"]
