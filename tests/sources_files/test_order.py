"""Whatever the split, the order and the number of runs: the same events, samples and quarantine."""

from __future__ import annotations

import json
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from tests.sources_files.support import Bench, event, text

LINES = [
    *(text(event(n, properties={"n": n})) for n in range(12)),
    text(event(3, properties={"n": 3})),  # read twice
    text(event(20, user="null")),
    text(event(21, ts="2030-01-01T00:00:00Z")),
    b"oops\n",
    b'{"id":"x","id":"y"}\n',
    b"\n",
]


def stored(bench):
    """Events and bad lines, without the file and place they came from."""
    place = {"load_id", "stored_row"}
    events = sorted(json.dumps({k: v for k, v in r.items() if k not in place}) for r in bench.table("raw_event"))
    return events, sorted({(r["reason"], r["sha256"]) for r in bench.table("quarantine")})


def totals(bench):
    rows = bench.table("load_ledger")
    sums = {k: sum(r[k] for r in rows) for k in ("read", "accepted", "duplicates", "quarantined", "blank")}
    assert sums["read"] == sums["accepted"] + sums["duplicates"] + sums["quarantined"] + sums["blank"]
    return sums


@pytest.fixture(scope="module")
def plain():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.write("all.jsonl", b"".join(LINES))
        assert bench.load() == []
        yield stored(bench), totals(bench)
        bench.store.close()


@example_settings(max_examples=25, deadline=None)
@given(st.permutations(LINES), st.lists(st.integers(0, len(LINES)), max_size=3), st.booleans())
def test_any_split_and_order_of_files_gives_the_same_store(plain, lines, cuts, one_by_one):
    edges = [0, *sorted(cuts), len(lines)]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.write("0.jsonl", text(event(0, properties={"n": 0})))  # so that no file is all bad
        for i, (start, end) in enumerate(pairwise(edges)):
            good = text(event(0, properties={"n": 0}))
            bench.write(f"{i + 1}.jsonl", good + b"".join(lines[start:end]))
            if one_by_one:
                assert bench.load() == []
        assert bench.load() == []
        totals(bench)
        assert stored(bench) == plain[0]
        bench.store.close()


@example_settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, len(b"".join(LINES))), min_size=1, max_size=5))
def test_a_file_that_grows_byte_by_byte_gives_the_same_store_and_the_same_counts(plain, sizes):
    whole = b"".join(LINES)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for size in sorted({*sizes, len(whole)}):
            bench.write("all.jsonl", whole[:size])
            assert bench.load() == []
        assert stored(bench) == plain[0]
        assert totals(bench) == plain[1]
        bench.store.close()
