"""What the evaluation says beyond the KPIs: scaling, feature priorities, incidents found in the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpis.evaluation import Evaluation, Rows

SIDE_BY_SIDE = 5  # features in one table of the page's width


def sections(found: Evaluation | None) -> list[dict[str, Any]]:
    """Sections with a sentence, a note, the rows as they are and as tables for a page; none without an evaluation."""
    if found is None:
        return []
    fired = "Spans of hours in which a detector fired, declared or not."
    scaling = [_table(found.scaling_rows, (1, 3.4, 0.5, 0.5))]
    incidents = [_table(found.incident_rows, (1, 1, 1.2, 1.5, 1.8, 1.2))]
    return [
        _section("scaling", "Scaling assessment", found.scaling_sentence, "", found.scaling_rows, scaling),
        _section("priorities", "Feature priorities", found.priority_sentence, found.priority_order_words,
                 found.priority_rows, _turned(found.priority_rows)),
        _section("incidents", "Incidents found in the data", fired if found.incident_rows else "No detector fired.", "",
                 found.incident_rows, incidents),
    ]  # fmt: skip


def _section(name: str, title: str, sentence: str, note: str, rows: Rows, tables: list[dict]) -> dict[str, Any]:
    return {
        "id": name, "title": title, "sentence": sentence, "note": note, "rows": [dict(r) for r in rows],
        "tables": [t for t in tables if t["rows"]],
    }  # fmt: skip


def _table(rows: Rows, widths: Sequence[float]) -> dict[str, Any]:
    columns = list(rows[0]) if rows else []
    fitting = list(widths) if len(widths) == len(columns) else [1.0] * len(columns)
    return {"columns": columns, "widths": fitting, "rows": [[str(v) for v in row.values()] for row in rows]}


def _turned(rows: Rows) -> list[dict[str, Any]]:
    """Many columns turned on their side: one column a feature, five to a table."""
    out = []
    for start in range(0, len(rows), SIDE_BY_SIDE):
        part = rows[start : start + SIDE_BY_SIDE]
        lines = [[name, *(str(r[name]) for r in part)] for name in part[0] if name != "Feature"]
        columns = ["", *(str(r["Feature"]).replace("_", " ") for r in part)]
        out.append({"columns": columns, "widths": [1.2] + [1.0] * len(part), "rows": lines})
    return out
