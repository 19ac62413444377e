"""Files as a source: finding them, opening them, reading their bytes."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from data.errors import SourceError

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


def check_encoding(beginning: bytes, item: str) -> None:
    """Refuse files that are no UTF-8 text with line feeds, from their first bytes."""
    sample = beginning[:1000]
    halves = sample[0::2].count(0), sample[1::2].count(0)
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or max(halves) > 0.4 * (len(sample) / 2 + 1) > min(halves) * 4:
        raise SourceError(f"{item}: is not UTF-8; it looks like UTF-16: save it as UTF-8 and try again")
    if b"\n" not in beginning and b"\r" in beginning.rstrip(b"\r"):
        raise SourceError(f"{item}: its lines end in CR only; save it with line feeds (LF) and try again")
