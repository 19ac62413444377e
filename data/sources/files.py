"""Files as a source: finding them, opening them, reading whole lines with little memory."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np

from data.errors import SourceError

KEPT = 4_096  # bytes kept of a line that is too long
FIRST_LINE = 1_000_000
_GLOB = "*?["


@dataclass(frozen=True)
class Found:
    """One file of a source and the name it goes by in the ledger."""

    path: Path
    item: str

    @property
    def zipped(self) -> bool:
        return self.path.suffix == ".gz"


@dataclass(frozen=True)
class Block:
    """Whole lines, each ending in a line feed, with the place where they start."""

    data: bytes
    offset: int
    line: int  # number of the first line, from 1

    @cached_property
    def lines(self) -> int:
        """How many lines it has."""
        return int(np.count_nonzero(np.frombuffer(self.data, np.uint8) == 10))


@dataclass(frozen=True)
class LongLine:
    """A line over the limit, read past without keeping it."""

    head: bytes
    sha256: str
    offset: int
    line: int
    size: int  # with its line feed


@dataclass(frozen=True)
class Rest:
    """Bytes after the last line feed."""

    data: bytes
    offset: int
    line: int


@dataclass(frozen=True)
class Start:
    """Where to read a file from. `again` says why a file is read from its beginning a second time."""

    offset: int = 0
    line: int = 1
    again: str | None = None
    unchanged: bool = False
    open_end: bool = False  # the last line read had no line feed yet


def find(path: str, base: Path, endings: tuple[str, ...], source: str) -> list[Found]:
    """Files that a source's `path` names, sorted by item. Raises SourceError when there are none."""
    place = base / path
    words = " or ".join(endings)
    try:
        if place.is_file():
            return [Found(place, place.name)]
        if place.is_dir():
            found = [f for f in place.rglob("*") if f.is_file() and f.name.endswith(endings) and f.name[0] != "."]
            if not found:
                raise SourceError(
                    f'{path}: this folder holds no {words} files; put an export there or correct `path` of "{source}"'
                )
            return sorted((Found(f, f.relative_to(place).as_posix()) for f in found), key=lambda f: f.item)
        if any(c in path for c in _GLOB):
            root = _root(place)
            found = [f for f in root.glob(place.relative_to(root).as_posix()) if f.is_file()]
            if found:
                return sorted((Found(f, f.relative_to(root).as_posix()) for f in found), key=lambda f: f.item)
            raise SourceError(f'{path}: no file matches; put an export there or correct `path` of "{source}"')
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from None
    raise SourceError(f'{path}: no such file or folder; put an export there or correct `path` of "{source}"')


def _root(place: Path) -> Path:
    """The part of a pattern before its first wildcard."""
    parts = place.parts
    first = next(i for i, p in enumerate(parts) if any(c in p for c in _GLOB))
    return Path(*parts[:first])


def open_file(found: Found) -> BinaryIO:
    """The file's bytes, unzipped. Raises SourceError in words when it cannot be opened."""
    try:
        stream = found.path.open("rb")
    except OSError as error:
        raise SourceError(f"{found.item}: cannot be read: {error.strerror}") from None
    if not found.zipped:
        return stream
    if stream.read(2) not in (b"\x1f\x8b", b""):
        stream.close()
        raise SourceError(f"{found.item}: is named .gz but is not gzip data; unpack it or export it again")
    stream.seek(0)
    return gzip.GzipFile(fileobj=stream, mode="rb")


def read(found: Found, stream: BinaryIO, size: int) -> bytes:
    """Up to `size` bytes; a damaged or cut archive is refused."""
    try:
        parts, missing = [], size
        while missing and (part := stream.read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)
    except EOFError:
        raise SourceError(f"{found.item}: the gzip data is cut short; copy the file again") from None
    except (gzip.BadGzipFile, zlib.error):
        raise SourceError(f"{found.item}: the gzip data is damaged (checksum); copy the file again") from None
    except OSError as error:
        raise SourceError(f"{found.item}: cannot be read: {error.strerror}") from None


def blocks(
    found: Found, stream: BinaryIO, start: Start, *, longest: int, most: int, size: int = 4_000_000
) -> Iterator[Block | LongLine | Rest]:
    """The file from `start` on, as whole lines; memory stays within a few blocks whatever the file holds.

    `longest`: bytes of the longest line kept. `most`: bytes of the whole file, unzipped.
    """
    size = max(size, longest)
    offset, line, carry = start.offset, start.line, b""
    stream.seek(offset)
    if start.open_end:
        offset += _skip_line_end(found, stream)
    while part := read(found, stream, size):
        if offset + len(carry) + len(part) > most:
            raise SourceError(f"{found.item}: holds more than max_file_bytes = {most} bytes; refused")
        data = carry + part
        end = data.rfind(b"\n") + 1
        if end:
            block = Block(data[:end], offset, line)
            yield block
            offset, line, carry = offset + end, line + block.lines, data[end:]
        elif len(data) > longest:
            long, carry = _read_past(found, stream, data, offset, line, size)
            if isinstance(long, Rest):
                yield long
                return
            yield long
            offset, line = offset + long.size, line + 1
        else:
            carry = data
    if end := carry.rfind(b"\n") + 1:  # what followed a line that was read past
        block = Block(carry[:end], offset, line)
        yield block
        offset, line, carry = offset + end, line + block.lines, carry[end:]
    if carry:
        yield Rest(carry, offset, line)


def check_encoding(beginning: bytes, item: str) -> None:
    """Refuse files that are no UTF-8 text with line feeds, from their first bytes."""
    sample = beginning[:1000]
    halves = sample[0::2].count(0), sample[1::2].count(0)
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or max(halves) > 0.4 * (len(sample) / 2 + 1) > min(halves) * 4:
        raise SourceError(f"{item}: is not UTF-8; it looks like UTF-16: save it as UTF-8 and try again")
    if b"\n" not in beginning and b"\r" in beginning.rstrip(b"\r"):
        raise SourceError(f"{item}: its lines end in CR only; save it with line feeds (LF) and try again")


def _skip_line_end(found: Found, stream: BinaryIO) -> int:
    """Step over the line feed that ends a line which was taken in before it was there."""
    here = stream.tell()
    following = read(found, stream, 2)
    skip = 1 if following[:1] == b"\n" else 2 if following == b"\r\n" else 0
    stream.seek(here + skip)
    return skip


def _read_past(
    found: Found, stream: BinaryIO, data: bytes, offset: int, line: int, size: int
) -> tuple[LongLine | Rest, bytes]:
    """Read to the end of a line that is too long. Returns it and the bytes that follow."""
    digest, total, head = hashlib.sha256(data), len(data), data[:KEPT]
    while part := read(found, stream, size):
        end = part.find(b"\n") + 1
        digest.update(part[: end - 1] if end else part)
        total += end or len(part)
        if end:
            return LongLine(head, digest.hexdigest(), offset, line, total), part[end:]
    return Rest(head, offset, line), b""
