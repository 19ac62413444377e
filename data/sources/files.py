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
SLACK = 32  # bytes behind the lines of a block, all zero: loops may read past its end
_PIECE = 1 << 16  # bytes that stay in the processor's cache
_GLOB = "*?["


@dataclass(frozen=True)
class Found:
    """One file of a source and the name it goes by in the ledger."""

    path: Path
    item: str

    @property
    def zipped(self) -> bool:
        return self.path.suffix == ".gz"


class Block:
    """Whole lines, each ending in a line feed, with the place where they start.

    array: their bytes. line: number of the first, from 1.
    """

    def __init__(self, room: bytearray, size: int, offset: int, line: int) -> None:
        """The first `size` bytes of a room, which has SLACK more."""
        self.array = np.frombuffer(room, np.uint8, size)
        self.offset = offset
        self.line = line

    @classmethod
    def of(cls, data: bytes, offset: int, line: int) -> Block:
        return cls(bytearray(data + bytes(SLACK)), len(data), offset, line)

    @cached_property
    def data(self) -> bytes:
        """A copy of the lines."""
        return self.array.tobytes()

    @cached_property
    def lines(self) -> int:
        """How many lines it has."""
        pieces = (self.array[start : start + _PIECE] for start in range(0, len(self.array), _PIECE))
        return sum(int(np.count_nonzero(piece == 10)) for piece in pieces)


class Rooms:
    """Memory for blocks, given out again when nothing looks at it any more: a page is dear when it is touched first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rooms: list[bytearray] = []

    def take(self) -> bytearray:
        """Bytes of any value."""
        for room in self._rooms:
            if _is_free(room):
                return room
        room = bytearray(self._size + 1)
        room.pop()  # leaves a place for what `_is_free` adds
        self._rooms.append(room)
        return room


def _is_free(room: bytearray) -> bool:
    """Python refuses to change the length of what an array or a column looks at."""
    try:
        room.append(0)
    except BufferError:
        return False
    room.pop()
    return True


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
    room = bytearray(size)
    return bytes(room[: fill(found, stream, room, 0, size)])


def fill(found: Found, stream: BinaryIO, room: bytearray, start: int, size: int) -> int:
    """Read up to `size` bytes into a room from `start` on. Returns how many; a damaged or cut archive is refused."""
    done = 0
    try:
        with memoryview(room) as view:
            while done < size and (got := stream.readinto(view[start + done : start + size])):  # type: ignore[attr-defined]
                done += got
    except EOFError:
        raise SourceError(f"{found.item}: the gzip data is cut short; copy the file again") from None
    except (gzip.BadGzipFile, zlib.error):
        raise SourceError(f"{found.item}: the gzip data is damaged (checksum); copy the file again") from None
    except OSError as error:
        raise SourceError(f"{found.item}: cannot be read: {error.strerror}") from None
    return done


def blocks(
    found: Found, stream: BinaryIO, start: Start, *, longest: int, most: int, size: int = 4_000_000
) -> Iterator[Block | LongLine | Rest]:
    """The file from `start` on, as whole lines; memory stays within a few blocks whatever the file holds.

    `longest`: bytes of the longest line kept. `most`: bytes of the whole file, unzipped.
    """
    size = max(size, longest)
    rooms = Rooms(size + longest + SLACK)  # what is read, behind the beginning of a line
    offset, line, room, kept = start.offset, start.line, rooms.take(), 0
    stream.seek(offset)
    if start.open_end:
        offset += _skip_line_end(found, stream)
    while got := fill(found, stream, room, kept, min(size, len(room) - SLACK - kept)):
        total = kept + got
        if offset + total > most:
            raise SourceError(f"{found.item}: holds more than max_file_bytes = {most} bytes; refused")
        end = room.rfind(b"\n", 0, total) + 1
        if end:
            carry = room[end:total]
            room[end : end + SLACK] = bytes(SLACK)
            block = Block(room, end, offset, line)
            yield block
            offset, line = offset + end, line + block.lines
            room = rooms.take()
        elif total > longest:
            long, carry = _read_past(found, stream, room[:total], offset, line, size)
            if isinstance(long, Rest):
                yield long
                return
            yield long
            offset, line = offset + long.size, line + 1
        else:
            carry = room[:total]
        kept = len(carry)
        room[:kept] = carry
    yield from _last(bytes(room[:kept]), offset, line)


def _last(data: bytes, offset: int, line: int) -> Iterator[Block | Rest]:
    """What is left at the end of a file; it holds whole lines where they followed one that was read past."""
    if end := data.rfind(b"\n") + 1:
        block = Block.of(data[:end], offset, line)
        yield block
        offset, line, data = offset + end, line + block.lines, data[end:]
    if data:
        yield Rest(data, offset, line)


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
    found: Found, stream: BinaryIO, data: bytearray, offset: int, line: int, size: int
) -> tuple[LongLine | Rest, bytes]:
    """Read to the end of a line that is too long. Returns it and the bytes that follow."""
    digest, total, head = hashlib.sha256(data), len(data), bytes(data[:KEPT])
    while part := read(found, stream, size):
        end = part.find(b"\n") + 1
        digest.update(part[: end - 1] if end else part)
        total += end or len(part)
        if end:
            return LongLine(head, digest.hexdigest(), offset, line, total), part[end:]
    return Rest(head, offset, line), b""
