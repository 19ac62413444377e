"""Remote read: whole compressed chunks from Prometheus, decoded for all chunks at once.

A question is a protobuf message in snappy framing (literals only: nothing to gain on 200 bytes). The
answer is a stream of ChunkedReadResponse messages; each chunk is Gorilla-compressed (delta of delta
for times, XOR for values). All chunks are decoded in lockstep: step i decodes sample i of every chunk, so the cost
is per step and not per sample. Format: prometheus/prompb/remote.proto and tsdb/chunkenc/xor.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from data.errors import SourceError
from data.sources.prometheus_http import Session, TooMuch
from data.sources.prometheus_select import Selector
from data.sources.prometheus_xor import decode

Series = tuple[dict[str, str], np.ndarray, np.ndarray]
STREAMED = "application/x-streamed-protobuf"
_OPS = {"=": 0, "!=": 1, "=~": 2, "!~": 3}
_XOR = 1
_VARINT = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
# A chunk as Prometheus writes it: field 2 of the series; in it first time, last time, encoding and data.
_CHUNK = re.compile(rb"\x12(%(v)s)((?:\x08%(v)s)?(?:\x10%(v)s)?\x18([\x00-\x7f])\x22(%(v)s))" % {b"v": _VARINT}, re.S)
_HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Read-Version": "0.1.0",
}


class Unsupported(Exception):
    """The server has no remote read, or not with streamed chunks: read JSON instead."""


class RemoteRead:
    """The remote read side of one server."""

    def __init__(self, url: str, session: Session) -> None:
        self._url = f"{url}/api/v1/read"
        self._session = session

    def read(self, selector: Selector, start_ms: int, end_ms: int) -> tuple[list[Series], list[dict[str, str]]]:
        """Series with their samples of start <= ts < end, and the labels of native histograms.

        Raises Unsupported when the server does not stream chunks, TooMuch when it finds the question too large.
        """
        question = _literal(_request(selector, start_ms, end_ms - 1))
        response, body = self._session.fetch("POST", self._url, data=question, headers=_HEADERS)
        if response.status_code != 200 or STREAMED not in response.headers.get("Content-Type", ""):
            text = body[:300].decode("utf-8", "replace")
            if "exceeded sample limit" in text or "too many samples" in text:
                raise TooMuch(f"{self._session.place}: {text.strip()}")
            raise Unsupported
        try:
            return _series(body, start_ms, end_ms)
        except (IndexError, KeyError, ValueError):
            raise SourceError(f"{self._session.place}: remote read sent a broken stream") from None


def _series(body: bytes, start_ms: int, end_ms: int) -> tuple[list[Series], list[dict[str, str]]]:
    """Decode a whole body. Chunks of one series may come in several messages; they are joined in order."""
    found: dict[bytes, _Chunks] = {}
    for message in _frames(body):
        for number, series in _fields(message):
            if number == 1:
                _chunked_series(series, found)
    native = [c.labels for c in found.values() if c.others]
    plain = [c for c in found.values() if c.data]
    sizes, ts, values = decode([chunk for c in plain for chunk in c.data])
    if not ((ts >= start_ms) & (ts < end_ms)).all():
        inside = (ts >= start_ms) & (ts < end_ms)
        sizes = np.diff(np.concatenate([[0], np.cumsum(inside)])[np.concatenate([[0], np.cumsum(sizes)])])
        ts, values = ts[inside], values[inside]
    edges = np.concatenate([[0], np.cumsum(sizes)])[np.cumsum([0, *(len(c.data) for c in plain)])].tolist()
    result = [(c.labels, ts[a:b], values[a:b]) for c, (a, b) in zip(plain, pairwise(edges), strict=True) if b > a]
    return result, native


@dataclass
class _Chunks:
    """Labels of a series, its XOR chunks in the order they came, and whether it has chunks of another encoding."""

    labels: dict[str, str]
    data: list[bytes] = field(default_factory=list)
    others: bool = False


def _frames(body: bytes) -> Iterator[bytes]:
    """Messages of the stream: length, four bytes of checksum (TCP has its own), message."""
    at = 0
    while at < len(body):
        size, at = _varint(body, at)
        at += 4
        if at + size > len(body):
            raise ValueError("stream ends inside a message")
        yield body[at : at + size]
        at += size


def _chunked_series(message: bytes, known: dict[bytes, _Chunks]) -> None:
    """Add the labels and chunks of one series' message to what is known of it."""
    labels: list[bytes] = []
    chunks: list[tuple[int, bytes]] = []
    at, end = 0, len(message)
    while at < end:
        head = _CHUNK.match(message, at)
        if head is not None:  # most of the bytes: read at one go
            start = head.end()
            size = _varint(head[4], 0)[0]
            if _varint(head[1], 0)[0] == start - head.start(2) + size and start + size <= end:
                chunks.append((head[3][0], message[start : start + size]))
                at = start + size
                continue
        number, value, at = _field(message, at)
        if number == 1:
            labels.append(value)
        elif number == 2:
            parts = dict(_fields(value))
            chunks.append((parts.get(3, 0), parts.get(4, b"")))
    key = b"\0".join(labels)
    if key not in known:
        pairs = [dict(_fields(label)) for label in labels]
        known[key] = _Chunks({p[1].decode(): p.get(2, b"").decode() for p in pairs})
    series = known[key]
    series.data += [data for encoding, data in chunks if encoding == _XOR]
    series.others = series.others or any(encoding != _XOR for encoding, _ in chunks)


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """Field numbers and values (integer or bytes) of a protobuf message."""
    at = 0
    while at < len(message):
        number, value, at = _field(message, at)
        yield number, value


def _field(message: bytes, at: int) -> tuple[int, Any, int]:
    """Number and value of the field that begins at `at`, and where the next one begins."""
    tag, at = _varint(message, at)
    wire = tag & 7
    if wire == 0:
        value, at = _varint(message, at)
        return tag >> 3, value, at
    if wire == 2:
        size, at = _varint(message, at)
    elif wire in (1, 5):
        size = 8 if wire == 1 else 4
    else:
        raise ValueError(f"wire type {wire}")
    if at + size > len(message):
        raise ValueError("field ends outside its message")
    return tag >> 3, message[at : at + size], at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = data[at]  # IndexError past the end
        at += 1
        result |= (byte & 127) << shift
        if byte < 128:
            return result, at
        shift += 7
        if shift > 63:
            raise ValueError("varint is too long")


def _request(selector: Selector, start_ms: int, end_ms: int) -> bytes:
    """A ReadRequest for one query (both ends included) that accepts streamed chunks only."""
    query = _int(1, start_ms) + _int(2, end_ms)
    for m in selector.matchers:
        query += _bytes(3, _int(1, _OPS[m.op]) + _bytes(2, m.label.encode()) + _bytes(3, m.value.encode()))
    return _bytes(1, query) + _int(2, 1)


def _int(number: int, value: int) -> bytes:
    return _uvarint(number << 3) + _uvarint(value)


def _bytes(number: int, value: bytes) -> bytes:
    return _uvarint(number << 3 | 2) + _uvarint(len(value)) + value


def _uvarint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _literal(data: bytes) -> bytes:
    """Snappy block of literals only: the length, then pieces of up to 64 KiB with their tag."""
    out = bytearray(_uvarint(len(data)))
    for at in range(0, len(data), 65536):
        part = data[at : at + 65536]
        out += b"\xf4" + (len(part) - 1).to_bytes(2, "little") + part
    return bytes(out)
