"""Reliability: is the error rate really changing, who met the errors, what is left of the budget?"""

from __future__ import annotations

import streamlit as st

from kpis.charts import operations as draw
from kpis.operations import findings, incidents, reliability, routes
from kpis.operations import tables as rows
from pages.parts import charts, frame, tables
from pages.parts.text import inert

view = frame.view()
zone = view.review.programme.timezone
week = view.review.week
span = view.ask(routes.weeks)[week]
start, end = view.ask(routes.instants)[week]
behaviour, found = view.ask(reliability.behaviour), view.ask(incidents.detect)

st.title(inert(findings.reliability(behaviour, found)), anchor=False)
charts.draw(draw.behaviour(view.review, behaviour), dark=view.dark, key="xmr", title=False)
st.caption("Limits of routine variation: mean ± 2.66 × mean moving range; days with a cause of their own left out.")

st.subheader("Incidents found in the data", anchor=False)
if found:
    tables.show(rows.incident_rows(found, zone), "Detected incidents", height="content", csv="incidents")
else:
    st.write("No detector fired: errors, latency, connections, cache and resources stayed under their alerts.")

left, right = st.columns(2)
with left:
    st.subheader("Error budget", anchor=False)
    spent = view.ask(reliability.spent)
    if spent is None:
        st.write("No request counter was scraped, so there is no budget to spend.")
    else:
        charts.draw(draw.budget(spent), dark=view.dark, key="budget")
        tables.show(rows.burn_rows(spent, zone), "Burn alerts of the programme", height="content")
with right:
    st.subheader(f"Availability in week {week}", anchor=False)
    targets = rows.target_rows(view.ask(reliability.availability, span))
    if targets:
        tables.show(targets, "Scrape targets: up, and how much was scraped", height="content")
        st.caption("Up is told by scrapes; where scrapes are missing nothing is known, neither up nor down.")
    else:
        st.write("No `up` series was scraped; availability is not known.")

st.subheader(f"Errors that testers met in week {week}", anchor=False)
met = rows.error_rows(view.ask(reliability.errors_met, start, end), zone)
if met:
    tables.show(met, "Failed requests and application errors by place", csv=f"errors-week-{week}", height=330)
else:
    st.write("No tester met a failed request or an application error in this week.")

kinds = view.ask(reliability.error_kinds, span)
if kinds:
    st.subheader(f"Errors by type and component in week {week}", anchor=False)
    tables.show(rows.kind_rows(kinds), "Errors counted by the application", height="content")
