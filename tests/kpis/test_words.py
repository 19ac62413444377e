"""Numbers in words: the digits that matter, the right unit, no made-up zero."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from kpis import words
from kpis.model import Status, Unit

R, C, S, H, P = Unit.RATIO, Unit.COUNT, Unit.SECONDS, Unit.HOURS, Unit.PER_TESTER


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.41, R, "41 %"), (0.0, R, "0 %"), (1.0, R, "100 %"), (0.0042, R, "0.42 %"), (0.031, R, "3.1 %"),
        (0.9997, R, "99.97 %"), (0.996, R, "99.6 %"), (0.915, R, "92 %"), (0.00004, R, "0.004 %"),
        # a last 0 that was measured stays, one that says nothing goes
        (0.0019995, R, "0.20 %"), (0.00228, R, "0.23 %"), (0.002, R, "0.2 %"), (0.99796, R, "99.80 %"),
        (0.0398, R, "4.0 %"), (0.0996, R, "10 %"), (1e-9, R, "0 %"), (0.999999999, R, "100 %"), (26.965, S, "27.0 s"),
        (4.1996, P, "4.20"), (0.0401, P, "0.040"), (9.996, P, "10.0"), (99.97, C, "100"),
        (0.212, S, "212 ms"), (1.4, S, "1.4 s"), (0.0005, S, "0.5 ms"), (30.0, S, "30 s"), (120.0, S, "120 s"),
        (18.0, H, "18 h"), (50.77, H, "50.8 h"), (1234.0, C, "1,234"), (57.3, C, "57.3"), (3.27, P, "3.27"),
        (0.0, P, "0"), (None, R, "no data"), (math.nan, C, "no data"), (math.inf, S, "without limit"),
    ],
)  # fmt: skip
def test_show(value: float | None, unit: Unit, text: str) -> None:
    assert words.show(value, unit) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (0.33, 0.49, R, "33 to 49 %"), (0.1, 0.25, S, "100 to 250 ms"), (0.5, 1.5, S, "500 ms to 1.5 s"),
        (12.0, None, H, "at least 12 h"), (None, 3.0, C, "at most 3"), (None, None, C, "no interval"),
        (0.988, 0.991, R, "98.8 to 99.1 %"), (0.9952, 0.99986, R, "99.52 to 99.99 %"), (0.0, 0.036, R, "0 to 3.6 %"),
        (0.87, 1.0, R, "87 to 100 %"), (0.00171, 0.00213, R, "0.17 to 0.21 %"), (0.5, 0.5, R, "50 %"),
        (0.335, 0.3702, R, "33.5 to 37.0 %"), (0.125, 0.14, R, "12.5 to 14 %"),
        (0.0020004, 0.0023, R, "0.200 to 0.230 %"),
        (5.0, 5.0, C, "5"), (74.0, 108.0, C, "74 to 108"),
    ],
)  # fmt: skip
def test_span(low: float | None, high: float | None, unit: Unit, text: str) -> None:
    assert words.span(low, high, unit) == text


def test_changes_of_rates_are_points_and_of_counts_per_cent() -> None:
    assert words.delta(-0.12, R, 0.53) == "−12 points"
    assert words.delta(0.01, R) == "+1 point"
    assert words.delta(20.0, C, 80.0) == "+25 %"
    assert words.delta(-0.05, S, 0.2) == "−25 %"
    assert words.delta(3.0, C, 0.0) == "+3"
    assert words.delta(0.0, R) == "±0 points"
    assert words.delta(None, R) == "not comparable"


def test_a_verdict_is_shape_and_word() -> None:
    assert [words.status_mark(s) for s in Status] == ["● on target", "◆ within floor", "▲ missed", "○ cannot tell"]


@pytest.mark.parametrize(
    ("text", "set_in_lines"),
    [
        ("95 % in 200 ms, 1.4 s or 18 h", "95_% in 200_ms, 1.4_s or 18_h"), ("18 Hosts", "18 Hosts"),
        ("limit at 1.7 × peak, 287 MiB, 0.9 KiB/s", "limit at 1.7_× peak, 287_MiB, 0.9_KiB/s"), ("n = 5", "n =_5"),
        ("① 1.2.0 on 11 Mar, 2 Marks", "①_1.2.0 on 11_Mar, 2 Marks"),
        ("target ≥ 200 ms · n 1,204 testers", "target ≥_200_ms · n_1,204 testers"), ("20 % and more", "20_% and more"),
    ],
)  # fmt: skip
def test_a_line_never_ends_between_a_number_and_its_unit(text: str, set_in_lines: str) -> None:
    assert words.held(text) == set_in_lines.replace("_", "\u00a0")


def test_small_words() -> None:
    assert words.joined([]) == ""
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b", "c"]) == "a, b and c"
    assert (words.count(1, "release"), words.count(1200, "release")) == ("1 release", "1,200 releases")
    assert words.length(timedelta(minutes=40)) == "40 minutes"
    assert words.length(timedelta(hours=5.5)) == "5.5 hours"
    assert words.length(timedelta(days=3)) == "3 days"


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [(12.4, 0, "+12"), (-3.0, 0, "−3"), (-0.4, 0, "0"), (0.0, 1, "0"), (-0.04, 1, "0"), (-1234.56, 1, "−1,234.6")],
)
def test_a_sign_is_a_minus_and_zero_has_none(number: float, digits: int, text: str) -> None:
    assert words.signed(number, digits) == text
