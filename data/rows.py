"""Rows of plain values as one Arrow table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa


def table(rows: Sequence[Mapping[str, Any]]) -> pa.Table | None:
    """A column for every name, in the order in which they first come; what a row does not have is NULL.

    None where a column holds values of more than one type.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    try:
        return pa.table({name: [row.get(name) for row in rows] for name in names})
    except pa.ArrowException:
        return None
