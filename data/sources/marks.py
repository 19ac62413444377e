"""Marks: the watermark of a file. They tell a file that grew from one that was replaced or renamed.

A mark holds size and time of the file, how far it was read (offset, line), an id made from its first line,
and hashes of its head and of the bytes before the offset.
"""

from __future__ import annotations

import hashlib

from data.sources.files import FIRST_LINE, Found, Start, open_file, read

HEAD = 65_536
TAIL = 4_096


def start_of(found: Found, mark: dict | None) -> Start:
    """Where to go on reading, from the mark of the last good load."""
    if not mark or not mark.get("size"):
        return Start()
    stat = found.path.stat()
    same_file = (mark["size"], mark["mtime"]) == (stat.st_size, stat.st_mtime_ns)
    resume = Start(mark["offset"], mark["line"], open_end=mark["open"])
    if found.zipped:
        changed = f"{found.item}: the archive changed and is read again in full"
        return Start(resume.offset, resume.line, unchanged=True) if same_file else Start(again=changed)
    if stat.st_size < mark["offset"]:
        return Start(again=f"{found.item}: is shorter than before (rotated or cut); read again in full")
    if _hash_of(found, 0, mark["head_n"]) != mark["head"] or _tail_of(found, mark["offset"]) != mark["tail"]:
        return Start(again=f"{found.item}: was replaced (rotated); read again in full")
    if stat.st_size == mark["size"] and not same_file and mark["offset"] == mark["size"]:
        return Start(again=f"{found.item}: was written again with the same length; read again in full")
    return resume


def mark_of(found: Found, file_id: str, end: Start) -> dict:
    """The mark of a file that was read up to `end`."""
    stat = found.path.stat()
    head_n = min(end.offset, HEAD)
    return {
        "size": stat.st_size, "mtime": stat.st_mtime_ns, "offset": end.offset, "line": end.line,
        "open": end.open_end, "id": file_id, "head_n": head_n, "head": _hash_of(found, 0, head_n),
        "tail": None if found.zipped else _tail_of(found, end.offset),
    }  # fmt: skip


def identity(found: Found, others: dict[str, dict]) -> str:
    """Id of a file's content: a hash of its first line, so that a growing or renamed file keeps it.

    `others`: marks of the source's other files. One with the same first line but another head is
    another file: the id then also carries the item's name.
    """
    with open_file(found) as stream:
        beginning = read(found, stream, FIRST_LINE)
    first = beginning.split(b"\n", 1)[0].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r ")
    own = hashlib.sha256(first).hexdigest()[:16]
    for item, mark in others.items():
        known = mark.get("head_n", 0)
        if item == found.item or mark.get("id") != own or len(beginning) < known:
            continue
        if hashlib.sha256(beginning[:known]).hexdigest() != mark["head"]:
            return f"{own}-{hashlib.sha256(found.item.encode()).hexdigest()[:8]}"
    return own


def _hash_of(found: Found, offset: int, size: int) -> str:
    with open_file(found) as stream:
        stream.seek(offset)
        return hashlib.sha256(read(found, stream, size)).hexdigest()


def _tail_of(found: Found, offset: int) -> str:
    start = max(0, offset - TAIL)
    return _hash_of(found, start, offset - start)
