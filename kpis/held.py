"""Values made once per snapshot, kept while the snapshot is: it never changes, so neither do they."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import ClassVar, Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from data.warehouse import Snapshot

T = TypeVar("T")


class _Once(Generic[T]):
    def __init__(self) -> None:
        self._lock = Lock()
        self._values: list[T] = []

    def get(self, make: Callable[[], T]) -> T:
        with self._lock:
            if not self._values:
                self._values.append(make())
            return self._values[0]


class Held(Generic[T]):
    """One kind of value by snapshot and key. Of two threads that ask for the same, the second waits for the first.

    most: keys kept per snapshot; the one asked for first goes when there are more.
    """

    _every: ClassVar[WeakSet[Held]] = WeakSet()

    def __init__(self, most: int) -> None:
        Held._every.add(self)
        self._most = most
        self._lock = Lock()
        self._by_snapshot: WeakKeyDictionary[Snapshot, dict[Hashable, _Once[T]]] = WeakKeyDictionary()

    def __contains__(self, snapshot: object) -> bool:
        return snapshot in self._by_snapshot

    def __len__(self) -> int:
        """Snapshots of which something is kept."""
        return len(self._by_snapshot)

    def get(self, snapshot: Snapshot, key: Hashable, make: Callable[[], T]) -> T:
        """The value; made now when it is not kept. An error of `make` is raised and nothing is kept."""
        with self._lock:
            kept = self._by_snapshot.setdefault(snapshot, {})
            once = kept.setdefault(key, _Once())
            if len(kept) > self._most:
                del kept[next(iter(kept))]
        return once.get(make)

    def drop(self, snapshot: Snapshot) -> None:
        """Keep nothing of a snapshot any more."""
        with self._lock:
            self._by_snapshot.pop(snapshot, None)


def forget(snapshot: Snapshot) -> None:
    """Drop all that is kept of a snapshot; what is asked of it from now on is made again."""
    for one in list(Held._every):
        one.drop(snapshot)
