"""Report: is the evaluation ready to leave the house, and the four files of it."""

from __future__ import annotations

import shlex

import streamlit as st

from kpis import trust
from pages.parts import downloads, frame
from pages.parts.text import inert

view = frame.view()
review = view.review
checks = trust.preflight(review)
open_points = [sentence for passed, sentence in checks if not passed]

st.title(
    f"Week {review.week}: {len(open_points)} of {len(checks)} checks need a word before this report is sent"
    if open_points else f"Week {review.week}: the report is ready to be sent", anchor=False,
)  # fmt: skip
st.markdown("  \n".join(f"{'●' if passed else '▲'} {inert(sentence)}" for passed, sentence in checks))

st.subheader("Files", anchor=False)
st.write("Each holds exactly the figures of these pages, computed once. They are written when you ask for them.")
downloads.buttons(view)

st.subheader("The same from the command line", anchor=False)
settings = shlex.quote(str(view.settings.file))
st.code(f"python -m kpis report --settings {settings} --week {review.week} --out out", language="bash", wrap_lines=True)
