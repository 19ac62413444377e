"""Week review: what happened in each week, answered by evidence, and the weeks as one line of 28 days."""

from __future__ import annotations

import streamlit as st

from kpis import scorecard
from kpis.charts import build
from kpis.model import State
from pages.parts import charts, closing, frame, notes, tables, weeks
from pages.parts.text import inert

MULTIPLES = (
    *scorecard.HEADLINE,
    "dau",
    "error_free_testers",
    "cpu_busy",
    "memory_used",
    "db_connections_used",
    "time_to_resolve",
)

view = frame.view()
review = view.review
chosen = next(w for w in review.weeks if w.week == review.week)

st.title(inert(chosen.headline), anchor=False)

grid = st.grid(min_column_width=200, gap="small", border=True)
for week in review.weeks:
    with grid.cell():
        closed = any(c.week == week.week for c in review.closed)
        weeks.column(week, chosen=week.week == review.week, closed=closed)

notes.draw(view)
closing.draw(view)

st.subheader("28 days", anchor=False)
weeks.events(view)
known = {k.id for k in review.kpis}
grid = st.grid(min_column_width=270, gap="medium", vertical_alignment="bottom")
for kpi_id in (k for k in MULTIPLES if k in known):
    with grid.cell():
        charts.draw(build.days(review, kpi_id), dark=view.dark, key=f"days-{kpi_id}")

st.subheader("Two weeks side by side", anchor=False)
begun = [w.week for w in review.weeks if w.state is not State.FUTURE]
if len(begun) < 2:
    st.write("One week has begun; there is nothing to compare it with yet.")
else:
    left, right = st.columns(2, wrap=False)
    one = left.selectbox("First", begun, index=max(begun.index(review.week) - 1, 0), format_func="Week {}".format)
    other = right.selectbox("Second", begun, index=begun.index(review.week), format_func="Week {}".format)
    if one == other:
        st.write("Choose two different weeks.")
    else:
        widths = {"W{0}": 76, "W{0} status": 116}
        tables.show(
            scorecard.compare(review, one, other), f"Week {one} beside week {other}", height="content",
            widths={name.format(week): size for name, size in widths.items() for week in (one, other)},
            config={"KPI": st.column_config.TextColumn("KPI", pinned=True, width=218)},
        )  # fmt: skip
