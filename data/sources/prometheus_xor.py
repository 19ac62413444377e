"""XOR chunks of Prometheus (tsdb/chunkenc/xor.go), many decoded in lockstep with numpy.

Layout of a chunk: number of samples (2 bytes, big-endian); first time (zigzag varint) and value (8 bytes);
then the second time as a delta (varint) and, from the third on, as a delta of deltas in 1 to 68 bits;
from the second on, the value is XOR-ed with the one before it and only the changed bits are kept.

Chunks are put in order of their length, the longest first: those that still run at a step are then always the
first `k`, and every state is a plain slice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_U = np.uint64
_ONE = _U(1)
_PAD = 16  # readable bytes after the last chunk
_SURE = 57  # bits that a window always holds: 64 less those of the byte it begins in

# By the first four bits of a time: length of the class' prefix (0, 10, 110, 1110, 1111) and of the number after it.
_PREFIX = np.array([1] * 8 + [2] * 4 + [3] * 2 + [4, 4], dtype=np.int64)
_DOD_BITS = np.array([0] * 8 + [14] * 4 + [17] * 2 + [20, 64], dtype=np.int64)
# By the first two bits of a value: same, same, in the old window of bits, with a new window.
_CONTROL = np.array([1, 1, 2, 13], dtype=np.int64)


class _Bits:
    """A bit reader per chunk: `at` is each reader's position in bits in the joined buffer."""

    def __init__(self, chunks: Sequence[bytes | memoryview]) -> None:
        lengths = np.array([len(c) for c in chunks], dtype=np.int64)
        joined = b"".join(chunks) + bytes(_PAD)
        self._bytes = np.frombuffer(joined, dtype=np.uint8)
        # The word that begins at each byte: eight times the memory, and one plain read for each window.
        self._words = np.ndarray((len(joined) - 8,), dtype=">u8", buffer=joined, strides=(1,)).astype(_U)
        self._last = len(self._words) - 2
        ends = np.cumsum(lengths)
        self.at = (ends - lengths) * 8
        self.ends = ends * 8

    def order(self, order: np.ndarray) -> None:
        """Put the readers in another order."""
        self.at, self.ends = self.at[order], self.ends[order]

    def window(self, at: np.ndarray) -> np.ndarray:
        """At least 57 bits from each position, left-aligned; what follows them is zero."""
        return self._words[np.minimum(at >> 3, self._last)] << (at & 7).astype(_U)

    def peek(self, at: np.ndarray) -> np.ndarray:
        """64 bits from each position."""
        following = self._bytes[np.minimum(at >> 3, self._last) + 8].astype(_U)
        return self.window(at) | (following >> (_U(8) - (at & 7).astype(_U)))

    def varint(self, k: int) -> np.ndarray:
        """Read unsigned varints with the first `k` readers; those after a value need not start at a whole byte."""
        value = np.zeros(k, dtype=_U)
        open_ = np.arange(k)
        for shift in range(0, 70, 7):
            byte = self.window(self.at[open_]) >> _U(56)
            self.at[open_] += 8
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
    sizes = (bits.window(bits.at) >> _U(48)).astype(np.int64)
    bits.at += 16
    order = np.argsort(-sizes, kind="stable")
    bits.order(order)
    longest = int(sizes.max(initial=0))
    running = np.searchsorted(-sizes[order], -np.arange(longest), side="left")  # chunks with a sample at each step
    total = int(sizes.sum())
    ts, raw = np.empty(total, dtype=np.int64), np.empty(total, dtype=_U)
    state = _State(len(chunks))
    place = (np.cumsum(sizes) - sizes)[order]  # where the next sample of each chunk belongs
    for step, k in enumerate(running.tolist()):
        if step == 0:
            _first(bits, state, k)
        else:
            window = bits.window(bits.at[:k])
            used = _second_time(bits, state, k) if step == 1 else _time(bits, state, window)
            if step == 1:
                window = bits.window(bits.at[:k])
            _value(bits, state, window, used)
        ts[place[:k]] = state.ts[:k]
        raw[place[:k]] = state.value[:k]
        place[:k] += 1
    if (bits.at > bits.ends).any():
        raise ValueError("chunk is cut short")
    return sizes, ts, raw.view(np.float64)


class _State:
    """Where each chunk stands: last time, delta, value bits, and width and shift of the window of changed bits."""

    def __init__(self, n: int) -> None:
        self.ts = np.zeros(n, dtype=np.int64)
        self.delta = np.zeros(n, dtype=np.int64)
        self.value = np.zeros(n, dtype=_U)
        self.width = np.full(n, 64, dtype=np.int64)
        self.shift = np.zeros(n, dtype=_U)


def _first(bits: _Bits, state: _State, k: int) -> None:
    value = bits.varint(k)
    state.ts[:k] = (value >> _ONE).view(np.int64) ^ -((value & _ONE).view(np.int64))
    state.value[:k] = bits.peek(bits.at[:k])
    bits.at[:k] += 64


def _second_time(bits: _Bits, state: _State, k: int) -> int:
    state.delta[:k] = bits.varint(k).view(np.int64)
    state.ts[:k] += state.delta[:k]
    return 0


def _time(bits: _Bits, state: _State, window: np.ndarray) -> np.ndarray | int:
    """Read a delta of deltas from each window. Returns the bits it took; where that is 0, the window was renewed."""
    k = len(window)
    used: np.ndarray | int = 1
    moved = np.flatnonzero(window >> _U(63))
    if len(moved):
        top = (window[moved] >> _U(60)).astype(np.int64)
        prefix, width = _PREFIX[top], _DOD_BITS[top]
        number = (window[moved] << prefix.astype(_U)) >> (64 - np.minimum(width, 20)).astype(_U)
        number = number.view(np.int64)
        # narrow numbers are signed, with 2^(n-1) itself as positive
        half = np.int64(1) << np.minimum(width - 1, 62)
        number = np.where(number > half, number - 2 * half, number)
        wide = np.flatnonzero(width == 64)
        if len(wide):
            number[wide] = bits.peek(bits.at[moved[wide]] + 4).view(np.int64)
        state.delta[moved] += number
        used = np.ones(k, dtype=np.int64)
        used[moved] = prefix + width
        if len(wide):  # 68 bits: the window is used up
            some = moved[wide]
            bits.at[some] += 68
            window[some] = bits.window(bits.at[some])
            used[some] = 0
    state.ts[:k] += state.delta[:k]
    return used


def _value(bits: _Bits, state: _State, window: np.ndarray, used: np.ndarray | int) -> None:
    """Read a value from each window, `used` bits into it, and move on."""
    k = len(window)
    at, value, width, shift = bits.at[:k], state.value[:k], state.width[:k], state.shift[:k]
    rest = window << (used.astype(_U) if isinstance(used, np.ndarray) else _U(used))
    top = (rest >> _U(62)).astype(np.int64)
    taken = used + _CONTROL[top]
    fresh = np.flatnonzero(top == 3)
    if len(fresh):
        told = (rest[fresh] >> _U(51)).astype(np.int64)
        leading, wide = told >> 6 & 31, told & 63
        wide[wide == 0] = 64  # 64 does not fit into six bits
        if (leading + wide > 64).any():
            raise ValueError("chunk has more bits than a value")
        width[fresh] = wide
        shift[fresh] = (64 - leading - wide).astype(_U)
    changed: np.ndarray | slice = np.flatnonzero(top > 1)
    if len(changed) == k:
        changed = slice(None)  # a view in place of copies
    own = width[changed]
    start = taken[changed]
    if int((start + own).max(initial=0)) <= _SURE:
        number = window[changed] << start.astype(_U)
    else:
        number = bits.peek(at[changed] + start)
    value[changed] ^= (number >> (64 - own).astype(_U)) << shift[changed]
    taken[changed] += own
    at += taken
