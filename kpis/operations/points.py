"""Values of series by group and period: as columns, and one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data import collector
from kpis.operations.cells import Group


class Point(NamedTuple):
    """One group in one period. `period`: microseconds (hour), day number, programme week, or 0 (all)."""

    group: Group
    period: int
    value: float | None
    samples: int
    resets: int = 0
    gap_increase: float = 0.0
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Columns:
    """Points as parallel arrays, by group and period. group: place in `groups`; NaN: no value, no bound."""

    groups: Sequence[Group]
    group: np.ndarray
    period: np.ndarray
    value: np.ndarray
    samples: np.ndarray
    resets: np.ndarray
    gap_increase: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def points(self) -> tuple[Point, ...]:
        with collector.paused():  # an hour of a series is a point: there may be a hundred thousand
            groups = [self.groups[n] for n in self.group.tolist()]
            counts = self.samples.tolist(), self.resets.tolist(), self.gap_increase.tolist()
            return tuple(
                map(
                    Point, groups, self.period.tolist(), _known(self.value), *counts, _known(self.lower),
                    _known(self.upper),
                )
            )  # fmt: skip


def _known(values: np.ndarray) -> list[float | None]:
    found: list[float | None] = values.tolist()
    return [None if math.isnan(value) else value for value in found] if np.isnan(values).any() else found
