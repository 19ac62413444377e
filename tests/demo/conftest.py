"""One small demo for all tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.demo import folder
from data.demo.plan import Scale

SMALL = Scale(testers=60, background_per_day=1500, scrape_s=1800)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a demo with 60 testers and a scrape every half hour."""
    target = tmp_path_factory.mktemp("demo") / "small"
    folder.write(target, SMALL)
    return target


@pytest.fixture(scope="session")
def truth(demo: Path) -> dict:
    return json.loads((demo / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def roster(demo: Path) -> dict[str, dict]:
    """Roster by id."""
    return {row["did"]: row for row in rows(demo / "testers.jsonl")}


def rows(file: Path) -> Iterator[dict]:
    return (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
