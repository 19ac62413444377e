"""Compiled loops over the bytes of JSON lines, where numba is installed (requirements-fast.txt); numpy does without.

Loading them takes about a second, and compiling them ten, once on a machine: only much to read is worth that.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter

ENOUGH = 300_000_000  # bytes to read in one process for which loading them pays
SLACK = 32  # bytes that loops may read or write behind the end of an array of bytes; of a block of lines they are zero
_LOOPS = "data.compiled.rows"
_asked: Counter[str] = Counter()


def pays(work: int) -> bool:
    """Are the loops to be used for so many bytes more? What was asked before in this process counts as well."""
    _asked["bytes"] += work
    if _LOOPS in sys.modules:
        return True
    # the loops take the first of eight bytes for the lowest
    return _asked["bytes"] >= ENOUGH and sys.byteorder == "little" and importlib.util.find_spec("numba") is not None
