"""100 random testers: SQL against a few loops over plain Python dictionaries, in three programme zones."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from kpis import catalogue, compute
from tests.kpis.support import active, day, person, snapshot

ZONES = ("UTC", "Europe/Berlin", "America/New_York")


def population(seed: int) -> tuple[list[dict[str, Any]], dict[int, list[int]]]:
    """Testers and their active programme days; one in ten is excluded, one in ten an orphan."""
    dice = random.Random(seed)
    people, days = [], {}
    for key in range(100):
        first = dice.randint(-3, 26)
        later = [n for n in range(first + 1, 30) if dice.random() < 0.25]
        days[key] = [first, *later]
        people.append(
            person(key, first, excluded_reason=dice.choice(["staff"] + [None] * 9), on_roster=dice.random() < 0.9)
        )
    return people, days


def counted(people: list[dict[str, Any]]) -> set[int]:
    return {p["tester_key"] for p in people if p["on_roster"] and p["excluded_reason"] is None}


def wau(people: list[dict[str, Any]], days: dict[int, list[int]], week: int) -> int:
    span = range(7 * week - 6, 7 * week + 1)
    return sum(any(n in span for n in days[k]) for k in counted(people))


def dau(people: list[dict[str, Any]], days: dict[int, list[int]], week: int) -> float:
    span = range(7 * week - 6, 7 * week + 1)
    return sum(sum(n in span for n in days[k]) for k in counted(people)) / 7


def retention(
    people: list[dict[str, Any]], days: dict[int, list[int]], week: int, first: int, last: int
) -> tuple[int, int]:  # fmt: skip
    span, back, all_ = range(7 * week - 6, 7 * week + 1), 0, 0
    for k in counted(people):
        start = min(days[k])
        if start + last in span:
            all_ += 1
            back += any(start + first <= n <= start + last for n in days[k])
    return back, all_


@pytest.mark.parametrize("seed", range(6))
def test_against_plain_loops(seed: int) -> None:
    people, days = population(seed)
    rows = [r for k, numbers in days.items() for r in active(k, *numbers)]
    wanted = ("wau", "dau", "retention_d1", "retention_d7", "retention_d14", "retention_w1", "stickiness")
    snap = snapshot(
        dict(dim_tester=people, fct_tester_day=rows), zone=ZONES[seed % 3], as_of=datetime(2026, 4, 3, tzinfo=UTC)
    )
    found = compute.everything(snap, tuple(catalogue.get(k) for k in wanted)).values
    by_key = {(v.kpi_id, v.week): v for v in found}
    for week in (1, 2, 3, 4):
        users = wau(people, days, week)
        assert by_key["wau", week].value == users
        assert by_key["dau", week].value == pytest.approx(dau(people, days, week))
        assert by_key["stickiness", week].value == pytest.approx(dau(people, days, week) / users)
        for kpi_id, first, last in (
            ("retention_d1", 1, 1), ("retention_d7", 7, 7), ("retention_d14", 14, 14), ("retention_w1", 7, 13),
        ):  # fmt: skip
            back, all_ = retention(people, days, week, first, last)
            v = by_key[kpi_id, week]
            assert (v.numerator or 0, v.denominator or 0) == (back, all_), (kpi_id, week)
            assert v.value == (pytest.approx(back / all_) if all_ else None)


def test_day_values_add_up_to_the_week() -> None:
    people, days = population(9)
    rows = [r for k, numbers in days.items() for r in active(k, *numbers)]
    found = compute.everything(snapshot(dict(dim_tester=people, fct_tester_day=rows)), (catalogue.get("dau"),))
    for v in found.values:
        mine = [d.value or 0 for d in found.days["dau"] if v.start <= d.day <= v.end]
        assert sum(mine) == pytest.approx(v.numerator)
    assert [d.day.isoformat() for d in found.days["dau"]][:1] == ["2026-03-02"]
    assert day(1) == min(r["day_n"] for r in rows if r["day_n"] >= day(1))
