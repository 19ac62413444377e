"""What every page must say, what an empty page says, and the line at its foot."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from data.errors import BetaError, SettingsError, SnapshotError
from kpis.model import Review
from kpis.trust import freshness
from kpis.words import short_day
from pages.parts.text import inert, plain


def top(review: Review) -> None:
    """Demo label, failed refresh and stale sources, before anything else."""
    for notice in review.notices:
        if review.programme.demo and notice.lower().startswith("demo"):
            st.markdown(f":gray-badge[Demo] {inert(notice.split(':', 1)[-1].strip())}")
        else:
            st.warning(inert(notice), icon=":material/sync_problem:")


def programme(review: Review) -> None:
    """Whose beta this is, beside the list of pages."""
    about = review.programme
    st.sidebar.markdown(f"**{inert(about.name)}**")
    excluded = f", {about.excluded:,} left out" if about.excluded else ""
    st.sidebar.caption(
        f"{about.weeks} weeks from {short_day(about.launch)} {about.launch.year}  \n"
        f"{about.testers:,} testers{excluded}  \n{about.seats:,} seats"
    )


def blocked(error: BetaError) -> None:
    """A whole page that says why there are no numbers and which command mends it."""
    if isinstance(error, SettingsError):
        st.title("The settings file needs a correction")
    elif isinstance(error, SnapshotError):
        st.title("There are no numbers to show yet")
    else:
        st.title("This page could not be computed")
    sentence, command = _command(plain(error))
    st.error(inert(sentence), icon=":material/error:")
    if command:
        st.write("Run this, then reload the page:")
        st.code(command, language="bash", wrap_lines=True)


def _command(text: str) -> tuple[str, str]:
    """A sentence and the command between backticks in it."""
    before, _, rest = text.partition("`")
    command, _, after = rest.partition("`")
    return f"{before}{command}{after}", command


def failed(error: BetaError) -> None:
    """A part of a page that could not be shown; the rest goes on."""
    st.error(inert(error), icon=":material/error:")


def footer(review: Review) -> None:
    """Which numbers these are: snapshot, as of, zone, and how far the sources reach."""
    at = review.as_of.astimezone(ZoneInfo(review.programme.timezone))
    st.divider()
    st.caption(
        f"Snapshot {inert(review.snapshot_id)} · as of {short_day(at)} {at:%Y %H:%M} "
        f"{inert(review.programme.timezone)} · {inert(freshness(review))} · weeks start on launch day, "
        f"{short_day(review.programme.launch)} {review.programme.launch.year}"
    )
