"""Rows as the Arrow table that a page sends."""

from __future__ import annotations

from datetime import date

from data.rows import table


def test_columns_keep_their_order_and_a_name_that_comes_late_is_kept() -> None:
    found = table([{"Day": date(2026, 3, 2), "n": 1}, {"Day": None, "n": 2, "Why": "late"}])
    assert found is not None
    assert found.to_pylist() == [
        {"Day": date(2026, 3, 2), "n": 1, "Why": None},
        {"Day": None, "n": 2, "Why": "late"},
    ]


def test_a_whole_number_beside_nothing_stays_whole() -> None:
    """In a pandas frame 3 beside an empty cell would be 3.0."""
    found = table([{"n": 3}, {"n": None}])
    assert found is not None
    assert str(found.schema.field("n").type) == "int64"


def test_a_column_of_two_types_is_left_to_the_caller() -> None:
    assert table([{"n": 1}, {"n": "one"}]) is None


def test_no_rows_are_an_empty_table() -> None:
    found = table([])
    assert found is not None
    assert found.num_rows == 0
