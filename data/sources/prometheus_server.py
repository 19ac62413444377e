"""Questions to one Prometheus: through prometheus-api-client, or by remote read where the server offers it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from prometheus_api_client import PrometheusConnect

from data import calendar, collector
from data.errors import SourceError
from data.sources import prometheus_select as select
from data.sources.prometheus_http import Session
from data.sources.prometheus_matrix import Column
from data.sources.prometheus_plan import duration_ms
from data.sources.prometheus_remote_read import RemoteRead, Unsupported

Series = tuple[dict[str, str], np.ndarray, np.ndarray]  # labels, ts_ms, values


@dataclass
class Answer:
    """Samples of one piece, and the labels of series that are native histograms."""

    series: list[Series] = field(default_factory=list)
    native: list[dict[str, str]] = field(default_factory=list)


class Server:
    """Questions to one server: the client library, the checked session, and what the server says of itself."""

    def __init__(self, url: str, session: Session, *, remote_read: bool = True) -> None:
        self.session = session
        self.client = PrometheusConnect(url=url, session=session, method="POST")
        self.remote = RemoteRead(url, session) if remote_read else None
        self.metadata: dict[str, Any] = {}
        self.retention: str | None = None
        self.retention_ms: int | None = None

    def look_around(self) -> None:
        """Read types and retention. A server without the retention page (Thanos, Mimir) is fine; none at all is not."""
        self.metadata = self._get("/api/v1/metadata")
        try:
            self.retention = self._get("/api/v1/status/runtimeinfo").get("storageRetention")
        except SourceError:
            self.retention = None
        self.retention_ms = duration_ms(self.retention or "")

    def _get(self, path: str) -> dict[str, Any]:
        data = self.session.request("GET", f"{self.client.url}{path}").json()["data"]
        if not isinstance(data, dict):
            raise SourceError(f"{self.session.place}: {path} answered something else than an object")
        return data

    def series_counts(self, selector: select.Selector, start_ms: int, end_ms: int) -> dict[str, int]:
        """Number of series per metric name that the selector finds in the window."""
        start, end = (calendar.instant(ms * 1000) for ms in (start_ms, end_ms))
        found = self.client.get_series(start, end, {"match[]": selector.text})
        try:
            return dict(Counter(labels["__name__"] for labels in found))
        except (TypeError, KeyError):
            raise SourceError(f"{self.session.place}: /api/v1/series answered something else than labels") from None

    def samples(self, selector: select.Selector, start_ms: int, end_ms: int) -> Answer:
        """Samples with start <= ts < end, by remote read where it works, else as JSON."""
        if self.remote is not None:
            try:
                series, native = self.remote.read(selector, start_ms, end_ms)
                return Answer(series, native)
            except Unsupported:
                self.remote = None
        return self.json_samples(selector.text, start_ms, end_ms)

    def json_samples(self, text: str, start_ms: int, end_ms: int) -> Answer:
        """Samples of a range selector.

        The window is asked for from one millisecond before its start: 2.x includes both ends, 3.x leaves
        the left one out, and trimming makes them equal.
        """
        query = f"{text}[{end_ms - start_ms}ms]"
        at = f"{(end_ms - 1) // 1000}.{(end_ms - 1) % 1000:03d}"
        with collector.paused():
            result = self.client.custom_query(query, params={"time": at})
            return _decode(result, start_ms, end_ms, self.session.place)

    def histograms(self, text: str, start_ms: int, end_ms: int) -> Any:
        """Matrix with the native histograms of a selector, as the server sent it."""
        at = f"{(end_ms - 1) // 1000}.{(end_ms - 1) % 1000:03d}"
        return self.client.custom_query(f"{text}[{end_ms - start_ms}ms]", params={"time": at})

    def grid(self, text: str, first_ms: int, last_ms: int, step_ms: int) -> list[Series]:
        """Values of an expression at first, first + step, ... last. Raises SourceError for native histograms."""
        asked = {"query": text, "start": first_ms / 1000, "end": last_ms / 1000, "step": step_ms / 1000}
        content = self.session.request("POST", f"{self.client.url}/api/v1/query_range", params=asked).json()
        answer = _decode(content["data"].get("result"), first_ms, last_ms + 1, self.session.place)
        if answer.native:
            raise SourceError("gives native histograms, which are no numbers; wrap it in histogram_quantile or _count")
        return answer.series


def _decode(result: Any, start_ms: int, end_ms: int, place: str) -> Answer:
    """Arrays of a matrix result, trimmed to [start, end)."""
    answer = Answer()
    try:
        for one in result:
            if one.get("histograms"):
                answer.native.append(one["metric"])
            values = one.get("values")
            if not values:
                continue
            if isinstance(values, Column):
                instants, numbers = values.ts_s, values.values
            else:
                pairs = tuple(zip(*values, strict=True))
                instants, numbers = np.array(pairs[0], dtype=np.float64), _numbers(pairs[1])
            ts = np.rint(instants * 1000).astype(np.int64)
            inside = (ts >= start_ms) & (ts < end_ms)
            if inside.any():
                answer.series.append((one["metric"], ts[inside], numbers[inside]))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise SourceError(f"{place}: answered something else than a matrix of samples") from None
    return answer


def _numbers(texts: tuple[str, ...]) -> np.ndarray:
    if set(map(type, texts)) != {str}:
        raise TypeError("a sample's value is a text")
    return np.fromiter(map(float, texts), np.float64, len(texts))
