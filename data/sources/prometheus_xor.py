"""XOR chunks of Prometheus (tsdb/chunkenc/xor.go), many decoded in lockstep with numpy.

Layout of a chunk: number of samples (2 bytes, big-endian); first time (zigzag varint) and value (8 bytes);
then the second time as a delta (varint) and, from the third on, as a delta of deltas in 1 to 68 bits;
from the second on, the value is XOR-ed with the one before it and only the changed bits are kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_U = np.uint64
_ONE = _U(1)
_PAD = 16  # readable bytes after the last chunk


class _Bits:
    """A bit reader per chunk: `at` is each reader's position in bits in the joined buffer."""

    def __init__(self, chunks: Sequence[bytes | memoryview]) -> None:
        lengths = np.array([len(c) for c in chunks], dtype=np.int64)
        joined = b"".join(chunks) + bytes(_PAD)
        self._bytes = np.frombuffer(joined, dtype=np.uint8)
        # One big-endian word at every byte offset: a view, nothing is copied.
        self._words = np.ndarray((len(joined) - 8,), dtype=">u8", buffer=joined, strides=(1,))
        ends = np.cumsum(lengths)
        self.at = (ends - lengths) * 8
        self.ends = ends * 8

    def peek(self, who: np.ndarray) -> np.ndarray:
        """The next 64 bits of the readers `who`, left-aligned."""
        at = self.at[who]
        byte = np.minimum(at >> 3, len(self._words) - 2)
        rest = (at & 7).astype(_U)
        word = self._words[byte].astype(_U)
        following = self._bytes[byte + 8].astype(_U)
        return (word << rest) | (following >> (_U(8) - rest))

    def take(self, who: np.ndarray, bits: np.ndarray) -> np.ndarray:
        """Read `bits` (1 to 64 each) as unsigned numbers."""
        value = self.peek(who) >> (_U(64) - bits.astype(_U))
        self.at[who] += bits
        return value

    def varint(self, who: np.ndarray) -> np.ndarray:
        """Read unsigned varints; they start at a whole byte."""
        value = np.zeros(len(who), dtype=_U)
        open_ = np.arange(len(who))
        for shift in range(0, 70, 7):
            byte = self.take(who[open_], np.full(len(open_), 8))
            value[open_] |= (byte & _U(127)) << _U(min(shift, 63))
            open_ = open_[byte > 127]
            if not len(open_):
                return value
        raise ValueError("varint is too long")


def decode(chunks: Sequence[bytes | memoryview]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sizes of the chunks, then times (ms) and values of all their samples, chunk after chunk.

    Raises ValueError when a chunk is cut short.
    """
    if any(len(c) < 2 for c in chunks):
        raise ValueError("chunk without a header")
    bits = _Bits(chunks)
    everyone = np.arange(len(chunks))
    sizes = bits.take(everyone, np.full(len(chunks), 16)).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    ts = np.empty(int(sizes.sum()), dtype=np.int64)
    raw = np.empty(int(sizes.sum()), dtype=_U)
    state = _State(len(chunks))
    # Longest chunks first: those still running are always a prefix.
    order = np.argsort(-sizes, kind="stable")
    falling = -sizes[order]
    for step in range(int(sizes.max(initial=0))):
        who = order[: np.searchsorted(falling, -step, side="left")]
        _times(bits, state, who, step)
        _values(bits, state, who, step)
        at = starts[who] + step
        ts[at] = state.ts[who]
        raw[at] = state.value[who]
    if (bits.at > bits.ends).any():
        raise ValueError("chunk is cut short")
    return sizes, ts, raw.view(np.float64)


class _State:
    """Where each chunk stands: last time, delta, value bits, and the window of changed bits."""

    def __init__(self, n: int) -> None:
        self.ts = np.zeros(n, dtype=np.int64)
        self.delta = np.zeros(n, dtype=np.int64)
        self.value = np.zeros(n, dtype=_U)
        self.leading = np.zeros(n, dtype=np.int64)
        self.trailing = np.zeros(n, dtype=np.int64)


_DOD_BITS = np.array([0, 14, 17, 20, 64])


def _times(bits: _Bits, state: _State, who: np.ndarray, step: int) -> None:
    if step == 0:
        value = bits.varint(who)
        state.ts[who] = (value >> _ONE).view(np.int64) ^ -((value & _ONE).view(np.int64))
        return
    if step == 1:
        state.delta[who] = bits.varint(who).view(np.int64)
    else:
        top = bits.peek(who) >> _U(60)  # the class is coded as 0, 10, 110, 1110, 1111
        kind = np.select([top < 8, top < 12, top < 14, top < 15], [0, 1, 2, 3], 4)
        bits.at[who] += np.array([1, 2, 3, 4, 4])[kind]
        moved = kind > 0
        if moved.any():
            some, width = who[moved], _DOD_BITS[kind[moved]]
            number = bits.take(some, width).view(np.int64)
            # Narrow numbers are signed with 2^(n-1) itself as positive.
            narrow = (width < 64) & (number > (np.int64(1) << np.minimum(width - 1, 62)))
            state.delta[some] += np.where(narrow, number - (np.int64(1) << np.minimum(width, 62)), number)
    state.ts[who] += state.delta[who]


def _values(bits: _Bits, state: _State, who: np.ndarray, step: int) -> None:
    if step == 0:
        state.value[who] = bits.take(who, np.full(len(who), 64))
        return
    top = bits.peek(who) >> _U(62)
    same = top < 2
    fresh = top == 3
    bits.at[who] += np.where(same, 1, 2)
    if fresh.any():
        some = who[fresh]
        window = bits.take(some, np.full(len(some), 11)).view(np.int64)
        leading, width = window >> 6, window & 63
        width = np.where(width == 0, 64, width)  # 64 does not fit into six bits
        state.leading[some] = leading
        state.trailing[some] = 64 - leading - width
    changed = who[~same]
    if len(changed):
        width = 64 - state.leading[changed] - state.trailing[changed]
        number = bits.take(changed, width)
        state.value[changed] ^= number << state.trailing[changed].astype(_U)
