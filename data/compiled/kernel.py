"""What the compiled loops share: how they are compiled, and texts handled eight bytes at a time.

`words` is everywhere the eight bytes from each byte on, as one number, of an array that has eight bytes more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ODD = np.uint64(0xD6E8FEB86659FD93)
_HALF, _ONE, _BYTE = np.uint64(32), np.uint64(1), np.uint64(8)
EVERY = np.uint64(0x0101010101010101)  # times a byte: that byte eight times
NOTHING = np.uint64(0)
TOP = np.uint64(0x8080808080808080)  # of each byte its highest bit: set in bytes that are no ASCII
_PLACES = np.uint64(0x0001020304050607)
_SEVEN, _LAST = np.uint64(7), np.uint64(56)


def kernel(function: Any) -> Any:
    """Compiled at its first call and kept beside its file or in the user's cache, else compiled anew."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


def words_of(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """The bytes, and their words; behind the last byte there are zeros."""
    padded = np.frombuffer(data + bytes(8), np.uint8)
    return padded[:-8], np.ndarray((len(data) + 1,), "<u8", padded.data, strides=(1,))


def room(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Bytes to write into, and their words."""
    found = np.empty(size + 8, np.uint8)
    return found[:size], np.ndarray((size + 1,), "<u8", found.data, strides=(1,))


@kernel
def mixed(value):
    """As data.hashes has it: every bit of a value on every bit of its hash."""
    value = (value ^ (value >> _HALF)) * _ODD
    value = (value ^ (value >> _HALF)) * _ODD
    return value ^ (value >> _HALF)


@kernel
def hash_of(words, start, size):
    """As data.hashes.of_texts, of one text."""
    value = (np.uint64(size) + _ONE) * GOLDEN
    for k in range(start, start + size - 7, 8):
        value = (value ^ words[k]) * GOLDEN
        value ^= value >> _HALF
    rest = size & 7
    value ^= words[start + size - rest] & ((_ONE << (_BYTE * np.uint64(rest))) - _ONE)
    return mixed(value)


@kernel
def copied(words, start, size, out, at):
    """Write a text to `out` from `at` on, and up to seven bytes behind it. Returns where it ends."""
    for k in range(0, size, 8):
        out[at + k] = words[start + k]
    return at + size


@kernel
def below(word, limit):
    """Marks the first of eight bytes that is ASCII and below `limit`, in its highest bit. Marks behind it may be wrong.

    limit: the byte, at most 128, eight times.
    """
    return (word - limit) & ~word & TOP


@kernel
def first_of(marks):
    """Place, 0 to 7, of the first byte that is marked in its highest bit."""
    lowest = marks & (~marks + _ONE)
    return np.int64(((lowest >> _SEVEN) * _PLACES) >> _LAST)


@kernel
def count_of(data, byte):
    """How often a byte is there."""
    count = 0
    for k in range(len(data)):
        count += data[k] == byte
    return count
