"""Files cut into blocks of whole lines, in memory that is used again."""

from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.compiled import SLACK
from data.sources.blocks import Block, LongLine, Rest, Rooms, blocks
from data.sources.files import Found, Start

SIZE, LONGEST = 40, 24
LINES = st.lists(st.one_of(st.binary(max_size=12), st.binary(max_size=150)), max_size=30)


def cut(content: bytes, zipped: bool) -> list[Block | LongLine | Rest]:
    stream = gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(content))) if zipped else io.BytesIO(content)
    return list(blocks(Found(Path("f"), "f"), stream, Start(), longest=LONGEST, most=1 << 20, size=SIZE))


@given(LINES, st.booleans(), st.booleans())
def test_nothing_of_a_file_is_lost_or_changed(lines, open_end, zipped):
    """All blocks are kept to the end: none may be overwritten by one that follows."""
    content = b"\n".join(lines) + (b"" if open_end or not lines else b"\n")
    at, line = 0, 1
    for part in cut(content, zipped):
        assert (part.offset, part.line) == (at, line)
        if isinstance(part, LongLine):
            whole = content[at : at + part.size].removesuffix(b"\n")
            assert len(whole) > LONGEST
            assert b"\n" not in whole
            assert (whole.startswith(part.head), part.sha256) == (True, hashlib.sha256(whole).hexdigest())
            at, line = at + part.size, line + 1
            continue
        data = part.data
        assert data == content[at : at + len(data)]
        if isinstance(part, Block):
            assert data.endswith(b"\n")
            assert part.lines == data.count(b"\n")
            assert bytes(part.array.base[len(data) : len(data) + SLACK]) == bytes(SLACK)
        at, line = at + len(data), line + data.count(b"\n")
    assert at == len(content)


def test_a_block_that_is_looked_at_is_not_overwritten():
    rooms = Rooms(100)
    first = rooms.take()
    look = Block(first, 50, 0, 1).array[10:20]
    second = rooms.take()
    assert second is not first
    del look
    assert rooms.take() is first
    assert len(first) == 100


def test_memory_is_used_again_where_nobody_looks():
    content = b"a line of a file\n" * 1000
    stream = io.BytesIO(content)
    seen = {id(part.array.base) for part in blocks(Found(Path("f"), "f"), stream, Start(), longest=24, most=1 << 20)}
    assert len(seen) == 1
    stream.seek(0)
    rooms = set()
    for part in blocks(Found(Path("f"), "f"), stream, Start(), longest=24, most=1 << 20, size=100):
        rooms.add(id(part.array.base))
        assert np.count_nonzero(part.array == 10) == part.lines
    assert len(rooms) <= 3
