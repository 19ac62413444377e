"""Retention of groups of testers from the bits of their active days, as engagement/group_retention says it.

At 100 M events the query looks at all tester-days twice, for seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.calendar import day_number
from data.warehouse import Snapshot
from kpis.engagement.activity import Activity
from kpis.engagement.scope import ACTIVITY, Range, held

BY_LABEL = ("wave", "platform")


def rows(snapshot: Snapshot, where: Range, kind: str, name: str | None, low: int, high: int) -> list[dict] | None:
    """Testers, mature and retained ones by label of a wave, platform or flag; None where events must be looked at."""
    known = held(snapshot, where, ACTIVITY) if kind in (*BY_LABEL, "flag") else None
    if known is None:
        return None
    found, group = known
    first = day_number(where.periods.first)
    began = found.testers["first_active_day_n"]
    chosen = np.arange(len(found.keys))[group.rows]
    chosen = chosen[(began[chosen] >= first) & (began[chosen] < first + where.periods.begun)]
    code, names = _labels(snapshot, where, found, kind, name)
    mature = chosen[began[chosen] + high < first + where.periods.over]
    back = np.zeros(len(mature), bool)
    for offset in range(low, high + 1):
        back |= found.active_on(mature, began[mature] + offset)
    counts = [np.bincount(code[some], minlength=len(names) + 1) for some in (chosen, mature, mature[back])]
    return [
        dict(zip(("label", "testers", "mature", "retained"), (label, *(int(c[place]) for c in counts)), strict=True))
        for place, label in sorted(enumerate(names, 1), key=lambda pair: pair[1])
        if counts[0][place]
    ]


def _labels(
    snapshot: Snapshot, where: Range, found: Activity, kind: str, name: str | None
) -> tuple[np.ndarray, Sequence[str]]:
    """Place of each tester's label among the labels, from 1."""
    if kind in BY_LABEL:
        return found.labels[kind]
    features: list[dict[str, Any]] = snapshot.rows("engagement/features")
    bit = next((f["feature_bit"] for f in features if f["feature"] == name), 0)
    flags = snapshot.arrays("engagement/flags", until_us=where.until_us)
    of = found.rows(flags["tester_key"][flags["feature_bit"] == bit])
    code = np.ones(len(found.keys), np.int64)
    code[of[of >= 0]] = 2
    return code, ("off", "on")
