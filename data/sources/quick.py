"""The quick road for events: lines with a known skeleton become columns without a Python object for each line.

It takes only what it can prove to come out as on the exact road (data.sources.lines and data.sources.events).
A line with anything unusual is left to the exact road.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sources import lines
from data.sources.blocks import Block
from data.sources.events import Converter
from data.sources.moulds import Mould, mould_of
from data.sources.skeletons import Cuts, Skeleton, learn

if TYPE_CHECKING:
    from data.sources.forms import Walk

MOST = 24  # skeletons kept of lines with the same number of quotes
TRIES = 8  # lines of those that are looked at for new ones in each block


@dataclass(frozen=True)
class Quick:
    """Rows of the lines that were taken, with the lines that they came from."""

    parts: tuple[tuple[pa.Table, np.ndarray], ...]
    cuts: Cuts | Walk

    @classmethod
    def of(cls, parts: list[tuple[pa.Table, np.ndarray]], cuts: Cuts | Walk) -> Quick:
        return cls(tuple((table, rows) for table, rows in parts if len(rows)), cuts)

    @property
    def taken(self) -> int:
        return sum(len(rows) for _, rows in self.parts)

    def left(self) -> np.ndarray:
        """The lines that were not taken."""
        there = np.ones(len(self.cuts.starts), bool)
        for _, rows in self.parts:
            there[rows] = False
        return np.flatnonzero(there)

    def placed(self, block: Block) -> Iterator[tuple[pa.Table, pa.Table]]:
        """Rows, and line, offset and content of each."""
        cuts = self.cuts
        content = lines.contents(block.array, cuts.ends)
        for table, rows in self.parts:
            yield table, lines.some_places(block.line + rows, block.offset + cuts.starts[rows], rows, content)

    def covers(self) -> tuple[int, int]:
        """[from, to) of the rows' instants, microseconds. There is at least one."""
        spans = [pc.min_max(table["ts_us"]).as_py() for table, _ in self.parts]
        return min(span["min"] for span in spans), max(span["max"] for span in spans) + 1


@dataclass
class Ready:
    """A block that is cut: of each number of quotes, the lines that have a known skeleton, and those that have none.

    `seen`: how many skeletons of that number were known.
    """

    cuts: Cuts
    found: list[tuple[Mould | None, np.ndarray]]
    left: list[tuple[int, np.ndarray, int]]  # quotes, lines, seen


class Road:
    """Learns skeletons as it goes. One for a whole load."""

    def __init__(self, converter: Converter, longest: int) -> None:
        self._converter = converter
        self._longest = longest
        self._known: dict[int, list[tuple[Skeleton, Mould | None]]] = {}  # by number of quotes; only grows

    def ready(self, block: Block) -> Ready:
        """What can be made of a block by what is known: for a thread that goes before `take`."""
        cuts = Cuts(block.data, self._longest)
        ready = Ready(cuts, [], [])
        for quotes in np.unique(cuts.quotes[cuts.plain]).tolist():
            rows = np.flatnonzero(cuts.plain & (cuts.quotes == quotes))
            known = self._known.setdefault(quotes, [])
            seen = len(known)
            rows = _match(cuts, rows, known[:seen], ready.found)
            if len(rows):
                ready.left.append((quotes, rows, seen))
        return ready

    def take(self, block: Block, ready: Ready, file_id: str) -> Quick:
        """Rows of all plain lines of a block of the file `file_id`."""
        cuts = ready.cuts
        for quotes, rows, seen in ready.left:
            known = self._known[quotes]
            self._learn(cuts, _match(cuts, rows, known[seen:], ready.found), known, ready.found)
        parts = []
        for mould, fitting in ready.found:
            if mould is not None and len(fitting):
                texts = cuts.texts(mould.leaves, fitting)
                table, sure = mould.table(texts, block.offset + cuts.starts[fitting], file_id)
                parts.append((table, fitting[sure]))
        return Quick.of(parts, cuts)

    def _learn(
        self,
        cuts: Cuts,
        rows: np.ndarray,
        known: list[tuple[Skeleton, Mould | None]],
        found: list[tuple[Mould | None, np.ndarray]],
    ) -> None:
        """Skeletons of lines with one number of quotes that have none that is known."""
        for _ in range(TRIES):
            if not len(rows) or len(known) >= MOST:
                return
            skeleton = learn(cuts.line(rows[0]), self._longest)
            if skeleton is None:
                rows = rows[1:]
                continue
            new = [(skeleton, mould_of(skeleton, self._converter))]
            before = len(rows)
            rows = _match(cuts, rows, new, found)
            if before - len(rows) > 1:
                known += new


def _match(
    cuts: Cuts,
    rows: np.ndarray,
    known: list[tuple[Skeleton, Mould | None]],
    found: list[tuple[Mould | None, np.ndarray]],
) -> np.ndarray:
    """Add to `found` which lines have which skeleton. Returns the lines that have none of them."""
    for skeleton, mould in known:
        if not len(rows):
            break
        fits = cuts.matching(skeleton, rows)
        found.append((mould, rows[fits]))
        rows = rows[~fits]
    return rows
