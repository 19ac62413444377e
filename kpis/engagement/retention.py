"""Retention: of those who started in a period, how many came back in each later one.

`retention(snapshot, options)` is the one function behind the page, the command and the report. A cell is measurable
only when its period is completely over for every member of the cohort; until then it is None with its date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from data.errors import QueryError
from data.warehouse import Snapshot
from kpis.engagement import queried, returns
from kpis.engagement.averages import Average, average
from kpis.engagement.cells import Cells, CohortRow, Window
from kpis.engagement.masking import mask
from kpis.engagement.periods import Grain
from kpis.engagement.returns import Columns, Counts
from kpis.engagement.scope import ACTIVITY, EVERYBODY, EventChoice, Range, Scope, held, resolve, unknown_events
from kpis.intervals import wilsons

CohortRule = Literal["first-ever", "first-in-range", "recurring"]
WindowKind = Literal["calendar", "24h", "own-week"]
SHORT = {"day": "D", "week": "W", "month": "M"}


@dataclass(frozen=True)
class RetentionOptions:
    """A retention question. Events default to the settings' active list; brackets are (first, last) column numbers."""

    scope: Scope = EVERYBODY
    period: Grain = "day"
    window: WindowKind = "calendar"
    cohort: CohortRule = "first-ever"
    start: EventChoice = ACTIVITY
    back: EventChoice = ACTIVITY
    rule: Literal["on", "on-or-after"] = "on"
    min_occurrences: int = 1
    intervals: int | None = None  # columns including column 0; None = as many as the range allows
    brackets: tuple[tuple[int, int], ...] = ()
    average: Literal["pooled", "weighted", "simple"] = "pooled"
    min_cohort: int = 1  # cohorts of fewer testers are masked

    def __post_init__(self) -> None:
        if self.min_occurrences < 1 or (self.intervals is not None and self.intervals < 1) or self.min_cohort < 1:
            raise QueryError("--min-occurrences, --intervals and --min-cohort must be 1 or more")
        last = 0
        for low, high in self.brackets:
            if not last < low <= high:
                raise QueryError("brackets must start at 1 or later, ascend and not overlap, e.g. 1-3,4-7")
            last = high


@dataclass(frozen=True)
class RetentionTable:
    """rows oldest first; columns named D0, D1 ... or W1-3; notes are sentences the reader must see."""

    options: RetentionOptions
    columns: tuple[str, ...]
    rows: tuple[CohortRow, ...]
    average: Average
    notes: tuple[str, ...]

    def as_json(self) -> dict:
        """The scripted shape: period, average, rows with parallel lists; ratios are 0..1, dates ISO."""
        return {
            "period": self.options.period,
            "columns": list(self.columns),
            "average": self.average.as_json(),
            "rows": [row.as_json() for row in self.rows],
            "notes": list(self.notes),
        }


def retention(snapshot: Snapshot, options: RetentionOptions) -> RetentionTable:
    """The retention table of a snapshot. Raises QueryError for a question that cannot be asked."""
    where = resolve(snapshot, options.scope, options.period)
    columns = _columns(options, where)
    counts = _counts(snapshot, options, where, columns)
    rows = _rows(options, where, columns, counts)
    overall = average(rows, options.average, clustered=options.cohort == "recurring")
    notes = (*unknown_events(snapshot, options.start, options.back), *_notes(options))
    if options.min_cohort > 1:
        whole = rows
        if options.scope.wave or options.scope.platform:
            everyone = replace(options.scope, wave=None, platform=None, start=where.periods.first)
            whole = _rows(
                options,
                where,
                columns,
                _counts(snapshot, options, resolve(snapshot, everyone, options.period), columns),
            )
        rows, overall = mask(rows, whole, overall, options.min_cohort)
    names = tuple(_name(options, low, high) for low, high in columns)
    return RetentionTable(options, names, rows, overall, notes)


def _columns(options: RetentionOptions, where: Range) -> Columns:
    """Column ranges, column 0 first."""
    if options.brackets:
        columns = ((0, 0), *options.brackets)
        return columns[: options.intervals] if options.intervals else columns
    if options.intervals:
        count = options.intervals
    elif options.window == "own-week":
        count = -(-len(where.periods.days()["day_numbers"]) // 7)
    else:
        count = where.periods.begun
    return tuple((k, k) for k in range(count))


def _name(options: RetentionOptions, low: int, high: int) -> str:
    letter = "W" if options.window == "own-week" else SHORT[options.period]
    return f"{letter}{low}" if low == high else f"{letter}{low}-{high}"


def _counts(snapshot: Snapshot, options: RetentionOptions, where: Range, columns: Columns) -> Counts:
    """Testers by cohort and column."""
    bits = held(snapshot, where, options.start)
    if bits is None or options.window == "24h" or options.back != options.start or options.min_occurrences > 1:
        return queried.counts(snapshot, options, where, columns)
    count = returns.by_own_days if options.window == "own-week" else returns.by_period
    return count(*bits, where.periods.edges(), options.cohort, columns, options.rule == "on-or-after")


def _rows(options: RetentionOptions, where: Range, columns: Columns, counts: Counts) -> tuple[CohortRow, ...]:
    """Cohorts with their cells: what is over is retained, what is running is "so far", the rest is not known."""
    over, running, days = Window(options.window, where.periods, queried.HOURS[options.period]).grid(
        counts.last, columns
    )
    testers, sizes = counts.testers, counts.testers[:, 0]
    low, high = wilsons(testers, np.broadcast_to(sizes[:, None], testers.shape))
    known = over & (sizes > 0)[:, None]
    parts = [_or_none(testers, over), _or_none(testers, running), _or_none(low, known), _or_none(high, known), days]
    shown = (False,) * len(columns)
    return tuple(
        CohortRow(where.periods.start(number), where.periods.label(number), size, Cells(*map(tuple, row), shown))
        for number, (size, *row) in enumerate(zip(sizes.tolist(), *parts, strict=True))
    )


def _or_none(values: np.ndarray, known: np.ndarray) -> list[list]:
    """The values as lists of Python numbers, None where they are not known."""
    found = values.astype(object)
    found[~known] = None
    return found.tolist()


def _notes(options: RetentionOptions) -> tuple[str, ...]:
    """What the reader must know about options that change what a number means."""
    notes = []
    if options.rule == "on-or-after":
        notes.append("on-or-after: counted once for every period up to the last one seen in; values may still grow")
    if options.cohort == "recurring":
        notes.append(
            "recurring: a tester is in the cohort of every period with a start event; the average has no interval"
        )
    if options.window == "24h":
        notes.append("24h: hours from the own start, both instants floored to the hour")
    if options.window == "own-week":
        notes.append("own-week: column k is days 7k to 7k+6 after the own first day")
    return tuple(notes)
