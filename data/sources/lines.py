"""Strict JSON lines: one object a line, nothing guessed, every refused line with its reason.

orjson is strict but for three things, which are checked here: a key that appears twice (the last one would
win), an integer beyond 64 bits (it would be rounded), and nesting. The checks look at a whole block first
and at pieces of it and single lines only where something looks suspect.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from data.sources.blocks import Block

BOM = b"\xef\xbb\xbf"
DEEPEST = 100
PIECE = 200  # lines of a block that are tried together before each is looked at alone
_DIGITS = bytes(48 if 48 <= b <= 57 else 45 if b == 45 else 32 for b in range(256))
# Space before a colon, an escaped quote, colon or NUL: rare, and what the count of keys below cannot see.
_SPACED = (b" :", b"\t:", b"\r:")
_ESCAPED = (b"\\u0022", b"\\u003a", b"\\u003A", b"\\u0000")
_CONTROL = bytes(b for b in range(32) if b not in (9, 10, 13))
_NUL_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_DECODER = json.JSONDecoder()


class _Refused(Exception):
    """A line is refused; args[0] is the reason."""


@dataclass
class Parsed:
    """Objects of a block and where they stood, beside what was refused."""

    objects: list[dict[str, Any]]
    places: pa.Table  # line, offset, content of each object
    refused: list[tuple[str, bytes, int, int]] = field(default_factory=list)  # reason, content, line, offset
    blank: int = 0
    boms: int = 0
    read: int = 0


@dataclass(frozen=True)
class Lines:
    """Lines of a block: their text, where each ends in `data`, its number and its byte offset in the file."""

    data: bytes  # all of them, each with its line feed
    texts: list[bytes]
    ends: np.ndarray
    numbers: np.ndarray
    offsets: np.ndarray

    def places(self) -> pa.Table:
        return places(self.data, self.ends, self.numbers, self.offsets)


def lines_of(block: Block) -> Lines:
    """All lines of a block."""
    texts = block.data.split(b"\n")
    texts.pop()  # what follows the last line feed
    ends = _ends(texts)
    offsets = block.offset + np.concatenate(([0], ends[:-1]))
    return Lines(block.data, texts, ends, block.line + np.arange(len(texts)), offsets)


def some_of(block: Block, only: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> Lines:
    """The lines of a block with the indices `only`. `starts`, `ends`: of all its lines, line feeds included."""
    texts = [block.data[a : b - 1] for a, b in zip(starts[only].tolist(), ends[only].tolist(), strict=True)]
    data = b"\n".join([*texts, b""])
    return Lines(data, texts, _ends(texts), block.line + only, block.offset + starts[only])


def _ends(texts: list[bytes]) -> np.ndarray:
    return np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)


def parse(block: Block, longest: int) -> Parsed:
    """All lines of a block. `longest`: bytes a line may have."""
    return parse_lines(lines_of(block), longest)


def parse_lines(some: Lines, longest: int) -> Parsed:
    """As `parse`, for lines that need not follow one another."""
    if not some.texts:
        return Parsed([], some.places())
    if max(map(len, some.texts)) < longest and (objects := _all_good(some.data, some.texts)) is not None:
        return Parsed(objects, some.places(), read=len(some.texts))
    return _one_by_one(some, longest)


def _all_good(data: bytes, lines: list[bytes]) -> list[dict] | None:
    """Objects of all lines, or None when any line needs a closer look."""
    if _looks_odd(data):
        return None
    try:
        objects = list(map(orjson.loads, lines))
        again = orjson.dumps(objects)
    except (orjson.JSONDecodeError, TypeError):
        return None
    if set(map(type, objects)) != {dict}:
        return None
    # Every key is followed by a colon, so text and object have the same number of `":` unless a key was
    # repeated; `":` inside a text reads `\":` in both.
    return objects if data.count(b'":') == again.count(b'":') else None


def _looks_odd(data: bytes) -> bool:
    """May the block hold what the quick way would misread? Never False wrongly; True now and then for nothing."""
    if any(mark in data for mark in _SPACED) or (b"\\u00" in data and any(mark in data for mark in _ESCAPED)):
        return True
    flat = data.translate(_DIGITS)
    return b"0" * 20 in flat or b"-" + b"0" * 19 in flat


def _one_by_one(some: Lines, longest: int) -> Parsed:
    objects: list[dict] = []
    good: list[int] = []
    texts = some.texts
    parsed = Parsed(objects, pa.table({}), read=len(texts))
    for first in range(0, len(texts), PIECE):
        piece = texts[first : first + PIECE]
        short = max(map(len, piece)) < longest
        if short and (found := _all_good(b"\n".join(piece), piece)) is not None:  # the odd line stands elsewhere
            objects += found
            good += range(first, first + len(piece))
            continue
        for i, line in enumerate(piece, first):
            text = line
            if text[:3] == BOM:
                text, parsed.boms = text[3:], parsed.boms + 1
            if not text.strip(b" \t\r"):
                parsed.blank += 1
                continue
            try:
                objects.append(strict(text, longest))
                good.append(i)
            except _Refused as refused:
                place = int(some.numbers[i]), int(some.offsets[i])
                parsed.refused.append((refused.args[0], line.rstrip(b"\r"), *place))
    parsed.places = some.places().take(pa.array(good, pa.int64()))
    return parsed


def places(data: bytes, ends: np.ndarray, numbers: np.ndarray, offsets: np.ndarray) -> pa.Table:
    """line, offset and content of each line; the content shares the memory of `data`."""
    return some_places(numbers, offsets, np.arange(len(ends)), contents(data, ends))


def contents(data: bytes | np.ndarray, ends: np.ndarray) -> pa.Array:
    """Each line of `data`, in its memory."""
    edges = np.concatenate(([0], ends)).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(ends), [None, pa.py_buffer(edges), pa.py_buffer(data)])


def some_places(numbers: np.ndarray, offsets: np.ndarray, only: np.ndarray, content: pa.Array) -> pa.Table:
    """line, offset and content of the lines with the indices `only`; nothing of the content is copied."""
    indices = pa.array(only.astype(np.int32))
    return pa.table({"line": numbers, "offset": offsets, "content": pa.DictionaryArray.from_arrays(indices, content)})


def strict(text: bytes, longest: int) -> dict[str, Any]:
    """One line as an object. Raises _Refused with the reason."""
    if len(text) > longest:
        raise _Refused("too_long")
    text = _NUL_ESCAPE.sub(rb"\1\\ufffd", text)
    try:
        value = orjson.loads(text)
        again = orjson.dumps(value)
    except orjson.JSONDecodeError:
        raise _Refused(_reason(text)) from None
    except TypeError:
        raise _Refused("depth") from None
    if type(value) is not dict:
        raise _Refused("not_object")
    if _looks_odd(text) or text.count(b'":') != again.count(b'":'):
        return _exact(text)
    return value


def try_strict(text: bytes, longest: int) -> dict[str, Any] | None:
    """As `strict`, with None for a line that is refused."""
    try:
        return strict(text, longest)
    except _Refused:
        return None


def _exact(text: bytes) -> dict[str, Any]:
    """The slow way: keys counted one by one, integers beyond 64 bits kept as text."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            raise _Refused("duplicate_key")
        return found

    def integer(digits: str) -> int | str:
        value = int(digits) if len(digits) < 25 else None
        return value if value is not None and -(2**63) <= value < 2**64 else digits

    return json.loads(text, object_pairs_hook=pairs, parse_int=integer)


def _reason(text: bytes) -> str:
    """Why a line is no JSON object, in one word of the quarantine's vocabulary."""
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        return "encoding"
    if len(text.translate(None, _CONTROL)) != len(text):
        return "control"
    stripped = decoded.strip(" \t\r\n")
    if not stripped.startswith("{"):
        return "not_object"
    return "depth" if _depth(text) > DEEPEST else _reason_of_object(stripped)


def _reason_of_object(text: str) -> str:
    try:
        value, end = _DECODER.raw_decode(text)
    except ValueError:
        return "malformed"
    if text[end:].strip():
        return "trailing"
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return "encoding"
    return "number"


def _depth(text: bytes) -> int:
    """Deepest nesting of brackets outside of texts."""
    deepest = depth = 0
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", text)
    for byte in bare:
        if byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"}]":
            depth -= 1
    return deepest
