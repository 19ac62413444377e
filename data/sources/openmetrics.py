"""Samples from text files: OpenMetrics, Prometheus text with timestamps, and promtool's dumps."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.errors import SourceError
from data.raw import Run
from data.raw_load import Load
from data.raw_samples import STALE
from data.settings import OpenMetricsSource, Settings
from data.sources import exposition, times
from data.sources.blocks import Block
from data.sources.files import Found
from data.sources.prometheus_types import Types
from data.sources.walk import FileSource, Reader

MOST = 200_000_000_000  # bytes of a file, unzipped
LONGEST = 1_000_000


class OpenMetrics(FileSource):
    """A `kind = "openmetrics"` source."""

    kind = "openmetrics"
    endings = (".om", ".txt", ".prom", ".openmetrics", ".om.gz", ".txt.gz", ".prom.gz", ".openmetrics.gz")
    target = "raw_sample"

    def __init__(self, spec: OpenMetricsSource, settings: Settings) -> None:
        super().__init__(spec.name, spec.path, settings.base)
        self._spec = spec

    def reader(self, run: Run, load: Load, file: Found, file_id: str, state: Any) -> Reader:
        return OpenMetricsReader(self._spec, run, load, file, state)


class OpenMetricsReader(Reader):
    """Blocks of lines to samples, everything counted."""

    format = "OpenMetrics text"
    must_hold = 'lines like `name{label="value"} 1.5 1772409600.000`'

    def __init__(self, spec: OpenMetricsSource, run: Run, load: Load, file: Found, metadata: Any) -> None:
        super().__init__(run, load, file, LONGEST, MOST)
        self._overrides = spec.types
        self._span = times.window(run.settings, run.as_of_us)
        self._metadata: dict[str, list[dict[str, str]]] = metadata or {}
        self._series: dict[str, int] = {}  # text -> number in the store, below 0 = refused
        self._parts: dict[int, tuple[str, dict[str, str]]] = {}
        self._reasons: list[str] = []

    def is_whole(self, rest: bytes) -> bool:
        # A time that is cut short still looks like a time; only the end mark is known to be whole.
        return rest.strip() == b"# EOF"

    def state(self) -> Any:
        return self._metadata

    def block(self, block: Block, ready: Any) -> None:
        load = self._load
        try:
            parsed = exposition.parse(block)
        except UnicodeDecodeError as error:
            line = block.line + block.data.count(b"\n", 0, error.start)
            raise SourceError(f"{self._file.item}: line {line} is not UTF-8; dump the metrics again") from None
        exposition.metadata_of(parsed.comments, self._metadata)
        self._understood += len(parsed.comments) + len(parsed.lines)
        load.blank(parsed.blank)
        ids = np.array([self._number(text) for text in parsed.series], dtype=np.int32)
        numbers = ids[parsed.codes] if len(parsed.codes) else np.zeros(0, np.int32)
        refused = parsed.refused + [(self._reasons[-1 - n], int(parsed.lines[i])) for i, n in _negative(numbers)]
        first, last = self._span.first_us // 1000, self._span.last_us // 1000
        ahead, before = parsed.ts_ms > last, parsed.ts_ms < first
        refused += [("future", int(parsed.lines[i])) for i in np.flatnonzero(ahead & (numbers > 0))]
        self._check(refused, len(parsed.lines) + len(parsed.refused))
        self._refuse(block, refused)
        early = before & (numbers > 0)
        if early.any():
            load.blank(int(early.sum()))
            self._notes["samples from before the programme were left out"] += int(early.sum())
        self._keep(parsed, numbers, (numbers > 0) & ~ahead & ~before)

    def _keep(self, parsed: exposition.Parsed, numbers: np.ndarray, good: np.ndarray) -> None:
        if not good.any():
            return
        ts, values = parsed.ts_ms[good], parsed.values[good]
        empty = np.isnan(values)
        if empty.any() and not self._metadata:
            # A plain dump writes stale markers as NaN: they cannot be told from a NaN that was scraped.
            values = np.where(empty, np.array([STALE]).view(np.float64)[0], values)
            self._notes["samples are NaN (end of a series, or scraped so) and were left out"] += int(empty.sum())
        self._load.sample_block(numbers[good], ts, values)
        self._load.extend_covers(int(ts.min()) * 1000, int(ts.max()) * 1000 + 1)

    def _number(self, text: str) -> int:
        number = self._series.get(text)
        if number is None:
            found = exposition.labels_of(text)
            if isinstance(found, str):
                self._reasons.append(found)
                number = -len(self._reasons)
            else:
                number = self._load.series(*found, "unknown")
                self._parts[number] = found
            self._series[text] = number
        return number

    def _check(self, refused: list[tuple[str, int]], read: int) -> None:
        """Many lines with the same lack are no bad lines but another format: refuse the file."""
        advice = {
            "schema": "carry no timestamp; dump them with `promtool tsdb dump-openmetrics`",
            "future": "lie in the future; times must be seconds (OpenMetrics) or milliseconds (Prometheus text)",
        }
        for reason, words in advice.items():
            count = sum(r == reason for r, _ in refused)
            if count >= 20 and count > 0.05 * read:
                raise SourceError(f"{self._file.item}: {count} of {read} samples {words}")

    def _refuse(self, block: Block, refused: list[tuple[str, int]]) -> None:
        if not refused:
            return
        feeds = np.flatnonzero(np.frombuffer(block.data, np.uint8) == 10)
        for reason, line in sorted(refused, key=lambda r: r[1]):
            start = int(feeds[line - 1]) + 1 if line else 0
            self.bad(reason, block.line + line)
            self._load.refuse(reason, block.data[start : feeds[line]].rstrip(b"\r"), block.line + line,
                              block.offset + start)  # fmt: skip

    def finish(self) -> None:
        """Types are given when all names are known: what `_count` is, its neighbours tell."""
        names = [name for name, _ in self._parts.values()]
        types = Types(self._overrides, self._metadata, names, self._load.known_type)
        for name, labels in self._parts.values():
            self._load.series(name, labels, types.of(name), types.unit(name))
        if types.guessed:
            self._notes["metrics have no known type; it was taken from their names"] += len(types.guessed)


def _negative(numbers: np.ndarray) -> list[tuple[int, int]]:
    return [(int(i), int(numbers[i])) for i in np.flatnonzero(numbers < 0)]
