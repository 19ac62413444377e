"""A small beta in files, refreshed for real: 24 testers, two weeks, a source each for events, people and merges."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from data import settings, warehouse
from data.programme import ProgrammeStore
from data.refresh import refresh
from data.settings import Settings
from data.warehouse import Snapshot

LAUNCH = date(2026, 3, 2)
MONDAY = datetime(2026, 3, 18, 6, tzinfo=UTC)  # two days after week 2: complete
LATER = datetime(2026, 3, 19, 6, tzinfo=UTC)
TESTERS = 24
SETTINGS = """\
[programme]
name = "Small beta"
launch = 2026-03-02
weeks = 3
timezone = "Europe/Berlin"
storage = "store"
seats = 40

[engagement]
active_events = ["post_view"]
activation_event = "post_created"
features = ["core_gameplay"]

[[sources]]
name = "events"
kind = "jsonl"
path = "events"

[[sources]]
name = "people"
kind = "jsonl"
table = "testers"
path = "testers.jsonl"

[[sources]]
name = "merges"
kind = "jsonl"
table = "identities"
path = "identities.jsonl"

[[targets]]
kpi = "wau"
target = {target}
floor = 5

[[criteria]]
kpi = "wau"
"""


def at(day: int, hour: int = 12, minute: int = 0) -> str:
    """An instant on a programme day (0 = launch), UTC."""
    found = datetime(LAUNCH.year, LAUNCH.month, LAUNCH.day, hour, minute, tzinfo=UTC) + timedelta(days=day)
    return found.isoformat().replace("+00:00", "Z")


class World:
    """The folder of a beta; every method writes files, `snapshot` refreshes and opens the newest snapshot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "events").mkdir(parents=True, exist_ok=True)
        self.target(20)
        self.lines("testers.jsonl", ({"user_id": f"t{i:02d}", "joined_at": at(0, 6), "status": "active",
                                      "wave": "1", "platform": "ios"} for i in range(TESTERS)))  # fmt: skip
        self.merge("nobody", "t00")
        self.events("a.jsonl", ((f"t{i:02d}", day) for i in range(TESTERS) for day in range(14) if (i + day) % 3 == 0))

    def lines(self, name: str, objects: Iterable[dict[str, Any]]) -> None:
        text = "".join(json.dumps(o) + "\n" for o in objects)
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def events(self, name: str, who_and_when: Iterable[tuple[str, int]]) -> None:
        """One screen looked at per tester and programme day."""
        self.lines(f"events/{name}", ({"id": f"{name}-{user}-{day}", "user": user, "event": "post_view", "ts": at(day),
                                       "properties": {}} for user, day in who_and_when))  # fmt: skip

    def merge(self, alias: str, canonical: str) -> None:
        self.lines("identities.jsonl", [{"alias": alias, "canonical": canonical}])

    def target(self, wau: int, more: str = "") -> None:
        (self.folder / "beta.toml").write_text(SETTINGS.replace("{target}", str(wau)) + more, encoding="utf-8")

    @property
    def settings(self) -> Settings:
        return settings.load(self.folder / "beta.toml")

    @property
    def store(self) -> ProgrammeStore:
        return ProgrammeStore(self.settings.storage)

    def snapshot(self, as_of: datetime = MONDAY) -> Snapshot:
        refresh(self.settings, as_of)
        return warehouse.latest(self.settings)
