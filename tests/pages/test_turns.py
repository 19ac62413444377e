"""Quick pages run one after the other; a slow one, or one that fails, holds up nobody."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.parts.turns import Turns

PATIENCE = 30  # seconds after which a test gives up


def test_only_one_has_a_turn() -> None:
    turns, inside, most = Turns(long_s=3600), [], []

    def page(number: int) -> None:
        with turns.taken():
            inside.append(number)
            most.append(len(inside))
            threading.Event().wait(0.001)
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(page, range(40)))
    assert most == [1] * 40


def test_a_turn_that_takes_long_no_longer_counts() -> None:
    turns, second = Turns(long_s=0.01), threading.Event()

    def other() -> None:
        with turns.taken():
            second.set()

    with turns.taken(), ThreadPoolExecutor(1) as pool:
        pool.submit(other)
        assert second.wait(PATIENCE)


def test_an_error_gives_the_turn_back() -> None:
    turns = Turns(long_s=3600)
    with pytest.raises(ValueError, match="broken"), turns.taken():
        raise ValueError("broken")
    done = threading.Event()

    def other() -> None:
        with turns.taken():
            done.set()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(other)
        assert done.wait(PATIENCE)
