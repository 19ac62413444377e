"""Before and after each release, on the Bottlenecks page."""

from __future__ import annotations

import streamlit as st

from kpis.operations import release_effects
from kpis.operations import tables_releases as texts
from kpis.operations import tables_routes as rows
from pages.parts import tables
from pages.parts.frame import View
from pages.parts.text import inert, plain


def before_and_after(view: View) -> None:
    """Table of all releases, and all routes of the chosen one."""
    zone = view.review.programme.timezone
    found = view.ask(release_effects.effects)
    st.subheader("Before and after each release", anchor=False)
    if not found:
        st.write(
            "No release inside the programme is known. Declare them as [[releases]] in the settings, or scrape a "
            "build_info metric with a version label: new versions are then found by themselves."
        )
        return
    tables.show(
        texts.effect_rows(found, zone), "Releases with all requests before and after", csv="releases",
        widths=texts.EFFECT_WIDTHS, height="content",
    )  # fmt: skip
    st.caption(
        "Up to seven days on either side, cut at the neighbouring releases; the release's own day is on neither side. "
        "What changed with a release is an association: the load and incidents of those days are in it too."
    )
    names = [texts.name(e) for e in found]
    newest = max((i for i, e in enumerate(found) if e.routes), default=0)
    place = st.selectbox("Release", range(len(found)), newest, format_func=lambda i: plain(names[i]), key="release")
    st.markdown(f"**{inert(texts.effect_sentence(found[place], zone))}**")
    if found[place].routes:
        tables.show(rows.shift_rows(found[place].routes), f"All routes before and after {names[place]}",
                    height="content")  # fmt: skip
