"""ChartSpec on a page: the finding as text, the figure, its alternative text."""

from __future__ import annotations

import streamlit as st

from kpis.charts.spec import ChartSpec
from pages.parts.text import inert, plain


def draw(spec: ChartSpec, *, dark: bool, key: str, title: bool = True) -> None:
    """Draw one chart with its finding above it. `key` must be unique on the page."""
    from kpis.charts.plotly_backend import figure  # here, so that a page without charts never loads plotly

    if title:
        st.markdown(f"**{inert(spec.title)}**")
    st.plotly_chart(
        figure(spec, dark),
        theme=None,
        key=key,
        alt=plain(spec.alt),
        config={"displayModeBar": False, "responsive": True},
    )
