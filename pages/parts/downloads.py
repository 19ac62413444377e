"""The report's four files as downloads, written only when one is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.parts.frame import View

FORMATS = {
    "html": ("HTML", "One file, works offline, charts and their tables", "text/html"),
    "pdf": ("PDF", "To print or to file; tagged for screen readers", "application/pdf"),
    "xlsx": (
        "XLSX", "Every figure as a workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "json": ("JSON", "Every figure for a program", "application/json"),
}  # fmt: skip


def buttons(view: View) -> None:
    """One button a format."""
    grid = st.grid(min_column_width=190, gap="small", border=True)
    for form, (name, about, mime) in FORMATS.items():
        with grid.cell():
            st.download_button(
                f"Download {name}", data=_maker(view, form), file_name=f"evaluation-week-{view.review.week}.{form}",
                mime=mime, key=f"report-{form}", on_click="ignore",
                type="primary" if form == "pdf" else "secondary", width="stretch",
            )  # fmt: skip
            st.caption(about)


def _maker(view: View, form: str) -> Callable[[], bytes]:
    """A function that writes one format and returns its bytes; it runs after the click, in its own thread."""

    def make() -> bytes:
        from kpis.report import write  # here: typst and matplotlib load only when a report is asked for

        with tempfile.TemporaryDirectory() as folder:
            return write(view.review, view.snapshot, Path(folder), (form,))[0].read_bytes()

    return make
