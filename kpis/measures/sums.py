"""Proportions, means, ratios of sums and counts: measures whose query already gives the sums."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from data.warehouse import Snapshot
from kpis import intervals, words
from kpis.measures import bind
from kpis.measures.result import Measured, Result
from kpis.model import Count, MeanPerTester, Proportion, RatioOfSums, Unit

Row = dict[str, Any]


def proportion(snapshot: Snapshot, measure: Proportion) -> Measured:
    return _each(snapshot, measure, of_proportion)


def of_proportion(row: Row) -> Result:
    numerator, denominator = int(row["numerator"] or 0), int(row["denominator"] or 0)
    common = dict(not_yet=int(row["not_yet"] or 0), measurable_on=row["measurable_on"], flags=flags(row))
    if not denominator:
        return Result(None, **common)
    low, high = intervals.wilson(numerator, denominator)
    return Result(
        numerator / denominator, numerator, denominator, denominator, low, high, "Wilson 95 %", **common
    )  # fmt: skip


def mean(snapshot: Snapshot, measure: MeanPerTester) -> Measured:
    return _each(snapshot, measure, _mean)


def _mean(row: Row) -> Result:
    n = int(row["n"] or 0)
    if not n:
        return Result(None, flags=flags(row))
    total = float(row["total"] or 0)
    low, high = intervals.mean_t(total, n, float(row["sum_squares"] or 0))
    low = None if low is None else max(0.0, low)
    name = "none: one tester" if low is None else "t 95 % over testers"
    return Result(total / n, total, n, n, low, high, name, flags=flags(row))


def count(snapshot: Snapshot, measure: Count) -> Measured:
    return _each(snapshot, measure, of_count)


def of_count(row: Row) -> Result:
    value = float(row["value"] or 0)
    return Result(value, value, None, int(row["n"] or 0), value, value, "full count", flags=flags(row))


def ratio(snapshot: Snapshot, measure: RatioOfSums) -> Measured:
    """Weeks take their interval from the spread of their days, days from Wilson where the ratio is a proportion."""
    measured = _each(snapshot, measure, lambda row: _ratio(row, measure))
    return measured if measure.spread == "none" else with_spread(snapshot, measured, proportion=measure.proportion)


def with_spread(snapshot: Snapshot, measured: Measured, *, proportion: bool) -> Measured:
    """The same numbers; weeks of at least 4 days with the interval of their days as clusters."""
    calendar = {r["day_n"]: r["week"] for r in snapshot.rows("measures/days")}
    groups: dict[int, list[Result]] = {}
    for day, result in measured.days.items():
        if result.denominator and day in calendar:
            groups.setdefault(calendar[day], []).append(result)
    weeks = {w: _spread(r, groups.get(w, []), proportion) for w, r in measured.weeks.items()}
    return Measured(weeks, measured.days)


def _ratio(row: Row, measure: RatioOfSums) -> Result:
    denominator = float(row["denominator"] or 0)
    n = int(row["n"] or 0)
    if denominator <= 0:
        return Result(None, n=n, flags=flags(row))
    numerator = float(row["numerator"] or 0)
    value = numerator / denominator
    if measure.spread == "none":
        return Result(value, numerator, denominator, n, value, value, "full count", flags=flags(row))
    if not measure.proportion:
        return Result(value, numerator, denominator, n, interval="none: fewer than 4 days", flags=flags(row))
    low, high = intervals.wilson(numerator, denominator)
    name = "Wilson 95 % (fewer than 4 days; too narrow where requests cluster)"
    return Result(value, numerator, denominator, n, low, high, name, flags=flags(row))


def _spread(week: Result, days: list[Result], proportion: bool) -> Result:
    """The week with the interval of its days; never narrower than Wilson where each unit is a yes or no."""
    low, high = intervals.ratio_of_days([d.numerator or 0 for d in days], [d.denominator or 0 for d in days])
    if week.value is None or low is None or high is None:
        return week
    if proportion and week.low is not None and week.high is not None:
        low, high = max(0.0, min(low, week.low)), min(1.0, max(high, week.high))
    return replace(week, low=max(0.0, low), high=high, interval="t 95 % with days as clusters")


def _each(snapshot: Snapshot, measure: Any, make: Any) -> Measured:
    """Weeks and days of a query with one row per period."""
    weeks, days = (
        {p: make(rows[0]) for p, rows in bind.by_period(snapshot, measure.query, by, measure.given).items()}
        for by in ("week", "day")
    )
    return Measured(weeks, days)


def restarts(n: int) -> str:
    """What a restart means: what a counter held between its last sample and the restart is lost to everybody."""
    return f"{words.count(n, 'restart')} of its counters: what they counted is a lower bound"


def flags(row: Row) -> tuple[str, ...]:
    """What a query says beside its value, in words."""
    found = []
    if row.get("resets"):
        found.append(restarts(int(row["resets"])))
    if row.get("gap_increase"):
        found.append(f"about {round(row['gap_increase']):,} counted over scrape gaps")
    if row.get("peak") is not None:
        found.append(f"highest hour {words.show(row['peak'], Unit.RATIO)}")
    if row.get("note_of"):
        found.append(f"rated by {int(row['note_n'])} of {int(row['note_of'])} active testers")
    return tuple(found)
