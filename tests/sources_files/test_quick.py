"""The quick road against the exact one: the same rows, refusals and notes, for every line."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import raw_keys, raw_kinds
from data.errors import SourceError
from data.raw_events import SCHEMA, STORED, hashed, shaped
from data.settings import JsonlSource
from data.sources.blocks import Block
from data.sources.files import Found
from data.sources.jsonl import JsonlReader
from data.sources.skeletons import learn
from tests.raw.support import run
from tests.raw.support import settings as beta
from tests.sources_files.support import TIME, event, text
from tests.sources_files.test_lines import ACCEPTED, REFUSED

OFFSET, LINE = 1000, 7


class Recorder:
    """Stands for a load: writes down what a reader tells it."""

    def __init__(self) -> None:
        self.given: list[dict] = []
        self.refused: list[tuple] = []
        self.blanks = 0
        self.covers: tuple[int, int] | None = None
        self.kinds: list[tuple] = []

    def kind_numbers(self, table: pa.Table) -> np.ndarray:
        found = [tuple(row.values()) for row in table.to_pylist()]
        self.kinds += dict.fromkeys(kind for kind in found if kind not in self.kinds)
        return np.array([self.kinds.index(kind) for kind in found], np.int32)

    def rows(self, table: pa.Table, places: pa.Table, more: bool = False) -> None:
        keys = zip(self.as_stored(table).to_pylist(), places.to_pylist(), strict=True)
        self.given += [self.worded(row) | place | {"content": place["content"].rstrip(b"\r\n")} for row, place in keys]

    def as_stored(self, table: pa.Table) -> pa.Table:
        """Rows as the store has them: the ways differ in how far they take them there."""
        if table.schema == STORED:
            return table
        whole = hashed(shaped(table, SCHEMA))
        uuids, keys = raw_keys.apart(whole["event_key"].combine_chunks())
        kinds = pa.array(self.kind_numbers(whole.select(raw_kinds.COLUMNS)))
        made = {"kind_n": kinds, "event_uuid": uuids, "event_key": keys}
        return pa.table([made[name] if name in made else whole[name] for name in STORED.names], schema=STORED)

    def worded(self, row: dict) -> dict:
        return row | {"kind_n": self.kinds[row["kind_n"]]}

    def pause(self) -> None:
        """All rows of a block are there."""

    def refuse(self, reason: str, content: bytes, line: int, offset: int) -> None:
        self.refused.append((line, offset, reason, content))

    def blank(self, n: int = 1) -> None:
        self.blanks += n

    def extend_covers(self, start: int, end: int) -> None:
        old = self.covers or (start, end)
        self.covers = min(old[0], start), max(old[1], end)


def outcome(folder: Path, content: bytes, *, road: str, **spec: Any) -> tuple[dict[str, Any], int]:
    """Everything that a block of lines comes to, and how many lines the quick road took."""
    known = beta(folder)
    load = Recorder()
    source = JsonlSource(kind="jsonl", name="app", path="in", **spec)
    reader = JsonlReader(source, run(1, known), load, Found(folder / "a", "a"), "file")
    taken = 0
    if road == "compiled":
        reader.compile()
    if road != "exact":
        whole = reader._road.take

        def counted(block: Block, *rest: Any) -> Any:
            nonlocal taken
            found = whole(block, *rest)
            taken += found.taken if block.line == LINE else 0
            return found

        reader._road.take = counted
    else:
        reader._road = None
    failed = None
    try:
        first = Block.of(content, OFFSET, LINE)
        again = Block.of(
            content, OFFSET + len(content), LINE + first.lines
        )  # what was learnt from the first is known by now
        ready = [reader.ready(block) for block in (first, again)]  # as a thread reads ahead
        for block, part in zip((first, again), ready, strict=True):
            reader.block(block, part)
    except SourceError as error:
        failed = str(error)
    if failed:
        return {"failed": failed}, taken
    return {
        "rows": sorted(load.given, key=lambda row: row["line"]),
        "refused": sorted(load.refused), "blank": load.blanks, "covers": load.covers,
        "notes": dict(reader._notes), "understood": reader._understood, "first_bad": reader._first_bad is None,
    }, taken  # fmt: skip


def both(folder: Path, content: bytes, **spec: Any) -> int:
    """Check that the roads agree; returns the fewest lines that the quick one took, with and without compiled loops."""
    exact, _ = outcome(folder, content, road="exact", **spec)
    took = []
    for road in ("quick", "compiled"):
        found, taken = outcome(folder, content, road=road, **spec)
        assert found == exact, road
        took.append(taken)
    return min(took)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("quick")


VALUES = [
    "", " ", "x", "post_view", "null", "0", "000", "00-0", "u1 ", "é", "e\u0301", "\u200bu", "a@b.de", "Bearer x",
    "+1", "/api/v1/posts/42/comments", "/1/2/3?x=4", "http://12/34/5", "https://a.de/u/7/8#9", "/profile/1/a.b.c",
    "/0", "1/2", "did:plc:abc", "iOS", "GET", "get ", "200", "700", "1e5", "x" * 600, "\x7f", "\u2028", "\x01",
    'q"q', "b\\s", "a/b",
    0, 1, -1, 200, 404, 99, 600, 1.5, 0.1, -0.5, 12.0, 1e-5, 1e20, 123456789.25, 2**53 + 1, 2**64, True, False, None,
    {}, [], [1], [1, 2], ["a"], {"a": 1}, {"type": "x", "e-mail": "y"}, {"platform": "web"}, [{"token": "x", "b": 2}],
]  # fmt: skip
TIMES = [
    TIME, "2026-03-02T10:00:00.123456Z", "2026-03-02 10:00:00+02:00", "2026-03-02T10:00:00", "2026-02-30T10:00:00Z",
    "2026-03-02T24:00:00Z", "2026-03-02T23:59:60Z", "2026-03-02", "2030-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z", "infinity", "05/01/2026", 1772445600, 1772445600000, 1772445600000000, 1772445600.5,
    "1772445600", -1, 0, "", None, True, [],
]  # fmt: skip
KEYS = (
    "path", "url", "statusCode", "status", "duration", "method", "feature", "component", "platform", "type", "screen",
    "email", "deviceInfo", "version", "count", "é",
)  # fmt: skip
PROPERTIES = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=4)
PARTS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(VALUES), "user": st.sampled_from(VALUES), "event": st.sampled_from(VALUES),
        "ts": st.sampled_from(TIMES), "client_ts": st.sampled_from(TIMES), "user_id": st.sampled_from(VALUES),
        "platform": st.sampled_from(VALUES), "properties": st.one_of(PROPERTIES, st.sampled_from(VALUES)),
    },
)  # fmt: skip


def lines_of(objects: list[dict[str, Any]], ascii_only: bool, spaced: bool) -> bytes:
    separators = (", ", ": ") if spaced else (",", ":")
    return b"".join(
        json.dumps(o, ensure_ascii=ascii_only, separators=separators).encode("utf-8", "replace") + b"\n"
        for o in objects
    )


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=12), st.booleans(), st.booleans())
def test_any_values_come_out_alike(folder, parts, ascii_only, spaced):
    objects = [
        {"id": f"e{n}", "user": "u", "event": "x", "ts": TIME, "properties": {}} | p for n, p in enumerate(parts)
    ]
    both(folder, lines_of(objects, ascii_only, spaced))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_lines_of_one_skeleton_with_any_values_come_out_alike(folder, data):
    keys = data.draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))
    size = data.draw(st.integers(2, 12))
    value = st.sampled_from(VALUES)
    objects = [
        {"id": f"event-number-{n}", "user": data.draw(value), "event": "x", "ts": data.draw(st.sampled_from(TIMES)),
         "properties": {k: data.draw(value) for k in keys}}
        for n in range(size)
    ]  # fmt: skip
    both(folder, lines_of(objects, False, False))


@settings(max_examples=1500, deadline=None)
@given(st.integers(0, 2**32))
def test_a_byte_changed_anywhere_comes_out_alike(folder, seed):
    chance = random.Random(seed)
    whole = bytearray(text(*(event(n, properties={"path": f"/a/{n}", "duration": n, "ok": True}) for n in range(12))))
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(whole))
        new = chance.choice([b'"', b",", b":", b"{", b"}", b"0", b"1", b".", b"-", b"e", b"\\", b"\r", b"\t", b"\x00",
                             b"\xff", b"\xc3\xa9", b" ", b"", b"]", b"[1]", b"\n", b"\xef\xbb\xbf"])  # fmt: skip
        whole[at : at + chance.randrange(2)] = new
    both(folder, bytes(whole) + b"\n")


@pytest.mark.parametrize("name", [*REFUSED, *ACCEPTED])
def test_odd_json_beside_good_lines_comes_out_alike(folder, name):
    odd = (REFUSED | ACCEPTED)[name][0]
    inside = text(event(1))[:-2] + b',"x":' + odd + b"}\n"
    good = text(*(event(n) for n in range(30)))
    assert both(folder, good + odd + b"\n" + inside + good) >= 60


@pytest.mark.parametrize("number", ["-0", "1.50", "1e3", "01", "1.", "0x1", "1_0", "9" * 16, "0.00001", "1.0", "-1.5"])
def test_numbers_in_any_form_come_out_alike(folder, number):
    start, end = text(event(1, properties={"count": 5, "z": 1}))[:-1].split(b"5")
    lines = b"".join(start + n.encode() + end + b"\n" for n in ("1", "2", number, "3"))
    assert both(folder, lines) >= 3


def test_a_key_that_hides_in_a_value_is_no_key(folder):
    a = b'{"id":"e1","user":"u","event":"x","ts":"%s","properties":{"a":"b"}}\n' % TIME.encode()
    b = b'{"id":"e2","user":"u","event":"x","ts":"%s","properties":{"a":"","a":"b"}}\n' % TIME.encode()
    assert both(folder, a + b + a) == 2


SHAPED = {
    "posthog": {"uuid": "0189-a", "person_id": "p1", "event": "x", "timestamp": TIME, "created_at": TIME,
                "properties": {"$os": "iOS", "path": "/a/1", "b": 1}},
    "segment": {"messageId": "m-1", "userId": "u1", "type": "track", "event": "x", "timestamp": TIME, "sentAt": TIME,
                "context": {"device": {"type": "ios"}}, "properties": {"path": "/a"}},
    "amplitude": {"uuid": "0189-a", "user_id": "u1", "event_type": "x", "event_time": "2026-03-02T10:00:00Z",
                  "event_properties": {"path": "/a"}},
    "mixpanel": {"event": "x", "properties": {"time": 1772445600, "distinct_id": "u1", "$insert_id": "i-1",
                                             "$os": "web"}},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPED)
def test_every_shape_takes_the_quick_road(folder, shape):
    other = text(*(SHAPED[shape] | {"type": "identify"},)) if shape == "segment" else b""
    assert both(folder, text(*(SHAPED[shape],) * 30) + other, shape=shape) == 30


def test_a_mapping_with_kept_properties_takes_the_quick_road(folder):
    mapping = {"user": ["who.id"], "time": {"path": "at", "unit": "ms"}, "properties": "more", "keep": ["b"]}
    row = {"who": {"id": "u1"}, "event": "x", "at": 1772445600000, "more": {"b": {"z": 1, "a": "t"}, "c": 2}}
    assert both(folder, text(*(row,) * 20), shape="custom", mapping=mapping) == 20


def test_lines_without_an_id_are_keyed_by_their_place(folder):
    assert both(folder, text(*(event(id=None),) * 5)) == 5


def test_windows_line_ends_take_the_quick_road(folder):
    assert both(folder, text(*(event(n) for n in range(5))).replace(b"\n", b"\r\n")) == 5


def test_a_wrong_mapping_refuses_the_file_by_the_share_of_all_lines(folder):
    bad = text(*(event(n, user=None) for n in range(30)))
    assert both(folder, text(*(event(n) for n in range(300))) + bad) == 300
    assert both(folder, text(*(event(n) for n in range(900))) + bad) == 900


def test_a_line_with_an_escape_has_no_skeleton():
    assert learn(b'{"a":"\\u0041"}', 1000) is None
    assert learn(b'{"a":"A"}', 1000) is not None


@pytest.mark.parametrize("inner", ["false", "0", "7", '""', "{}", '"web"'])
def test_a_platform_that_says_nothing_gives_way_to_the_one_beside_the_properties(folder, inner):
    line = b'{"id":"k%d","user":"u","event":"x","ts":"2026-03-02T10:00:00Z","platform":"ios"'
    line += b',"properties":{"platform":%s}}\n'
    both(folder, b"".join(line % (n, inner.encode()) for n in range(3)))
