"""PromQL of a team's own, by day: to look at beside the product's series. No KPI reads it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from data.sources.prometheus_plan import COMPUTED
from data.warehouse import Snapshot
from kpis.operations import series
from kpis.operations.shifts import days

MOST = 6  # lines in a chart; more cannot be told apart


@dataclass(frozen=True)
class Own:
    """One expression: daily values of its series, named by their labels, the first few in order of their names.

    A gauge's day is the mean of its points; a counter's is its growth. None on a day without a point.
    """

    name: str
    counter: bool
    lines: tuple[tuple[str, tuple[float | None, ...]], ...]
    left_out: int

    @property
    def form(self) -> str:
        """How its values are written, from its name's ending as Prometheus names things; else as plain numbers."""
        if self.counter:
            return "number"
        endings = {"ratio": "percent", "seconds": "seconds", "bytes": "bytes"}
        return endings.get(self.name.rpartition("_")[2], "number")


def read(snapshot: Snapshot) -> tuple[Own, ...]:
    """Every expression that has values, in order of name, over the programme's days that are over."""
    known = [r for r in snapshot.rows("operations/metric_names") if r["metric"].startswith(COMPUTED)]
    return tuple(_own(snapshot, row["metric"], row["type"] == "counter") for row in known)


def _own(snapshot: Snapshot, metric: str, counter: bool) -> Own:
    labels = [json.loads(r["labels"]) for r in snapshot.rows("operations/matching_series", metric=metric)]
    by = tuple(sorted({key for found in labels for key in found}))
    points = series.read(snapshot, series.Options(metric, "increase" if counter else "mean", "day", by=by))
    parts: dict[str, dict[int, float | None]] = defaultdict(dict)
    for point in points:
        parts[", ".join(f"{k}={v}" for k, v in point.group if v)][point.period] = point.value
    numbers, _ = days(snapshot)
    lines = [(name, tuple(part.get(n) for n in numbers)) for name, part in sorted(parts.items())]
    return Own(metric.removeprefix(COMPUTED), counter, tuple(lines[:MOST]), max(0, len(lines) - MOST))
