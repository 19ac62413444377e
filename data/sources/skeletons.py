"""Skeletons: a line of JSON without its values. A line that has a known skeleton is proved good without a parser.

A skeleton is learnt from one line that the strict parser took. Between its values (texts and single numbers) it
holds literal bytes: keys, colons, brackets, true, null. Another line with the same literal bytes in the same
places, texts without escapes, quotes and control characters, and numbers in their plain form, is an object with
the same keys, each once, whatever its values are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sources import lines

_NUMBER = re.compile(rb"-?[0-9][-+.0-9eE]*")
# Numbers that are written again as they were read: no rounding, no exponent, no minus zero.
PLAIN_NUMBER = r"^(-?[1-9][0-9]{0,14}|0|-?[1-9][0-9]{0,8}\.([0-9]{0,3}[1-9]|0)|-?0\.[0-9]{0,3}[1-9])$"
_PLAIN = re.compile(PLAIN_NUMBER.encode())
_TOKEN = "\uf8ff"


@dataclass(frozen=True)
class Leaf:
    """A value that differs from line to line: piece `piece` of a line, without `before` and `after` bytes."""

    piece: int
    number: bool = False
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Span:
    """Literal bytes from `start` bytes after mark `first` on."""

    first: int
    start: int
    literal: bytes


@dataclass(frozen=True)
class Skeleton:
    """Spans and leaves of a line. `sample`: its object with a token in place of each leaf's value."""

    spans: tuple[Span, ...]
    leaves: dict[str, Leaf]  # by token
    sample: dict[str, Any]


def learn(line: bytes, longest: int) -> Skeleton | None:
    """The skeleton of a line (without its line feed), or None when it is none that the parser takes."""
    if b"\\" in line or line[:1] != b"{" or _TOKEN.encode() in line or lines.try_strict(line, longest) is None:
        return None
    pieces = line.split(b'"')
    spans: list[Span] = []
    leaves: dict[str, Leaf] = {}
    text: list[bytes] = []  # the line with tokens
    mark, at, literal = 0, 1, b""  # the open span: where it starts, and its bytes so far

    def leaf(found: Leaf, span: Span, quoted: bool) -> None:
        token = f"{_TOKEN}{len(leaves)}{_TOKEN}"
        leaves[token] = found
        spans.append(span)
        text.append(token.encode() if quoted else b'"' + token.encode() + b'"')

    for n, piece in enumerate(pieces):
        inside = n % 2 == 1
        if inside and not pieces[n + 1].lstrip().startswith(b":"):
            leaf(Leaf(n), Span(mark, at, literal), True)
            mark, at, literal = n + 1, 0, b""
        elif not inside and (numbers := _NUMBER.findall(piece)) and len(numbers) == 1 and _PLAIN.match(numbers[0]):
            before, after = piece.split(numbers[0], 1)
            text.append(before)
            span = Span(mark, at, literal + before)
            leaf(Leaf(n, True, len(before), len(after)), span, False)
            text.append(after)
            mark, at, literal = n + 1, -len(after), after
        else:
            text.append(piece)
            literal += piece
        if n < len(pieces) - 1:
            text.append(b'"')
            literal += b'"'
    spans.append(Span(mark, at, literal + b"\n"))
    sample = lines.try_strict(b"".join(text), longest + len(line))
    return None if sample is None else Skeleton(tuple(spans), leaves, sample)


class Cuts:
    """A block of lines cut at its quotes and line feeds, without looking at any line alone."""

    def __init__(self, data: bytes, longest: int) -> None:
        padded = np.frombuffer(data + bytes(8), np.uint8)
        buffer = padded[:-8]
        self._words = np.ndarray((len(data) + 1,), "<u8", padded.data, strides=(1,))
        found = np.flatnonzero((buffer == 34) | (buffer == 10))
        self._marks = np.concatenate(([-1], found))  # mark 0 stands before the first line
        at_feed = np.flatnonzero(buffer[found] == 10)
        self.first = np.concatenate(([0], at_feed[:-1] + 1))  # mark before each line
        self.quotes = at_feed - self.first
        ends = found[at_feed]
        self.starts = np.concatenate(([0], ends[:-1] + 1))
        self.ends = ends + 1
        self.plain = (self.quotes % 2 == 0) & (self.ends - self.starts <= longest)
        self.data = data
        self._refuse_suspects(buffer, ends)
        offsets = np.empty(2 * len(found) + 1, np.int32)
        offsets[0:-1:2] = self._marks[:-1] + 1
        offsets[1::2] = found
        offsets[-1] = len(data)
        self._pieces = pa.Array.from_buffers(
            pa.binary(), 2 * len(found), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
        )

    def _refuse_suspects(self, buffer: np.ndarray, ends: np.ndarray) -> None:
        """Lines with escapes, control characters or bytes that are no UTF-8 are not plain."""
        data = self.data
        if b"\\" in data:
            self._refuse(np.flatnonzero(buffer == 92), ends)
        if np.count_nonzero(buffer < 32) > len(ends):  # there are others than the line feeds
            odd = np.flatnonzero((buffer < 32) & (buffer != 10))
            at_end = (buffer[odd] == 13) & (buffer[odd + 1] == 10)  # where a carriage return may stand
            self._refuse(odd[~at_end], ends)
        if not data.isascii():
            try:
                data.decode()
            except UnicodeDecodeError:
                self._refuse(np.flatnonzero(buffer >= 128), ends)

    def _refuse(self, places: np.ndarray, ends: np.ndarray) -> None:
        self.plain[np.searchsorted(ends, places)] = False

    def line(self, n: int) -> bytes:
        return self.data[self.starts[n] : self.ends[n] - 1]

    def matching(self, skeleton: Skeleton, rows: np.ndarray) -> np.ndarray:
        """Of the lines `rows`: does it have the skeleton's literal bytes, and plain numbers? All have as many quotes.

        A literal that is there holds the quotes that it should, and so the marks that follow stand where they should.
        """
        first = self.first[rows]
        good = np.ones(len(rows), bool)
        for span in skeleton.spans:
            self._compare(span.literal, self._marks[first + span.first] + span.start, good)
        numbers = [leaf for leaf in skeleton.leaves.values() if leaf.number]
        if numbers and good.any():
            fit = self.of(rows[good])
            plain = [pc.match_substring_regex(fit.text(leaf), PLAIN_NUMBER).to_numpy(False) for leaf in numbers]
            good[good] = np.logical_and.reduce(plain)
        return good

    def _compare(self, literal: bytes, starts: np.ndarray, good: np.ndarray) -> None:
        """Clear `good` where the block does not hold the literal. `starts`: places in ascending order."""
        last = len(self.data) - len(literal)
        if starts[0] < 0 or starts[-1] > last:
            good &= (starts >= 0) & (starts <= last)
            if last < 0:
                return
            starts = np.clip(starts, 0, last)
        for k in range(0, len(literal), 8):
            word = literal[k : k + 8]
            mask = np.uint64((1 << 8 * len(word)) - 1)
            good &= self._words[starts + k] & mask == np.uint64(int.from_bytes(word, "little"))

    def texts(self, leaves: dict[str, Leaf], rows: np.ndarray) -> dict[str, pa.Array]:
        """Text of each leaf in each of the lines, which all have one skeleton."""
        fit = self.of(rows)
        return {token: fit.text(leaf) for token, leaf in leaves.items()}

    def of(self, rows: np.ndarray) -> Fit:
        """Some of the lines, all with one skeleton."""
        return Fit(self._pieces, 2 * self.first[rows])


@dataclass(frozen=True)
class Fit:
    """Lines with one skeleton: where the pieces of each begin."""

    pieces: pa.Array
    first: np.ndarray

    def text(self, leaf: Leaf) -> pa.Array:
        """Text of a leaf in each of the lines."""
        found = self.pieces.take(pa.array(self.first + 2 * leaf.piece))
        if leaf.number:
            found = pc.binary_slice(found, leaf.before, -leaf.after if leaf.after else None)
        return found.view(pa.string())
