"""The parts of a pull: selectors, windows, pieces, types and chunks, each against a plain oracle."""

from __future__ import annotations

import math
import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SourceError
from data.sources.prometheus_plan import Piece, duration_ms, pieces, window
from data.sources.prometheus_remote_read import _bytes, _chunked_series, _int, _literal, _request
from data.sources.prometheus_select import Matcher, Selector, parse
from data.sources.prometheus_types import Types, family
from data.sources.prometheus_xor import decode

DAY = 86_400_000


# Selectors ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "matchers"),
    [
        ("up", [("__name__", "=", "up")]),
        (' up { job = "app" , x!~`a\\b` } ', [("__name__", "=", "up"), ("job", "=", "app"), ("x", "!~", "a\\b")]),
        ("{__name__=~'http_.*',}", [("__name__", "=~", "http_.*")]),
        (r'{a="q\"uo\\te\n\u00e9"}', [("a", "=", 'q"uo\\te\né')]),
        ('{a="},{b=\\"1\\""}', [("a", "=", '},{b="1"')]),
        ('{a!=""}', [("a", "!=", "")]),
    ],
)
def test_a_selector_is_understood(text: str, matchers: list[tuple]) -> None:
    assert parse(text).matchers == tuple(Matcher(*m) for m in matchers)


@pytest.mark.parametrize(
    "text", ["", "{}", "{job=app}", 'up{job="a"', "up[5m]", "rate(up[5m])", '{a=""}', '{a=~".*"}', "a b"]
)
def test_what_is_no_selector_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SourceError, match=r'write for example \{job="app"\} or http_requests_total'):
        parse(text)


@given(st.text(max_size=20).filter(bool))
def test_any_label_value_survives_being_written_and_read(value: str) -> None:
    selector = parse('{job="x"}').only(["up"])
    made = type(selector)((Matcher("job", "=", value),))
    assert parse(made.text) == made


# Windows and pieces -------------------------------------------------------------------------------------------------
def test_the_first_window_is_the_whole_programme() -> None:
    assert window(None, 0, DAY, 60) == (0, DAY)


@pytest.mark.parametrize(
    ("overlap_s", "step_ms", "start"),
    [(60, 15_000, DAY - 60_000), (60, 60_000, DAY - 120_000), (0, 15_000, DAY - 30_000)],
)
def test_the_overlap_is_two_scrapes_or_more(overlap_s: float, step_ms: int, start: int) -> None:
    assert window({"from_ms": 0, "to_ms": DAY, "step_ms": step_ms}, 0, 2 * DAY, overlap_s) == (start, 2 * DAY)


def test_a_launch_moved_to_earlier_reads_everything_again() -> None:
    assert window({"from_ms": 5 * DAY, "to_ms": 9 * DAY, "step_ms": 15_000}, DAY, 10 * DAY, 60) == (DAY, 10 * DAY)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3000), min_size=1),
    st.integers(0, 10**6), st.integers(60_000, 30 * DAY), st.sampled_from([5000, 60_000]), st.integers(100, 10**6),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_pieces_cover_every_metric_and_instant_once(
    series: dict, start: int, length: int, step: int, size: int
) -> None:
    end = start + length
    spans: dict[str, list[tuple[int, int]]] = {}
    for piece in pieces(series, start, end, step, size):
        for name in piece.names:
            spans.setdefault(name, []).append((piece.start_ms, piece.end_ms))
    assert spans.keys() == series.keys()
    for parts in spans.values():
        assert parts[0][0] == start
        assert parts[-1][1] == end
        assert all(a[1] == b[0] for a, b in pairwise(parts))


@given(st.integers(0, 10**9), st.integers(1, 10**10))
def test_halves_meet_and_end_at_a_minute(start: int, length: int) -> None:
    piece = Piece(("a",), start, start + length)
    halves = piece.halves()
    if halves is None:
        assert length < 120_000
    else:
        assert (halves[0].start_ms, halves[0].end_ms, halves[1].end_ms) == (start, halves[1].start_ms, start + length)
        assert all(h.end_ms - h.start_ms >= 60_000 for h in halves)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("15d", 15 * DAY),
        ("1h30m", 5_400_000),
        ("30d or 10GiB", 30 * DAY),
        ("10GiB", None),
        ("", None),
        ("2w", 14 * DAY),
    ],
)
def test_retention_is_read_as_go_writes_it(text: str, ms: int | None) -> None:
    assert duration_ms(text) == ms


# Types --------------------------------------------------------------------------------------------------------------
def test_types_are_asked_for_in_order() -> None:
    names = ["a_total", "b_total", "c_bucket", "c_sum", "c_count", "d_sum", "d_count", "e_count", "f", "g_total", "h"]
    metadata = {
        "b_total": [{"type": "gauge"}],
        "f": [{"type": "unknown"}],
        "h": [{"type": "counter", "unit": "seconds"}],
    }
    types = Types({"a_total": "gauge", "c": "histogram"}, metadata, names, {"g_total": "gauge"}.get)
    got = {n: types.of(n) for n in names}
    assert got == {
        "a_total": "gauge",  # settings
        "b_total": "gauge",  # the server
        "c_bucket": "histogram", "c_sum": "histogram", "c_count": "histogram",  # the family's, from the settings
        "d_sum": "summary", "d_count": "summary",  # by name
        "e_count": "gauge", "f": "gauge",
        "g_total": "gauge",  # as stored before
        "h": "counter",
    }  # fmt: skip
    assert types.guessed == {"d_sum", "d_count", "e_count", "f"}
    assert types.unit("h") == "seconds"
    assert family("x_seconds_bucket") == "x_seconds"


# Chunks -------------------------------------------------------------------------------------------------------------
class Bits:
    """Writes bits one after the other; as slow and as plain as can be."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, value: int, width: int) -> None:
        self.text += format(value & (1 << width) - 1, f"0{width}b")

    def varint(self, value: int) -> None:
        while value > 127:
            self.put(value & 127 | 128, 8)
            value >>= 7
        self.put(value, 8)

    @property
    def data(self) -> bytes:
        padded = self.text + "0" * (-len(self.text) % 8)
        return bytes(int(padded[i : i + 8], 2) for i in range(0, len(padded), 8))


def bits_of(value: float) -> int:
    return struct.unpack(">Q", struct.pack(">d", value))[0]


def encode(samples: list[tuple[int, float]]) -> bytes:
    """A chunk as Prometheus' xorAppender writes it."""
    out = Bits()
    out.put(len(samples), 16)
    delta, leading, trailing = 0, 255, 0
    for n, (ts, value) in enumerate(samples):
        if n == 0:
            out.varint(ts << 1 if ts >= 0 else (-ts << 1) - 1)
            out.put(bits_of(value), 64)
            continue
        step = ts - samples[n - 1][0]
        if n == 1:
            out.varint(step)
        else:
            moved = step - delta
            for prefix, length, width in (("0", 1, 0), ("10", 2, 14), ("110", 3, 17), ("1110", 4, 20), ("1111", 4, 64)):
                if (
                    (width == 0 and moved == 0)
                    or (width == 64)
                    or (width and -(1 << width - 1) < moved <= 1 << width - 1)
                ):
                    out.put(int(prefix, 2), length)
                    if width:
                        out.put(moved, width)
                    break
        delta = step
        changed = bits_of(value) ^ bits_of(samples[n - 1][1])
        if changed == 0:
            out.put(0, 1)
            continue
        lead = min(64 - changed.bit_length(), 31)
        trail = (changed & -changed).bit_length() - 1
        if leading != 255 and lead >= leading and trail >= trailing:
            out.put(0b10, 2)
        else:
            leading, trailing = lead, trail
            out.put(0b11, 2)
            out.put(leading, 5)
            out.put(64 - leading - trailing, 6)  # 64 is written as 0
        out.put(changed >> trailing, 64 - leading - trailing)
    return out.data


TIMES = st.lists(
    st.one_of(st.integers(0, 40_000), st.integers(0, 2**21), st.integers(0, 2**36)), min_size=1, max_size=30
)
VALUES = st.floats(width=64)


@given(
    st.lists(
        st.tuples(st.integers(-(2**40), 2**42), TIMES, st.lists(VALUES, min_size=30, max_size=30)),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=150, deadline=None)
def test_chunks_decode_to_the_bits_put_in(made: list) -> None:
    chunks = []
    for start, steps, values in made:
        times = [start + sum(steps[:i]) for i in range(len(steps))]
        chunks.append(list(zip(times, values, strict=False)))
    sizes, ts, values = decode([encode(c) for c in chunks])
    assert sizes.tolist() == [len(c) for c in chunks]
    assert ts.tolist() == [t for c in chunks for t, _ in c]
    assert values.view(np.uint64).tolist() == [bits_of(v) for c in chunks for _, v in c]


def test_a_stale_marker_keeps_its_bits() -> None:
    stale = struct.unpack(">d", (0x7FF0000000000002).to_bytes(8, "big"))[0]
    _, _, values = decode([encode([(0, 1.0), (15_000, stale), (30_000, 2.0)])])
    assert values.view(np.uint64)[1] == 0x7FF0000000000002
    assert math.isnan(values[1])


@pytest.mark.parametrize("keep", [1, 2, 9, 12, 20])
def test_a_chunk_cut_short_is_refused(keep: int) -> None:
    whole = encode([(i * 15_000, i * 1.1) for i in range(20)])
    with pytest.raises(ValueError, match="chunk"):
        decode([whole[:keep]])


def test_no_samples_at_all() -> None:
    sizes, ts, values = decode([b"\0\0"])
    assert (sizes.tolist(), ts.tolist(), values.tolist()) == ([0], [], [])


def test_a_question_is_framed_as_snappy_literals() -> None:
    assert _literal(b"abc") == b"\x03\xf4\x02\x00abc"
    long = _literal(b"x" * 70_000)
    assert long[:3] == b"\xf0\xa2\x04"
    assert long[3:6] == b"\xf4\xff\xff"
    assert long[6 + 65_536 :] == b"\xf4" + (70_000 - 65_536 - 1).to_bytes(2, "little") + b"x" * (70_000 - 65_536)


def test_a_question_in_bytes() -> None:
    question = _request(Selector((Matcher("a", "!~", "b"),)), 1, 300)
    assert question == bytes.fromhex("0a0f080110ac021a0808031201611a01621001")


# Chunks in their messages ---------------------------------------------------------------------------------------------
def _proto(number: int, value: int | bytes) -> bytes:
    return _int(number, value) if isinstance(value, int) else _bytes(number, value)


CHUNKS = st.lists(
    st.tuples(st.sampled_from([1, 1, 1, 0, 5]), st.binary(max_size=300), st.permutations([1, 2, 3, 4]), st.booleans()),
    max_size=5,
)


@given(CHUNKS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_series_message_is_read_however_its_fields_are_laid_out(made: list, late_label: bool) -> None:
    label = _bytes(1, _bytes(1, b"__name__") + _bytes(2, b"up\x12\x02\x18\x01"))
    message = b"" if late_label else label
    for encoding, data, order, extra in made:
        fields = {1: 1_772_409_600_000, 2: 2**63, 3: encoding, 4: data}
        chunk = b"".join(_proto(n, fields[n]) for n in sorted(order) if n != 3 or encoding)
        if extra:
            chunk = b"".join(_proto(n, fields[n]) for n in order) + _int(9, 7)
        message += _bytes(2, chunk)
    message += label if late_label else b""
    found: dict = {}
    _chunked_series(message, found)
    (series,) = found.values()
    assert series.labels == {"__name__": "up\x12\x02\x18\x01"}
    assert series.data == [data for encoding, data, _, _ in made if encoding == 1]
    assert series.others == any(encoding != 1 for encoding, _, _, _ in made)


def test_a_chunk_longer_than_its_message_is_refused() -> None:
    whole = _bytes(2, _int(1, 5) + _int(2, 6) + _int(3, 1) + _bytes(4, b"x" * 50))
    for keep in range(1, len(whole)):
        with pytest.raises((ValueError, IndexError)):
            _chunked_series(whole[:keep], {})
