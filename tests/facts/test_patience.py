"""A question that finds no memory beside others is asked again; one that never fits is told in words."""

from __future__ import annotations

import duckdb
import pytest

from data import warehouse
from data.errors import QueryError
from tests.support.facts import snapshot


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse, "WAITS_S", (0.0, 0.0))


def test_it_is_asked_again_until_others_are_done() -> None:
    """That others hold the memory just then cannot be arranged for certain, so the error is made up."""
    answers = iter([duckdb.OutOfMemoryException("taken"), duckdb.OutOfMemoryException("taken"), 42])

    def ask() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert snapshot()._patiently(ask) == 42


def test_what_never_fits_is_told_with_its_name() -> None:
    found = warehouse.Snapshot(
        duckdb.connect(config={"memory_limit": "8MB", "temp_directory": "", "threads": 1}), "small"
    )
    with pytest.raises(QueryError, match=r"^a/query: Out of Memory Error"):
        found._run("SELECT list(i) FROM range(3000000) AS r(i) GROUP BY i % 1000", "a/query", {})


def test_another_error_is_told_at_once() -> None:
    asked = []

    def ask() -> None:
        asked.append(1)
        raise duckdb.BinderException("no such column")

    with pytest.raises(duckdb.BinderException):
        snapshot()._patiently(ask)
    assert asked == [1]
