"""OpenMetrics and Prometheus text: a block of lines to columns, and the text of one series to its labels.

Lines are cut by the positions of their spaces and line feeds, all at once; a line that does not fit
(exemplar, missing time, spaces in odd places) is read on its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sources.blocks import Block

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_.]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity)|nan", re.IGNORECASE | re.ASCII)
_SAMPLE = re.compile(r'\s*([^\s{]*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?)\s+(\S+)(?:\s+(\S+))?(?:\s+#\s.*)?\s*')
SECONDS_BELOW = 1e11  # as seconds the year 5138, as milliseconds 1973: a time below it is in seconds


@dataclass
class Parsed:
    """Samples of a block (texts of their series by code), metadata lines, and what was refused."""

    series: list[str]
    codes: np.ndarray  # index into series
    ts_ms: np.ndarray
    values: np.ndarray
    lines: np.ndarray  # index of the line in the block
    comments: list[str] = field(default_factory=list)
    blank: int = 0  # comments included
    refused: list[tuple[str, int]] = field(default_factory=list)  # reason, index of the line


def parse(block: Block) -> Parsed:
    """All lines of a block. Raises UnicodeDecodeError when it is no UTF-8 text."""
    data = block.data
    block.data.decode("utf-8")
    raw = np.frombuffer(data, np.uint8)
    feeds = np.flatnonzero(raw == 10)
    starts = np.concatenate(([0], feeds[:-1] + 1))
    kind = raw[starts]  # the first byte of each line
    comment, blank = kind == 35, kind == 10
    odd = ((kind == 32) | (kind == 9) | (kind == 13)) & ~blank
    cut, fits = _cut(raw, starts, feeds)
    odd |= ~fits & ~comment & ~blank
    if b" # " in data:
        marked = pc.match_substring(_strings(data, np.append(starts, len(data))), " # ")
        odd |= marked.to_numpy(zero_copy_only=False) & ~comment
    good = np.flatnonzero(~(odd | comment | blank))
    parsed = _columns(data, cut, good)
    if parsed is None:  # a number that is none: find out which, line by line
        parsed, odd = _columns(data, cut, good[:0]), ~(comment | blank)
    assert parsed is not None
    text = [data[starts[i] : feeds[i]].decode() for i in np.flatnonzero(comment | odd)]
    parsed.comments = [t for t in text if t.startswith("#")]
    parsed.blank = int(comment.sum() + blank.sum())
    _odd_lines(parsed, np.flatnonzero(odd), [t for t in text if not t.startswith("#")])
    return parsed


def _cut(raw: np.ndarray, starts: np.ndarray, feeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges of series, value and time of every line, and whether a line has two spaces to cut at."""
    spaces = np.flatnonzero(raw == 32)
    last = np.searchsorted(spaces, feeds) - 1
    fits = last >= 1
    second = np.where(fits, spaces[last] if len(spaces) else 0, 0)
    first = np.where(fits, spaces[last - 1] if len(spaces) else 0, 0)
    fits &= first > starts
    edges = np.empty(3 * len(feeds) + 1, np.int32)
    edges[0:-1:3] = starts
    edges[1::3] = np.where(fits, first + 1, starts)
    edges[2::3] = np.where(fits, second + 1, starts)
    edges[-1] = feeds[-1] + 1
    return edges, fits


def _strings(data: bytes, edges: np.ndarray) -> pa.Array:
    """Texts between the edges, sharing the block's memory."""
    offsets = pa.py_buffer(np.ascontiguousarray(edges, dtype=np.int32))
    return pa.Array.from_buffers(pa.string(), len(edges) - 1, [None, offsets, pa.py_buffer(data)])


def _columns(data: bytes, edges: np.ndarray, good: np.ndarray) -> Parsed | None:
    """Columns of the lines that were cut in three; None when a value or time is no number."""
    parts = _strings(data, edges)
    series = pc.ascii_rtrim(parts.take(pa.array(3 * good)), " ").dictionary_encode()
    try:
        values = pc.ascii_rtrim(parts.take(pa.array(3 * good + 1)), " ").cast(pa.float64())
        stamps = pc.ascii_rtrim(parts.take(pa.array(3 * good + 2)), "\r\n").cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    times = stamps.to_numpy(zero_copy_only=False)
    if len(times) and not np.isfinite(times).all():
        return None
    return Parsed(
        series.dictionary.to_pylist(), series.indices.to_numpy(zero_copy_only=False), _milliseconds(times),
        values.to_numpy(zero_copy_only=False), good,
    )  # fmt: skip


def _milliseconds(stamps: np.ndarray) -> np.ndarray:
    """Seconds with decimals (OpenMetrics) or whole milliseconds (Prometheus text) as milliseconds."""
    scaled = np.where(np.abs(stamps) < SECONDS_BELOW, stamps * 1000, stamps)
    return np.rint(np.clip(scaled, -9e18, 9e18)).astype(np.int64)


def _odd_lines(parsed: Parsed, at: np.ndarray, texts: list[str]) -> None:
    """Read lines one by one and add what they hold."""
    known = {text: code for code, text in enumerate(parsed.series)}
    codes, stamps, values, rows = [], [], [], []
    for line, text in zip(at.tolist(), texts, strict=True):
        if not text.strip():
            parsed.blank += 1
            continue
        found = _SAMPLE.fullmatch(text)
        if not found or not _NUMBER.fullmatch(found.group(2)):
            parsed.refused.append(("malformed", line))
        elif found.group(3) is None:
            parsed.refused.append(("schema", line))
        elif not _NUMBER.fullmatch(found.group(3)) or not np.isfinite(float(found.group(3))):
            parsed.refused.append(("time", line))
        else:
            codes.append(known.setdefault(found.group(1), len(known)))
            values.append(float(found.group(2)))
            stamps.append(float(found.group(3)))
            rows.append(line)
    if rows:
        parsed.series = list(known)
        parsed.codes = np.concatenate((parsed.codes, np.array(codes, parsed.codes.dtype)))
        parsed.ts_ms = np.concatenate((parsed.ts_ms, _milliseconds(np.array(stamps))))
        parsed.values = np.concatenate((parsed.values, np.array(values)))
        parsed.lines = np.concatenate((parsed.lines, np.array(rows)))


def labels_of(text: str) -> tuple[str, dict[str, str]] | str:
    """Metric name and labels of a series' text, or the reason why it is none."""
    name, brace, rest = text.partition("{")
    labels: dict[str, str] = {}
    if brace:
        if not rest.endswith("}"):
            return "malformed"
        inner, at = rest[:-1], 0
        while inner[at:].strip():
            found = _LABEL.match(inner, at)
            if not found:
                return "malformed"
            if found.group(1) in labels:
                return "duplicate_key"
            labels[found.group(1)] = _ESCAPE.sub(_unescaped, found.group(2))
            at = found.end()
    name = name.strip() or labels.pop("__name__", "")
    if not _NAME.fullmatch(name):
        return "malformed"
    return name, {k: v for k, v in labels.items() if v != ""}  # an empty label is no label


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(found.group(1), found.group(1))


def metadata_of(comments: list[str], known: dict[str, list[dict[str, str]]]) -> None:
    """Add the types and units that `# TYPE` and `# UNIT` lines give to `known`: family -> [{type, unit}]."""
    for comment in comments:
        words = comment.split(None, 3)
        if len(words) == 4 and words[1] in ("TYPE", "UNIT"):
            known.setdefault(words[2], [{}])[0][words[1].lower()] = words[3].strip()
