"""The word to testers holds the week's numbers and the team's answers, and nobody's data."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.programme import ProgrammeStore
from kpis import status_update
from tests.support.reviews import review

AT = "2026-03-30T09:00:00+00:00"


@pytest.fixture
def store(tmp_path: Path) -> ProgrammeStore:
    return ProgrammeStore(tmp_path)


def test_it_says_the_week_in_numbers_and_what_was_done(store: ProgrammeStore) -> None:
    store.write(kind="said_done", week=4, text="You said the feed was slow:\nit is cached now.", author="a", at=AT)
    store.write(kind="said_done", week=3, text="an answer of another week", author="a", at=AT)
    store.write(kind="note", week=4, text="an inner note", author="a", at=AT)
    text = status_update.text(review(), store)
    assert "Week 4 of 4 (23 March to 29 March)" in text
    assert "- 274 of you were active." in text and "- 74 % of 88 ratings were 4 or 5." in text
    assert "You said, we did\n- You said the feed was slow: it is cached now." in text
    assert "another week" not in text and "inner note" not in text


@pytest.mark.parametrize(
    "answer",
    ["anna@example.org asked for it", "thanks @anna", "did:plc:abc123 was blocked", "t-0344613d78 came back",
     "t-0344613d78a1b2c3 came back",
     "call +49 170 1234567"],
)  # fmt: skip
def test_an_answer_that_tells_who_somebody_is_stays_out_and_is_named(store: ProgrammeStore, answer: str) -> None:
    store.write(kind="said_done", week=4, text=answer, author="a", at=AT)
    assert answer not in status_update.text(review(), store)
    assert "You said, we did" not in status_update.text(review(), store)
    assert answer in status_update.held_back(review(), store)[0]


def test_an_answer_without_such_words_is_not_held_back(store: ProgrammeStore) -> None:
    for text in ("Release 1.4.1 of 23 March 2026 answers 93 % within 200 ms", "2 of 3 bugs @ home screen mended"):
        store.write(kind="said_done", week=4, text=text, author="a", at=AT)
    assert status_update.held_back(review(), store) == ()


def test_numbers_over_too_few_people_and_missing_ones_are_left_out(store: ProgrammeStore) -> None:
    from dataclasses import replace

    few = review()
    values = tuple(
        replace(v, n=4) if v.kpi_id == "csat" else replace(v, value=None) if v.kpi_id == "wau" else v
        for v in few.values
    )
    text = status_update.text(replace(few, values=values), store)
    assert "ratings" not in text and "were active" not in text and "no data" not in text


def test_a_running_week_says_how_far_it_is(store: ProgrammeStore) -> None:
    from datetime import UTC, datetime

    assert "3 of 7 days so far" in status_update.text(review(week=3, as_of=datetime(2026, 3, 19, tzinfo=UTC)), store)
