"""The verdict on one value, from its interval against target and floor.

Target and floor cut the axis into three zones: good, between, bad (without a floor two). A verdict is given when the
interval rules out the opposite zone; between neighbouring zones the value itself decides. An interval that reaches from
good to bad rules out nothing: cannot tell, with the n that would decide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kpis import intervals, words
from kpis.catalogue import Goal
from kpis.measures.result import Result
from kpis.model import Kpi, Proportion, State, Status

MAX_N = 1_000_000
NOTHING_DUE = "nothing to measure"  # nobody's outcome falls in the week; another thing than data that is missing


@dataclass(frozen=True)
class Verdict:
    status: Status
    reason: str


def judge(kpi: Kpi, result: Result, goal: Goal, state: State, why_not: str = "") -> Verdict:
    """Verdict and its reason in one sentence. `why_not`: reason of a state that allows no verdict."""
    if state in (State.RUNNING, State.FUTURE, State.NOT_EVALUABLE):
        return Verdict(Status.CANNOT_TELL, why_not or f"the week is {state.value.replace('_', ' ')}")
    if result.value is None:
        return Verdict(Status.CANNOT_TELL, _no_data(kpi, result, why_not))
    if goal.target is None:
        return Verdict(Status.CANNOT_TELL, "no target is set")
    if result.n < kpi.min_sample:
        return Verdict(Status.CANNOT_TELL, f"n = {result.n} of at least {kpi.min_sample} {kpi.sample_word}")
    status = zone_verdict(result.value, *_ends(result), goal.target, goal.floor, kpi.better)
    return Verdict(status, _reason(kpi, result, goal, status))


def _no_data(kpi: Kpi, result: Result, why: str) -> str:
    if result.not_yet:
        when = f" before {words.day(result.measurable_on)}" if result.measurable_on else ""
        return f"no data: {words.count(result.not_yet, 'outcome')} not measurable{when}"
    if why:
        return why
    if isinstance(kpi.measure, Proportion):
        return f"{NOTHING_DUE}: no {kpi.sample_word} in this week"
    return f"no data: {result.flags[0]}" if result.flags else f"no data: no {kpi.sample_word} in the week"


def _ends(result: Result) -> tuple[float, float]:
    """The interval; without one the value stands for itself, an open end is infinite.

    A bucket holds what is above its lower bound: a p99 in the bucket from 500 ms to 1 s is not "at most 500 ms".
    """
    assert result.value is not None
    low = result.low if result.low is not None else (-math.inf if result.open_high else result.value)
    if result.interval.startswith("bounds") and math.isfinite(low):
        low = math.nextafter(low, math.inf)
    high = math.inf if result.open_high else result.high if result.high is not None else result.value
    return low, high


def zone_verdict(
    value: float, low: float, high: float, target: float, floor: float | None, better: str
) -> Status:  # fmt: skip
    """The rule itself, on plain numbers."""
    sign = 1.0 if better == "higher" else -1.0
    limit = target if floor is None else floor

    def zone(x: float) -> int:
        if sign * x >= sign * target:
            return 2
        return 1 if sign * x >= sign * limit else 0

    best, worst = (zone(high), zone(low)) if better == "higher" else (zone(low), zone(high))
    if best == 2 and worst == 0:
        return Status.CANNOT_TELL
    return (Status.MISSED, Status.WITHIN_FLOOR, Status.ON_TARGET)[zone(value)]


def _reason(kpi: Kpi, result: Result, goal: Goal, status: Status) -> str:
    """ "41 % (33 to 49 %), target at least 35 %" and, where nothing is decided, what would."""
    value = words.show(result.value, kpi.unit)
    if result.open_high and kpi.unit.value == "seconds" and result.low == result.value:
        value = f"more than {value}"
    exact = result.low == result.high or (result.low is None and not result.open_high)
    span = words.span(result.low, result.high, kpi.unit)
    text = value if exact or span == value else f"{value} ({span})"
    side = "at least" if kpi.better == "higher" else "at most"
    target = f"target {side} {words.show(goal.target, kpi.unit)}"
    floor = "" if goal.floor is None else f", floor {words.show(goal.floor, kpi.unit)}"
    if status is not Status.CANNOT_TELL:
        return f"{text}; {target}{floor}"
    limit = words.show(goal.target if goal.floor is None else goal.floor, kpi.unit)
    beyond = f"{'below' if kpi.better == 'higher' else 'above'} {limit}"
    on_target = f"{side} {words.show(goal.target, kpi.unit)}"
    return f"{text} allows both on target ({on_target}) and missed ({beyond}); {_decides(kpi, result, goal)}"


def _decides(kpi: Kpi, result: Result, goal: Goal) -> str:
    """What would settle an open verdict: the n, for proportions of independent units, else more data."""
    if result.interval.startswith("bounds"):
        return "a finer bucket near the target would decide it"
    if result.interval.startswith("Kaplan"):
        return "more resolved items would decide it"
    if not result.interval.startswith("Wilson") or result.value is None:
        return "a longer or steadier period would decide it"
    n = needed(result.value, result.n, goal, kpi.better)
    if n is None:
        return "no sample size decides a value this near to the target"
    return f"about {n:,} {kpi.sample_word} would decide it (n = {result.n:,})"


def needed(share: float, n: int, goal: Goal, better: str) -> int | None:
    """Smallest n (to one per cent) at which a proportion with this share is no longer undecided."""
    assert goal.target is not None

    def open_at(size: int) -> bool:
        low, high = intervals.wilson(share * size, size)
        return (
            zone_verdict(share, low or 0.0, high or 0.0, goal.target or 0.0, goal.floor, better) is Status.CANNOT_TELL
        )

    high = max(n, 1)
    while open_at(high):
        high *= 2
        if high > MAX_N:
            return None
    low = max(high // 2, n)
    while high - low > max(1, low // 100):
        middle = (low + high) // 2
        low, high = (middle, high) if open_at(middle) else (low, middle)
    return high
