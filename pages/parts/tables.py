"""Tables of ready texts. Every table has an accessible name; no cell is a link or an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from data.cli import safe_cell
from kpis import scorecard
from kpis.charts.colours import palette
from kpis.model import Status
from kpis.words import status_mark
from pages.parts.frame import View
from pages.parts.text import plain


def show(
    rows: Sequence[Mapping[str, Any]], name: str, *, config: Mapping[str, Any] | None = None, **options: Any
) -> Any:
    """A table of plain rows; texts are cleaned, also for the download that Streamlit offers."""
    cleaned = [{k: _cell(v) for k, v in row.items()} for row in rows]
    return st.dataframe(cleaned, hide_index=True, alt=name, column_config=config, placeholder="–", **options)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe_cell(plain(value))
    return value


def status_column(dark: bool) -> Any:
    """Status as shape, word and colour."""
    colours = palette(dark)
    return st.column_config.MultiselectColumn(
        "Status", width=118, options=[status_mark(s) for s in Status], color=[colours.status(s) for s in Status]
    )


def kpis(view: View) -> str | None:
    """All KPIs of the review; returns the id of the row that was picked."""
    lines = scorecard.rows(view.review)
    rows = [
        {**{k: v for k, v in line.items() if k not in ("id", "Status")}, "Status": [line["Status"]]} for line in lines
    ]
    weeks = [f"W{w.week}" for w in view.review.weeks]
    text = st.column_config.TextColumn
    picked = show(
        rows, f"All KPIs of week {view.review.week} with status, weekly values, target and gap",
        config={
            "KPI": text("KPI", pinned=True, width=200),
            "Status": status_column(view.dark),
            **{w: text(w, alignment="right", width=84) for w in weeks},
            "Target": text("Target", alignment="right", width=96),
            "Gap": text("Gap", alignment="right", width=96, help="Signed distance to the target; points for rates"),
            "n": text("n", alignment="right", width=130),
            "Area": text("Area", width=100),
        },
        column_order=["KPI", "Status", *weeks, "Target", "Gap", "n", "Area"],
        height="content", on_select="rerun", selection_mode="single-row", key="kpis",
    )  # fmt: skip
    chosen = picked.selection.rows
    return lines[chosen[0]]["id"] if chosen else None
