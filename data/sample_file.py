"""Samples of a plain OpenMetrics or Prometheus text file, in memory: no settings, no storage."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.errors import SourceError, nearest
from data.sources import blocks, exposition, files
from data.sources.blocks import Block, LongLine
from data.sources.files import Found

LONGEST, MOST = 1_000_000, 200_000_000_000  # bytes of a line, of the file unzipped
_WORDS = {
    "schema": "carries no timestamp; dump it with `promtool tsdb dump-openmetrics`",
    "time": "carries a time that is no number",
    "duplicate_key": "names a label twice",
}


@dataclass(frozen=True)
class FileSeries:
    """One series: times in seconds since 1970, rising, and values; ends of series (NaN) are left out."""

    metric: str
    labels: dict[str, str]
    ts: np.ndarray
    values: np.ndarray


def read(path: str | Path, metrics: Collection[str]) -> tuple[FileSeries, ...]:
    """Every series of the named metrics, in order of first appearance.

    Raises SourceError for a file that cannot be read, the first line that is no sample, two values of one
    series at one instant, and when the file holds none of the metrics.
    """
    found = Found(Path(path), Path(path).name)
    names: dict[str, None] = {}
    parts: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    labelled: dict[str, tuple[str, dict[str, str]]] = {}
    for block in _blocks(found):
        parsed = _parsed(found, block)
        for code, text in enumerate(parsed.series):
            if text not in labelled:
                labelled[text] = _labels(found, text)
            names[labelled[text][0]] = None
            if labelled[text][0] in metrics:
                mine = parsed.codes == code
                parts.setdefault(text, []).append((parsed.ts_ms[mine], parsed.values[mine]))
    if not parts:
        wanted = " or ".join(sorted(metrics))
        raise SourceError(f"{found.item}: holds no series of {wanted}{nearest(sorted(metrics)[0], names)}")
    return tuple(_series(found, *labelled[text], chunks) for text, chunks in parts.items())


def _blocks(found: Found) -> Iterator[Block]:
    if not found.path.is_file():
        raise SourceError(f"{found.path}: no such file")
    with files.open_file(found) as stream:
        beginning = files.read(found, stream, files.FIRST_LINE)
        files.check_encoding(beginning, found.item)
        for part in blocks.blocks(found, stream, files.Start(), longest=LONGEST, most=MOST):
            if isinstance(part, LongLine):
                raise SourceError(f"{found.item}: line {part.line} is longer than {LONGEST} bytes")
            # the last line may lack its line feed
            yield part if isinstance(part, Block) else Block.of(part.data + b"\n", part.offset, part.line)


def _parsed(found: Found, block: Block) -> exposition.Parsed:
    try:
        parsed = exposition.parse(block)
    except UnicodeDecodeError as error:
        line = block.line + block.data.count(b"\n", 0, error.start)
        raise SourceError(f"{found.item}: line {line} is not UTF-8; dump the metrics again") from None
    if parsed.refused:
        reason, line = min(parsed.refused, key=lambda r: r[1])
        words = _WORDS.get(reason, 'is no sample like `name{label="value"} 1.5 1772409600.000`')
        raise SourceError(f"{found.item}: line {block.line + line} {words}")
    return parsed


def _labels(found: Found, text: str) -> tuple[str, dict[str, str]]:
    labels = exposition.labels_of(text)
    if isinstance(labels, str):
        raise SourceError(f"{found.item}: {text[:80]} is no series name with labels")
    return labels


def _series(
    found: Found, metric: str, labels: dict[str, str], chunks: list[tuple[np.ndarray, np.ndarray]]
) -> FileSeries:
    ts, values = (np.concatenate([c[i] for c in chunks]) for i in (0, 1))
    kept = ~np.isnan(values)
    order = np.argsort(ts[kept], kind="stable")
    ts, values = ts[kept][order], values[kept][order]
    same = np.flatnonzero(np.diff(ts) == 0)
    if np.any(values[same] != values[same + 1]):
        raise SourceError(f"{found.item}: {metric} has two values at one instant; keep one of them")
    once = np.append(np.diff(ts) != 0, True) if len(ts) else np.zeros(0, bool)
    return FileSeries(metric, labels, ts[once] / 1000, values[once])
