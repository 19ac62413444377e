"""Lines of a block by their skeletons, found by one compiled walk over its bytes: see data.sources.skeletons."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from data.compiled import kernel, walk
from data.sources.blocks import Block
from data.sources.skeletons import Leaf, Skeleton


class Forms:
    """Skeletons as a tree of literals: what lines have in common is compared once."""

    def __init__(self, skeletons: Sequence[Skeleton]) -> None:
        self.leaves = max((len(s.leaves) for s in skeletons), default=0)
        self._words: list[int] = []
        self._masks: list[int] = []
        self._nodes = [[0, 0, -1, -1, -1, -1]]  # first word, bytes, kind, child, sibling, number of a skeleton
        known: dict[tuple[int, bytes, int], int] = {}
        for number, skeleton in enumerate(skeletons):
            node = 0
            kinds = [walk.NUMBER if leaf.number else walk.TEXT for leaf in skeleton.leaves.values()]
            for span, kind in zip(skeleton.spans, [*kinds, walk.END], strict=True):
                place = (node, span.literal, kind)
                if place not in known:
                    known[place] = self._add(node, span.literal, kind)
                node = known[place]
            self._nodes[node][5] = number
        columns = [np.array(column, np.int32) for column in zip(*self._nodes, strict=True)]
        words, masks = (np.array(values, np.uint64) for values in (self._words, self._masks))
        self.tables = (columns[0], columns[1], words, masks, *columns[2:])

    def _add(self, parent: int, literal: bytes, kind: int) -> int:
        number = len(self._nodes)
        self._nodes.append([len(self._words), len(literal), kind, -1, -1, -1])
        for start in range(0, len(literal), 8):
            part = literal[start : start + 8]
            self._words.append(int.from_bytes(part, "little"))
            self._masks.append((1 << 8 * len(part)) - 1)
        node, link = parent, 3
        while self._nodes[node][link] >= 0:  # behind the last child
            node, link = self._nodes[node][link], 4
        self._nodes[node][link] = number
        return number


class Walk:
    """A block of lines, each with the number of its skeleton or -1, and where its values stand.

    short: which lines are not longer than allowed; the others have no skeleton.
    """

    def __init__(self, block: Block, longest: int, forms: Forms) -> None:
        count = block.lines
        self.bytes = block.array
        self._beyond = kernel.NOTHING if _is_utf8(self.bytes) else kernel.TOP
        self.edges = np.empty((count, 2 * forms.leaves), np.int32)
        self.found = np.empty(count, np.int32)
        edges = np.empty(count + 1, np.int64)
        walk.walk(self.bytes, self._beyond, forms.tables, self.edges, self.found, edges)
        self.starts, self.ends = edges[:-1], edges[1:]
        self.short = self.ends - self.starts <= longest
        self.found[~self.short] = -1

    @property
    def lines(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the loops are given of the block."""
        return self.bytes, self.edges, self.found

    def line(self, n: int) -> bytes:
        return self.bytes[self.starts[n] : self.ends[n] - 1].tobytes()

    def again(self, forms: Forms) -> None:
        """Look at lines without a skeleton once more, with forms of which those before are the first."""
        rows = self.unknown()
        if not len(rows):
            return
        edges, found = np.empty((len(rows), 2 * forms.leaves), np.int32), np.empty(len(rows), np.int32)
        walk.walk_some(self.bytes, self._beyond, forms.tables, edges, found, self.starts[rows])
        missing = 2 * forms.leaves - self.edges.shape[1]
        if missing > 0:
            self.edges = np.pad(self.edges, ((0, 0), (0, missing)))
        self.edges[rows, : 2 * forms.leaves] = edges
        self.found[rows] = found

    def unknown(self) -> np.ndarray:
        return np.flatnonzero((self.found < 0) & self.short)

    def having(self, skeleton: Skeleton, rows: np.ndarray) -> np.ndarray:
        """Which of the lines `rows` have a skeleton?"""
        forms = Forms([skeleton])
        edges, found = np.empty((len(rows), 2 * forms.leaves), np.int32), np.empty(len(rows), np.int32)
        walk.walk_some(self.bytes, self._beyond, forms.tables, edges, found, self.starts[rows])
        return found == 0

    def texts(self, leaves: dict[str, Leaf], rows: np.ndarray) -> dict[str, pa.Array]:
        """Text of each leaf in each of the lines, which all have one skeleton."""
        return {token: self._text(n, rows) for n, token in enumerate(leaves)}

    def _text(self, leaf: int, rows: np.ndarray) -> pa.Array:
        offsets = np.empty(len(rows) + 1, np.int32)
        out = kernel.room(walk.size_of(self.edges, leaf, rows))
        walk.gather(self.bytes, self.edges, leaf, rows, offsets, out)
        return text_column(offsets, out)


def text_column(offsets: np.ndarray, data: np.ndarray) -> pa.Array:
    """Texts end to end as a column."""
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def _is_utf8(text: np.ndarray) -> bool:
    if not np.bitwise_or.reduce(text) & 0x80:
        return True
    try:
        codecs.utf_8_decode(text, "strict", True)
    except UnicodeDecodeError:
        return False
    return True
