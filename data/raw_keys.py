"""Ids of events as they are stored: 16 bytes where an id is a UUID in lower case, else the text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.texts import content

KIND = pa.uuid()
_SIZE = 36
_DASHES = np.array([8, 13, 18, 23])
_SIGNS = np.delete(np.arange(_SIZE), _DASHES)
_VALUES = np.full(256, 255, np.uint8)  # of a sign; 255 is none of sixteen
_VALUES[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)
_STEP = 16_384  # rows taken together: their signs stay in the processor's cache


def apart(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Ids as UUIDs, missing where an id is none that reads back as it was; and as texts, missing where it is one."""
    data, edges = content(texts)
    long = np.flatnonzero(np.diff(edges) == _SIZE)
    found, fits = np.zeros((len(texts), 16), np.uint8), np.zeros(len(texts), bool)
    for first in range(0, len(long), _STEP):
        rows = long[first : first + _STEP]
        signs = data[edges[rows][:, None] + np.arange(_SIZE)]
        halves = _VALUES[signs[:, _SIGNS]]
        fits[rows] = (signs[:, _DASHES] == ord("-")).all(axis=1) & (halves < 16).all(axis=1)
        found[rows] = halves[:, 0::2] << 4 | (halves[:, 1::2] & 15)
    if not fits.any():
        return pa.nulls(len(texts), KIND), texts
    return column(found, fits), pa.nulls(len(texts), pa.string()) if fits.all() else _without(texts, fits)


def column(values: np.ndarray, there: np.ndarray) -> pa.Array:
    """UUIDs of 16 bytes a row. `there`: which rows have one."""
    valid = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    stored = pa.Array.from_buffers(pa.binary(16), len(there), [valid, pa.py_buffer(values)])
    return pa.ExtensionArray.from_storage(KIND, stored)


def _without(texts: pa.Array, rows: np.ndarray) -> pa.Array:
    return texts.take(pa.array(np.arange(len(texts)), mask=rows))
