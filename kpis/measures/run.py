"""One door to all measure kinds."""

from __future__ import annotations

from typing import assert_never

from data.warehouse import Snapshot
from kpis.measures import distributions, sums
from kpis.measures.result import Measured
from kpis.model import (
    Count,
    HistogramQuantile,
    HistogramShare,
    MeanPerTester,
    Measure,
    MedianDuration,
    Proportion,
    RatioOfSums,
)


def measure(snapshot: Snapshot, kind: Measure) -> Measured:  # noqa: PLR0911
    """Numbers of a measure for every programme week and day. Raises QueryError."""
    match kind:
        case Proportion():
            return sums.proportion(snapshot, kind)
        case MeanPerTester():
            return sums.mean(snapshot, kind)
        case RatioOfSums():
            return sums.ratio(snapshot, kind)
        case Count():
            return sums.count(snapshot, kind)
        case HistogramQuantile():
            return distributions.quantile(snapshot, kind)
        case HistogramShare():
            return distributions.share(snapshot, kind)
        case MedianDuration():
            return distributions.duration(snapshot, kind)
        case _:
            assert_never(kind)


def queries(kind: Measure) -> tuple[str, ...]:
    """Names of the queries a measure runs."""
    return (distributions.BUCKETS,) if isinstance(kind, HistogramQuantile | HistogramShare) else (kind.query,)


def metrics(kind: Measure) -> tuple[str, ...]:
    """Names of the Prometheus metrics a measure reads; empty for other sources."""
    if isinstance(kind, HistogramQuantile | HistogramShare):
        return kind.metric
    return tuple(dict(kind.given).get("metrics", ()))
