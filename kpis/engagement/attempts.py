"""The search behind a funnel: the deepest step each tester reaches, over events sorted by tester, time and step.

In free order a chain that started later is never worse, because its window ends later. So each level keeps, for every
event that can end a chain, the latest possible start; the level above looks up the last such event before its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np


@dataclass(frozen=True)
class Events:
    """Parallel arrays sorted by (tester, ts_us, step). step: position of the name in the steps, 0 = another event.

    codes[k]: the value of `step` that fills step k + 1; a name used twice has the code of its first place.
    """

    tester: np.ndarray
    ts_us: np.ndarray
    step: np.ndarray
    codes: np.ndarray

    @cached_property
    def instants(self) -> np.ndarray:
        """Number of the (tester, instant) of each event, ascending."""
        new = (np.diff(self.tester) != 0) | (np.diff(self.ts_us) != 0)
        return np.concatenate(([0], np.cumsum(new))) if len(self.ts_us) else np.empty(0, dtype=np.int64)


def deepest(events: Events, window_us: int, increasing: bool, from_us: int, before_us: int) -> dict[int, int]:
    """Tester -> deepest step over attempts whose first event lies in [from_us, before_us); testers without one absent.

    increasing: a step must be strictly later than the one before, not only after it in the sorted order.
    """
    order = events.instants if increasing else np.arange(len(events.ts_us))
    at = np.flatnonzero((events.step == events.codes[0]) & (events.ts_us >= from_us) & (events.ts_us < before_us))
    started = events.ts_us[at]
    reached = dict.fromkeys(events.tester[at].tolist(), 1)
    for level, code in enumerate(events.codes[1:], 2):
        if not len(at):
            break
        next_at = np.flatnonzero(events.step == code)
        last = np.searchsorted(order[at], order[next_at], side="left") - 1
        before = np.maximum(last, 0)
        fits = (
            (last >= 0)
            & (events.tester[at[before]] == events.tester[next_at])
            & (events.ts_us[next_at] - started[before] <= window_us)
        )
        at, started = next_at[fits], started[before[fits]]
        reached.update(dict.fromkeys(events.tester[at].tolist(), level))
    return reached


def deepest_strict(
    events: Events, window_us: int, increasing: bool, reentry: bool, from_us: int, before_us: int
) -> dict[int, int]:
    """As `deepest` for the first entry of each tester, ended by anything that breaks the order."""
    reached = {}
    rows = zip(events.tester.tolist(), events.ts_us.tolist(), events.step.tolist(), strict=True)
    codes = events.codes.tolist()
    for tester, own in groupby(rows, key=lambda row: row[0]):
        history = [(ts, step) for _, ts, step in own]
        entry = next(
            (i for i, (ts, step) in enumerate(history) if step == codes[0] and from_us <= ts < before_us), None
        )
        if entry is not None:
            reached[tester] = _follow(history[entry:], codes, (window_us, before_us), increasing, reentry)
    return reached


def _follow(
    history: list[tuple[int, int]], codes: list[int], limits: tuple[int, int], increasing: bool, reentry: bool
) -> int:
    """Steps reached by one attempt that begins with the first event of `history`; it may begin anew at step one."""
    window_us, before_us = limits
    started = previous = history[0][0]
    level = 1
    for ts, step in history[1:]:
        if level == len(codes):
            break
        if step == codes[level]:
            if ts - started <= window_us and (ts > previous or not increasing):
                level, previous = level + 1, ts
        elif step == codes[0] and level == 1:
            if ts >= before_us:
                break
            started = previous = ts
        elif step not in codes[:level] or (step == codes[0] and not reentry):
            break
    return level
