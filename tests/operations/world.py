"""Facts of series in short form: an app with routes and statuses, a host, containers, a database. Day 1 is launch."""

from __future__ import annotations

import json
from typing import Any

from tests.kpis.support import DAY1, HOUR, INF, at, day, gauge, grown, snapshot

JOB = {"job": "app", "instance": "a"}


def labelled(number: int, metric: str, type: str = "counter", **labels: str) -> dict[str, Any]:
    """A series with the labels under their usual names, as dim_series holds it."""
    return dict(
        series_id=number, source="metrics", metric=metric, type=type, labels=json.dumps({**JOB, **labels}),
        job=labels.get("job", "app"), instance=labels.get("instance", "a"), route=labels.get("path"),
        status=labels.get("status"), le=float(labels["le"]) if "le" in labels else None, interval_ms=15_000,
    )  # fmt: skip


class World:
    """Series and hours, collected; `build` makes the snapshot."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {
            "dim_series": [], "fct_counter_hour": [], "fct_gauge_hour": [], "fct_reset": [], "dim_release": []
        }  # fmt: skip

    def counter(self, metric: str, hours: dict[tuple[int, int], float], type: str = "counter", **labels: str) -> int:
        """A counter: (programme day, UTC hour) -> increase."""
        number = self._series(metric, type, labels)
        self.tables["fct_counter_hour"] += [grown(number, on, value, hour) for (on, hour), value in hours.items()]
        return number

    def gauge(self, metric: str, hours: dict[tuple[int, int], float], samples: int = 240, **labels: str) -> int:
        number = self._series(metric, "gauge", labels)
        self.tables["fct_gauge_hour"] += [
            gauge(number, on, value, hour, samples) | dict(last_ts_ms=at(on, hour + 1) // 1000 - 15_000)
            for (on, hour), value in hours.items()
        ]
        return number

    def histogram(
        self, base: str, hours: dict[tuple[int, int], dict[float, float]], seconds: float | dict, **labels: str
    ) -> None:
        """Cumulative buckets by hour, with `seconds` (in the unit of `base`; by hour, or in each) of _sum."""
        spent = seconds if isinstance(seconds, dict) else dict.fromkeys(hours, seconds)
        bounds = sorted({b for part in hours.values() for b in part})
        for bound in bounds:
            le = "+Inf" if bound == INF else str(bound)
            part = {hour: buckets[bound] for hour, buckets in hours.items()}
            self.counter(f"{base}_bucket", part, "histogram", le=le, **labels)
        self.counter(f"{base}_count", {h: b[INF] for h, b in hours.items()}, "histogram", **labels)
        self.counter(f"{base}_sum", spent, "histogram", **labels)

    def _series(self, metric: str, type: str, labels: dict[str, str]) -> int:
        number = len(self.tables["dim_series"]) + 1
        self.tables["dim_series"].append(labelled(number, metric, type, **labels))
        return number

    def build(self, **more: Any):
        return snapshot({t: rows for t, rows in self.tables.items() if rows}, **more)


__all__ = ["DAY1", "HOUR", "INF", "World", "at", "day"]
