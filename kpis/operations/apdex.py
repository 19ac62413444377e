"""Apdex (Apdex Alliance, technical specification 1.1): (satisfied + tolerating / 2) / all, from histogram buckets.

Satisfied: up to T; tolerating: up to 4T; a request answered with a 5xx is frustrated however fast. T and 4T must be
bucket bounds: between bounds nothing is known of single requests, and nothing is interpolated.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from data.warehouse import Snapshot
from kpis.operations import spellings
from kpis.operations.histograms import Buckets, clean
from kpis.operations.routes import Days, failures, together


@dataclass(frozen=True)
class Apdex:
    """`low` and `high` differ where the histogram does not tell which requests failed: all slow, or all fast."""

    threshold: float
    low: float
    high: float
    requests: float
    exact: bool  # failures are told apart in the histogram itself


def threshold(bounds: list[float], target: float) -> float | None:
    """The bound nearest to the target (by ratio) whose fourfold is a bound too; None where there is no such pair."""
    edges = np.array(sorted(b for b in bounds if np.isfinite(b) and b > 0))
    pairs = [float(b) for b in edges if np.isclose(edges, 4 * b, rtol=1e-6).any()]
    return min(pairs, key=lambda b: (abs(np.log(b / target)), b), default=None)


def apdex(snapshot: Snapshot, days: Days, target: float) -> Apdex | None:
    """Apdex over all routes of a period; None without requests, or without a pair of bounds T and 4T."""
    every_of: dict[str, dict[float, float]] = defaultdict(dict)
    good_of: dict[str, dict[float, float]] = defaultdict(dict)
    told = False
    parameters = {"starts": [days[0]], "ends": [days[1]], **spellings.durations(snapshot, "_bucket")}
    for row in snapshot.rows("operations/route_buckets", **parameters):
        every_of[row["route"]][row["bound"]] = row["increase"]
        good_of[row["route"]][row["bound"]] = row["increase"] - row["failed"]
        told = told or row["has_status"]
    if not every_of:
        return None
    every, good = together(every_of.values()), together(good_of.values())
    t = threshold(list(every), target)
    buckets, kept = clean(list(every), list(every.values())), clean(list(good), list(good.values()))
    if t is None or buckets is None or kept is None or buckets.total <= 0:
        return None
    n, satisfied, within = buckets.total, _at(kept, t), _at(kept, 4 * t)
    failed = 0.0 if told else sum(bad for _, bad in failures(snapshot, days).values())
    fast, slow = min(failed, satisfied), n - within
    lost_most = fast + min(failed - fast, within - satisfied) / 2  # every failure was fast
    beyond = max(0.0, failed - slow)  # failures that cannot all have been frustrated by their time
    lost_least = min(beyond, within - satisfied) / 2 + max(0.0, beyond - (within - satisfied))
    score = (satisfied + within) / 2
    return Apdex(t, (score - lost_most) / n, (score - lost_least) / n, n, told)


def _at(buckets: Buckets, bound: float) -> float:
    return float(buckets.counts[int(np.argmin(np.abs(buckets.bounds - bound)))])
