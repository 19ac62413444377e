"""ChartSpec on a page: the finding as text, the figure, its alternative text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from kpis.charts.spec import ChartSpec
from pages.parts.text import inert, plain


def draw(spec: ChartSpec, *, dark: bool, key: str, title: bool = True) -> None:
    """Draw one chart with its finding above it. `key` must be unique on the page."""
    if title:
        st.markdown(f"**{inert(spec.title)}**")
    st.plotly_chart(
        _figure(spec, dark),
        theme=None,
        key=key,
        alt=plain(spec.alt),
        config={"displayModeBar": False, "responsive": True},
    )


@lru_cache(maxsize=256)
def _figure(spec: ChartSpec, dark: bool) -> Any:
    """The plotly figure of a spec, built once: plotly checks every property, which costs more than all queries.

    A figure is only read after this, so that viewers may share it, and its content too: plotly would copy all of it
    for every viewer, which is half of the script of a page of charts.
    """
    from kpis.charts.plotly_backend import figure  # here, so that a page without charts never loads plotly

    built = figure(spec, dark)
    content = built.to_dict()
    built.to_dict = lambda: content
    return built
