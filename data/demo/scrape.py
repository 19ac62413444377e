"""Scraping: from things that happened to the cumulative values a server would have read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo import plan
from data.demo.openmetrics import Series
from data.demo.plan import Scale

OFFSET_S = {"app-1": 3, "app-2": 8, "node-1": 1, "postgres-1": 5, "redis-1": 6, "cadvisor-1": 4}  # each has its own


@dataclass(frozen=True, eq=False)
class Target:
    """One scraped instance: when it was read and when its process (and so its counters) started anew."""

    job: str
    instance: str
    times: np.ndarray  # scrapes that would be due, ms
    kept: np.ndarray  # scrapes that happened
    seconds: np.ndarray  # of the kept ones
    restarts: tuple[int, ...]  # ms

    @property
    def labels(self) -> dict[str, str]:
        return {"instance": self.instance, "job": self.job}

    def cumulative(self, ts: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
        """Counter value at every due scrape. What happened between the last scrape and a restart is lost."""
        at = np.searchsorted(self.times, ts, side="left")
        for restart in self.restarts:
            at = np.where((at == np.searchsorted(self.times, restart)) & (ts < restart), len(self.times), at)
        added = np.bincount(at, weights=weight, minlength=len(self.times) + 1)[: len(self.times)]
        return self.restarted(np.rint(added).astype(np.int64))

    def restarted(self, added: np.ndarray) -> np.ndarray:
        """Running total of what each interval added, from 0 again at each restart. Axis 0 is time."""
        total = np.cumsum(added, axis=0)
        base = np.zeros_like(total)
        for restart in self.restarts:
            k = int(np.searchsorted(self.times, restart))
            if 0 < k < len(self.times):
                base[k:] = total[k - 1]
        return total - base

    def series(self, metric: str, values: np.ndarray, decimals: int = 0, **labels: str) -> Series:
        return Series(
            metric, {**self.labels, **labels}, self.seconds, np.rint(values[self.kept]).astype(np.int64), decimals
        )


def targets(scale: Scale) -> dict[str, Target]:
    """All scraped instances by name."""
    jobs = {
        "app-1": "app",
        "app-2": "app",
        "node-1": "node",
        "cadvisor-1": "node",
        "postgres-1": "postgres",
        "redis-1": "redis",
    }
    found = {}
    for instance, job in jobs.items():
        step = scale.scrape_s * 1000
        times = np.arange(plan.METRICS_FROM_MS + OFFSET_S[instance] * 1000, plan.AS_OF_MS, step)
        gap = (times >= plan.local_ms(plan.GAP[0])) & (times < plan.local_ms(plan.GAP[1]))
        kept = ~gap if job == plan.GAP_JOB else np.ones(len(times), bool)
        lag = plan.RESTART_LAG_MS * (instance == "app-2")
        restarts = tuple(r.ms + lag for r in plan.RELEASES) if job == "app" else ()
        found[instance] = Target(job, instance, times, kept, times[kept] // 1000, restarts)
    return found


def increase(series: Series, from_ms: int, to_ms: int) -> int:
    """Growth of a counter whose end sample lies in the period; a fall counts as a restart from 0."""
    v, t = series.values, series.times * 1000
    step = np.where(v[1:] < v[:-1], v[1:], v[1:] - v[:-1])
    return int(step[(t[1:] >= from_ms) & (t[1:] < to_ms)].sum())
