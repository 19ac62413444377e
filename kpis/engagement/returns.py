"""Retention counted on bits: who started when, and who of them was active again in which column.

The same answers as queries/engagement/retention_days.sql gives, for questions in which one event is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kpis.engagement.activity import Activity, Group, Words, count, counts

Columns = Sequence[tuple[int, int]]  # first and last unit after the own first, of each column
ALL = slice(None)


@dataclass(frozen=True)
class Counts:
    """testers: cohorts x columns, column 0 = the size. last: latest start in each cohort, where it matters."""

    testers: np.ndarray
    last: Sequence[int | None]


def by_period(found: Activity, group: Group, edges: Sequence[int], rule: str, columns: Columns, after: bool) -> Counts:
    """Cohorts and columns of periods. edges: day numbers of the periods' starts and of the end."""
    active = found.periods(edges, group)
    periods = len(active)
    resets = range(periods) if rule == "recurring" else (0,)
    testers = np.zeros((periods, len(columns)), np.int64)
    spans = _spans(columns, after)
    for cohort, words, mask in _cohorts(found, active, edges, rule, resets):
        testers[cohort] = _row(active, cohort, words, mask, spans, after)
    return Counts(testers, [None] * periods)


def by_own_days(
    found: Activity, group: Group, edges: Sequence[int], rule: str, columns: Columns, after: bool
) -> Counts:
    """Cohorts of periods, columns of whole weeks after the own first day."""
    days = range(edges[0], edges[-1] + 1)
    active = found.periods(days, group)
    period = np.searchsorted(np.asarray(edges), np.arange(edges[0], edges[-1]), side="right") - 1
    resets = [edge - edges[0] for edge in edges[:-1]] if rule == "recurring" else (0,)
    weeks = _spans([(0, 0), *((7 * low, 7 * high + 6) for low, high in columns[1:])], after)
    testers = np.zeros((len(edges) - 1, len(columns)), np.int64)
    last: list[int | None] = [None] * (len(edges) - 1)
    for day, words, mask in _cohorts(found, active, days, rule, resets):
        row = _row(active, day, words, mask, weeks, after)
        if row[0]:
            testers[period[day]] += row
            last[period[day]] = edges[0] + day
    return Counts(testers, last)


def _cohorts(
    found: Activity, active: Words, edges: Sequence[int], rule: str, resets: Sequence[int]
) -> Iterator[tuple[int, slice, Words | None]]:
    """Unit, words to look at, and the bits of those who start in it (None = all that are active in these words).

    resets: units from which on everybody counts as not seen yet.
    """
    if rule == "first-ever":
        for unit in range(len(active)):
            words = found.began(edges[unit], edges[unit + 1])
            if words.start < words.stop:
                yield unit, words, None
        return
    seen, begins = np.zeros(active.shape[1], np.uint64), frozenset(resets)
    for unit, row in enumerate(active):
        if unit in begins:
            seen[:] = 0
        yield unit, ALL, row & ~seen
        seen |= row


def _spans(columns: Columns, after: bool) -> Columns | int:
    """What `_row` counts: first and last unit of each column, or only how many there are when each is the next unit."""
    spans = [(low, low) for low, _ in columns] if after else columns
    return len(spans) if all(low == high == place for place, (low, high) in enumerate(spans)) else spans


def _row(active: Words, unit: int, words: slice, mask: Words | None, spans: Columns | int, after: bool) -> np.ndarray:
    """Testers who start in a unit, and those of them that are active in each column after it."""
    rows = active[unit:, words]
    if mask is not None:
        rows = rows & mask
    own = rows[0]
    if after:  # active in a unit or in any later one
        rows = np.bitwise_or.accumulate(rows[::-1], axis=0)[::-1]
    testers = np.zeros(spans if isinstance(spans, int) else len(spans), np.int64)
    if isinstance(spans, int):
        known = counts(rows[:spans])
        testers[: len(known)] = known
    else:
        for place, (low, high) in enumerate(spans):
            if low < len(rows):
                testers[place] = count(np.bitwise_or.reduce(rows[low : high + 1], axis=0))
    testers[0] = count(own)
    return testers
