"""Kinds of events: whatever words come in whatever order, a row reads as it was loaded, and no kind is kept twice."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import raw_events, raw_kinds
from data.raw import RawStore
from tests.raw.support import DAY, run, table

WORD = st.sampled_from([None, "a", "b", ""])
ROW = st.fixed_dictionaries(
    dict.fromkeys(raw_kinds.COLUMNS, WORD)
    | {"event": st.sampled_from(["a", "b"]), "status": st.sampled_from([None, 200, 503])}
)
TYPES = {name: pa.int32() if name == "status" else pa.string() for name in raw_kinds.COLUMNS}


def columns(rows: list[dict], coded: bool = False) -> pa.Table:
    found = {name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()}
    return pa.table({name: column.dictionary_encode() if coded else column for name, column in found.items()})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(loads=st.lists(st.lists(ROW, min_size=1, max_size=12), min_size=1, max_size=3), data=st.data())
def test_rows_read_as_they_were_loaded(tmp_path_factory, monkeypatch, loads, data):
    """Plain columns and coded ones, each part of a load with a dictionary of its own."""
    monkeypatch.setattr(raw_events, "BATCH", 5)
    monkeypatch.setattr(raw_events, "GROUP", 2)
    store = RawStore(tmp_path_factory.mktemp("kinds") / "raw.duckdb")
    wanted = []
    for number, rows in enumerate(loads, 1):
        with store.load(run(number), "app", "jsonl", "a", "raw_event") as load:
            for i, row in enumerate(rows):
                key = f"{number}-{i:02}"
                part = columns([row], coded=data.draw(st.booleans())).append_column("event_key", pa.array([key]))
                load.rows(part.append_column("ts_us", pa.array([DAY])))
                wanted.append(row | {"event_key": key})
    found = [{name: row[name] for name in (*raw_kinds.COLUMNS, "event_key")} for row in table(store, "raw_event")]
    kinds = [tuple(row[name] for name in raw_kinds.COLUMNS) for row in table(store, "event_kind")]
    store.close()
    assert found == wanted
    assert len(kinds) == len(set(kinds)) == len({tuple(row[n] for n in raw_kinds.COLUMNS) for row in wanted})


@pytest.mark.parametrize("most", [2**62, 10])
@given(rows=st.lists(ROW, min_size=1, max_size=30))
def test_rows_have_one_number_when_all_their_words_are_the_same(most, rows):
    """Also where the combinations of all words are more than a number can count."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(raw_kinds, "_MOST", most)
        numbers, firsts = raw_kinds.numbered(columns(rows, coded=True))
    known: dict[tuple, int] = {}
    wanted = [known.setdefault(tuple(row[n] for n in raw_kinds.COLUMNS), len(known)) for row in rows]
    assert numbers.tolist() == wanted
    assert firsts.tolist() == [wanted.index(n) for n in range(len(known))]


def test_two_sources_have_kinds_of_their_own(tmp_path):
    store = RawStore(tmp_path / "raw.duckdb")
    rows = columns([dict.fromkeys(TYPES) | {"event": "a"}])
    rows = rows.append_column("event_key", pa.array(["k"])).append_column("ts_us", pa.array([DAY]))
    for number, source in enumerate(("one", "two", "one"), 1):
        with store.load(run(number), source, "jsonl", "a", "raw_event") as load:
            load.rows(rows)
    assert [r["source"] for r in table(store, "event_kind")] == ["one", "two"]
    assert [r["source"] for r in table(store, "raw_event")] == ["one", "two"]
    store.close()
