"""Tables of ready texts: what lines up on the right, and what stays as it is."""

from __future__ import annotations

from pages.parts.tables import _amounts, _told


def test_amounts_line_up_on_the_right_and_words_dates_and_mixed_columns_do_not() -> None:
    rows = [
        {"Route": "/a", "Requests": "140,199", "Mean": "132 ms", "Change": "+19 %", "Added": "−2.7 h", "When": "11 Mar",
         "Detail": "500", "p95": "288 ms (250 ms to 500 ms)", "Release": "1.4", "Wave": "1", "Number": 3},
        {"Route": "/b", "Requests": "6", "Mean": "–", "Change": "0 %", "Added": "0 min", "When": "12 Mar",
         "Detail": "decode", "p95": "> 1 s", "Release": "1.3", "Wave": "2", "Number": 4},
    ]  # fmt: skip
    assert _amounts(rows) == ["Requests", "Mean", "Change", "Added"]
    assert _amounts([]) == []
    assert _amounts([{"Nothing": "–"}]) == []


def test_a_column_in_which_nobody_wrote_is_left_out_and_no_value_is_not_nothing() -> None:
    rows = [
        {"What": "5xx", "Name": "", "Value": None, "Word": ""},
        {"What": "p95", "Name": "", "Value": None, "Word": "x"},
    ]
    assert _told(rows) == [{"What": "5xx", "Value": None, "Word": ""}, {"What": "p95", "Value": None, "Word": "x"}]
    assert _told([]) == []
