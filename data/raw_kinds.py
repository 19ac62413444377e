"""Kinds of events: what an event's words say, as one number. A batch of events has few of them, whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from data.raw_load import Load

WORD = pa.dictionary(pa.int32(), pa.string())
NUMBER = pa.dictionary(pa.int32(), pa.int32())
COLUMNS = ("event", "route", "method", "status", "feature", "platform", "component", "error_type")
_MOST = 2**62  # numbers that a combination of words may have before they are counted anew


def coded(column: pa.ChunkedArray, kind: pa.DictionaryType) -> pa.ChunkedArray:
    """A column with each of its values once and a number in every row."""
    if pa.types.is_dictionary(column.type):
        return column
    return column.cast(kind.value_type).dictionary_encode()


def numbered(table: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Number of each row's kind, counted from 0, and for each kind one row that has it. The table has `COLUMNS`."""
    table = table.select(COLUMNS).unify_dictionaries()
    code, sizes = np.zeros(table.num_rows, np.int64), 1
    for name in COLUMNS:
        column = table[name].combine_chunks()
        size = len(column.dictionary) + 1  # the last one is the missing value
        if size == 1:
            continue
        if sizes * size > _MOST:
            code = _dense(code)[0].astype(np.int64)
            sizes = len(code)
        code = code * size + column.indices.fill_null(size - 1).to_numpy()
        sizes *= size
    return _dense(code)


def _dense(code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers counted from 0 by their first rows, and those rows."""
    found = pa.array(code).dictionary_encode()
    numbers = found.indices.to_numpy()
    rows = np.empty(len(found.dictionary), np.int64)
    rows[numbers[::-1]] = np.arange(len(code))[::-1]  # of two that are put in one place, the last stays
    return numbers, rows


def stored(load: Load, table: pa.Table) -> pa.Array:
    """Number in the store of each row's kind; kinds that it does not have are added. The table has `COLUMNS`."""
    numbers, rows = numbered(table)
    kinds = table.select(COLUMNS).take(pa.array(rows)).append_column("n", pa.array(np.arange(len(rows))))
    place = {"source": load.source}
    known = load.ask("raw/kind_numbers", place, kinds=kinds)["kind_n"]
    if len(known) < len(rows):
        load.put("raw/kind_add", place, kinds=kinds)
        known = load.ask("raw/kind_numbers", place, kinds=kinds)["kind_n"]
    return pa.array(known.to_numpy()[numbers])
