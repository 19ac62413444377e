"""A matrix answer without a Python object for each sample: its numbers are cut out of the text and read as CSV.

Everything around the numbers is parsed as the JSON it is. A text that is not laid out as Prometheus does it is
parsed whole, so what is accepted, and what is refused, does not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import csv

# Neither occurs inside a JSON text value: there the quotes are escaped.
_OPEN = b'"values":[['
_CLOSE = b"]]"
_BLOCK = 1 << 22
_READ = csv.ReadOptions(column_names=["ts", "value"], use_threads=False, block_size=_BLOCK)
_PARSE = csv.ParseOptions(quote_char=False)
_TYPES = csv.ConvertOptions(column_types={"ts": pa.float64(), "value": pa.float64()}, null_values=[])


@dataclass(frozen=True)
class Column:
    """Samples of one series: instants in seconds and values, NaN and infinities included."""

    ts_s: np.ndarray
    values: np.ndarray


def loads(body: bytes) -> Any:
    """The answer as objects, each list of `values` as a Column where it can be cut. Raises JSONDecodeError."""
    cut = _cut(body)
    return orjson.loads(body) if cut is None else cut


def _cut(body: bytes) -> Any:
    """The answer with its values as columns; None when it holds none, or anything unusual."""
    frame, texts, at = [], [], 0
    while (start := body.find(_OPEN, at)) >= 0:
        end = body.find(_CLOSE, start)
        if end < 0:
            return None
        frame.append(body[at:start] + b'"values":%d' % len(texts))
        texts.append(body[start + len(_OPEN) : end])
        at = end + len(_CLOSE)
    if not texts:
        return None
    frame.append(body[at:])
    try:
        answer = orjson.loads(b"".join(frame))
        columns = _columns(texts)
        return answer if columns is not None and _place(answer["data"]["result"], columns) else None
    except (orjson.JSONDecodeError, pa.ArrowInvalid, KeyError, TypeError, AttributeError):
        return None


def _columns(texts: list[bytes]) -> list[Column] | None:
    """Columns of texts like `1772409600,"3"],[1772409630.5,"NaN"`; None when a text is of another form."""
    sizes = [text.count(b"],[") + 1 for text in texts]
    rows = sum(sizes)
    text = b"],[".join(texts)
    lines = text.replace(b'"],[', b"\n")
    plain = lines.replace(b',"', b",")
    # each row has one opening and one closing quote, and nothing else that is quoted
    if len(text) - len(lines) != 3 * (rows - 1) or len(lines) - len(plain) != rows or not plain.endswith(b'"'):
        return None
    del text, lines
    table = csv.read_csv(pa.py_buffer(plain[:-1]), read_options=_READ, parse_options=_PARSE, convert_options=_TYPES)
    ts, values = (table[name].to_numpy() for name in ("ts", "value"))
    if len(ts) != rows or not np.isfinite(ts).all():
        return None
    edges = np.cumsum(sizes)[:-1]
    return [Column(*pair) for pair in zip(np.split(ts, edges), np.split(values, edges), strict=True)]


def _place(result: list[dict[str, Any]], columns: list[Column]) -> bool:
    """Put the columns where their numbers stand. False unless these are all there, once and in order."""
    waiting = iter(enumerate(columns))
    for one in result:
        if "values" in one:
            number, column = next(waiting, (None, None))
            if one["values"] != number or type(one["values"]) is not int:
                return False
            one["values"] = column
    return next(waiting, None) is None
