"""Testers: who is missing? The way of every wave, seats, mix, and for managers whom to ask."""

from __future__ import annotations

import streamlit as st

from kpis import people
from kpis.charts import build
from pages.parts import charts, frame, tables
from pages.parts.text import inert

MOST = 1000  # rows that a browser is sent

view = frame.view()
review = view.review

st.title(inert(view.ask(people.headline, review.week)), anchor=False)

st.subheader("The way of testers", anchor=False)
funnels = view.ask(people.funnels, review.week)
tables.show(funnels, "Steps of testers by wave", csv=f"funnel-week-{review.week}", height="content")
st.caption(
    "Each share is of the step before, and a step counts only testers of that step. "
    "Testers whose time to activate is not over yet are waiting, not lost. "
    "Waves that are too small to show are counted in “all” only."
)

st.subheader("Seats", anchor=False)
st.write(inert(people.seats(review)))
left, right = st.columns(2)
with left:
    charts.draw(build.days(review, "seats_used"), dark=view.dark, key="days-seats")
with right:
    charts.draw(build.days(review, "dau"), dark=view.dark, key="days-dau")

st.subheader("Who they are", anchor=False)
mix = view.ask(people.mix)
if mix:
    tables.show(mix, "Testers by wave and platform", csv="testers-mix", height="content")
else:
    st.write("No tester is on the roster yet. Add a source of testers to the settings.")

if view.role == "manager":
    st.subheader("Whom to ask", anchor=False)
    waves = view.ask(people.waves)
    wave = st.pills("Wave", waves, key="wave", label_visibility="collapsed") if len(waves) > 1 else None
    asked = view.ask(people.to_ask, review.week, wave)
    if asked:
        st.caption("Pseudonyms, for the manager role only. People who never accepted have no pseudonym yet.")
        tables.show(asked[:MOST], "Testers who stopped on the way, with the step", height=330)
        if len(asked) > MOST:
            st.caption(f"The first {MOST:,} of {len(asked):,}; the CSV holds all.")
        tables.download(asked, f"to-ask-week-{review.week}")
    else:
        st.write("Nobody is missing.")
