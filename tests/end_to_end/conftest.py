"""The published demo, written and refreshed once for all test processes."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import settings, warehouse
from data.demo import folder
from data.refresh import refresh
from data.warehouse import Snapshot


def once(target: Path, make) -> None:
    """Run `make` in one of the test processes only; the others wait for it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = target.with_suffix(".done")
        if not done.exists():
            make()
            done.touch()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all test processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def demo(shared: Path) -> Path:
    """Folder of the published demo with a published snapshot."""
    target = shared / "published"

    def make() -> None:
        folder.write(target)
        assert not refresh(settings.load(target / "beta.toml")).errors

    once(target, make)
    return target


@pytest.fixture(scope="session")
def truth(demo: Path) -> dict:
    return json.loads((demo / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def snapshot(demo: Path) -> Iterator[Snapshot]:
    found = warehouse.latest(settings.load(demo / "beta.toml"))
    yield found
    found.close()
