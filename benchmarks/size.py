"""How much is measured in one run, and the disk and memory it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

GOAL_EVENTS = 10_000_000  # sizes the goals are stated for
GOAL_SAMPLES = 50_000_000
MOST_LINES = 10_000_000  # of one file of events; what grows with lines only is measured on so many
MOST_PULLED = 10_000_000  # samples pulled from a live Prometheus
MOST_ROWS = 5_000_000  # of a table in PostgreSQL
# GB that a peer takes for a million events or samples while it answers, as measured at smaller sizes
PEER_GB = {"pandas": 0.22, "polars": 0.10, "duckdb": 0.04}


@dataclass(frozen=True)
class Size:
    events: int
    samples: int
    seed: int = 1
    rounds: int = 3  # of what takes seconds
    quick_rounds: int = 7  # of what takes milliseconds

    @property
    def days(self) -> int:
        """Length of the range: half a year for the largest size."""
        return 181 if self.events > 50_000_000 else 91

    @property
    def from_files(self) -> bool:
        """Whether all events are read from files; else the raw store is filled without any."""
        return self.events <= MOST_LINES

    @property
    def disk_mb(self) -> int:
        """Upper estimate of what stands on disk at once: texts, raw stores, facts, a copy of a peer."""
        lines = min(self.events, MOST_LINES)
        events = lines * 1.0e-3 + self.events * 0.25e-3
        samples = max(self.samples * 0.15e-3, min(self.samples, MOST_PULLED) * 0.35e-3)
        return round(max(events, samples) + 300)

    def limited(self, events: int | None = None, samples: int | None = None) -> Size:
        """The same with at most so many."""
        return replace(
            self, events=min(self.events, events or self.events), samples=min(self.samples, samples or self.samples)
        )


SIZES = {
    "small": Size(20_000, 20_000, rounds=1, quick_rounds=1),
    "1m": Size(1_000_000, 1_000_000),
    "10m": Size(10_000_000, 10_000_000),
    "100m": Size(100_000_000, 50_000_000, rounds=1, quick_rounds=2),
}


def too_big(peers: Iterable[str], rows: int) -> dict[str, str]:
    """Peers that would not fit in memory with so many rows, and why."""
    free = _memory_gb()
    needs = {peer: PEER_GB.get(peer, 0) * rows / 1e6 for peer in peers}
    return {
        peer: f"would take about {need:.0f} GB for {rows:,} rows, {free:.0f} GB may be used"
        for peer, need in needs.items()
        if need > free
    }


def _memory_gb() -> float:
    """Four fifths of the machine's memory, whatever others use of it now: the same peers take part in every run."""
    lines = Path("/proc/meminfo").read_text().splitlines() if Path("/proc/meminfo").is_file() else []
    found = next((int(line.split()[1]) for line in lines if line.startswith("MemTotal")), None)
    return float("inf") if found is None else 0.8 * found / 1_048_576
