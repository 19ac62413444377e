"""Hashes of columns: the same for ever, by value alone, whatever the column looks like in memory."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from data import hashes

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=40), st.sampled_from(["", "\0", "a", "a\0", "x" * 200])))


def of(values: list[str | None]) -> list[int]:
    return hashes.of_texts(pa.array(values, pa.string())).tolist()


def test_a_stored_hash_is_never_made_otherwise():
    """These numbers stand in stores: another function needs another column."""
    assert of(["", "a", "01890c5e-6f3a-7e2b-8000-000000000001", "did:plc:é", None]) == PINNED_TEXTS
    assert hashes.of_rows(ROWS, ("user_id", "ts_us", "duration_ms")).tolist() == PINNED_ROWS


@given(TEXTS, st.integers(0, 5), st.integers(1, 7))
def test_a_hash_depends_on_the_value_alone(values, skip, chunk):
    alone = [of([v])[0] for v in values]
    array = pa.array(values, pa.string())
    assert hashes.of_texts(array).tolist() == alone
    assert hashes.of_texts(array[skip:]).tolist() == alone[skip:]
    chunks = pa.chunked_array([array[i : i + chunk] for i in range(0, len(array), chunk)], pa.string())
    assert hashes.of_texts(chunks).tolist() == alone


@given(st.sets(st.one_of(st.text(max_size=30), st.text("\0a", max_size=20)), max_size=60))
def test_different_texts_have_different_hashes(values):
    found = of([*values, None])
    assert len(set(found)) == len(values) + 1


def test_every_byte_counts_at_every_length():
    texts = [b"\1" * n for n in range(40)]
    texts += [t[:i] + b"\2" + t[i + 1 :] for t in texts for i in range(len(t))]
    assert len(set(of([t.decode() for t in texts]))) == len(texts)


def test_columns_are_not_run_together():
    table = pa.table({"a": ["ab", "a", None, ""], "b": ["c", "bc", "", None], "n": [0, 0, 0, 0]})
    assert len(set(hashes.of_rows(table, ("a", "b", "n")).tolist())) == 4


def test_missing_is_not_zero_and_minus_zero_is_zero():
    table = pa.table({"x": pa.array([0.0, -0.0, None, 1.0])})
    zero, minus, missing, one = hashes.of_rows(table, ("x",)).tolist()
    assert zero == minus
    assert len({zero, missing, one}) == 3


ROWS = pa.table(
    {"user_id": ["u1", None, "u1"], "ts_us": [1_772_409_600_000_000, 0, -1], "duration_ms": pa.array([0.5, None, -0.0])}
)
PINNED_TEXTS = [
    5627194300713089401,
    18285310850878806684,
    9867091431861151468,
    16961689399683948846,
    11562461410679940143,
]
PINNED_ROWS = [7535001847880793452, 15231033686507543784, 8089433627329264383]
