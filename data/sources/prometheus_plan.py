"""What to ask a Prometheus for: the window still to read, cut into pieces of one to two million samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PIECE = 2_000_000  # samples per question
NAMES = 200  # metric names per question
DEFAULT_STEP_MS = 15_000
LONGEST_STEP_MS = 600_000
COMPUTED = "computed:"  # how names of values begin that the server worked out from a PromQL file
SHORTEST_MS = 60_000  # a piece is not cut below this
_DURATION = re.compile(r"(\d+)(ms|[ywdhms])")
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "y": 31_536_000_000}


@dataclass(frozen=True)
class Piece:
    """Some metrics over [start_ms, end_ms)."""

    names: tuple[str, ...]
    start_ms: int
    end_ms: int

    def halves(self) -> tuple[Piece, Piece] | None:
        """The piece in two: by metric, then by time; None when it cannot be cut further."""
        if len(self.names) > 1:
            middle = len(self.names) // 2
            left, right = self.names[:middle], self.names[middle:]
            return Piece(left, self.start_ms, self.end_ms), Piece(right, self.start_ms, self.end_ms)
        if self.end_ms - self.start_ms < 2 * SHORTEST_MS:
            return None
        at = (self.start_ms + self.end_ms) // 2
        return Piece(self.names, self.start_ms, at), Piece(self.names, at, self.end_ms)


def pieces(series: dict[str, int], start_ms: int, end_ms: int, step_ms: int, size: int = PIECE) -> Iterator[Piece]:
    """Cut metrics (name -> number of series) x [start, end) so that a piece holds about `size` samples.

    Few series over a long time come before many over a short one: samples are stored by series and time.
    """
    per_series = max(1, (end_ms - start_ms) // step_ms)
    group: list[str] = []
    waiting = 0
    for name in sorted(series):
        expected = series[name] * per_series
        if group and (waiting + expected > size or len(group) >= NAMES):
            yield Piece(tuple(group), start_ms, end_ms)
            group, waiting = [], 0
        if expected > size:
            yield from _slices(name, start_ms, end_ms, -(-expected // size))
            continue
        group.append(name)
        waiting += expected
    if group:
        yield Piece(tuple(group), start_ms, end_ms)


def _slices(name: str, start_ms: int, end_ms: int, parts: int) -> Iterator[Piece]:
    length = max(SHORTEST_MS, -(-(end_ms - start_ms) // parts))
    for at in range(start_ms, end_ms, length):
        yield Piece((name,), at, min(at + length, end_ms))


def window(watermark: dict | None, first_ms: int, as_of_ms: int, overlap_s: float) -> tuple[int, int]:
    """[start, end) in milliseconds still to read: from the watermark less an overlap of two scrapes or more.

    A watermark that started later than `first_ms` (the launch was moved) is read again from the start.
    """
    if watermark is None or watermark["from_ms"] > first_ms:
        return first_ms, as_of_ms
    overlap = max(round(overlap_s * 1000), 2 * watermark.get("step_ms", DEFAULT_STEP_MS))
    return max(first_ms, watermark["to_ms"] - overlap), as_of_ms


def duration_ms(text: str) -> int | None:
    """Milliseconds of a Go duration such as "15d" or "1h30m"; None when the text holds none."""
    found = _DURATION.findall(text.partition(" or ")[0])
    return sum(int(n) * _UNITS[unit] for n, unit in found) if found else None
