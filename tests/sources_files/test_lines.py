"""Strict JSON lines: what must be refused, with which reason, and what must come through unchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.sources import lines
from data.sources.blocks import Block

GOOD = b'{"id":"good","n":1}'
REFUSED = {
    "cut in the middle": (b'{"id":"a1","user', "malformed"),
    "tail of a cut line": (b'","event":"x"}', "not_object"),
    "bad byte": (b'{"id":"\xff"}', "encoding"),
    "overlong encoding": (b'{"id":"\xc0\xaf"}', "encoding"),
    "surrogate in bytes": (b'{"id":"\xed\xa0\x80"}', "encoding"),
    "lone surrogate": (b'{"id":"\\ud800"}', "encoding"),
    "lone low surrogate": (b'{"id":"\\udc00 x"}', "encoding"),
    "raw NUL": (b'{"id":"a\x00b"}', "control"),
    "crash padding": (b"\x00" * 4096, "control"),
    "raw escape character": (b'{"id":"\x1b[31m"}', "control"),
    "two objects": (b'{"id":"a"} {"id":"b"}', "trailing"),
    "two objects without space": (b'{"id":"a"}{"id":"b"}', "trailing"),
    "text after an object": (b'{"id":"a"} x', "trailing"),
    "list": (b"[1,2]", "not_object"),
    "text": (b'"x"', "not_object"),
    "null": (b"null", "not_object"),
    "number": (b"42", "not_object"),
    "comment": (b"// c", "not_object"),
    "trailing comma": (b'{"a":1,}', "malformed"),
    "missing colon": (b'{"a" 1}', "malformed"),
    "single quotes": (b"{'a':1}", "malformed"),
    "bare key": (b"{a:1}", "malformed"),
    "comment inside": (b'{"a":/* c */1}', "malformed"),
    "leading zero": (b'{"a":01}', "malformed"),
    "plus sign": (b'{"a":+1}', "malformed"),
    "no digit after the point": (b'{"a":1.}', "malformed"),
    "hexadecimal": (b'{"a":0x1}', "malformed"),
    "Python's True": (b'{"a":True}', "malformed"),
    "bad escape": (b'{"a":"\\x41"}', "malformed"),
    "short unicode escape": (b'{"a":"\\u12"}', "malformed"),
    "unclosed text": (b'{"a":"b}', "malformed"),
    "no-break space between": (b'{"a":\xc2\xa01}', "malformed"),
    "NaN": (b'{"a":NaN}', "number"),
    "Infinity": (b'{"a":-Infinity}', "number"),
    "beyond double": (b'{"a":1e999}', "number"),
    "duplicate key": (b'{"id":"a2","id":"a3"}', "duplicate_key"),
    "duplicate key, spaced": (b'{"id" :"a2","id"  : "a3"}', "duplicate_key"),
    "duplicate key, escaped": (b'{"id":"a2","\\u0069d":"a3"}', "duplicate_key"),
    "duplicate key, nested": (b'{"p":{"k":1,"k":1}}', "duplicate_key"),
    "duplicate key in a list": (b'{"p":[{"k":1,"k":1}]}', "duplicate_key"),
    "duplicate key behind an escaped quote": (b'{"a":"\\u0022:","k":1,"k":2}', "duplicate_key"),
    "very deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "depth"),
    "deep lists": (b'{"a":' + b"[" * 400 + b"]" * 400 + b"}", "depth"),
    "too long": (b'{"a":"' + b"x" * 1_000_000 + b'"}', "too_long"),
}
ACCEPTED = {
    "integer beyond double": (b'{"a":9007199254740993}', 9007199254740993),
    "largest 64 bit": (b'{"a":18446744073709551615}', 18446744073709551615),
    "beyond 64 bit": (b'{"a":18446744073709551616}', "18446744073709551616"),
    "below 64 bit": (b'{"a":-9223372036854775809}', "-9223372036854775809"),
    "huge integer": (b'{"a":' + b"9" * 60 + b"}", "9" * 60),
    "NUL escape": (b'{"a":"x\\u0000y"}', "x\ufffdy"),
    "backslash before u0000": (b'{"a":"x\\\\u0000y"}', "x\\u0000y"),
    "surrogate pair": (b'{"a":"\\ud83d\\ude00"}', "\U0001f600"),
    "colon in a text": (b'{"a":"\\":\\" :"}', '":" :'),
    "escaped quote in a text": (b'{"a":"\\u0022:1"}', '":1'),
    "carriage return at the end": (b'{"a":1}\r', 1),
    "spaces around": (b' \t{ "a" : 1 } ', 1),
    "same key at two levels": (b'{"a":{"a":{"a":1}},"b":2}', {"a": {"a": 1}}),
    "delete character": (b'{"a":"\x7f"}', "\x7f"),
    "line separator": ('{"a":"\u2028"}'.encode(), "\u2028"),
    "nothing in an empty key": (b'{"a":1,"":2}', 1),
    "minus zero": (b'{"a":-0}', 0),
    "deep but bearable": (b'{"a":' + b"[" * 90 + b"]" * 90 + b"}", None),
}


def parse(*content: bytes) -> lines.Parsed:
    return lines.parse(Block.of(b"".join(c + b"\n" for c in content), 100, 5), 1_000_000)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_line_is_refused_with_its_reason_and_its_neighbours_live(name):
    bad, reason = REFUSED[name]
    parsed = parse(GOOD, bad, GOOD)
    assert [(r, line, offset) for r, _, line, offset in parsed.refused] == [(reason, 6, 100 + len(GOOD) + 1)]
    assert [o["id"] for o in parsed.objects] == ["good", "good"]
    assert parsed.places.to_pylist()[1] == {
        "line": 7, "offset": 100 + len(GOOD) + len(bad) + 2, "content": GOOD + b"\n"}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_unusual_but_valid_line_comes_through(name):
    line, value = ACCEPTED[name]
    parsed = parse(GOOD, line)
    assert not parsed.refused
    assert value is None or parsed.objects[1]["a"] == value


def test_one_masked_duplicate_key_is_found_although_another_line_evens_the_count():
    # The block-wide count of keys is even: one line has a key too many, another an escaped quote too few.
    parsed = parse(b'{"k":1,"k":2}', b'{"a":"\\u0022:"}')
    assert [r[0] for r in parsed.refused] == ["duplicate_key"]


@pytest.mark.parametrize("at", [0, lines.PIECE - 1, lines.PIECE, lines.PIECE + 1, 3 * lines.PIECE - 1, 3 * lines.PIECE])
def test_a_bad_line_anywhere_in_a_long_block_keeps_every_place_right(at):
    content = [b'{"n":%d}' % n for n in range(3 * lines.PIECE + 1)]
    content[at] = b'{"n":1,"n":2}'
    parsed = lines.parse(Block.of(b"".join(c + b"\n" for c in content), 1000, 7), 10_000)
    before = sum(len(c) + 1 for c in content[:at])
    assert parsed.refused == [("duplicate_key", content[at], 7 + at, 1000 + before)]
    assert [o["n"] for o in parsed.objects] == [n for n in range(len(content)) if n != at]
    assert parsed.places["line"].to_pylist() == [7 + n for n in range(len(content)) if n != at]
    assert parsed.places["content"].to_pylist() == [c + b"\n" for n, c in enumerate(content) if n != at]


def test_blank_lines_and_byte_order_marks_are_counted():
    parsed = parse(b"\xef\xbb\xbf" + GOOD, b"", b"  \r", b"\xef\xbb\xbf" + GOOD)
    assert (len(parsed.objects), parsed.blank, parsed.boms, parsed.read) == (2, 2, 2, 4)


def test_two_halves_of_an_object_on_two_lines_are_no_object():
    parsed = parse(b'{"a":[1', b"2]}")
    assert (parsed.objects, len(parsed.refused)) == ([], 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
OBJECTS = st.lists(st.dictionaries(st.text(), JSON, max_size=4), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(OBJECTS, st.booleans(), st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]))
def test_every_valid_object_is_read_as_python_reads_it(objects, escaped, separators):
    content = [json.dumps(o, ensure_ascii=escaped, separators=separators) for o in objects]
    try:
        encoded = [c.encode() for c in content]
    except UnicodeEncodeError:  # a lone surrogate that only Python takes for a text
        return
    if any("\\ud" in c for c in content):
        return
    parsed = parse(*encoded)
    assert not parsed.refused
    assert parsed.objects == [json.loads(c.replace("\\u0000", "\ufffd")) for c in content]


@settings(max_examples=150, deadline=None)
@given(OBJECTS, st.data())
def test_no_cut_line_is_ever_accepted(objects, data):
    line = json.dumps(objects[0]).encode()
    cut = data.draw(st.integers(1, len(line) - 1))
    assert lines.try_strict(line[:cut], 1_000_000) is None
