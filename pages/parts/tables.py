"""Tables of ready texts. Every table has an accessible name; no cell is a link or an image."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from data.cli import csv_text
from data.rows import table
from kpis import scorecard
from kpis.charts.colours import palette
from kpis.model import Status
from kpis.words import status_mark
from pages.parts.frame import View
from pages.parts.text import plain

NOTHING = "–"
LABELS = frozenset({"Wave", "Release", "Group"})  # columns of names, some of which look like numbers
_AMOUNT = re.compile(r"[-+<>≥≤~−]? ?\d[\d,]*(\.\d+)? ?(%|points?|[mµn]?s|min|h|d|days?|×|[KMGT]?i?B(/s)?)?")


def show(
    rows: Sequence[Mapping[str, Any]],
    name: str,
    *,
    config: Mapping[str, Any] | None = None,
    widths: Mapping[str, int] | None = None,
    csv: str | None = None,
    **options: Any,
) -> Any:
    """A table of plain rows, their texts cleaned. Streamlit's own export is off: `csv` names a safe download.

    `widths`: pixels of columns that would else be cut or waste room. A column of empty texts is left out; the download
    has it.
    """
    cleaned = _told([{k: _cell(v) for k, v in row.items()} for row in rows])
    whole = [k for k, v in (cleaned[0] if cleaned else {}).items() if isinstance(v, int) and not isinstance(v, bool)]
    columns: dict[str, Any] = {k: st.column_config.NumberColumn(k, format="localized") for k in whole}
    amounts, widths = _amounts(cleaned), widths or {}
    columns |= {
        k: st.column_config.TextColumn(k, width=widths.get(k), alignment="right" if k in amounts else None)
        for k in {**dict.fromkeys(amounts), **widths}
    }
    columns |= dict(config or {})
    content = table(cleaned)  # Streamlit would make a pandas frame of rows first, which costs more than all the rest
    shown = st.dataframe(
        cleaned if content is None else content, hide_index=True, alt=name, column_config=columns, placeholder=NOTHING,
        **options,
    )  # fmt: skip
    if csv:
        download(rows, csv)
    return shown


def _told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without columns in which nothing is written: waivers, words and names nobody has given yet."""
    empty = {k for k in (rows[0] if rows else {}) if all(row.get(k) == "" for row in rows)}
    return [{k: v for k, v in row.items() if k not in empty} for row in rows] if empty else rows


def _amounts(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns of ready texts that are all amounts with their unit: they line up on the right."""
    texts = {k: [row.get(k) for row in rows if row.get(k) not in (None, NOTHING)] for k in (rows[0] if rows else {})}
    return [
        k
        for k, v in texts.items()
        if v and k not in LABELS and all(isinstance(t, str) and _AMOUNT.fullmatch(t) for t in v)
    ]


def download(rows: Sequence[Mapping[str, Any]], name: str) -> None:
    """A small button for rows as CSV that a spreadsheet opens without running anything."""
    st.download_button(
        "CSV", data=lambda: csv_text([{k: _flat(v) for k, v in r.items()} for r in rows]), file_name=f"{name}.csv",
        mime="text/csv", type="tertiary", icon=":material/download:", key=f"csv-{name}", on_click="ignore",
    )  # fmt: skip


def _flat(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else _cell(value)


def _cell(value: Any) -> Any:
    return plain(value) if isinstance(value, str) else value


def status_column(dark: bool) -> Any:
    """Status as shape, word and colour."""
    colours = palette(dark)
    return st.column_config.MultiselectColumn(
        "Status", width=118, options=[status_mark(s) for s in Status], color=[colours.soft(s) for s in Status]
    )


def kpis(view: View) -> str | None:
    """All KPIs of the review; returns the id of the row that was picked."""
    lines = scorecard.rows(view.review)
    rows = [{k: [v] if k == "Status" else v for k, v in line.items() if k != "id"} for line in lines]
    weeks = [f"W{w.week}" for w in view.review.weeks]
    text = st.column_config.TextColumn
    picked = show(
        rows, f"All KPIs of week {view.review.week} with status, weekly values, target and gap",
        config={
            "KPI": text("KPI", pinned=True, width=200),
            "Status": status_column(view.dark),
            **{w: text(w, alignment="right", width=76) for w in weeks},
            "Target": text("Target", alignment="right", width=80),
            "Gap": text("Gap", alignment="right", width=74, help="Signed distance to the target; points for rates"),
            "n": text("n", alignment="right", width=68),
        },
        height="content", csv=f"scorecard-week-{view.review.week}", on_select="rerun", selection_mode="single-row",
        key="kpis",
    )  # fmt: skip
    chosen = picked.selection.rows
    return lines[chosen[0]]["id"] if chosen else None
