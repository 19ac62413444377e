"""Launch: what is left? Checklist with evidence, go/no-go criteria and waivers, incidents, scaling, word to testers."""

from __future__ import annotations

import streamlit as st

from data import settings as house
from kpis import closing, launch_checklist, priorities
from kpis.operations import incidents, launch
from kpis.operations import tables_resources as words
from pages.parts import frame, launch_forms, notes, tables
from pages.parts.text import inert

view = frame.view()
review, zone = view.review, view.review.programme.timezone
book = notes.store(view)
named, waivers = book.incident_names(), closing.waivers(book)
found, fits = view.ask(incidents.detect), view.ask(launch.scaling)
today = house.now(view.settings).astimezone(view.settings.zone).date()
points = launch_checklist.checklist(view.snapshot, review, book.entries(), named, found, fits, today)
wide = st.column_config.TextColumn

st.title(inert(launch_checklist.headline(points)), anchor=False)
tables.show(
    points, "Points before launch with their evidence", height="content", csv="launch-checklist",
    config={"Point": wide("Point", width=286)},
)  # fmt: skip

st.subheader("Go or no-go", anchor=False)
st.write(inert(review.verdict.sentence))
criteria = launch_checklist.criteria(view.snapshot, review, waivers)
if criteria:
    tables.show(criteria, "Criteria of the verdict", height="content")
else:
    st.write("No criterion is declared and no target is agreed: add `[[criteria]]` to the settings.")
if view.role == "manager":
    launch_forms.waive(view, book, waivers)

st.subheader("Incidents", anchor=False)
if found:
    detected = launch_checklist.incident_rows(found, named, zone)
    tables.show(launch_checklist.brief(detected), "Detected incidents", height="content")
    tables.download(detected, "incidents")
    if view.role == "manager":
        launch_forms.name_incident(view, book, found)
else:
    st.write("No detector fired.")

st.subheader("Scaling assessment", anchor=False)
st.write(inert(f"{words.scaling_sentence(fits).rstrip('.')}."))

st.subheader("Feature priorities", anchor=False)
features = view.ask(priorities.table)
if features:
    name = "Features in order, with every reason"
    shown = priorities.turned(features) if len(features) <= 4 else features
    widths = dict.fromkeys((k for k in shown[0] if k), 173) if shown is not features else None
    tables.show(shown, name, height="content", widths=widths, config={"": wide("", pinned=True, width=184)})
    tables.download(features, "feature-priorities")
    st.caption(inert(priorities.ORDER))
else:
    st.write("No feature is declared in the settings, so there is nothing to put in order.")

st.subheader(f"Word to testers about week {review.week}", anchor=False)
launch_forms.update(view, book)
