"""Resources: will it hold at launch? Use, saturation, and the load at which each reaches its limit."""

from __future__ import annotations

import streamlit as st

from kpis.charts import operations as draw
from kpis.operations import findings, launch, releases, resources, routes
from kpis.operations import tables as rows
from pages.parts import charts, frame, tables
from pages.parts.text import inert

view = frame.view()
review, week = view.review, view.review.week
zone = review.programme.timezone
fits = view.ask(launch.scaling)
uses = view.ask(resources.week_of, view.ask(routes.weeks)[week])

st.title(inert(findings.launch(fits)), anchor=False)
if not uses:
    st.write("No resource series was scraped (node, PostgreSQL, Redis, containers, process). Add them to Prometheus.")
    st.stop()
st.subheader("Scaling assessment", anchor=False)
wide = {"Answer": st.column_config.TextColumn("Answer", width=620)}
tables.show(rows.fit_rows(fits), "Each resource against load", config=wide, csv="scaling", height="content")
st.caption(
    "A straight line of hourly use on hourly load; the interval comes from resampling whole days. Without enough "
    "variation of load, or where load explains little, the answer is: cannot tell."
)

st.subheader(f"Week {week}", anchor=False)
tables.show(
    rows.use_rows(uses, zone), "Use of every resource in the week", csv=f"resources-week-{week}", height="content"
)

st.subheader("28 days", anchor=False)
grid = st.grid(min_column_width=300, gap="medium", vertical_alignment="bottom")
for use in uses:
    with grid.cell():
        chart = draw.use(review, use.resource, view.ask(resources.hours, use.resource))
        charts.draw(chart, dark=view.dark, key=chart.id)

st.subheader("Load against use", anchor=False)
grid = st.grid(min_column_width=300, gap="medium", vertical_alignment="bottom")
for found in view.ask(launch.assess):
    with grid.cell():
        chart = draw.scatter(found.fit, found.points, found.resource.unit)
        charts.draw(chart, dark=view.dark, key=chart.id)

st.subheader("Restarts", anchor=False)
restarts = rows.restart_rows(view.ask(releases.restarts), zone)
if restarts:
    tables.show(restarts, "Restarts seen as counter resets", height="content")
else:
    st.write("No counter went back to zero: nothing restarted.")
