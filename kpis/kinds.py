"""The kinds of measure: a closed union, matched exhaustively in kpis/measures/run.py.

Every `query` is a file of queries/measures. It takes $by ('week' or 'day'), returns at most one row per period (column
`period`: the programme week or day_n) and may add columns resets, gap_increase, peak and note_n, which become flags.
`given` binds its further parameters; the rest come from the snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Given = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Proportion:
    """Testers (or items) with a property / those whose outcome is measurable. Wilson interval.

    `query` returns per period: numerator, denominator, not_yet, measurable_on.
    """

    query: str
    given: Given = ()


@dataclass(frozen=True)
class MeanPerTester:
    """Mean over testers. `query` returns per period: total, n, sum_squares. Interval from the sample variance."""

    query: str
    given: Given = ()


@dataclass(frozen=True)
class RatioOfSums:
    """Sum over sum of additive facts. `query` returns per period: numerator, denominator, n.

    `spread="days"`: interval from the days as clusters. `spread="none"`: a full count, exact as it stands.
    """

    query: str
    proportion: bool = True  # numerator is a part of the denominator: never narrower than Wilson
    given: Given = ()
    spread: Literal["days", "none"] = "days"


@dataclass(frozen=True)
class HistogramQuantile:
    """Quantile of summed cumulative buckets, with its bucket's bounds as uncertainty."""

    metric: tuple[str, ...]  # spellings, first found wins
    q: float
    scale: float = 1.0  # to seconds; a spelling with _ms_ is scaled by itself


@dataclass(frozen=True)
class HistogramShare:
    """Share of observations at or below a bound; exact when the bound is a bucket's."""

    metric: tuple[str, ...]
    bound: float  # seconds
    scale: float = 1.0


@dataclass(frozen=True)
class Count:
    """A count at the end of, or within, the period. `query` returns per period: value, n."""

    query: str
    given: Given = ()


@dataclass(frozen=True)
class MedianDuration:
    """Median of durations, open ones censored (Kaplan-Meier). `query` returns rows: period, duration_s, observed."""

    query: str
    given: Given = ()


Measure = Proportion | MeanPerTester | RatioOfSums | HistogramQuantile | HistogramShare | Count | MedianDuration
