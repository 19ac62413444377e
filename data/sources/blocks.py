"""Files cut into blocks of whole lines, with little memory, which is used again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import numpy as np

from data.compiled import SLACK
from data.errors import SourceError
from data.sources.files import Found, Start, fill, read

KEPT = 4_096  # bytes kept of a line that is too long
_PIECE = 1 << 16  # bytes that stay in the processor's cache


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
