"""What the compiled loops share: how they are compiled, and texts handled eight bytes at a time.

Bytes are an array of uint8 with SLACK bytes more behind it, as `room` and data.sources.blocks.Block have them.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from data.compiled import SLACK

# numba asks for scipy's linear algebra with the first loop: a quarter of a second of waiting, and no loop has any
_BLAS = "scipy.linalg.cython_blas"
_known = sys.modules.setdefault(_BLAS, None)  # type: ignore[arg-type]
try:
    import numba.np.arraymath  # noqa: F401
finally:
    if _known is None:
        del sys.modules[_BLAS]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ODD = np.uint64(0xD6E8FEB86659FD93)
_HALF, _ONE, _BYTE = np.uint64(32), np.uint64(1), np.uint64(8)
EVERY = np.uint64(0x0101010101010101)  # times a byte: that byte eight times
NOTHING = np.uint64(0)
TOP = np.uint64(0x8080808080808080)  # of each byte its highest bit: set in bytes that are no ASCII
_PLACES = np.uint64(0x0001020304050607)
_SEVEN, _LAST = np.uint64(7), np.uint64(56)


def _stamp() -> str:
    """Tells when a loop has changed, or one that it calls."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


_STAMP = _stamp()


def kernel(function: Any) -> Any:
    """Compiled at its first call and kept beside its file or in the user's cache, else compiled anew.

    No loop makes an array: none need count who holds one. Calls are made part of the loop. Both halve its time.
    """
    options = {"nogil": True, "forceinline": True, "_nrt": False}
    try:
        compiled = njit(cache=True, **options)(function)
    except RuntimeError:
        return njit(**options)(function)
    # numba asks for the file of the loop alone, not of those it calls
    compiled._cache._cache_file._source_stamp = _STAMP
    return compiled


def bytes_of(data: bytes) -> np.ndarray:
    """The bytes, with zeros behind them."""
    return np.frombuffer(bytearray(data + bytes(SLACK)), np.uint8, len(data))


def room(size: int) -> np.ndarray:
    """Bytes to write into."""
    return np.empty(size + SLACK, np.uint8)[:size]


def _place(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    """Where eight bytes stand that begin at any byte of an array."""
    word, byte = ir.IntType(64), ir.IntType(8)
    start = builder.bitcast(context.make_array(kind)(context, builder, array).data, byte.as_pointer())
    index = builder.sext(at, word) if at.type.width < 64 else at
    return builder.bitcast(builder.gep(start, [index]), word.as_pointer())


@intrinsic
def word_at(typing: Any, data: Any, at: Any) -> Any:
    """The eight bytes from one byte on, as one number, the first of them the lowest."""

    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = builder.load(_place(context, builder, signature.args[0], *arguments))
        found.align = 1
        return found

    return types.uint64(data, at), made


@intrinsic
def put_word(typing: Any, data: Any, at: Any, word: Any) -> Any:
    """Write eight bytes from one byte on."""

    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, place, value = arguments
        builder.store(value, _place(context, builder, signature.args[0], array, place)).align = 1
        return context.get_dummy_value()

    return types.void(data, at, types.uint64), made


@kernel
def mixed(value):
    """As data.hashes has it: every bit of a value on every bit of its hash."""
    value = (value ^ (value >> _HALF)) * _ODD
    value = (value ^ (value >> _HALF)) * _ODD
    return value ^ (value >> _HALF)


@kernel
def hash_of(data, start, size):
    """As data.hashes.of_texts, of one text."""
    value = (np.uint64(size) + _ONE) * GOLDEN
    for k in range(start, start + size - 7, 8):
        value = (value ^ word_at(data, k)) * GOLDEN
        value ^= value >> _HALF
    rest = size & 7
    value ^= word_at(data, start + size - rest) & ((_ONE << (_BYTE * np.uint64(rest))) - _ONE)
    return mixed(value)


@kernel
def copied(data, start, size, out, at):
    """Write a text to `out` from `at` on, and up to SLACK bytes behind it. Returns where it ends.

    Most texts have sixteen bytes at most: these are copied without asking, which a processor need not guess.
    """
    put_word(out, at, word_at(data, start))
    put_word(out, at + 8, word_at(data, start + 8))
    for k in range(16, size, 8):
        put_word(out, at + k, word_at(data, start + k))
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
