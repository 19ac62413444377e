"""One writer at a time: a lock on `<storage>/refresh.lock` that dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import SnapshotError

FILE = "refresh.lock"


@contextmanager
def hold(storage: Path) -> Iterator[None]:
    """Hold the storage for writing. Raises SnapshotError that names the process which holds it already."""
    try:
        storage.mkdir(parents=True, exist_ok=True)
        handle = os.open(storage / FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SnapshotError(f"{storage}: cannot be written: {error.strerror}; give this user the folder") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise SnapshotError(f"another refresh is running (PID {holder}); wait for it to finish") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
