"""The quick road with compiled loops: as data.sources.quick, in one walk over the bytes of a block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data.sources.blocks import Block
from data.sources.events import Converter
from data.sources.forms import Walk
from data.sources.made import Maker
from data.sources.moulds import Mould, mould_of
from data.sources.program import Program
from data.sources.quick import TRIES, Quick
from data.sources.skeletons import Skeleton, learn

MOST = 240  # skeletons kept
LEAVES = 64  # values of a line, at most


@dataclass(frozen=True)
class Walked:
    """A block as far as it is understood by what was known when it was read."""

    walk: Walk
    program: Program
    kinds: tuple[np.ndarray, np.ndarray]


class CompiledRoad:
    """Learns skeletons as it goes. One for a whole load."""

    def __init__(self, converter: Converter, longest: int, numbers: Callable[[pa.Table], np.ndarray]) -> None:
        """`numbers`: Load.kind_numbers."""
        self._converter = converter
        self._longest = longest
        self._known: list[tuple[Skeleton, Mould | None]] = []  # only grows
        self._maker = Maker(numbers)
        self._grow()

    def ready(self, block: Block) -> Walked:
        """A block walked with what is known: for a thread that goes before `take`."""
        program = self._program
        walk = Walk(block, self._longest, program.forms)
        return Walked(walk, program, self._maker.kinds.of(walk, program))

    def take(self, block: Block, ready: Walked, file_id: str) -> Quick:
        """Rows of all plain lines of a block of the file `file_id`."""
        walk, kinds = ready.walk, ready.kinds
        if ready.program is not self._program:
            walk.again(self._program.forms)
        self._learn(walk)
        if ready.program is not self._program:
            kinds = self._maker.kinds.of(walk, self._program)
        parts = [self._maker.rows(walk, kinds, self._program, block.offset, file_id)]
        if len(parts[0][1]) < block.lines:
            parts += self._by_numpy(walk, block, parts[0][1], file_id)
        return Quick.of(parts, walk)

    def _by_numpy(
        self, walk: Walk, block: Block, taken: np.ndarray, file_id: str
    ) -> Iterator[tuple[pa.Table, np.ndarray]]:
        """Rows of lines that have a skeleton but a value that the loops leave to a closer look."""
        left = walk.found.copy()
        left[taken] = -1
        for form in np.unique(left[left >= 0]).tolist():
            mould = self._known[form][1]
            if mould is not None:
                rows = np.flatnonzero(left == form)
                table, sure = mould.table(walk.texts(mould.leaves, rows), block.offset + walk.starts[rows], file_id)
                yield table, rows[sure]

    def _learn(self, walk: Walk) -> None:
        """Learn skeletons of lines that have none. One that a single line has is not kept."""
        rows, before = walk.unknown(), len(self._known)
        for _ in range(TRIES):
            if not len(rows) or len(self._known) >= MOST:
                break
            skeleton = learn(walk.line(rows[0]), self._longest)
            if skeleton is None or len(skeleton.leaves) > LEAVES:
                rows = rows[1:]
                continue
            fits = walk.having(skeleton, rows)
            if np.count_nonzero(fits) > 1:
                self._known.append((skeleton, mould_of(skeleton, self._converter)))
            fits[0] = True
            rows = rows[~fits]
        if len(self._known) > before:
            self._grow()
            walk.again(self._program.forms)

    def _grow(self) -> None:
        self._program = Program(self._known, self._converter.plan.unit, self._converter.span)
