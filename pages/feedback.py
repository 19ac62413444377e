"""Feedback: what hurts testers, and do they hear back? Topics and counts for all; texts for managers, never names."""

from __future__ import annotations

import streamlit as st

from kpis import feedback, status_update
from kpis.charts import build
from pages.parts import charts, frame, notes, tables
from pages.parts.text import inert

view = frame.view()
review = view.review
zone = review.programme.timezone

st.title(inert(feedback.headline(review)), anchor=False)
told = [e for e in notes.store(view).entries() if e["kind"] == "said_done"]
answers = [e for e in told if not status_update.personal(e["text"])]
st.write(inert(view.ask(feedback.loop_sentence, len(answers))))

st.subheader("Weeks", anchor=False)
weeks = feedback.weeks(view.snapshot, review)
if weeks:
    tables.show(weeks, "Satisfaction and bugs by week", csv="feedback-weeks", height="content")
    st.caption(
        "Satisfied: ratings 4 and 5 of all ratings given. "
        "Time to fix: the median, in which open bugs count as not fixed yet."
    )
else:
    st.write("No programme week has begun yet.")
left, right = st.columns(2)
for column, kpi in ((left, "csat"), (right, "time_to_resolve")):
    with column:
        charts.draw(build.seven_four(review, kpi), dark=view.dark, key=f"weeks-{kpi}")

st.subheader("Open bugs by severity and age", anchor=False)
bugs = view.ask(feedback.open_bugs)
if bugs:
    tables.show(bugs, "Open bugs by severity and age", csv="open-bugs", height="content")
else:
    st.write("No bug has been reported.")

st.subheader("What testers ask for", anchor=False)
topics, rest = view.ask(feedback.topics)
if topics:
    tables.show(
        topics, "Requests by topic, with items, authors and how many are shipped", csv="requests", height="content"
    )
st.write(inert(rest))

st.subheader("Said, taken up, shipped, told", anchor=False)
loop = view.ask(feedback.loop)
if loop:
    tables.show(loop, "The loop by type of feedback", height="content")
for answer in answers[-5:]:
    st.markdown(f"- week {answer['week']}: {inert(answer['text'])}")
if not answers:
    st.write("Nothing has been told to testers yet: write “You said, we did” on the Week review page.")

if view.role == "manager":
    st.subheader(f"Items of week {review.week}", anchor=False)
    items = view.ask(feedback.items, review.week, zone)
    if items:
        st.caption("Authors are left out, but a text may tell who wrote it: for the manager role only.")
        wide = {"Text": st.column_config.TextColumn("Text", width=420)}
        tables.show(
            items, "Feedback items of the week without their authors", config=wide, csv="feedback-items", height=330
        )
    else:
        st.write("No item was written in this week.")
