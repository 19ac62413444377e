"""Answers of measure queries from the testers' active days as bits, which a snapshot's other questions read anyway.

The query is the definition; what is answered here are its rows, value by value (tests/kpis/test_active_days.py).
At 100 M events the bits answer in milliseconds what the queries ask of all tester-days, in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from data.warehouse import Snapshot
from kpis.engagement.activity import NEVER, Activity, activity, count

Row = dict[str, Any]
EPOCH = date(1970, 1, 1)
DAYS_OF_POOL = 7


def answer(snapshot: Snapshot, query: str, bound: Mapping[str, Any]) -> tuple[Row, ...] | None:
    """The rows of a query with its parameters, or None where it has to be run."""
    if query == "measures/retention" and not bound["include_excluded"]:
        found = activity(snapshot)
        return None if found is None else tuple(_retention(snapshot, found, bound["from_offset"], bound["to_offset"]))
    if query == "measures/stickiness" and bound["by"] == "day":
        found = activity(snapshot)
        return None if found is None else tuple(_stickiness(snapshot, found))
    return None


def _retention(snapshot: Snapshot, found: Activity, start: int, end: int) -> Iterable[Row]:
    """By grain and period: brackets that are over, those with a return, and open ones."""
    calendar = snapshot.rows("measures/calendar")
    began = found.testers["first_active_day_n"]
    known = np.flatnonzero(began < NEVER)
    began = began[known]
    returned = np.zeros(len(known), bool)
    for offset in range(start, end + 1):
        returned |= found.active_on(known, began + offset)
    low = int(began.min()) if len(began) else 0
    testers, back = np.bincount(began - low), np.bincount(began - low, weights=returned)
    groups: dict[tuple[str, int], list[tuple[Row, int, int]]] = {}
    for day in calendar:
        place = day["day_n"] - end - low
        inside = 0 <= place < len(testers)
        told = (day, int(testers[place]), int(back[place])) if inside else (day, 0, 0)
        groups.setdefault(("week", day["week"]), []).append(told)
        if day["is_over"]:
            groups.setdefault(("day", day["day_n"]), []).append(told)
    for (grain, period), days in sorted(groups.items()):
        waiting = [day["day_n"] + 1 for day, n, _ in days if n and not day["is_over"]]
        yield {
            "grain": grain, "period": period,
            "numerator": sum(n for day, _, n in days if day["is_over"]),
            "denominator": sum(n for day, n, _ in days if day["is_over"]),
            "not_yet": sum(n for day, n, _ in days if not day["is_over"]),
            "measurable_on": EPOCH + timedelta(days=max(waiting)) if waiting else None,
        }  # fmt: skip


def _stickiness(snapshot: Snapshot, found: Activity) -> Iterable[Row]:
    """By day: its active testers over the testers active in the seven days that end with it."""
    width = found.days.shape[1]
    for day in snapshot.rows("measures/calendar"):
        if not (day["is_over"] and day["has_seven_days"]):
            continue
        end = day["day_n"] + 1 - found.first_day
        pool = found.days[max(end - DAYS_OF_POOL, 0) : max(end, 0)]
        n = count(np.bitwise_or.reduce(pool, axis=0)) if len(pool) and width else 0
        active = count(found.days[end - 1]) if 0 < end <= len(found.days) else 0
        total = float(active) if n else None
        yield {"period": day["day_n"], "total": total, "n": n, "sum_squares": total}
