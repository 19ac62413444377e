"""Week-on-week change: both size and significance, and hardly ever a false alarm."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import numpy as np
import pytest

from kpis import catalogue, changes, compute
from kpis.model import DayValue, KpiValue, State
from tests.kpis.support import LAUNCH, snapshot

DAU, CSAT, RATIO, BUGS = (catalogue.get(k) for k in ("dau", "csat", "error_ratio", "open_critical_bugs"))


def value(kpi_id: str, week: int, number: float | None, n: int = 5000, **more: object) -> KpiValue:
    base = next(v for v in compute.everything(snapshot(), (catalogue.get(kpi_id),)).values if v.week == week)
    return dataclasses.replace(base, value=number, n=n, **more)


def days(numbers: list[float | None], start: date = LAUNCH) -> tuple[DayValue, ...]:
    return tuple(DayValue(start + timedelta(days=i), v, 10) for i, v in enumerate(numbers))


def compare(kpi_id: str, old: list[float | None], new: list[float | None], **more: object):  # type: ignore[no-untyped-def]
    means = [float(np.mean([v for v in w if v is not None])) for w in (old, new)]
    pair = [value(kpi_id, i + 1, m, **more) for i, m in enumerate(means)]
    return changes.change(catalogue.get(kpi_id), pair[1], pair[0], days([*old, *new]))


def test_a_shift_of_all_weekdays_is_clear() -> None:
    old = [100.0, 110, 90, 95, 120, 60, 50]
    found = compare("dau", old, [v * 0.8 for v in old])
    assert (found.clear, found.better) == (True, False)
    assert found.delta == pytest.approx(-0.2 * sum(old) / 7)
    assert found.words.startswith("fell 20 % (95 % interval ")


def test_weekend_against_weekday_is_no_change() -> None:
    """The same weekday pattern twice: unpaired days would differ wildly, pairs do not."""
    old = [100.0, 110, 90, 95, 120, 60, 50]
    assert compare("dau", old, list(old)).words == "no clear change"


def test_one_bad_day_is_no_weekly_change() -> None:
    old = [0.01] * 7
    found = compare("error_ratio", old, [0.01, 0.01, 0.01, 0.2, 0.01, 0.01, 0.01])
    assert not found.clear
    assert found.delta is not None and found.delta > 0.02


def test_a_tiny_change_is_not_clear_however_certain() -> None:
    old = [100.0, 110, 90, 95, 120, 60, 50]
    assert not compare("dau", old, [v * 1.03 for v in old]).clear
    assert compare("dau", old, [v * 1.06 for v in old]).clear
    # of a small rate, a relative change counts; of a large one, two points do
    assert compare("error_ratio", [0.01 + i / 1e4 for i in range(7)], [0.02 + i / 1e4 for i in range(7)]).clear


def test_a_day_without_data_is_no_pair() -> None:
    found = compare("dau", [100.0, None, 90, 95, 120, 60, 50], [50.0] * 7)
    assert (found.clear, found.words) == (False, "no clear change: 6 of 7 weekdays can be compared")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (dict(), dict(state=State.RUNNING), "not comparable: week 2 is running"),
        (dict(state=State.NOT_EVALUABLE), dict(), "not comparable: week 1 is not evaluable"),
        (dict(number=None), dict(), "not comparable: no data in week 1"),
        (dict(), dict(n=3), "not comparable: n = 3 complete days in week 2"),
    ],
)
def test_not_comparable_says_why(old: dict, new: dict, words: str) -> None:
    before, now = value("dau", 1, **{"number": 5.0, **old}), value("dau", 2, **{"number": 5.0, **new})
    found = changes.change(DAU, now, before, ())
    assert (found.delta, found.clear, found.words) == (None, False, words)
    assert changes.change(DAU, now, None, ()).words in ("first week: nothing to compare with", words)


def test_cohorts_are_compared_directly() -> None:
    """Ratings of two weeks are different ratings: 20 of 25 against 12 of 33, however they fall on days."""
    before = value("csat", 1, 0.8, 25, numerator=20, denominator=25)
    now = value("csat", 2, 12 / 33, 33, numerator=12, denominator=33)
    found = changes.change(CSAT, now, before, ())
    assert (found.clear, found.better) == (True, False)
    assert found.words == "fell 44 points (95 % interval 18 to 62)"
    close = value("csat", 2, 0.7, 33, numerator=23, denominator=33)
    assert changes.change(CSAT, close, before, ()).words == "no clear change"


def test_levels_are_not_tested() -> None:
    found = changes.change(BUGS, value("open_critical_bugs", 2, 3.0), value("open_critical_bugs", 1, 1.0), ())
    assert (found.delta, found.clear, found.words) == (2.0, False, "rose by 2 (a level at the week's end, not tested)")


def test_a_release_in_midweek_is_seen() -> None:
    """Monday and Tuesday as before, five days slower: not every weekday moved, and still the week is another."""
    assert compare("latency_p95", [0.178] * 7, [0.179, 0.177, 0.33, 0.35, 0.34, 0.33, 0.34]).clear


def test_paired_t_by_hand() -> None:
    # 1 to 7: mean 4, s = 2.1602, t = 4.899 with 6 degrees of freedom
    assert changes.paired_p([1, 2, 3, 4, 5, 6, 7]) == pytest.approx(0.0027, abs=5e-5)
    assert changes.paired_p([0] * 7) == 1
    assert changes.paired_p([0.1] * 7) == 0
    assert changes.paired_p([5]) == 1


@pytest.mark.parametrize("noise", ["normal", "heavy", "skewed", "counts", "neighbours"])
def test_false_alarms_stay_below_two_per_cent(noise: str) -> None:
    """Pairs of weeks without a change, with a weekday pattern: in at most 2 of 100 a change is called clear."""
    random = np.random.default_rng(11)
    shape = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.6, 0.5] * 2)

    def neighbours() -> np.ndarray:
        steps = random.normal(0, 8, 14)
        for i in range(1, 14):
            steps[i] += 0.1 * steps[i - 1]
        return 100 * shape + steps

    draw = {
        "normal": lambda: 100 * shape + random.normal(0, 12, 14),
        "heavy": lambda: 100 * shape + 5 * random.standard_t(2, 14),
        "skewed": lambda: 100 * shape * random.lognormal(0, 0.3, 14),
        "counts": lambda: random.poisson(30 * shape).astype(float),
        "neighbours": neighbours,
    }[noise]
    alarms, runs = 0, 2000
    blank = [value("dau", w, 1.0) for w in (1, 2)]
    for _ in range(runs):
        fortnight = draw()
        before, now = (
            dataclasses.replace(b, value=float(v.mean())) for b, v in zip(blank, np.split(fortnight, 2), strict=True)
        )
        alarms += changes.change(DAU, now, before, days(list(fortnight))).clear
    assert alarms <= 0.02 * runs


def test_cohorts_without_a_change_rarely_alarm() -> None:
    random = np.random.default_rng(5)
    alarms, runs = 0, 1000
    blank = [value("csat", w, 0.5) for w in (1, 2)]
    for _ in range(runs):
        k = random.binomial(60, 0.4, 2)
        before, now = (
            dataclasses.replace(b, value=float(x) / 60, n=60, numerator=float(x), denominator=60.0)
            for b, x in zip(blank, k, strict=True)
        )
        alarms += changes.change(CSAT, now, before, ()).clear
    assert alarms <= 0.02 * runs
