"""Retention counted by the database: from tester-days, or from single events where a question needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from data.warehouse import Snapshot
from kpis.engagement.returns import Columns, Counts
from kpis.engagement.scope import Range

if TYPE_CHECKING:
    from kpis.engagement.retention import RetentionOptions

HOURS = {"day": 24, "week": 168, "month": 720}  # of a 24h window; a month counts as 30 days


def counts(snapshot: Snapshot, options: RetentionOptions, where: Range, columns: Columns) -> Counts:
    """Testers by cohort and column, and the latest start of each cohort in units of the window."""
    clock = {"calendar": "period", "24h": "hour", "own-week": "day"}[options.window]
    step = {"period": 1, "day": 7, "hour": HOURS[options.period]}[clock]
    after = options.rule == "on-or-after"
    # A tester's returns need no adding up when a column is one unit, or when only the last return matters.
    plain = options.min_occurrences == 1 or step == 1 if after else step == 1 and not options.brackets
    parameters = {
        **where.people,
        **where.periods.days(),
        "until_us": where.until_us,
        "start_event": options.start.name,
        "return_event": options.back.name,
        "rule": options.cohort,
        "step": step,
        "col_low": [low for low, _ in columns[1:]],
        "col_high": [high for _, high in columns[1:]],
        "least": options.min_occurrences,
        "after": after,
        "plain": plain,
    }
    fast = options.start.plain and options.back.plain and where.stored_days and where.whole_days
    if fast and clock != "hour":
        parameters.pop("day_starts")
        rows = snapshot.rows("engagement/retention_days", **parameters, own_days=clock == "day")
    else:
        parameters |= options.start.parameters("start") | options.back.parameters("return")
        rows = snapshot.rows("engagement/retention_events", **parameters, stored_days=where.stored_days, clock=clock)
    testers = np.zeros((where.periods.begun, len(columns)), np.int64)
    last: list[int | None] = [None] * where.periods.begun
    for row in rows:
        testers[row["cohort"], row["col"]] = row["testers"]
        if row["col"] == 0:
            last[row["cohort"]] = row["last_anchor"]
    return Counts(testers, last)
