"""Objects to events: one block of parsed lines becomes columns of raw_event, rows that do not fit are named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from data.raw_kinds import NUMBER, WORD
from data.sources import properties as props
from data.sources import times
from data.sources.ids import UserIds, as_text, clean, is_placeholder, is_tidy
from data.sources.shapes import Columns, Plan, getter, holds_any

_SORTED = orjson.OPT_SORT_KEYS
LONGEST_NAME = 200


@dataclass
class Converted:
    """Rows of a raw table, which objects they came from, and what became of the others."""

    table: pa.Table
    rows: np.ndarray  # index of the object of each row
    refused: dict[int, str] = field(default_factory=dict)  # object -> reason
    left_out: int = 0  # objects of kinds that the mapping does not want
    naive: int = 0  # times without an offset
    span: tuple[int, int] | None = None  # first and last instant, microseconds


class Converter:
    """Turns blocks of objects into events by one plan. Holds caches only: one for a whole load."""

    def __init__(self, plan: Plan, span: times.Window) -> None:
        self.plan = plan
        self.span = span
        self.users = UserIds()
        self.keeper = props.Keeper(plan.keep, plan.keep_all)
        self._where = [(getter(path), wanted) for path, wanted in plan.where]

    def convert(self, objects: list[dict[str, Any]], offsets: np.ndarray, file_id: str) -> Converted:
        """Events of a block. `offsets`: byte offset of each object, the key of those that carry no id."""
        index = np.arange(len(objects))
        left_out = 0
        if self._where:
            wanted = [i for i, o in enumerate(objects) if all(get(o) in kinds for get, kinds in self._where)]
            left_out = len(objects) - len(wanted)
            objects, index = [objects[i] for i in wanted], np.array(wanted, dtype=np.int64)
        if not objects:
            return Converted(pa.table({}), index, left_out=left_out)
        refused: dict[int, str] = {}
        block = Columns(objects)
        moments = times.column(block.first(self.plan.time), self.plan.unit, self.plan.zone, self.span)
        refused.update(moments.refused)
        columns = self._columns(block, refused)
        columns["ts_us"] = moments.us
        columns["event_key"] = self._keys(block, offsets[index], file_id)
        table = pa.table({name: pa.array(values, TYPES[name]) for name, values in columns.items()})
        good = np.ones(len(objects), dtype=bool)
        good[list(refused)] = False
        if refused:
            table = table.filter(pa.array(good))
        us = moments.us[good]
        return Converted(
            table, index[good], {int(index[i]): r for i, r in refused.items()}, left_out,
            0 if self.plan.zone_is_known else moments.naive, (int(us.min()), int(us.max())) if len(us) else None,
        )  # fmt: skip

    def _columns(self, block: Columns, refused: dict[int, str]) -> dict[str, Any]:
        properties = self._properties(block, refused)
        inner = Columns(properties)
        platform = inner.first(props.PLATFORM)
        for i, value in enumerate(block.first(self.plan.platform)):
            platform[i] = platform[i] or value
        return {
            "user_id": self._user_ids(block, refused),
            "event": self.names(block.first(self.plan.event), refused),
            "client_ts_us": self.side_times(block.first(self.plan.client)),
            "received_us": self.side_times(block.first(self.plan.received)),
            "route": props.routes_of(inner.first(props.ROUTE)),
            "method": props.methods_of(inner.first(("method",))),
            "status": props.statuses(inner.first(props.STATUS), inner.first(("status",)), refused),
            "duration_ms": props.durations(inner.first(props.DURATION), refused),
            "feature": props.text_of(inner.first(("feature",))),
            "platform": props.platform_of(platform),
            "component": props.text_of(inner.first(("component",))),
            "error_type": props.text_of(inner.first(props.ERROR_TYPE)),
            "properties": [self.keeper.text(p) for p in properties],
            "payload": [orjson.dumps(p, option=_SORTED).decode() for p in properties],
        }

    def _properties(self, block: Columns, refused: dict[int, str]) -> list[dict[str, Any]]:
        found = block.first(self.plan.properties)
        if set(map(type, found)) == {dict}:
            return found
        for i, value in enumerate(found):
            inner = _loaded(value) if type(value) is str else value  # some exports hold JSON inside a text
            found[i] = inner if type(inner) is dict else {}
            if inner is not None and type(inner) is not dict:
                refused.setdefault(i, "type")
        return found

    def _user_ids(self, block: Columns, refused: dict[int, str]) -> list[str | None]:
        """Ids of users. A key that is there with null is an anonymous event; no key at all is a wrong mapping."""
        users = self.users
        values = block.first(self.plan.user)
        ids: list[str | None] = [None] * len(values)
        for i, value in enumerate(values):
            if value is None:
                if not holds_any(block.objects[i], self.plan.user):
                    refused.setdefault(i, "schema")
                continue
            if type(value) in (list, dict):
                refused.setdefault(i, "type")
                continue
            ids[i], reason = users[value] if type(value) is str else users._find(value)
            if reason:
                refused.setdefault(i, reason)
        return ids

    def names(self, names: list[Any], refused: dict[int, str]) -> list[str]:
        """Names of events, cleaned in place; what is none is refused."""
        for i, name in enumerate(names):
            text = name if type(name) is str else ""
            names[i] = text if text.isalnum() and text.isascii() else clean(text)
            if not names[i]:
                refused.setdefault(i, "schema" if name is None or type(name) is str else "type")
            elif len(names[i]) > LONGEST_NAME:
                refused.setdefault(i, "value")
        return names

    def _keys(self, block: Columns, offsets: np.ndarray, file_id: str) -> list[str]:
        """The source's own id; where there is none, the place in the file: two equal clicks stay two."""
        keys = block.first(self.plan.id)
        if set(map(type, keys)) == {str} and is_tidy(keys):
            return keys
        for i, key in enumerate(keys):
            text = key if type(key) is str else as_text(key) if key is not None else None
            text = clean(text) if text else ""
            keys[i] = f"{file_id}:{offsets[i]}" if not text or is_placeholder(text) else text
        return keys

    def side_times(self, values: list[Any]) -> list[int | None]:
        """Times that are shown but decide nothing: what cannot be read is NULL."""
        if not any(v is not None for v in values):
            return values
        wide = times.Window(0, 2**62)
        return [side_time(v, self.plan, wide, self.span) for v in values]


def _loaded(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def side_time(value: Any, plan: Plan, wide: times.Window, span: times.Window) -> int | None:
    try:
        return times.value_us(value, "auto", plan.zone, wide if isinstance(value, str) else span)[0]
    except times.TimeRefused:
        return None


TYPES = {
    "event_key": pa.string(), "payload": pa.string(), "user_id": pa.string(), "event": WORD, "ts_us": pa.int64(),
    "client_ts_us": pa.int64(), "received_us": pa.int64(), "route": WORD, "method": WORD, "status": NUMBER,
    "duration_ms": pa.float64(), "feature": WORD, "platform": WORD, "component": WORD, "error_type": WORD,
    "properties": pa.string(),
}  # fmt: skip
