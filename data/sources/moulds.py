"""Moulds: what a skeleton's lines become in raw_event, column by column, without an object for each line.

Each distinct value of a column goes through the exact road's own function once. A line with a value that would
be refused, an empty text or a time without an offset is left to the exact road.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from data import routes
from data.sources import properties as props
from data.sources import times
from data.sources.events import TYPES, Converter
from data.sources.ids import PLACEHOLDERS, tidy
from data.sources.shapes import getter, holds_any
from data.sources.skeletons import Leaf, Skeleton

_SORTED = orjson.OPT_SORT_KEYS
SUSPECT = "|".join(re.escape(s) for s in props.SUSPECT)
_TIDY = r"^[!-~]+$"


def mould_of(skeleton: Skeleton, converter: Converter) -> Mould | None:
    """What to make of lines with a skeleton, or None when they belong on the exact road."""
    plan, sample = converter.plan, skeleton.sample
    inner = _first(sample, plan.properties)
    if inner is not None and (type(inner) is not dict):
        return None
    inner = inner or {}
    kept = converter.keeper.text(inner)
    if kept is not None and any(s in kept for s in props.SUSPECT):
        return None
    user = _first(sample, plan.user)
    if user is None and not holds_any(sample, plan.user):
        return None
    platform = _first(inner, props.PLATFORM)
    if _is_leaf(platform, skeleton) and skeleton.leaves[platform].number:
        return None  # 0 gives way to the platform beside the properties, other numbers do not
    status = _first(inner, props.STATUS)
    parts = {
        "user_id": user,
        "event": _first(sample, plan.event),
        "client_ts_us": _first(sample, plan.client),
        "received_us": _first(sample, plan.received),
        "route": _first(inner, props.ROUTE),
        "method": _first(inner, ("method",)),
        "status": status,
        "duration_ms": _first(inner, props.DURATION),
        "feature": _first(inner, ("feature",)),
        "platform": platform or _first(sample, plan.platform),
        "component": _first(inner, ("component",)),
        "error_type": _first(inner, props.ERROR_TYPE),
    }
    loose = status is None
    if loose:
        parts["status"] = _first(inner, ("status",))
    time, key = _first(sample, plan.time), _first(sample, plan.id)
    if not _is_leaf(time, skeleton) or (key is not None and not _is_leaf(key, skeleton)):
        return None
    wanted = [(getter(path)(sample), kinds) for path, kinds in plan.where]
    payload = orjson.dumps(inner, option=_SORTED).decode()
    return Mould(converter, skeleton.leaves, parts, loose, time, key, wanted, payload, kept)


def _first(sample: dict[str, Any], paths: tuple[str, ...]) -> Any:
    for path in paths:
        value = getter(path)(sample)
        if value is not None and value != "":
            return value
    return None


def _is_leaf(value: Any, skeleton: Skeleton) -> bool:
    return type(value) is str and value in skeleton.leaves


@dataclass
class Mould:
    """A skeleton and where each column of raw_event comes from: a token of a leaf, a constant, or nothing."""

    converter: Converter
    leaves: dict[str, Leaf]
    parts: dict[str, Any]
    loose: bool  # the status is a property named just `status`
    time: str
    key: str | None
    wanted: list[tuple[Any, frozenset[str]]]
    payload: str
    kept: str | None

    def table(self, texts: dict[str, pa.Array], places: np.ndarray, file_id: str) -> tuple[pa.Table, np.ndarray]:
        """Rows of raw_event of lines, and which lines have one; the others are left.

        texts: of each leaf in each of the lines. places: where the lines begin in the file `file_id`, in bytes.
        """
        good = np.ones(len(places), bool)
        columns: dict[str, pa.Array] = {}
        for name, value in self.parts.items():
            columns[name] = self._column(name, value, texts, good)
        columns["ts_us"] = self._times(texts[self.time], good)
        columns["event_key"] = self._keys(texts, places, file_id, good)
        columns["payload"] = self._json(self.payload, texts, len(places))
        columns["properties"] = self._json(self.kept, texts, len(places))
        if self.kept is not None:
            good &= ~pc.match_substring_regex(columns["properties"], SUSPECT).to_numpy(False)
        for value, kinds in self.wanted:
            if type(value) is str and value in texts:
                good &= pc.is_in(texts[value], value_set=pa.array(sorted(kinds), pa.string())).to_numpy(False)
            elif value not in kinds:
                good[:] = False
        table = pa.table({name: columns[name] for name in TYPES})
        return (table if good.all() else table.filter(pa.array(good))), good

    def _column(self, name: str, value: Any, texts: dict[str, pa.Array], good: np.ndarray) -> pa.Array:
        make, kind = getattr(self, "_" + name), TYPES[name]
        if type(value) is not str or value not in texts:  # the same for all lines
            found, refused = make([value])
            if refused:
                good[:] = False
            return _repeated(found[0], kind, len(good))
        leaf = self.leaves[value]
        if name == "user_id" and not leaf.number and tidy(texts[value]).all():
            return texts[value]
        coded = routes.codes(texts[value]) if name == "route" else texts[value].dictionary_encode()
        values = coded.dictionary.to_pylist()
        if leaf.number:
            values = [orjson.loads(v) for v in values]
        found, refused = make(values)
        refused |= {i for i, v in enumerate(values) if v == ""}
        if refused:
            good &= ~np.isin(coded.indices.to_numpy(), sorted(refused))
        if not pa.types.is_dictionary(kind):
            return pa.array(found, kind).take(coded.indices)
        made = pa.array(found, kind)  # two values may have become one, or none
        return pa.DictionaryArray.from_arrays(made.indices.take(coded.indices), made.dictionary)

    def _user_id(self, values: list[Any]) -> tuple[list, set[int]]:
        if values == [None]:
            return values, set()
        if any(type(v) in (list, dict) for v in values):
            return [None], {0}
        users = self.converter.users
        found = [users[v] if type(v) is str else users._find(v) for v in values]
        return [f[0] for f in found], {i for i, f in enumerate(found) if f[1]}

    def _event(self, values: list[Any]) -> tuple[list, set[int]]:
        refused: dict[int, str] = {}
        return self.converter.names(list(values), refused), set(refused)

    def _side(self, values: list[Any]) -> tuple[list, set[int]]:
        return self.converter.side_times(values), set()

    _client_ts_us = _received_us = _side

    def _route(self, values: list[Any]) -> tuple[list, set[int]]:
        return props.routes_of(values), set()

    def _method(self, values: list[Any]) -> tuple[list, set[int]]:
        return props.methods_of(values), set()

    def _status(self, values: list[Any]) -> tuple[list, set[int]]:
        refused: dict[int, str] = {}
        none = [None] * len(values)
        strict, loose = (none, values) if self.loose else (values, none)
        return props.statuses(strict, loose, refused), set(refused)

    def _duration_ms(self, values: list[Any]) -> tuple[list, set[int]]:
        refused: dict[int, str] = {}
        return props.durations(values, refused), set(refused)

    def _label(self, values: list[Any]) -> tuple[list, set[int]]:
        return props.text_of(values), set()

    _feature = _component = _error_type = _label

    def _platform(self, values: list[Any]) -> tuple[list, set[int]]:
        return props.platform_of(values), set()

    def _times(self, texts: pa.Array, good: np.ndarray) -> pa.Array:
        """Instants inside the programme; lines with others are left."""
        unit, span = self.converter.plan.unit, self.converter.span
        if self.leaves[self.time].number:
            us, fits = times.whole_numbers(texts, unit, span)
        else:
            us, fits = times.iso_texts(texts, span)
        good &= fits
        return pa.array(us)

    def _keys(self, texts: dict[str, pa.Array], offsets: np.ndarray, file_id: str, good: np.ndarray) -> pa.Array:
        """The source's own ids where they need no cleaning, else the place in the file."""
        if self.key is None:
            return pc.binary_join_element_wise(file_id, pa.array(offsets).cast(pa.string()), ":")
        keys = texts[self.key]
        if self.leaves[self.key].number:
            good &= ~pc.match_substring(keys, ".").to_numpy(False)
        doubtful = ~tidy(keys)
        if doubtful.any():
            some = keys.filter(pa.array(doubtful))
            placeholder = pc.or_(
                pc.is_in(pc.ascii_lower(some), value_set=pa.array(sorted(PLACEHOLDERS))),
                pc.match_substring_regex(some, r"^[0\-]+$"),
            )
            fits = pc.and_not(pc.match_substring_regex(some, _TIDY), placeholder)
            good[doubtful] &= fits.to_numpy(False)
        return keys

    def pieces(self, form: str) -> list[str]:
        """A JSON text taken apart: tokens of leaves, and what stands between them."""
        for token, leaf in self.leaves.items():
            quoted = f'"{token}"' if leaf.number else token
            form = form.replace(quoted, f"\x00{token}\x00")
        return [piece for piece in form.split("\x00") if piece]

    def _json(self, form: str | None, texts: dict[str, pa.Array], n: int) -> pa.Array:
        """A JSON text with the leaves' values in place of their tokens."""
        if form is None:
            return pa.nulls(n, pa.string())
        parts = [texts.get(piece, piece) for piece in self.pieces(form)]
        if len(parts) == 1 and type(parts[0]) is str:
            return pa.repeat(pa.scalar(form, pa.string()), n)
        return pc.binary_join_element_wise(*parts, "")


def _repeated(value: Any, kind: pa.DataType, n: int) -> pa.Array:
    """A column in which every row has the same value."""
    if not pa.types.is_dictionary(kind):
        return pa.repeat(pa.scalar(value, kind), n)
    found = pa.array([value], kind)
    return pa.DictionaryArray.from_arrays(pa.repeat(found.indices[0], n), found.dictionary)
