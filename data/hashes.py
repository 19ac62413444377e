"""64-bit hashes of whole columns, in numpy: the same for ever and on every machine, whatever the engine's version.

They are no proof of equality for a key: keys with the same hash are compared. Two payloads with the same hash
count as one, which chance alone makes one of 2^64 pairs.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.texts import content

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio
_ODD = np.uint64(0xD6E8FEB86659FD93)  # of the rrmxmx mixers
_HALF = np.uint64(32)
_NULL = np.uint64(0xA0761D6478BD642F)  # of a value that is missing: another one than of the empty text or of 0
_STEP = 16_384  # rows hashed together: their words stay in the processor's cache


def of_texts(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Hash of each text of a column by its UTF-8 bytes, uint64."""
    if isinstance(column, pa.ChunkedArray):
        parts = [of_texts(chunk) for chunk in column.chunks]
        return np.concatenate(parts) if parts else np.empty(0, np.uint64)
    found = np.empty(len(column), np.uint64)
    if not len(column) or column.null_count == len(column):
        found[:] = _NULL
        return found
    data, edges = content(column)
    size = len(data)
    padded = np.zeros(size + 8, np.uint8)
    padded[:size] = data
    words = np.ndarray((size + 1,), "<u8", padded.data, strides=(1,))  # the eight bytes from every byte on
    for first in range(0, len(column), _STEP):
        part = edges[first : first + _STEP + 1]
        found[first : first + _STEP] = _of_words(words, part[:-1], np.diff(part))
    if column.null_count:
        found[column.is_null().to_numpy(False)] = _NULL
    return found


def _of_words(words: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Hashes of some texts, eight bytes at a time. `starts`, `sizes`: of each, in bytes."""
    found = (sizes.astype(np.uint64) + np.uint64(1)) * _GOLDEN
    full = sizes >> 3
    common, most = int(full.min()), int(full.max())
    for k in range(common):
        found ^= words[starts + 8 * k]
        _stir(found)
    rows = np.arange(len(starts))
    for k in range(common, most):  # longer texts, fewer with each word
        rows = rows[full[rows] > k]
        some = found[rows] ^ words[starts[rows] + 8 * k]
        _stir(some)
        found[rows] = some
    left = (sizes & 7).astype(np.uint64)
    found ^= words[starts + 8 * full] & ((np.uint64(1) << (left * np.uint64(8))) - np.uint64(1))
    return _mixed(found)


def _stir(values: np.ndarray) -> None:
    values *= _GOLDEN
    values ^= values >> _HALF


def _mixed(values: np.ndarray) -> np.ndarray:
    """Every bit of a value on every bit of its hash, in place."""
    for _ in range(2):
        values ^= values >> _HALF
        values *= _ODD
    values ^= values >> _HALF
    return values


def _of_numbers(column: pa.ChunkedArray) -> np.ndarray:
    """Hash of each number of a column by its bits; minus zero is zero."""
    whole = column.combine_chunks()
    bits = whole.cast(pa.float64()) if pa.types.is_floating(whole.type) else whole.cast(pa.int64())
    values = bits.fill_null(0).to_numpy(zero_copy_only=False)
    found = _mixed((values + 0 if values.dtype.kind == "i" else (values + 0.0)).view(np.uint64) + _GOLDEN)
    if whole.null_count:
        found[whole.is_null().to_numpy(False)] = _NULL
    return found


def of_rows(table: pa.Table, names: tuple[str, ...]) -> np.ndarray:
    """Hash of each row of a table by the columns `names`, in their order: texts and numbers."""
    found = np.zeros(table.num_rows, np.uint64)
    for name in names:
        column = table[name]
        own = _of(column)
        for first in range(0, len(found), _STEP):  # in place: the values stay in the processor's cache
            part = found[first : first + _STEP]
            part *= _GOLDEN
            part += own[first : first + _STEP]
            _mixed(part)
    return found


def _of(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_dictionary(column.type):
        parts = [_of_coded(chunk) for chunk in column.chunks]
        return np.concatenate(parts) if parts else np.empty(0, np.uint64)
    return of_texts(column) if pa.types.is_string(column.type) else _of_numbers(column)


def _of_coded(column: pa.DictionaryArray) -> np.ndarray:
    """As of the plain column: each different value is hashed once."""
    own = np.append(_of(pa.chunked_array([column.dictionary])), _NULL)
    return own[column.indices.fill_null(len(own) - 1).to_numpy()]
