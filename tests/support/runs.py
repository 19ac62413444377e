"""What runs of the benchmark leave on disk."""

from __future__ import annotations

import os
from pathlib import Path

WORK = Path(__file__).resolve().parents[2] / "benchmarks" / "work"


def folders() -> set[Path]:
    """Folders of all runs, each named after its process."""
    return set(WORK.glob("*"))


def left_behind(before: set[Path]) -> list[Path]:
    """Folders that came since and whose run is over, or was in this process. Tests beside this one have runs too."""
    numbers = {folder: folder.name.partition("-")[0] for folder in folders() - before}
    return [f for f, pid in numbers.items() if pid == str(os.getpid()) or not Path("/proc", pid).exists()]
