"""The quick road for events: lines with a known skeleton become columns without a Python object for each line.

It takes only what it can prove to come out as on the exact road (data.sources.lines and data.sources.events).
A line with anything unusual is left to the exact road.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sources import lines
from data.sources.events import Converter
from data.sources.files import Block
from data.sources.moulds import Mould, mould_of
from data.sources.skeletons import Cuts, Skeleton, learn

MOST = 24  # skeletons kept of lines with the same number of quotes
TRIES = 8  # lines of those that are looked at for new ones in each block


@dataclass
class Quick:
    """Rows of the lines that were taken, skeleton by skeleton, and which lines those are."""

    table: pa.Table | None
    rows: np.ndarray
    cuts: Cuts

    def left(self) -> np.ndarray:
        """The lines that were not taken."""
        there = np.ones(len(self.cuts.starts), bool)
        there[self.rows] = False
        return np.flatnonzero(there)

    def places(self, block: Block) -> pa.Table:
        """line, offset and content of the lines that were taken."""
        cuts = self.cuts
        content = lines.contents(block.data, cuts.ends)
        return lines.some_places(block.line + self.rows, block.offset + cuts.starts[self.rows], self.rows, content)

    def covers(self) -> tuple[int, int]:
        """[from, to) of the rows' instants, microseconds."""
        span = pc.min_max(self.table["ts_us"]).as_py()
        return span["min"], span["max"] + 1


class Road:
    """Learns skeletons as it goes. One for a whole load."""

    def __init__(self, converter: Converter, longest: int) -> None:
        self._converter = converter
        self._longest = longest
        self._known: dict[int, list[tuple[Skeleton, Mould | None]]] = {}  # by number of quotes

    def take(self, block: Block, cuts: Cuts, file_id: str) -> Quick:
        """Rows of all plain lines of a block of the file `file_id`."""
        tables, taken = [], []
        for quotes in np.unique(cuts.quotes[cuts.plain]).tolist():
            rows = np.flatnonzero(cuts.plain & (cuts.quotes == quotes))
            for mould, fitting in self._matches(cuts, rows, self._known.setdefault(quotes, [])):
                if mould is not None and len(fitting):
                    table, sure = mould.table(cuts, fitting, block.offset, file_id)
                    tables.append(table)
                    taken.append(sure)
        if not sum(map(len, taken)):
            return Quick(None, np.empty(0, np.int64), cuts)
        return Quick(pa.concat_tables(tables), np.concatenate(taken), cuts)

    def _matches(
        self, cuts: Cuts, rows: np.ndarray, known: list[tuple[Skeleton, Mould | None]]
    ) -> Iterator[tuple[Mould | None, np.ndarray]]:
        """Skeletons with the lines of one number of quotes that have them; new ones are learnt on the way."""
        for skeleton, mould in known:
            if not len(rows):
                return
            fits = cuts.matching(skeleton, rows)
            yield mould, rows[fits]
            rows = rows[~fits]
        for _ in range(TRIES):
            if not len(rows) or len(known) >= MOST:
                return
            skeleton = learn(cuts.line(rows[0]), self._longest)
            if skeleton is None:
                rows = rows[1:]
                continue
            mould = mould_of(skeleton, self._converter)
            fits = cuts.matching(skeleton, rows)
            if np.count_nonzero(fits) > 1:
                known.append((skeleton, mould))
            yield mould, rows[fits]
            rows = rows[~fits]
