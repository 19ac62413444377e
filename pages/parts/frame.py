"""What stands around every page: notices, the week picker, errors in words, the foot line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from data.errors import BetaError
from data.settings import Settings
from data.warehouse import Snapshot
from kpis.model import Review
from pages.parts import access, cached, filters, notices, turns

T = TypeVar("T")
TURNS = turns.Turns()


@dataclass(frozen=True)
class View:
    """What one rerun of a page shows."""

    settings: Settings
    snapshot: Snapshot
    review: Review
    role: access.Role
    dark: bool

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        return cached.rows(self.snapshot, query, self.role, **parameters)

    def ask(self, function: Callable[..., T], *arguments: object) -> T:
        """Answer of a function of kpis on this snapshot, kept until the next one."""
        return cached.computed(self.snapshot, function, *arguments)


def _whole_dashboard() -> None:
    """A link to a page on a server that has not shown anything yet would run that page's file alone, without
    dashboard.py around it: Streamlit looks into pages/ until st.navigation was called once. Call it off and run again.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def view() -> View:
    """The view of this rerun. Pages start with it; everything in it is cached."""
    _whole_dashboard()
    chosen = cached.settings()
    return View(
        settings=chosen,
        snapshot=cached.snapshot(chosen),
        review=cached.review(chosen, filters.chosen_week()),
        role=access.role(chosen),
        dark=st.context.theme.type == "dark",
    )


def run(page: Any) -> None:
    """Draw one page inside the frame, when it is its turn."""
    with TURNS.taken():
        _run(page)


def _run(page: Any) -> None:
    """An error that a person can act on becomes its sentence."""
    try:
        newest = cached.review(cached.settings(), None)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                filters.week(newest)
            with st.container(width="content"):
                notices.top(view().review)
        notices.programme(newest)
    except BetaError as error:
        notices.blocked(error)
        return
    try:
        page.run()
    except BetaError as error:
        notices.failed(error)
    notices.footer(view().review)
