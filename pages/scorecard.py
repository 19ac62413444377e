"""Scorecard: go or no-go, and because of what. No Plotly here: the first paint matters."""

from __future__ import annotations

import streamlit as st

from kpis.scorecard import HEADLINE, LEGEND
from pages.parts import cards, detail, frame, tables

view = frame.view()
review = view.review

cards.verdict(review)

known = {k.id for k in review.kpis}
asked = None
grid = st.grid(min_column_width=260, gap="small", border=True)
for kpi_id in (k for k in HEADLINE if k in known):
    with grid.cell():
        if cards.card(view, kpi_id):
            asked = kpi_id

st.subheader(f"What changed in week {review.week}", anchor=False)
cards.signals(review)

st.subheader("All KPIs", anchor=False)
st.caption(f"Select a row for what is behind it. {LEGEND}")
picked = tables.kpis(view)

if asked or picked:
    detail.open_dialog(view, asked or picked)
