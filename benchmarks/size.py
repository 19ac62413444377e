"""How much is measured in one run, and the disk it needs."""

from __future__ import annotations

from dataclasses import dataclass

GOAL_EVENTS = 10_000_000  # sizes the goals are stated for
GOAL_SAMPLES = 50_000_000


@dataclass(frozen=True)
class Size:
    events: int
    samples: int
    seed: int = 1
    rounds: int = 3  # of what takes seconds
    quick_rounds: int = 7  # of what takes milliseconds

    @property
    def disk_mb(self) -> int:
        """Upper estimate of what stands on disk at once: texts, raw stores, facts, a copy of a peer."""
        return round(self.events * 1.1e-3 + self.samples * 0.35e-3 + 150)
