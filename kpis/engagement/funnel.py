"""Ordered funnels: how far testers get along a list of events inside a window that starts with the first of them.

The edge of the window is inclusive. Every first-step event opens an attempt and a tester's deepest attempt counts;
other events may lie between. An event fills one step only, and events of one instant are taken in step order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from data.errors import QueryError
from data.warehouse import Snapshot
from kpis.engagement.attempts import Events, deepest, deepest_strict
from kpis.engagement.scope import EVERYBODY, EventChoice, Range, Scope, resolve, unknown_events

SECOND_US = 1_000_000
WEEK_S = 7 * 86_400


@dataclass(frozen=True)
class FunnelOptions:
    """strict_order judges a tester's first entry only: any other active event, a later step too early or, unless
    reentry, a second first step ends it. increasing: each step strictly later than the one before.
    by_entry: one funnel per day or week of entry. finished: nothing will follow the data, so every window is closed."""

    steps: tuple[str, ...]
    scope: Scope = EVERYBODY
    window_s: float = WEEK_S
    strict_order: bool = False
    increasing: bool = False
    reentry: bool = False
    by_entry: Literal["day", "week"] | None = None
    finished: bool = False

    def __post_init__(self) -> None:
        if not self.steps or any(not s or s == "*" for s in self.steps):
            raise QueryError("--steps needs the names of events in order, e.g. signed_up,posted,shared")
        if self.window_s <= 0:
            raise QueryError("--funnel-window must be longer than nothing")

    @property
    def window_us(self) -> int:
        return round(self.window_s * SECOND_US)


@dataclass(frozen=True)
class EntryPeriod:
    """Testers who entered in a period, by step reached; steps is None while a window may still be open."""

    start: date
    label: str
    steps: tuple[int, ...] | None
    visible_on: date


@dataclass(frozen=True)
class FunnelTable:
    """steps[k] = testers that reached step k + 1 in an attempt whose window has closed.

    deepest: every tester who entered and the deepest step so far; still_open: those with open attempts only.
    """

    options: FunnelOptions
    steps: tuple[int, ...]
    deepest: dict[str, int]
    still_open: tuple[str, ...]
    periods: tuple[EntryPeriod, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "names": list(self.options.steps),
            "steps": list(self.steps),
            "deepest": self.deepest,
            "still_open": list(self.still_open),
        }
        if self.options.by_entry:
            shown = [p for p in self.periods if p.steps is not None]
            out["periods"] = [{"start": p.start.isoformat(), "steps": list(p.steps)} for p in shown]
            out["hidden"] = [
                {"start": p.start.isoformat(), "visible_on": p.visible_on.isoformat()}
                for p in self.periods
                if p.steps is None
            ]
        out["notes"] = list(self.notes)
        return out


def funnel(snapshot: Snapshot, options: FunnelOptions) -> FunnelTable:
    """The funnel over entries of the range. Raises QueryError for a question that cannot be asked."""
    where = resolve(snapshot, options.scope, options.by_entry or "day")
    events = _events(snapshot, options, where)
    first = where.periods.midnight(where.periods.first)
    so_far = _reached(events, options, first, where.until_us)
    closed = so_far if options.finished else _reached(events, options, first, where.until_us - options.window_us)
    ids = {row["tester_key"]: row["tester_id"] for row in snapshot.rows("engagement/tester_ids")}
    names = sorted((ids[key], step) for key, step in so_far.items())
    return FunnelTable(
        options=options,
        steps=_counts(closed, len(options.steps)),
        deepest=dict(names),
        still_open=tuple(sorted(ids[key] for key in so_far.keys() - closed.keys())),
        periods=_by_entry(events, options, where) if options.by_entry else (),
        notes=unknown_events(snapshot, *(EventChoice(step) for step in options.steps)),
    )


def _events(snapshot: Snapshot, options: FunnelOptions, where: Range) -> Events:
    table = snapshot.frame(
        "engagement/funnel_events",
        **where.people,
        until_us=where.until_us,
        steps=list(options.steps),
        others=options.strict_order,
    )
    columns = (table[name].to_numpy() for name in ("tester_key", "ts_us", "step"))
    codes = [options.steps.index(name) + 1 for name in options.steps]
    return Events(*columns, codes=np.array(codes))


def _reached(events: Events, options: FunnelOptions, from_us: int, before_us: int) -> dict[int, int]:
    """tester key -> deepest step over attempts that begin in [from_us, before_us)."""
    if options.strict_order:
        return deepest_strict(events, options.window_us, options.increasing, options.reentry, from_us, before_us)
    return deepest(events, options.window_us, options.increasing, from_us, before_us)


def _counts(reached: dict[int, int], steps: int) -> tuple[int, ...]:
    depth = Counter(reached.values())
    return tuple(sum(n for step, n in depth.items() if step > k) for k in range(steps))


def _by_entry(events: Events, options: FunnelOptions, where: Range) -> tuple[EntryPeriod, ...]:
    """Each period of entry by itself: a tester counts once in every period entered, with that period's best attempt."""
    periods, found = where.periods, []
    for number in range(periods.begun):
        begin, end = (periods.midnight(periods.start(n)) for n in (number, number + 1))
        visible_us = end + options.window_us
        steps = None
        if options.finished or visible_us <= where.until_us:
            steps = _counts(_reached(events, options, begin, end), len(options.steps))
        found.append(EntryPeriod(periods.start(number), periods.label(number), steps, periods.local_date(visible_us)))
    return tuple(found)


def step_rates(steps: Sequence[int]) -> tuple[float | None, ...]:
    """Share of the step before; None for the first step and after an empty one."""
    return (None, *(after / before if before else None for before, after in pairwise(steps)))
