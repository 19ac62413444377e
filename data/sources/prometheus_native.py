"""Native histograms folded into classic buckets, so that all that reads buckets reads them too.

The bounds are a fixed ladder, four to a power of two where durations lie. Every one is an edge of a bucket of schema 2
and above, whatever the schema is and however often the client changes it. A bound gets a sample only where no bucket
reaches over it: the cumulative counts are exact, and never fall but at a restart. Coarser schemas give powers of two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from data.errors import SourceError
from data.sources.prometheus_http import TooMuch
from data.sources.prometheus_plan import Piece

Series = tuple[dict[str, str], np.ndarray, np.ndarray]  # labels, ts_ms, values
Key = tuple[str, tuple[tuple[str, str], ...]]  # base name, labels without le
LOWEST, HIGHEST = -10, 16  # powers of two: 1 ms to 18 h in seconds, 1 ms to 65 s in milliseconds
_FINE = {("_seconds",): (LOWEST, 6), ("_ms", "_milliseconds"): (0, HIGHEST)}  # endings of a name -> 1 ms to a minute
SAMPLES = 5_000  # of one question: a sample comes with all its buckets as text
_EDGE = 1 + 1e-9


def bounds_of(name: str) -> tuple[float, ...]:
    """Upper bounds for a metric: powers of two, and the three between any two where its values may lie.

    They depend on the name alone, so a series has the same ones throughout the programme.
    """
    low, high = next((span for ends, span in _FINE.items() if name.endswith(ends)), (LOWEST, HIGHEST))
    fine = {2.0 ** (n / 4) for n in range(4 * low, 4 * high + 1)}
    return tuple(sorted(fine | {2.0**n for n in range(LOWEST, HIGHEST + 1)}))


def fold(name: str, labels: dict[str, str], rows: Sequence[tuple[float, dict[str, Any]]]) -> tuple[list[Series], bool]:
    """Series `<name>_bucket`, `_count` and `_sum` of (seconds, histogram as in the API's JSON) in time order.

    Also whether some bucket reaches over a power of two (schema below 0). Raises KeyError, TypeError or ValueError for
    what is no histogram.
    """
    ts = np.rint(np.array([at for at, _ in rows], dtype=np.float64) * 1000).astype(np.int64)
    bounds = np.array(bounds_of(name))
    whole = np.log2(bounds) % 1 == 0
    below = np.full((len(rows), len(bounds)), np.nan)
    for n, (_, histogram) in enumerate(rows):
        below[n] = _below(histogram.get("buckets") or (), bounds)
    count = np.array([float(h["count"]) for _, h in rows])
    total = np.array([float(h["sum"]) for _, h in rows])

    def told(part: str, values: np.ndarray, **more: str) -> Series:
        known = ~np.isnan(values)
        return {**labels, "__name__": f"{name}_{part}", **more}, ts[known], values[known]

    made = [told("bucket", below[:, at], le=repr(bound)) for at, bound in enumerate(bounds.tolist())]
    made += [told("bucket", count, le="+Inf"), told("count", count), told("sum", total)]
    return [series for series in made if len(series[1])], bool(np.isnan(below[:, whole]).any())


def _below(buckets: Sequence[Sequence[Any]], bounds: np.ndarray) -> np.ndarray:
    """Observations at or below each bound; NaN where a bucket reaches over it, so that nobody knows."""
    edges = sorted((float(high), float(low), float(count)) for _, low, high, count in buckets)
    high, low, count = np.array(edges, dtype=np.float64).reshape(-1, 3).T
    at = np.searchsorted(high, bounds * _EDGE, side="right")  # the first bucket that ends above the bound
    over = np.append(low, np.inf)[at] * _EDGE < bounds
    return np.where(over, np.nan, np.append(0.0, np.cumsum(count))[at])


class Classic:
    """When each series had classic buckets in the window of a pull: its native samples of that time are not read.

    So a client that sends both is counted once, and one that changes over in mid-window is read to its end.
    `names`: metrics of the window.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._spans: dict[Key, tuple[int, int]] = {}

    def has(self, name: str) -> bool:
        return f"{name}_bucket" in self._names

    def saw(self, labels: dict[str, str], ts: np.ndarray) -> None:
        """Note scraped samples, in time order."""
        if "le" in labels and labels["__name__"].endswith("_bucket"):
            key = _key(labels, labels["__name__"].removesuffix("_bucket"))
            first, last = self._spans.get(key, (int(ts[0]), int(ts[-1])))
            self._spans[key] = (min(first, int(ts[0])), max(last, int(ts[-1])))

    def gaps(self, found: Sequence[dict[str, str]], start_ms: int, end_ms: int) -> list[tuple[int, int]]:
        """Half-open parts of the window in which some of these native series have no classic buckets."""
        spans = [self._spans.get(_key(labels, labels["__name__"])) for labels in found]
        known = [span for span in spans if span is not None]
        if len(known) < len(spans):
            return [(start_ms, end_ms)]
        before, after = max(first for first, _ in known), min(last for _, last in known) + 1
        if after <= before:
            return [(start_ms, end_ms)]
        return [(a, b) for a, b in ((start_ms, before), (after, end_ms)) if a < b]

    def outside(self, series: Sequence[Series]) -> list[Series]:
        """Folded series without the samples of times at which classic buckets were scraped."""
        kept = []
        for labels, ts, values in series:
            name = labels["__name__"].rpartition("_")[0]
            span = self._spans.get(_key(labels, name))
            wanted = np.ones(len(ts), bool) if span is None else (ts < span[0]) | (ts > span[1])
            if wanted.any():
                kept.append((labels, ts[wanted], values[wanted]))
        return kept


def _key(labels: dict[str, str], name: str) -> Key:
    return name, tuple(sorted((k, v) for k, v in labels.items() if k not in ("le", "__name__")))


def read(piece: Piece, ask: Callable[[int, int], Any], keep: Callable[[list[Series]], None]) -> bool:
    """Read and keep one metric's piece, in halves where the server finds it too large. True: some bucket is wide."""
    try:
        result = ask(piece.start_ms, piece.end_ms)
    except TooMuch:
        halves = piece.halves()
        if halves is None:
            raise
        wide_halves = [read(half, ask, keep) for half in halves]  # both are read, whatever the first one says
        return any(wide_halves)
    made: list[Series] = []
    wide = False
    try:
        for one in result:
            rows = [r for r in one.get("histograms") or () if piece.start_ms <= round(r[0] * 1000) < piece.end_ms]
            if rows:
                series, found = fold(piece.names[0], one["metric"], rows)
                made += series
                wide = wide or found
    except (TypeError, ValueError, KeyError, AttributeError):
        raise SourceError(f"{piece.names[0]}: the server sent a native histogram that cannot be read") from None
    keep(made)
    return wide
