"""Data health: may the numbers be believed? Sources, days, gaps, rejected rows, and what follows from each."""

from __future__ import annotations

import streamlit as st

from kpis import rejections, trust
from kpis.charts import build
from pages.parts import charts, frame, tables
from pages.parts.text import inert

view = frame.view()
review = view.review
sources = trust.sources(review)
wrong = [s for s in sources if s["State"].startswith("▲")]
said = {
    "Reaches": st.column_config.TextColumn("Reaches", width=105),
    "What it says": st.column_config.TextColumn("What it says", width=330),
}

st.title(f"{len(wrong)} of {len(sources)} sources have a problem" if wrong else "Every source answered", anchor=False)
consequences = trust.consequences(review)
st.markdown("\n".join(f"- {inert(c)}" for c in consequences) or "Nothing limits the numbers of this snapshot.")

st.subheader("Sources", anchor=False)
if sources:
    tables.show(sources, "State of every source", config=said, height="content")
    with st.expander(f"{len(review.health)} source items"):
        tables.show(trust.items(review), "State of every source item", config=said, csv="source-items")
    for warning in (warnings := trust.warnings(review))[:3]:
        st.caption(inert(warning))
    if len(warnings) > 3:
        with st.expander(f"{len(warnings) - 3} more remarks"):
            st.markdown("\n".join(f"- {inert(w)}" for w in warnings[3:]))
else:
    st.write("No source was read yet. Run `python -m data refresh`.")

st.subheader("Source by day", anchor=False)
days = view.rows("pages/source_days")
if days:
    charts.draw(build.source_days(days), dark=view.dark, key="source-days")
    st.caption("Blue: the source has told about at least 95 % of the day. Orange: about less. Empty: not asked.")
else:
    st.write("No day was read from any source yet. Run `python -m data refresh`.")

st.subheader("Gaps", anchor=False)
for gap in review.gaps:
    st.markdown(f"- {inert(gap.words)}")
if not review.gaps:
    st.write("No interruption of any source.")

st.subheader("Where every row went", anchor=False)
if review.health:
    tables.show(trust.conservation(review), "Rows read, accepted and left out by source", height="content")
    with st.expander("By source item"):
        tables.show(trust.conservation(review, by_item=True), "Rows by source item", csv="rows-by-item")
rejected = [{**r, "Reason": rejections.words(r["Reason"])} for r in view.rows("pages/quarantine")]
if rejected:
    tables.show(rejected, "Rejected rows by reason", csv="rejected-rows")
else:
    st.write("No row was rejected.")

st.subheader("Left out on purpose", anchor=False)
for effect in review.exclusion_effects or ("Nobody is excluded.",):
    st.markdown(f"- {inert(effect)}")
