"""Daily and weekly actives, lifecycle and stickiness counted on bits: the answers of the queries on tester-days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from kpis.engagement.activity import Activity, Group, Words, count, counts

WEEK = 7
BLOCK = 4096  # words unpacked at a time


def daily(found: Activity, group: Group, first: int, after: int) -> tuple[list[int], list[int]]:
    """Testers active on each day of a half-open range, and in the 7 days that end with it."""
    rows = found.periods(range(first - WEEK + 1, after + 1), group)
    pairs = rows[1:] | rows[:-1]  # 2 days
    fours = pairs[2:] | pairs[:-2]
    weeks = fours[3:] | fours[:-3]
    return counts(rows[WEEK - 1 :]).tolist(), counts(weeks).tolist()


def lifecycle(found: Activity, group: Group, edges: Sequence[int]) -> list[dict[str, int]]:
    """Testers by state and period. edges: day numbers, with one period before the range."""
    active = found.periods(edges, group)
    totals, both = counts(active), counts(active[1:] & active[:-1])
    rows = []
    for number in range(1, len(active)):
        began = found.began(edges[number], edges[number + 1])
        new = count(active[number, began])
        returning, before = int(both[number - 1]), int(totals[number - 1])
        rows.append(
            {
                "new": new,
                "returning": returning,
                "resurrecting": int(totals[number]) - new - returning,
                "dormant": before - returning,
            }
        )
    return rows


def stickiness(found: Activity, group: Group, edges: Sequence[int]) -> dict[int, int]:
    """Number of active periods -> testers that have exactly so many, from one on."""
    planes = _added(found.periods(edges, group))
    testers: Counter[int] = Counter()
    for start in range(0, planes.shape[1], BLOCK):
        part = np.ascontiguousarray(planes[:, start : start + BLOCK]).view(np.uint8)
        periods = sum(np.unpackbits(plane).astype(np.int32) << place for place, plane in enumerate(part))
        for number, amount in enumerate(np.bincount(periods).tolist() if len(part) else ()):
            testers[number] += amount
    return {number: amount for number, amount in testers.items() if number and amount}


def _added(rows: Words) -> Words:
    """Sums by tester in binary: row k holds the bits of 2^k. A full adder on whole words."""
    planes: list[Words] = []
    for row in rows:
        carry = row
        for place, plane in enumerate(planes):
            planes[place], carry = plane ^ carry, plane & carry
            if not carry.any():
                break
        else:
            if carry.any():
                planes.append(carry.copy())
    return np.stack(planes) if planes else np.zeros((0, rows.shape[1]), np.uint64)
