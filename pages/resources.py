"""Resources: will it hold at launch? Use, saturation, and the load at which each reaches its limit."""

from __future__ import annotations

import streamlit as st

from kpis.charts import resources as draw
from kpis.operations import detection, findings, launch, releases, resources, routes, signals
from kpis.operations import tables_resources as rows
from pages.parts import charts, frame, own_promql, tables, weeks
from pages.parts.text import inert

view = frame.view()
review, week = view.review, view.review.week
zone = review.programme.timezone
fits = view.ask(launch.scaling)
ranges = view.ask(routes.weeks)
uses = view.ask(resources.week_of, ranges[week])
families = view.ask(detection.detect)

st.title(inert(findings.launch(fits)), anchor=False)
if not uses:
    st.write(
        f"No resource series has samples in week {week} (node, PostgreSQL, Redis, containers, process): nothing is "
        "known of use or headroom. Add their exporters to Prometheus; the table below says what was found."
    )
    tables.show(rows.family_rows(families), "Metric families found and missing", height="content")
    own_promql.drawn(view)
    st.stop()
st.subheader("Scaling assessment", anchor=False)
tables.show(rows.fit_cells(fits), "Each resource against load", widths={"95 %": 104}, csv="scaling", height="content")
st.caption(
    "A straight line of hourly use on hourly load; the interval comes from resampling whole days. Without enough "
    "variation of load, or where load explains little, the answer is: cannot tell. Peak: the busiest "
    "5 % of hours so far; testers: weekly active ones at that load, if they behave as today's."
)

st.subheader(f"Week {week}", anchor=False)
tables.show(
    rows.use_rows(uses, zone), "Use of every resource in the week", csv=f"resources-week-{week}",
    widths=rows.USE_WIDTHS, height="content",
)  # fmt: skip

beside = view.ask(signals.read, ranges[week], ranges.get(week - 1))
if beside:
    st.markdown("**Saturation, errors and rates beside use**")
    tables.show(rows.signal_rows(beside, zone), "Saturation, errors and rates of the week", height="content",
                csv=f"signals-week-{week}")  # fmt: skip
    st.caption("Ratios are sums over sums. iowait is waiting, not work, and stays out of CPU use; steal is in it.")

st.subheader("All days", anchor=False)
grid = st.grid(min_column_width=300, gap="medium", vertical_alignment="bottom")
for use in uses:
    with grid.cell():
        chart = draw.use(review, use.resource, view.ask(resources.hours, use.resource))
        charts.draw(chart, dark=view.dark, key=chart.id)

weeks.events(view)

own_promql.drawn(view)

st.subheader("Load against use", anchor=False)
grid = st.grid(min_column_width=300, gap="medium", vertical_alignment="bottom")
for found in view.ask(launch.assess):
    with grid.cell():
        chart = draw.scatter(found.fit, found.points, found.resource.unit)
        charts.draw(chart, dark=view.dark, key=chart.id)

st.caption("A knee is drawn only where it predicts days left out clearly better than the line does.")

st.subheader("Restarts", anchor=False)
restarts = rows.restart_rows(view.ask(releases.restarts), zone)
if restarts:
    tables.show(restarts, "Restarts seen as counter resets", height="content")
else:
    st.write("No counter went back to zero and no process start time moved: nothing restarted.")

for what, named in view.ask(detection.joined).items():
    if named:
        st.caption(f"{what} changed their name and are joined in time, never added up: {inert(named)}.")
with st.expander(inert(rows.family_sentence(families)), icon=":material/search:"):
    tables.show(rows.family_rows(families), "Metric families found and missing", height="content", csv="families")
