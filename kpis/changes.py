"""Week-on-week change: shown always, called clear only when size and significance agree.

Significance: the day values of both weeks are paired by weekday and their mean difference is tested (Student's paired
t, two-sided, p <= 1 %). All seven pairs are needed. Simulated weeks without a change are called clear in at most 2 % of
cases, with normal, heavy-tailed, skewed and count noise, and where neighbouring days resemble each other a little (a
correlation of 0.1; at 0.3 it would be 3 %).

Where every unit counts in one week only (cohorts, ratings), weeks hold different units and are compared directly: the
99 % interval of the difference of two proportions must leave out 0 (Newcombe 1998).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtr, stdtrit

from kpis import intervals, words
from kpis.model import Change, DayValue, Kpi, KpiValue, State, Unit

ALARMS = 0.01  # highest p-value that counts
MIN_RELATIVE = 0.05
MIN_POINTS = 0.02  # of a rate
DAYS = 7


def paired_p(differences: Sequence[float]) -> float:
    """Two-sided p-value of Student's paired t test; 1 for fewer than 2 pairs or where nothing differs."""
    if len(differences) < 2 or not any(differences):
        return 1.0
    mean, spread = float(np.mean(differences)), float(np.std(differences, ddof=1))
    if spread <= 1e-12 * abs(mean):  # the same shift on every day
        return 0.0
    return float(2 * stdtr(len(differences) - 1, -abs(mean) / spread * len(differences) ** 0.5))


def change(kpi: Kpi, now: KpiValue, before: KpiValue | None, days: Sequence[DayValue]) -> Change:
    """Change of a KPI from the week before; `days` are all its day values."""
    reason = _not_comparable(kpi, now, before)
    if reason or before is None or now.value is None or before.value is None:
        return Change(kpi.id, now.week, None, None, None, False, None, reason)
    delta = now.value - before.value
    if kpi.daily == "stock":
        return Change(
            kpi.id,
            now.week,
            delta,
            None,
            None,
            False,
            None,
            f"{_moved(delta, kpi)} (a level at the week's end, not tested)",
        )
    if kpi.daily == "once":
        return _cohorts(kpi, now, before, delta)
    pairs = _pairs(now, before, days)
    if len(pairs) < DAYS:
        text = f"no clear change: {len(pairs)} of 7 weekdays can be compared"
        return Change(kpi.id, now.week, delta, None, None, False, None, text)
    low, high = _interval(delta, pairs) if kpi.daily == "same" else (None, None)
    significant = paired_p(pairs) <= ALARMS and float(np.mean(pairs)) * delta > 0
    return _judged(kpi, now.week, delta, before.value, (low, high), significant)


def _cohorts(kpi: Kpi, now: KpiValue, before: KpiValue, delta: float) -> Change:
    """Two weeks of different units: the difference of two proportions."""
    parts = [(v.numerator or 0.0, v.denominator or 0.0) for v in (now, before)]
    low, high = intervals.difference(parts[0], parts[1], 1 - ALARMS)
    significant = low is not None and high is not None and low * high > 0
    return _judged(kpi, now.week, delta, before.value or 0.0, intervals.difference(parts[0], parts[1]), significant)


def _judged(
    kpi: Kpi, week: int, delta: float, before: float, ends: intervals.Interval, significant: bool
) -> Change:  # fmt: skip
    low, high = ends
    if not (significant and _large(delta, before, kpi)):
        return Change(kpi.id, week, delta, low, high, False, None, "no clear change")
    better = (delta > 0) == (kpi.better == "higher")
    return Change(kpi.id, week, delta, low, high, True, better, _clear_words(kpi, delta, before, low, high))


def _not_comparable(kpi: Kpi, now: KpiValue, before: KpiValue | None) -> str:
    if before is None:
        return "first week: nothing to compare with"
    for v in (now, before):
        if v.state not in (State.COMPLETE, State.STALE):
            return f"not comparable: week {v.week} is {v.state.value.replace('_', ' ')}"
        if v.value is None:
            return f"not comparable: no data in week {v.week}"
    few = next((v for v in (now, before) if v.n < kpi.min_sample), None)
    return f"not comparable: n = {few.n} {kpi.sample_word} in week {few.week}" if few else ""


def _pairs(now: KpiValue, before: KpiValue, days: Sequence[DayValue]) -> list[float]:
    """Differences of the days of two adjoining weeks, weekday by weekday; a day without data has no pair."""
    known = {d.day: d.value for d in days}
    found = []
    for day, value in known.items():
        if now.start <= day <= now.end and value is not None:
            earlier = known.get(before.start + (day - now.start))
            if earlier is not None:
                found.append(value - earlier)
    return found


def _interval(delta: float, pairs: Sequence[float]) -> tuple[float, float]:
    """95 % interval: the week's difference with the spread of its day pairs (Student t, 6 degrees of freedom)."""
    half = float(stdtrit(len(pairs) - 1, 0.975)) * float(np.std(pairs, ddof=1)) / len(pairs) ** 0.5
    return delta - half, delta + half


def _large(delta: float, before: float, kpi: Kpi) -> bool:
    if kpi.unit is Unit.RATIO and abs(delta) >= MIN_POINTS:
        return True
    return abs(delta) >= MIN_RELATIVE * abs(before) and delta != 0


def _moved(delta: float, kpi: Kpi) -> str:
    return "unchanged" if delta == 0 else f"{'rose' if delta > 0 else 'fell'} by {words.size(delta, kpi.unit)}"


def _clear_words(kpi: Kpi, delta: float, before: float, low: float | None, high: float | None) -> str:
    """ "fell 12 points (95 % interval 8 to 16)"; other units in per cent of the week before."""
    verb = "rose" if delta > 0 else "fell"
    scale, unit = (100.0, "points") if kpi.unit is Unit.RATIO else (100 / abs(before) if before else 1.0, "%")
    if unit == "%" and not before:
        return f"{verb} by {words.size(delta, kpi.unit)}"
    amount = f"{_digits(abs(delta) * scale)} {unit}"
    if low is None or high is None or low * high <= 0:
        return f"{verb} {amount}"
    least, most = sorted((abs(low) * scale, abs(high) * scale))
    return f"{verb} {amount} (95 % interval {_digits(least, most)} to {_digits(most)})"


def _digits(value: float, beside: float | None = None) -> str:
    """A size with the digits that fit it, or fit the larger number it stands beside."""
    scale = beside if beside is not None else value
    return f"{value:.0f}" if scale >= 10 else f"{value:.1f}" if scale >= 1 else f"{value:.2g}"
