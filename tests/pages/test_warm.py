"""A new snapshot is shown when it is ready, and nobody waits for it longer than a moment."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from pages.parts import warm

OLD, NEW, NEWER = (Path(f"beta-{n}.duckdb") for n in (1, 2, 3))


class House:
    """Snapshots that are made ready when `gate` is opened."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.answered: list[tuple[str, str]] = []
        self.asked = warm.Asked()
        self.gone: list[Path] = []
        self.warmer = warm.Warmer(self.asked, lambda file: SimpleNamespace(id=file.stem), self.gone.append)

    def ask(self, of: Path, name: str) -> None:
        def answer(found: SimpleNamespace) -> None:
            assert self.gate.wait(10)
            if name == "broken":
                raise ValueError(name)
            self.answered.append((found.id, name))

        self.asked.note(of.stem, name, answer)

    def ready(self) -> None:
        """Let the snapshot in the making come to its end."""
        job = self.warmer._job
        self.gate.set()
        assert job is None or job.done.wait(10)
        self.gate.clear()


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(warm, "PATIENCE_S", 0.01)
    return House()


def test_the_first_snapshot_is_shown_at_once(house: House) -> None:
    assert house.warmer.choose([OLD, NEW]) == NEW


def test_the_one_before_is_shown_until_the_new_one_has_answered_the_same(house: House) -> None:
    assert house.warmer.choose([OLD]) == OLD
    for name in ("review", "broken", "retention"):
        house.ask(OLD, name)
    assert [house.warmer.choose([OLD, NEW]) for _ in range(3)] == [OLD] * 3
    house.ready()
    assert house.warmer.choose([OLD, NEW]) == NEW
    assert house.answered == [("beta-2", "retention"), ("beta-2", "review")]  # what was asked last comes first
    assert house.gone == [OLD]


def test_a_snapshot_that_is_ready_within_a_moment_is_shown_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "PATIENCE_S", 10)
    house.warmer.choose([OLD])
    house.ask(OLD, "review")
    house.gate.set()
    assert house.warmer.choose([OLD, NEW]) == NEW


def test_a_snapshot_that_does_not_become_ready_is_shown_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.warmer.choose([OLD])
    house.ask(OLD, "review")
    assert house.warmer.choose([OLD, NEW]) == OLD
    monkeypatch.setattr(warm, "LONGEST_S", 0)
    assert house.warmer.choose([OLD, NEW]) == NEW
    house.ready()


def test_a_third_snapshot_waits_for_the_second(house: House) -> None:
    house.warmer.choose([OLD])
    house.ask(OLD, "review")
    assert house.warmer.choose([OLD, NEW]) == OLD
    assert house.warmer.choose([OLD, NEW, NEWER]) == OLD
    house.ready()
    assert house.warmer.choose([OLD, NEW, NEWER]) == NEW
    house.ask(NEW, "engagement")
    assert house.warmer.choose([OLD, NEW, NEWER]) == NEW
    house.ready()
    assert house.warmer.choose([OLD, NEW, NEWER]) == NEWER
    assert house.answered == [("beta-2", "review"), ("beta-3", "engagement")]


def test_when_the_one_before_is_gone_the_newest_is_shown(house: House) -> None:
    house.warmer.choose([OLD])
    house.ask(OLD, "review")
    assert house.warmer.choose([NEW]) == NEW
    house.ready()


def test_the_one_before_keeps_nothing_for_speed_beside_the_one_in_the_making(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "PATIENCE_S", 10)
    told: list[str] = []
    asked = warm.Asked()
    asked.note(OLD.stem, "review", lambda found: told.append("asked"))
    warmer = warm.Warmer(
        asked, lambda file: SimpleNamespace(relieve=lambda: told.append(file.stem)), lambda file: told.append("gone")
    )
    warmer.choose([OLD])
    warmer.choose([OLD, NEW])
    assert told == ["beta-1", "asked", "beta-1", "gone"]


def test_a_snapshot_that_cannot_be_opened_is_left_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(file: Path) -> SimpleNamespace:
        raise OSError(file)

    monkeypatch.setattr(warm, "PATIENCE_S", 10)
    warmer = warm.Warmer(warm.Asked(), damaged, lambda file: None)
    warmer.choose([OLD])
    assert warmer.choose([OLD, NEW]) == NEW


def test_only_the_last_questions_of_the_last_snapshots_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "MOST", 2)
    asked = warm.Asked(snapshots=2)
    for snapshot in "abc":
        for question in (1, 2, 1, 3):
            asked.note(snapshot, question, lambda found, q=question: q)
    assert [ask(None) for ask in asked.of("c")] == [1, 3]
    assert [len(asked.of(snapshot)) for snapshot in "abc"] == [0, 2, 2]
