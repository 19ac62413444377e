"""Data health: may the numbers be believed? Sources, days, gaps, rejected rows, and what follows from each."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from kpis import trust
from kpis.charts import build
from pages.parts import charts, frame, tables
from pages.parts.text import inert

view = frame.view()
review = view.review
zone = ZoneInfo(review.programme.timezone)
wrong = [h for h in review.health if not h.ok]

st.title(
    f"{len(wrong)} of {len(review.health)} sources have a problem" if wrong else "Every source answered", anchor=False
)
consequences = trust.consequences(review)
st.markdown("\n".join(f"- {inert(c)}" for c in consequences) or "Nothing limits the numbers of this snapshot.")

st.subheader("Sources", anchor=False)
if review.health:
    wide = st.column_config.TextColumn("What it says", width=360)
    tables.show(trust.sources(review), "State of every source item", config={"What it says": wide}, height="content")
else:
    st.write("The settings name no source that was read yet. Run `python -m data refresh`.")

st.subheader("Source by day", anchor=False)
days = view.rows("pages/source_days")
if days:
    charts.draw(build.source_days(days), dark=view.dark, key="source-days")
    st.caption("Blue: the source has told about the whole day. Orange: about part of it or nothing. Empty: not asked.")
else:
    st.write("No day was read from any source yet. Run `python -m data refresh`.")

st.subheader("Gaps", anchor=False)
for gap in review.gaps:
    period = f"{gap.start.astimezone(zone):%d %b %H:%M} to {gap.end.astimezone(zone):%d %b %H:%M}"
    st.markdown(f"- **{inert(gap.source)} {inert(gap.item)}**, {period}: {inert(gap.words)}")
if not review.gaps:
    st.write("No interruption of any source.")

st.subheader("Where every row went", anchor=False)
tables.show(trust.conservation(review), "Rows read, accepted and left out by source item", height="content")
rejected = view.rows("pages/quarantine")
if rejected:
    tables.show(rejected, "Rejected rows by reason", height="content")
else:
    st.write("No row was rejected.")

st.subheader("Left out on purpose", anchor=False)
for effect in review.exclusion_effects or ("Nobody is excluded.",):
    st.markdown(f"- {inert(effect)}")
