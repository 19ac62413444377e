"""Review -> plain values (dictionaries, lists, numbers, texts) with every field, for JSON and the workbook."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import orjson

from kpis.commands import values
from kpis.evaluation import Evaluation
from kpis.model import KpiValue, Review
from kpis.report.safe import cleaned

SCHEMA_VERSION = 1


def document(review: Review, extra: Evaluation | None = None) -> dict[str, Any]:
    """All fields of the review; enums by value, dates and instants as ISO 8601 texts.

    Values carry the names of `python -m kpis values --format json`.
    """
    whole = {**plain(review), "values": [value_fields(v) for v in review.values]}
    return cleaned({"schema_version": SCHEMA_VERSION, "evaluation": plain(extra), **whole})


def json_bytes(review: Review, extra: Evaluation | None = None) -> bytes:
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document(review, extra), option=options)


def value_fields(v: KpiValue) -> dict[str, Any]:
    """One value: what the command prints, and the fields it leaves out."""
    more = {f: getattr(v, f) for f in ("family", "better", "sample_word", "days_in")}
    return {**values.plain(v), **more}


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)} | _kind(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value


def _kind(value: Any) -> dict[str, str]:
    """The name of a measure's kind: its fields alone would not tell which of the union it is."""
    return {"kind": type(value).__name__} if "query" in vars(value) or "metric" in vars(value) else {}
