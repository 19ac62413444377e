"""Event rows of PostgreSQL as columns of raw_event, by the rules that files follow too.

Each rule is applied once to the distinct values of a column, then spread over the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from data import routes
from data.raw_kinds import NUMBER, WORD
from data.sources import properties as props
from data.sources import times
from data.sources.events import LONGEST_NAME
from data.sources.ids import UserIds, clean

Refusals = dict[int, str]  # row -> reason
Rule = Callable[[list[Any], Refusals], list[Any]]


@dataclass
class Events:
    """Rows that fit, and the reasons and contents of those that do not."""

    table: pa.Table
    refused: list[tuple[str, bytes]]
    last_id: int | None


def convert(batch: pa.RecordBatch, table: str, span: times.Window) -> Events:
    """Columns of raw_event from one batch of an event query. The key is table:id, unique within a source."""
    refused: Refusals = {}
    keys = pc.binary_join_element_wise(table, pc.cast(batch["id"], pa.string()), ":")
    columns: dict[str, Any] = {
        "event_key": keys,
        "user_id": _spread(batch["user_id"], _users, pa.string(), refused),
        "event": _spread(batch["event"], _names, WORD, refused),
        "ts_us": _instants(batch, span, refused),
        "route": _routes(batch["path"]),
        "method": _spread(batch["method"], _methods, WORD, refused),
        "status": _statuses(batch, refused),
        "duration_ms": _durations(batch["duration"], refused),
        "feature": _spread(batch["feature"], lambda v, _: props.text_of(v), WORD, refused),
        "platform": _spread(batch["platform"], lambda v, _: props.platform_of(v), WORD, refused),
        "component": _spread(batch["component"], lambda v, _: props.text_of(v), WORD, refused),
        "error_type": _spread(batch["error_type"], lambda v, _: props.text_of(v), WORD, refused),
        "properties": _spread(batch["properties"], _json, pa.string(), refused),
    }  # fmt: skip
    if "client_ts_us" in batch.schema.names:
        columns["client_ts_us"] = pc.cast(batch["client_ts_us"], pa.int64())
    made = pa.table(columns)
    if refused:
        good = np.ones(batch.num_rows, dtype=bool)
        good[list(refused)] = False
        made = made.filter(pa.array(good))
    last = pc.max(batch["id"]).as_py() if pa.types.is_integer(batch["id"].type) else None
    return Events(made, [(reason, _content(batch, i)) for i, reason in sorted(refused.items())], last)


def _spread(column: pa.Array, rule: Rule, kind: pa.DataType, refused: Refusals) -> pa.Array:
    """Apply a rule to the distinct values (NULL among them); refusals go to every row that holds the value."""
    coded = pc.dictionary_encode(column, null_encoding="encode")
    failed: Refusals = {}
    values = pa.array(rule(coded.dictionary.to_pylist(), failed), kind)
    for code, reason in failed.items():
        for row in np.flatnonzero(coded.indices.to_numpy() == code):
            refused.setdefault(int(row), reason)
    if not pa.types.is_dictionary(kind):
        return values.take(coded.indices)
    return pa.DictionaryArray.from_arrays(values.indices.take(coded.indices), values.dictionary)


def _routes(column: pa.Array) -> pa.DictionaryArray:
    """Templates of the distinct paths; what differs in numbers alone is one path before it is looked at."""
    coded = routes.codes(column)
    values = pa.array(props.routes_of(coded.dictionary.to_pylist()), WORD)
    return pa.DictionaryArray.from_arrays(values.indices.take(coded.indices), values.dictionary)


def _users(values: list[Any], refused: Refusals) -> list[str | None]:
    ids: list[str | None] = []
    for i, value in enumerate(values):
        user, reason = (None, None) if value is None else UserIds._find(value)
        if reason:
            refused[i] = reason
        ids.append(user)
    return ids


def _names(values: list[Any], refused: Refusals) -> list[str]:
    names = [clean(v) if v else "" for v in values]
    refused.update({i: "schema" for i, n in enumerate(names) if not n})
    refused.update({i: "value" for i, n in enumerate(names) if len(n) > LONGEST_NAME})
    return names


def _methods(values: list[Any], refused: Refusals) -> list[str | None]:
    return [m and m.upper() for m in props.text_of(values, 20)]


def _json(values: list[Any], refused: Refusals) -> list[str | None]:
    keeper = props.Keeper(frozenset({"screen", "week"}), False)
    return [keeper.text(orjson.loads(v)) if v else None for v in values]


def _instants(batch: pa.RecordBatch, span: times.Window, refused: Refusals) -> pa.Array:
    us = pc.cast(batch["ts_us"], pa.int64())
    outside = pc.or_kleene(pc.less(us, span.first_us), pc.greater(us, span.last_us))
    for row in np.flatnonzero(pc.fill_null(outside, True).to_numpy(zero_copy_only=False)).tolist():
        at = us[row].as_py()
        if at is None:
            refused.setdefault(row, _reason(batch["bad_time"][row].as_py(), span))
        else:
            refused.setdefault(row, "future" if at > span.last_us else "too_old")
    return us


def _reason(text: str | None, span: times.Window) -> str:
    """Why a time that does not fit 1970 to 2200 is refused."""
    if text is None:
        return "schema"
    try:
        times.value_us(text, "text", "UTC", span)
    except times.TimeRefused as refused:
        return refused.args[0]
    return "time"


def _statuses(batch: pa.RecordBatch, refused: Refusals) -> pa.Array:
    strict, loose = batch["status"], batch["loose_status"]
    if loose.null_count == len(loose):
        return _spread(strict, lambda v, r: props.statuses(v, [None] * len(v), r), NUMBER, refused)
    return pa.array(props.statuses(strict.to_pylist(), loose.to_pylist(), refused), NUMBER)


def _durations(column: pa.Array, refused: Refusals) -> pa.Array:
    """Milliseconds: one cast for the usual case, the slow rule for a batch that holds anything odd."""
    plain = pc.all(pc.match_substring_regex(column, r"^\d+(\.\d+)?$")).as_py()
    if plain is None or plain:
        return pc.cast(column, pa.float64())
    return pa.array(props.durations(column.to_pylist(), refused), pa.float64())


def _content(batch: pa.RecordBatch, row: int) -> bytes:
    """A refused row for the quarantine: what identifies and explains it, no path and no free text."""
    shown = ("id", "user_id", "event", "ts_us", "bad_time", "status", "duration")
    return orjson.dumps({name: batch[name][row].as_py() for name in shown if name in batch.schema.names}, default=str)
