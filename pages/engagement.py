"""Engagement: do testers come back, who, and which features bring them back?"""

from __future__ import annotations

import streamlit as st

from kpis.charts import engagement as draw
from kpis.engagement import findings, groups
from kpis.engagement import tables as rows
from kpis.engagement.active import active_days
from kpis.engagement.adoption import adoption
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle
from kpis.engagement.retention import RetentionOptions, retention
from pages.parts import charts, engagement, frame, weeks
from pages.parts.text import inert

view = frame.view()
review, week = view.review, view.review.week
top = st.container()
asked = engagement.choose(view)
scope, least = asked.scope, view.ask(groups.floor_of)

if view.ask(groups.too_small, scope):
    top.title(inert(f"Too few {findings.group(scope)} to be shown"), anchor=False)
    st.write(f"A group is shown from {least} testers on, and only if no smaller one can be worked out from it.")
    st.stop()

options = RetentionOptions(scope=scope, rule=asked.rule, intervals=15, min_cohort=least)
by_day = view.ask(retention, options)
top.title(inert(findings.headline(by_day)), anchor=False)
known = view.ask(groups.known_until, scope)
st.caption(inert(findings.about(scope, view.ask(groups.testers, scope), known)))
if not view.ask(groups.testers, scope):
    st.write("Retention begins with the first event of [engagement].active_events; none has been pulled for them yet.")
    st.stop()

if asked.period == "week":
    options = RetentionOptions(scope=scope, period="week", rule=asked.rule, min_cohort=least)
left, right = st.columns(2, gap="medium") if asked.period == "week" else (st.container(), st.container())
with left:
    engagement.triangle(view, options, least)
with right:
    found = view.ask(groups.curves, scope, asked.rule)
    charts.draw(draw.curves(found), dark=view.dark, key="curves")
    engagement.foot(
        "By days after the first active one, pooled over daily cohorts; bands: Wilson 95 %.",
        rows.curve_rows(found),
        "retention-curves",
    )
st.caption(inert(findings.beside_scorecard(review)))

days = view.ask(active_days, scope)
charts.draw(draw.active(review, days), dark=view.dark, key="active")
engagement.foot(
    "Complete days. Band: lowest to highest of the seven days before. Numbers: events of the programme.",
    rows.day_rows(days),
    "active-testers",
)
weeks.events(view)

left, right = st.columns(2, gap="medium")
with left:
    by_week = view.ask(lifecycle, LifecycleOptions(scope=scope, period="week"))
    charts.draw(draw.lifecycle(by_week), dark=view.dark, key="lifecycle")
    engagement.foot(
        "Weeks by their first day. Active = new + returning + resurrecting; dormant: active the week before.",
        rows.lifecycle_rows(by_week),
        "lifecycle",
    )
with right:
    sticky = view.ask(rows.stickiness_week, scope, week)
    charts.draw(draw.stickiness(sticky, week), dark=view.dark, key="stickiness")
    engagement.foot(
        f"Testers active in week {week} by the number of their active days.",
        rows.stickiness_rows(sticky),
        f"stickiness-week-{week}",
    )

used = view.ask(adoption, scope)
st.subheader(inert(findings.adoption(used)), anchor=False)
engagement.features(used, least)
engagement.funnel(view, scope)
engagement.sessions(view, scope)
engagement.exposure(view, scope, least)
engagement.comparison(view, scope, least)
if view.role == "manager":
    engagement.silent(view, scope, known)
