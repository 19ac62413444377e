"""Changing to a new snapshot without making anybody wait: it is asked in a thread what the one before was asked.

Until that is done the snapshot before it is shown. A page waits a moment first, so that a small beta changes at once.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from data.warehouse import Snapshot

PATIENCE_S = 2.0  # a page waits so long for the new one; then it shows the one before
LONGEST_S = 120.0  # after which the new one is shown, ready or not
MOST = 256  # questions remembered of a snapshot

Ask = Callable[[Snapshot], object]


class Asked:
    """Questions that were asked of each of the last snapshots, the latest last."""

    def __init__(self, snapshots: int = 4) -> None:
        self._snapshots = snapshots
        self._lock = threading.Lock()
        self._by_id: OrderedDict[str, OrderedDict[Hashable, Ask]] = OrderedDict()

    def note(self, snapshot_id: str, key: Hashable, ask: Ask) -> None:
        """Remember a question. `ask` must hold nothing of a snapshot: it would keep it open."""
        with self._lock:
            known = self._by_id.setdefault(snapshot_id, OrderedDict())
            known[key] = ask
            known.move_to_end(key)
            if len(known) > MOST:
                known.popitem(last=False)
            while len(self._by_id) > self._snapshots:
                self._by_id.popitem(last=False)

    def of(self, snapshot_id: str) -> list[Ask]:
        with self._lock:
            return list(self._by_id.get(snapshot_id, {}).values())


@dataclass
class _Job:
    """A snapshot that is being made ready."""

    file: Path
    began: float = field(default_factory=time.monotonic)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        return self.done.is_set() or time.monotonic() - self.began > LONGEST_S


class Warmer:
    """Which snapshot of one folder is shown."""

    def __init__(self, asked: Asked, opened: Callable[[Path], Snapshot], let_go: Callable[[Path], None]) -> None:
        """`opened`: opens a file, or returns what is open already. `let_go`: told of a file that is shown no more."""
        self._asked, self._opened, self._let_go = asked, opened, let_go
        self._lock = threading.Lock()
        self._shown: Path | None = None
        self._job: _Job | None = None

    def choose(self, files: Sequence[Path]) -> Path:
        """The file to show: the newest, or the one before it while the newest is made ready. `files`: oldest first."""
        newest = files[-1]
        with self._lock:
            if self._shown is None or self._shown not in files:
                self._shown = newest
            if self._shown == newest:
                return newest
            if self._job is None:
                self._job = _Job(newest)
                threading.Thread(target=self._make_ready, args=(self._job, self._shown), daemon=True).start()
            job = self._job
        job.done.wait(max(0.0, PATIENCE_S - (time.monotonic() - job.began)))
        with self._lock:
            if job.over and self._job is job:
                self._let_go(self._shown)
                self._shown, self._job = job.file, None
            return self._shown

    def _make_ready(self, job: _Job, before: Path) -> None:
        """Whatever goes wrong here goes wrong again for the page that asks, and is put into words there."""
        self._relieve(before)  # two at a time with all that they keep would need the memory twice
        with suppress(Exception):
            found = self._opened(job.file)
            for ask in reversed(self._asked.of(before.stem)):
                with suppress(Exception):
                    ask(found)
        self._relieve(before)
        job.done.set()

    def _relieve(self, file: Path) -> None:
        with suppress(Exception):
            self._opened(file).relieve()
