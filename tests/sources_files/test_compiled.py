"""Compiled loops value by value, against plain Python and against what numpy makes of the same; whole files by both."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import generate, ingest
from data import compiled, hashes, raw_keys, routes
from data.compiled import kernel, kinds, search, values
from data.raw import RawStore
from data.sources import blocks, compiled_road, ids
from data.sources.properties import SUSPECT
from data.sources.skeletons import PLAIN_NUMBER

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLAIN_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def laid(text: bytes) -> tuple[np.ndarray, int, int]:
    """Bytes of a text among others, and where it stands."""
    return kernel.bytes_of(b'"' + text + b'","0a"'), 1, 1 + len(text)


def iso_of(text: str) -> int | None:
    if not PLAIN_ISO.fullmatch(text):
        return None
    try:
        return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)
    except ValueError:
        return None


def number(most: int, digits: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda n: str(n).zfill(digits))


MOMENTS = st.tuples(
    number(9999, 4), number(13, 2), number(32, 2), number(24, 2), number(60, 2), number(60, 2),
    st.sampled_from(["", ".", ".5", ".12", ".123", ".000001", ".999999", ".1234567"]), st.sampled_from(["Z", "z", ""]),
).map(lambda p: f"{p[0]}-{p[1]}-{p[2]}T{p[3]}:{p[4]}:{p[5]}{p[6]}{p[7]}")  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(MOMENTS, st.integers(0, 30), st.sampled_from([None, "0", "9", ":", "-", "/", "T", " ", "\x7f", "é"]))
def test_times_are_those_of_the_calendar(text, place, sign):
    if sign is not None:
        text = text[:place] + sign + text[place + 1 :]
    found = values.iso_us(*laid(text.encode()))
    assert found == (values.NONE if iso_of(text) is None else iso_of(text))


@pytest.mark.parametrize("year", [1, 4, 100, 400, 1600, 1900, 1972, 2000, 2024, 2100, 9999])
def test_every_day_of_a_year_is_read(year):
    for month in range(1, 13):
        for day in range(1, 32):
            text = f"{year:04}-{month:02}-{day:02}T00:00:00Z"
            assert values.iso_us(*laid(text.encode())) == (values.NONE if iso_of(text) is None else iso_of(text))


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_a_text_has_the_hash_that_numpy_gives_it(texts):
    found = []
    for text in texts:
        data, start, end = laid(text.encode("utf-8", "replace"))
        found.append(int(kernel.hash_of(data, start, end - start)))
    assert found == hashes.of_texts(pa.array([t.encode("utf-8", "replace").decode() for t in texts])).tolist()


@settings(max_examples=500, deadline=None)
@given(
    st.uuids().map(str), st.integers(0, 40), st.sampled_from([None, "", "g", "A", "-", "0", "`", ":", "/", "@", "é"])
)
def test_a_uuid_is_kept_as_one_when_it_reads_back_as_it_was(text, place, sign):
    if sign is not None:
        text = text[:place] + sign + text[place + 1 :]
    stored, left = raw_keys.apart(pa.array([text, "x", None]))
    plain = re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None
    assert stored.to_pylist() == [uuid.UUID(text) if plain else None, None, None]
    assert left.to_pylist() == [None if plain else text, "x", None]
    room = np.zeros(4, np.uint64)
    data, start, end = laid(text.encode())
    assert bool(values.put_uuid(data, start, end, room, 1)) == plain
    if plain:
        assert room[2:].tobytes() == uuid.UUID(text).bytes


@settings(max_examples=500, deadline=None)
@given(st.from_regex(PLAIN_NUMBER, fullmatch=True))
def test_a_plain_number_is_the_double_that_python_reads(text):
    data, start, end = laid(text.encode())
    assert values.decimal(data, start, end) == float(text)


@settings(max_examples=1000, deadline=None)
@given(st.text(st.sampled_from("0-1ax9. \x7fé\tNULnuloe"), max_size=14))
def test_an_id_that_passes_is_one_that_cleaning_leaves_alone(text):
    data, start, end = laid(text.encode())
    if values.is_tidy(data, start, end, False):
        assert ids.clean(text) == text
        assert not ids.is_placeholder(text)


@pytest.mark.parametrize("text", ["u1", "did:plc:0000000000008190", "x" * 500, "anonymous-9", "0000000000a"])
def test_an_ordinary_id_passes(text):
    assert values.is_tidy(*laid(text.encode()), False)


@pytest.mark.parametrize("text", ["", "0", "000000000000", "anon", "undefined", "x" * 501])
def test_no_placeholder_passes(text):
    assert not values.is_tidy(*laid(text.encode()), False)


SEGMENTS = st.sampled_from(
    ["", "api", "v1", "42", "3kabc", "3ka", "12ab-c", "x9", "users", "profile", "a.b.c", "7.js", "12?x=/9/", "9#/8",
     ":id", "%20", " 12 ", "did:plc:1", "2026-03-02", "https:", "0"]
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(SEGMENTS, min_size=1, max_size=6).map("/".join))
def test_a_path_keeps_its_template(path):
    data, start, end = laid(path.encode())
    text = kernel.room(200)
    size = kinds._put_path(data, start, end, text, 0)
    assert routes.template(bytes(text[:size]).decode()) == routes.template(path)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Made-up events of many small blocks, some lines of them bad, repeated or odd."""
    (tmp_path / "beta.toml").write_text(generate.beta_toml())
    made = tmp_path / "clean.jsonl"
    generate.write_events(generate.events(20_000, 1), made, bad_every=2_000)
    lines = made.read_bytes().splitlines(keepends=True)
    odd = [lines[7], lines[2999].replace(b'"event":"', b'"event":"other_'), lines[5].replace(b"Z", b"+00:00")]
    lines[3000:3000] = odd
    made.write_bytes(b"".join(lines))
    whole = blocks.blocks
    monkeypatch.setattr(blocks, "blocks", lambda *a, **k: whole(*a, **k, size=1_000_000))
    return made


def stored(file, name: str) -> tuple[dict[str, int], list[dict]]:
    counts = ingest.strict_load(str(file), str(file.with_name(name)))
    store = RawStore(file.with_name(name))
    rows = store.cursor().table("raw_event").order("event_key").to_arrow_table().drop_columns(["stored_row"])
    refused = store.cursor().table("quarantine").order("offset_bytes").to_arrow_table()
    store.close()
    return counts, rows.to_pylist() + refused.to_pylist()


def test_a_file_is_the_same_store_by_either_way(file, monkeypatch):
    took = []
    whole = compiled_road.CompiledRoad.take

    def counted(*parts):
        found = whole(*parts)
        took.append(len(found.parts[0][0]) if found.parts else 0)
        return found

    monkeypatch.setattr(compiled_road.CompiledRoad, "take", counted)
    monkeypatch.setattr(compiled, "pays", lambda work: False)
    by_numpy = stored(file, "numpy.duckdb")
    assert not took
    monkeypatch.setattr(compiled, "pays", lambda work: True)
    assert stored(file, "compiled.duckdb") == by_numpy
    assert by_numpy[0]["quarantined"] == 10
    assert by_numpy[0]["duplicates"] + by_numpy[0]["conflicting"] == 3
    assert len(took) > 3
    assert sum(took) > 19_900


def test_little_to_read_does_not_load_the_loops(monkeypatch):
    monkeypatch.setattr(compiled, "_LOOPS", "data.compiled.none")
    monkeypatch.setattr(compiled, "_asked", compiled.Counter())
    assert not compiled.pays(compiled.ENOUGH // 2)
    assert compiled.pays(compiled.ENOUGH // 2)
    monkeypatch.setattr(compiled.importlib.util, "find_spec", lambda name: None)
    assert not compiled.pays(compiled.ENOUGH)


@given(st.text(st.sampled_from('@eyJarghpsk-_AKI"+ x'), max_size=30))
def test_suspect_texts_are_found_wherever_they_stand(text):
    data, start, end = laid(text.encode())
    assert search.holds(data, start, end, search.wanted(SUSPECT)) == any(word in text for word in SUSPECT)


_GATHER = """
import numpy as np
from data.compiled import kernel, walk
edges, offsets = np.array([[0, 2], [2, 4]], np.int32), np.empty(3, np.int32)
walk.gather(kernel.bytes_of(b"abcd"), edges, 0, np.arange(2), offsets, kernel.room(20))
print(offsets.tolist())
"""


def test_a_loop_kept_from_before_is_not_run_with_another_that_has_changed(tmp_path):
    """walk.gather calls kernel.copied: the file of the first has not changed."""
    root = Path(compiled.__file__).parents[2]
    shutil.copytree(root / "data", tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))

    def gathered() -> str:
        made = subprocess.run([sys.executable, "-c", _GATHER], cwd=tmp_path, capture_output=True, text=True, check=True)
        return made.stdout.strip()

    assert gathered() == gathered() == "[0, 2, 4]"
    assert list((tmp_path / "data/compiled/__pycache__").glob("walk.gather*.nbi"))
    called = tmp_path / "data/compiled/kernel.py"
    called.write_text(called.read_text().replace("return at + size", "return at + size + 1"))
    assert gathered() == "[0, 3, 6]"
