"""One number per group at one instant, from series of a plain file: exact growth, and what histograms say of it.

Growth in a window is anchored: reset-aware, from the last sample at or before its start, nothing extrapolated.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.errors import QueryError
from data.sample_file import FileSeries
from kpis.operations.counters import increase
from kpis.operations.histograms import fraction, quantile, share

FUNCTIONS = ("increase", "rate", "quantile", "share", "fraction")


@dataclass(frozen=True)
class Ask:
    """What to compute. `window` None (histograms only): the buckets as they stand at the instant.

    `by`: labels to keep apart, the rest is summed; None: every series apart (a histogram's `le` aside).
    """

    function: str
    at: float  # seconds since 1970
    window: float | None = None
    by: tuple[str, ...] | None = None
    q: float = 0.95
    bound: float = 0.2
    lower: float = 0.0
    upper: float = math.inf


def names(metric: str, function: str) -> tuple[str, ...]:
    """Metric names to read: a histogram is asked for by its base name or by its buckets."""
    return (metric, f"{metric}_bucket") if function in ("quantile", "share", "fraction") else (metric,)


def values(found: Sequence[FileSeries], ask: Ask) -> dict[str, float | None]:
    """Value of each group; its key joins the group's label values with "|". None: no samples, or nothing observed.

    Raises QueryError for an unknown function, growth without a window, or a histogram without `le`.
    """
    if ask.function not in FUNCTIONS:
        raise QueryError(f"no function {ask.function} of a file; there are {', '.join(FUNCTIONS)}")
    if ask.function in ("increase", "rate"):
        return _growth(found, ask)
    buckets: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for series in found:
        if "le" not in series.labels:
            continue
        count = _count(series, ask)
        group = buckets[_group(series, ask.by)]
        if count is not None:
            group[0].append(_bound(series))
            group[1].append(count)
    if not buckets:
        raise QueryError(f"{found[0].metric} is no histogram: none of its series has a label le")
    return {group: _of_buckets(ask, *pair) for group, pair in sorted(buckets.items())}


def _growth(found: Sequence[FileSeries], ask: Ask) -> dict[str, float | None]:
    if ask.window is None:
        raise QueryError(f"{ask.function} needs a window, for example --window 5m")
    sums: dict[str, float | None] = {}
    for series in found:
        group = _group(series, ask.by)
        grown = increase(series.ts, series.values, ask.at - ask.window, ask.at)
        sums[group] = grown if sums.get(group) is None else sums[group] + (grown or 0.0)
    scale = 1.0 if ask.function == "increase" else 1 / ask.window
    return {group: None if grown is None else grown * scale for group, grown in sorted(sums.items())}


def _count(series: FileSeries, ask: Ask) -> float | None:
    if ask.window is not None:
        return increase(series.ts, series.values, ask.at - ask.window, ask.at)
    last = int(np.searchsorted(series.ts, ask.at, side="right")) - 1
    return float(series.values[last]) if last >= 0 else None


def _bound(series: FileSeries) -> float:
    try:
        return float(series.labels["le"])
    except ValueError:
        raise QueryError(f'{series.metric}: the bucket bound le="{series.labels["le"]}" is no number') from None


def _of_buckets(ask: Ask, bounds: list[float], counts: list[float]) -> float | None:
    if ask.function == "quantile":
        return quantile(bounds, counts, ask.q).value
    if ask.function == "share":
        return share(bounds, counts, ask.bound)[0]
    return fraction(bounds, counts, ask.lower, ask.upper)


def _group(series: FileSeries, by: tuple[str, ...] | None) -> str:
    labels = by if by is not None else tuple(sorted(k for k in series.labels if k != "le"))
    return "|".join(series.labels.get(label, "") for label in labels)
