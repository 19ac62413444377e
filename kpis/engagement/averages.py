"""The averages of a retention table. The same table has three; which one is shown is always said.

pooled    sum of returned / sum of sizes: every tester counts once
weighted  sum of size x returned / sum of size squared: the size-weighted mean of counts over that of sizes
simple    mean of the cohorts' rates: every cohort counts once
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from kpis.engagement.cells import CohortRow
from kpis.intervals import wilsons

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


def average(rows: Sequence[CohortRow], kind: Kind, *, clustered: bool) -> Average:
    """Average of every column over the cohorts whose cell is measurable.

    clustered: a tester may be in several cohorts, so that a binomial interval of the pool would be too narrow.
    """
    sizes = np.array([row.size for row in rows], float)[:, None]
    returned = np.array([row.cells.retained for row in rows], float, ndmin=2)  # NaN: not measurable
    known = ~np.isnan(returned)
    n, back = np.where(known, sizes, 0).sum(axis=0), np.where(known, returned, 0).sum(axis=0)  # whole numbers: exact
    low, high = wilsons(back, n) if kind == "pooled" and not clustered else (np.full(len(n), np.nan),) * 2
    return Average(
        kind, _ratios(kind, rows, np.where(known, sizes, 0), np.where(known, returned, 0)),
        *(tuple(int(count) for count in counts) for counts in (n, sizes.sum() - n)), _known(low), _known(high),
    )  # fmt: skip


def _ratios(kind: Kind, rows: Sequence[CohortRow], sizes: np.ndarray, returned: np.ndarray) -> tuple[float | None, ...]:
    """Average of every column, None without anybody in it. What cannot be measured comes as an empty cohort."""
    if kind == "simple":  # sums of fractions, one after the other: their order is seen in the last digit
        columns = zip(*(row.cells.retained for row in rows), strict=True)
        return tuple(_mean([row.size for row in rows], column) for column in columns)
    weights = sizes if kind == "weighted" else 1
    with np.errstate(invalid="ignore"):
        return _known((weights * returned).sum(axis=0) / (weights * sizes).sum(axis=0))


def _mean(sizes: Sequence[int | None], returned: Sequence[int | None]) -> float | None:
    """Mean rate of the cohorts that have testers and can be measured."""
    rates = [back / size for size, back in zip(sizes, returned, strict=True) if size and back is not None]
    return sum(rates) / len(rates) if rates else None


def _known(values: np.ndarray) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(value) else value for value in values.tolist())
