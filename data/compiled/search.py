"""Is one of a few short texts in another? All are looked for in one walk over its bytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.compiled.kernel import NOTHING, kernel

_ONE = np.uint64(1)


def wanted(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """What `holds` needs to look for ASCII texts of 64 bytes together: shift-and, Baeza-Yates and Gonnet 1992.

    Each byte of the texts has a bit. Of each value of a byte: the bits that it may stand for; and first and last bits.
    """
    bits, ends, at = np.zeros(256, np.uint64), np.zeros(2, np.uint64), 0
    for text in texts:
        ends[0] |= np.uint64(1 << at)
        for byte in text.encode("ascii"):
            bits[byte] |= np.uint64(1 << at)
            at += 1
        ends[1] |= np.uint64(1 << at - 1)
    if at > 64:
        raise ValueError("more than 64 bytes to look for")
    return bits, ends


@kernel
def holds(data, start, end, wanted):
    """Is one of the texts in data[start:end]? One long text is gone through faster than many short ones."""
    bits, ends = wanted
    first, last, state = ends[0], ends[1], NOTHING
    for k in range(start, end):
        state = ((state << _ONE) | first) & bits[data[k]]
        if state & last:
            return True
    return False
