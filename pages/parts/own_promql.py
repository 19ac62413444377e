"""PromQL of the team's own, drawn by day. On the Resources page."""

from __future__ import annotations

import streamlit as st

from kpis.charts import resources as draw
from kpis.operations import own, shifts
from pages.parts import charts
from pages.parts.frame import View


def drawn(view: View) -> None:
    """One chart an expression; nothing where there is none."""
    expressions = view.ask(own.read)
    if not expressions:
        return
    st.subheader("PromQL of your own", anchor=False)
    grid = st.grid(min_column_width=300, gap="medium", vertical_alignment="bottom")
    for expression in expressions:
        with grid.cell():
            chart = draw.own(view.review, expression, view.ask(shifts.days)[1])
            charts.draw(chart, dark=view.dark, key=chart.id)
    st.caption("As the server worked them out; to look at, no KPI reads them.")
