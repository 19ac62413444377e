"""A snapshot's content hash does not depend on where its events were folded, refresh after refresh."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.fold.clickhouse import ClickHouse
from data.fold.elsewhere import Elsewhere, Worker
from data.fold.postgres import Postgres
from data.fold.tables import Engine
from data.settings import Settings
from tests.support.raw import contents, make_settings, publish

START = datetime(2026, 3, 2, tzinfo=UTC)
ENGAGEMENT = {"session_cap_hours": 1, "features": ("search",)}  # many runs over the cap
CONFIG = make_settings(engagement=ENGAGEMENT)
HOUR_US = 3_600_000_000
CHANGES = {  # zone -> a launch some days before its clocks are put forward, back, and forward by half an hour
    "Europe/Berlin": date(2026, 3, 23),
    "America/New_York": date(2026, 10, 26),
    "Australia/Lord_Howe": date(2026, 9, 28),
}


def loads(start: datetime = START) -> list[list[dict]]:
    """Three loads over two weeks, the later ones with late events and some ahead of their as_of."""
    dice = random.Random(7)
    return [
        [
            {
                "user_id": dice.choice(["a", "b", "c", "d", None]),
                "event": dice.choice(["post_view", "api_call", "post_created"]),
                "ts_us": round(start.timestamp() * 1e6) + dice.randrange(14 * 24 * 60) * 60_000_000,
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


def published(
    folder: Path, engine: Engine | None, start: datetime = START, config: Settings = CONFIG
) -> list[dict[str, list[tuple]]]:
    """Contents of the snapshots of three refreshes."""
    found = []
    for n, rows in enumerate(loads(start), start=1):
        as_of = start + timedelta(days=5 * n)
        found.append(contents(publish(folder, {"raw_event": rows}, n, as_of=as_of, config=config, engine=engine)))
    return found


def equal(here: list[dict[str, list[tuple]]], there: list[dict[str, list[tuple]]]) -> None:
    for one, other in zip(here, there, strict=True):
        for table in one.keys() - {"meta", "fct_event"}:
            assert one[table] == other[table], table
        assert sorted(one["fct_event"], key=repr) == sorted(other["fct_event"], key=repr)
        assert dict(one["meta"])["content_hash"] == dict(other["meta"])["content_hash"]


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
    equal(here, there)


def across_a_change(zone: str, worker: Worker, folder: Path, landing: Path) -> None:
    """Three refreshes of a beta with a day of 23, 25 or another odd number of hours, here and elsewhere."""
    start = datetime.combine(CHANGES[zone], time(), ZoneInfo(zone)).astimezone(UTC)
    config = make_settings(zone, CHANGES[zone], engagement=ENGAGEMENT)
    engine = Counted(worker, landing)
    here = published(folder / "here", None, start, config)
    odd = {row[0] for row in here[-1]["dim_day"] if row[3] - row[2] != 24 * HOUR_US}
    assert odd & {row[1] for row in here[-1]["fct_tester_day"]}, "nobody was there when the clocks were changed"
    equal(here, published(folder / "there", engine, start, config))
    assert engine.folds >= 3


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("name", ["clickhouse", "postgres"])
def test_days_of_23_and_25_hours_are_the_same_elsewhere(tmp_path: Path, database: str, name: str, zone: str) -> None:
    worker = ClickHouse() if name == "clickhouse" else Postgres(database)
    across_a_change(zone, worker, tmp_path, tmp_path / "landing")
