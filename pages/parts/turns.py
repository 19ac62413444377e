"""Turns: pages that are quick run one after the other, and a slow one does not hold up the others.

Python runs one thread at a time. Twenty scripts at once change places at every lock and file they touch, and all end
late, having cost twice the time; one after the other each is done as soon as its own work is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

LONG_S = 0.15  # a page that has run for longer waits for a query, most likely: the next one begins beside it


class Turns:
    """One turn at a time. A turn that takes longer than `long_s` no longer counts as one."""

    def __init__(self, long_s: float = LONG_S) -> None:
        self._long_s = long_s
        self._changed = Condition()
        self._begun: dict[object, float] = {}  # those that have a turn, and since when

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, have it, give it back."""
        own = object()
        with self._changed:
            while (left := self._left()) > 0:
                self._changed.wait(left)
            self._begun[own] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._begun[own]
                self._changed.notify()

    def _left(self) -> float:
        """Seconds that the turn begun last may still take; none where nobody has one."""
        newest = max(self._begun.values(), default=0.0)
        return newest + self._long_s - time.monotonic() if self._begun else 0.0
