"""Two groups of testers side by side: difference of a retention rate with its interval, p-value and ratio check.

Groups that were not drawn by lot (waves, platforms) differ in more than their name: a difference is an association.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from data.calendar import day_number
from data.errors import QueryError, nearest
from data.warehouse import Snapshot
from kpis.engagement import group_returns
from kpis.engagement.scope import EVERYBODY, Scope, resolve
from kpis.intervals import Interval, wilson

RATIO_ALARM = 0.01  # below this the split itself is suspect


@dataclass(frozen=True)
class CompareOptions:
    """by: wave, platform, flag:FEATURE or property:NAME; a and b: the two labels; low..high: days after the own first.

    expected: testers planned for a and b, as a ratio. None: no split was planned, so no ratio check.
    """

    by: str
    a: str
    b: str
    scope: Scope = EVERYBODY
    low: int = 7
    high: int = 7
    expected: tuple[float, float] | None = None
    min_cohort: int = 1

    def __post_init__(self) -> None:
        kind, _, name = self.by.partition(":")
        if kind not in ("wave", "platform", "flag", "property") or (kind in ("flag", "property")) != bool(name):
            raise QueryError(f'--by "{self.by}" is none of wave, platform, flag:FEATURE, property:NAME')
        if not 0 < self.low <= self.high:
            raise QueryError("the days compared must be 1 or later")
        if self.a == self.b:
            raise QueryError("a group cannot be compared with itself")
        if self.expected and min(self.expected) <= 0:
            raise QueryError("--expected needs two positive numbers, e.g. 1:1")


@dataclass(frozen=True)
class Group:
    """retained of mature testers came back; not_yet are testers whose window is still running."""

    label: str
    testers: int
    mature: int
    retained: int
    rate: float | None
    interval: Interval

    @property
    def not_yet(self) -> int:
        return self.testers - self.mature


@dataclass(frozen=True)
class Comparison:
    """difference = rate of a - rate of b, Newcombe's interval, Fisher's exact p; None without mature testers."""

    options: CompareOptions
    a: Group
    b: Group
    difference: float | None
    interval: Interval
    p_value: float | None
    ratio_p_value: float | None
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "by": self.options.by,
            "days": [self.options.low, self.options.high],
            "groups": [_group_json(self.a), _group_json(self.b)],
            "difference": self.difference,
            "low": self.interval[0],
            "high": self.interval[1],
            "p_value": self.p_value,
            "ratio_p_value": self.ratio_p_value,
            "notes": list(self.notes),
        }


def compare(snapshot: Snapshot, options: CompareOptions) -> Comparison:
    """Compare two groups. Raises QueryError, naming the groups there are, when one is missing or too small to show."""
    rows = {row["label"]: row for row in _rows(snapshot, options.by, options.scope, options.low, options.high)}
    for label in (options.a, options.b):
        if label not in rows:
            there = ", ".join(sorted(rows)[:12]) or "none"
            raise QueryError(f'no group "{label}" by {options.by}{nearest(label, rows)}; groups with testers: {there}')
        if rows[label]["testers"] < options.min_cohort:
            raise QueryError(f'group "{label}" has fewer than {options.min_cohort} testers and is not shown')
    a, b = (_group(**rows[label]) for label in (options.a, options.b))
    ratio_p = ratio_check((a.testers, b.testers), options.expected) if options.expected else None
    return Comparison(
        options=options,
        a=a,
        b=b,
        difference=a.rate - b.rate if a.rate is not None and b.rate is not None else None,
        interval=newcombe(a.retained, a.mature, b.retained, b.mature),
        p_value=fisher(a.retained, a.mature, b.retained, b.mature),
        ratio_p_value=ratio_p,
        notes=_notes(options, ratio_p),
    )


def groups(snapshot: Snapshot, by: str, scope: Scope) -> dict[str, int]:
    """Testers by label of what may be compared: wave, platform, flag:FEATURE or property:NAME."""
    return {row["label"]: row["testers"] for row in _rows(snapshot, by, scope, 1, 1)}


def parse_ratio(text: str | None, name: str = "the planned split") -> tuple[float, float] | None:
    """A planned split such as 1:1; None when nothing was planned. Raises QueryError."""
    if not text:
        return None
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*:\s*(\d{1,6}(?:\.\d{1,6})?)\s*", text)
    if not match:
        raise QueryError(f'{name} "{text[:40]}" is no ratio such as 1:1')
    return float(match[1]), float(match[2])


def newcombe(k1: int, n1: int, k2: int, n2: int) -> Interval:
    """95 % interval of k1/n1 - k2/n2 from the two Wilson intervals (Newcombe 1998, method 10). None when an n is 0."""
    if not n1 or not n2:
        return (None, None)
    p1, p2 = k1 / n1, k2 / n2
    (low1, high1), (low2, high2) = wilson(k1, n1), wilson(k2, n2)
    below = math.hypot(p1 - low1, high2 - p2)
    above = math.hypot(high1 - p1, p2 - low2)
    return p1 - p2 - below, p1 - p2 + above


def fisher(k1: int, n1: int, k2: int, n2: int) -> float | None:
    """Two-sided p-value of Fisher's exact test. None when an n is 0."""
    if not n1 or not n2:
        return None
    from scipy import stats  # most of a second, which only who compares groups waits for

    return float(stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]]).pvalue)


def ratio_check(sizes: tuple[int, int], expected: tuple[float, float]) -> float:
    """p-value of the group sizes under the planned ratio (chi-square, one degree of freedom)."""
    share = expected[0] / sum(expected)
    planned = (sum(sizes) * share, sum(sizes) * (1 - share))
    from scipy import stats

    return float(stats.chisquare(sizes, planned).pvalue)


def _rows(snapshot: Snapshot, by: str, scope: Scope, low: int, high: int) -> list[dict[str, Any]]:
    where = resolve(snapshot, scope, "day")
    first = day_number(where.periods.first)
    kind, _, name = by.partition(":")
    counted = group_returns.rows(snapshot, where, kind, name or None, low, high)
    if counted is not None:
        return counted
    return snapshot.rows(
        "engagement/group_retention",
        **where.people,
        until_us=where.until_us,
        first_day=first,
        end_day=first + where.periods.over,
        low=low,
        high=high,
        by=kind,
        name=name or None,
    )


def _group(label: str, testers: int, mature: int, retained: int) -> Group:
    return Group(label, testers, mature, retained, retained / mature if mature else None, wilson(retained, mature))


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "group": group.label,
        "testers": group.testers,
        "mature": group.mature,
        "not_yet_measurable": group.not_yet,
        "retained": group.retained,
        "rate": group.rate,
        "low": group.interval[0],
        "high": group.interval[1],
    }


def _notes(options: CompareOptions, ratio_p: float | None) -> tuple[str, ...]:
    notes = []
    if ratio_p is not None and ratio_p < RATIO_ALARM:
        notes.append(
            f"sample ratio mismatch (p = {ratio_p:.2g}): the group sizes do not fit the planned split; "
            "find out why before reading the difference"
        )
    if not options.by.startswith(("flag:", "property:")):
        notes.append("the groups were not drawn by lot: the difference is an association")
    return tuple(notes)
