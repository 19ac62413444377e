"""Columns of texts as the bytes they are, for numpy."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def content(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """UTF-8 bytes of all texts of a column, end to end, and where in them each begins and ends: no text, no bytes.

    uint8 of n bytes, int64 of one more than there are rows. Whether a row is missing is for the caller to ask.
    """
    _, edges, data = texts.buffers()
    where = np.frombuffer(edges, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    if data is None:  # nothing but empty texts
        return np.empty(0, np.uint8), where
    return np.frombuffer(data, np.uint8)[where[0] : where[-1]], where - where[0]
