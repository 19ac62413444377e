"""Bottlenecks: where is testers' time lost, since which release, and what moved with it?"""

from __future__ import annotations

import streamlit as st

from kpis.charts import traffic as draw
from kpis.operations import apdex, findings, routes, shifts
from kpis.operations import tables_releases as texts
from kpis.operations import tables_routes as rows
from pages.parts import charts, frame, releases, tables, weeks
from pages.parts import routes as of_week
from pages.parts.text import inert

view = frame.view()
review, week = view.review, view.review.week
ranges = view.ask(routes.weeks)
target = review.value("latency_p95").target or 0.2
found = view.ask(routes.table, ranges[week], ranges.get(week - 1), target)

if not found:
    st.title(inert(findings.bottleneck(None, None, week)), anchor=False)
    st.write("Scrape a request histogram (http_request_duration_seconds) to see where time goes.")
    st.stop()

worst = found[0]
until = next(w.end for w in review.weeks if w.week == week)
since = view.ask(shifts.slower_since, worst.route, review.markers, until)
latest = view.ask(shifts.latest, worst.route, review.markers, until)
st.title(inert(findings.bottleneck(worst, since, week, latest)), anchor=False)

of_week.ranked(view, found, target)
of_week.grown(view, ranges)

st.subheader("All requests", anchor=False)
days = view.ask(shifts.days)
left, right = st.columns(2)
with left:
    daily = draw.quantile_days(review, view.ask(routes.quantile_days, tuple(days[0])), days, target)
    charts.draw(daily, dark=view.dark, key="quantile-days")
with right:
    heat = draw.heatmap(view.ask(routes.latency_hours), review, "Share of requests by duration")
    charts.draw(heat, dark=view.dark, key="heatmap")
weeks.events(view)
st.caption(inert(texts.apdex_sentence(view.ask(apdex.apdex, ranges[week], target), target, week)))

st.subheader("One route", anchor=False)

route = st.selectbox("Route", [r.route for r in found], key="route", bind="query-params")
shift = view.ask(shifts.latest, route, review.markers, until)
st.markdown(f"**{inert(findings.route(route, shift))}**")
means = view.ask(shifts.route_means).get(route, {})
line = draw.route_days(review, route, means, days, findings.route(route, shift))
charts.draw(line, dark=view.dark, key="route-days", title=False)

if shift is not None:
    day, span = view.ask(shifts.edges, route, shift.step)
    st.markdown("**All routes before and after that day**")
    tables.show(rows.shift_rows(view.ask(routes.shifts, day, span)), "Routes before and after", height="content")
    st.markdown("**Resources before and after that day**")
    tables.show(rows.mover_rows(view.ask(shifts.movers, day, span)), "Resources before and after", height="content")
    st.caption("What moved together is an association, not a cause. The day of the shift itself is on neither side.")
st.page_link("pages/resources.py", label="Resources: will it hold at launch?", query_params={"week": str(week)})

with st.expander("PromQL of this route, to paste into Grafana", icon=":material/code:"):
    for name, expression in view.ask(findings.promql, route).items():
        st.caption(name)
        st.code(expression, language="promql", wrap_lines=True)

releases.before_and_after(view)

st.subheader("Every dated shift", anchor=False)
dated = view.ask(shifts.find, review.markers)
if dated:
    tables.show(rows.step_rows(dated), "Change points of routes and resources", csv="shifts", height="content")
else:
    st.write("No daily series shifted beyond its noise.")
