"""Reliability: is the error rate really changing, who met the errors, what is left of the budget?"""

from __future__ import annotations

import streamlit as st

from kpis.charts import traffic as draw
from kpis.operations import findings, incidents, reliability, routes, stories, suspects
from kpis.operations import tables_errors as rows
from kpis.operations import tables_releases as texts
from pages.parts import charts, errors, frame, tables, weeks
from pages.parts.text import inert

view = frame.view()
zone = view.review.programme.timezone
review, week = view.review, view.review.week
span = view.ask(routes.weeks)[week]
behaviour, found = view.ask(reliability.behaviour), view.ask(stories.stories)

st.title(inert(findings.reliability(behaviour, found)), anchor=False)
charts.draw(draw.behaviour(review, behaviour), dark=view.dark, key="xmr", title=False)
st.caption("Limits of routine variation: mean ± 2.66 × mean moving range; days with a cause of their own left out.")
weeks.events(view)

st.subheader("Incidents found in the data", anchor=False)
if found:
    for story, line in list(zip(found, texts.story_lines(found, zone), strict=True))[:8]:
        moved = texts.suspect_words(view.ask(suspects.suspects, story.start_us, story.end_us))
        st.markdown(f"- {inert(line)} {inert(moved)}")
    st.caption("What moved together is an association, not a cause: a median against the 72 hours before, in their "
               "interquartile ranges.")  # fmt: skip
    with st.expander("Every detector on its own"):
        tables.show(rows.incident_rows(view.ask(incidents.detect), zone), "Detectors that fired", csv="incidents")
    st.page_link("pages/launch.py", label="Launch: confirm, name and classify them")
else:
    st.write("No detector fired: errors, latency, connections, cache and resources stayed under their alerts.")

left, right = st.columns(2)
with left:
    st.subheader("Error budget", anchor=False)
    spent = view.ask(reliability.spent)
    if spent is None:
        st.write("No request counter with a status label was scraped, so nothing is known of the budget.")
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

errors.of_a_period(view, behaviour.signals)
