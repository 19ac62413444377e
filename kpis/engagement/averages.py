"""The averages of a retention table. The same table has three; which one is shown is always said.

pooled    sum of returned / sum of sizes: every tester counts once
weighted  sum of size x returned / sum of size squared: the size-weighted mean of counts over that of sizes
simple    mean of the cohorts' rates: every cohort counts once
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kpis.engagement.cells import CohortRow
from kpis.intervals import wilson

Kind = Literal["pooled", "weighted", "simple"]


@dataclass(frozen=True)
class Average:
    """Per column: ratio, testers whose outcome is known, testers not yet, Wilson interval (pooled only)."""

    kind: Kind
    values: tuple[float | None, ...]
    n: tuple[int | None, ...]
    not_yet: tuple[int | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "values": list(self.values),
            "n": list(self.n),
            "not_yet_measurable": list(self.not_yet),
            "low": list(self.low),
            "high": list(self.high),
        }


def ratio(kind: Kind, pairs: Sequence[tuple[int, int]]) -> float | None:
    """Average of (size, returned) of the measurable cohorts; None when there is none. Empty cohorts carry no weight."""
    pairs = [(size, back) for size, back in pairs if size > 0]
    if not pairs:
        return None
    if kind == "pooled":
        return sum(back for _, back in pairs) / sum(size for size, _ in pairs)
    if kind == "weighted":
        return sum(size * back for size, back in pairs) / sum(size * size for size, _ in pairs)
    return sum(back / size for size, back in pairs) / len(pairs)


def average(rows: Sequence[CohortRow], kind: Kind, *, clustered: bool) -> Average:
    """Average of every column over the cohorts whose cell is measurable.

    clustered: a tester may be in several cohorts, so that a binomial interval of the pool would be too narrow.
    """
    values, counts, waiting, ends = [], [], [], []
    sizes = [r.size for r in rows]
    for column in zip(*(r.cells.retained for r in rows), strict=True):
        pairs = [(size, back) for size, back in zip(sizes, column, strict=True) if back is not None]
        n, back = sum(size for size, _ in pairs), sum(back for _, back in pairs)
        values.append(ratio(kind, pairs))
        counts.append(n)
        waiting.append(sum(sizes) - n)
        ends.append(wilson(back, n) if kind == "pooled" and not clustered else (None, None))
    return Average(
        kind, tuple(values), tuple(counts), tuple(waiting), tuple(e[0] for e in ends), tuple(e[1] for e in ends)
    )
