"""What pages keep, and the only st.cache_* of the product. Keys: snapshot file, week, role, problems of the last
refresh, closings.

Answers and reviews stand on shelves of their own: asking st.cache_resource takes half a millisecond, a page asks for
thirty of them, and what it keeps of an older snapshot stays until it is crowded out.

A newer snapshot has another file name, so the next rerun finds it without a restart; the folder is looked at on
every rerun, which costs a few microseconds. It is shown when it has answered what the one before was asked
(pages/parts/warm.py). The one before is let go of then, and closes by itself when the last page that reads it is
done: two are open at a time only while the newer is made ready.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from data import settings as house
from data import status, warehouse
from data.programme import ProgrammeStore
from data.settings import Settings
from data.warehouse import Snapshot
from kpis import closing, held
from kpis.held import Held
from kpis.model import Review
from pages.parts import warm

T = TypeVar("T")
ASKED = warm.Asked()
REVIEWS: Held[Review] = Held(most=24)
ANSWERS: Held[Any] = Held(most=256)
WARMERS: dict[Path, warm.Warmer] = {}  # by storage
# A snapshot is made ready outside of any page's run, which Streamlit would warn of at every refresh.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)


def settings() -> Settings:
    """Settings of this dashboard (BETA_SETTINGS or beta.toml), read again when the file changes."""
    file = house.find(None)
    return _settings(str(file), file.stat().st_mtime_ns if file.is_file() else 0)


@st.cache_resource(show_spinner=False, max_entries=2)
def _settings(file: str, changed_ns: int) -> Settings:
    return house.load(file)


def snapshot(chosen: Settings) -> Snapshot:
    """The newest snapshot that is ready. Raises SnapshotError, with the command that mends it, when there is none."""
    files = warehouse.snapshot_files(chosen)
    if not files:
        return warehouse.latest(chosen)
    warmer = WARMERS.setdefault(chosen.storage, warm.Warmer(ASKED, lambda file: _snapshot(str(file)), _let_go))
    return _snapshot(str(warmer.choose(files)))


def _let_go(file: Path) -> None:
    """A tab left open may show the snapshot for days, which keeps it open; what is made of it is dropped now."""
    held.forget(_snapshot(str(file)))
    _snapshot.clear(str(file))


@st.cache_resource(show_spinner="Opening the newest snapshot", max_entries=2)  # not closed on release: others read it
def _snapshot(file: str) -> Snapshot:
    return Snapshot.open(Path(file))


def review(chosen: Settings, week: int | None) -> Review:
    """The review of a week from the newest snapshot, closed weeks as they were closed; None = the newest week begun."""
    found = snapshot(chosen)
    ASKED.note(found.id, ("review", week), lambda other: _review_of(other, settings(), week))
    return _review_of(found, chosen, week)


def _review_of(found: Snapshot, chosen: Settings, week: int | None) -> Review:
    store, problems = ProgrammeStore(chosen.storage), status.read(chosen).problems
    key = week, problems, store.stamp()
    return _kept(REVIEWS, found, key, "Computing the review", lambda: closing.build(found, store, week, problems))


def _kept(shelf: Held[T], found: Snapshot, key: Hashable, words: str, make: Callable[[], T]) -> T:
    """A value from a shelf; `words` are shown while it is made."""

    def shown() -> T:
        with st.spinner(words):
            return make()

    return shelf.get(found, key, shown)


def rows(found: Snapshot, query: str, role: str, **parameters: Any) -> list[dict[str, Any]]:
    """Rows of a query on one snapshot, kept apart by role."""
    asked = query, role, tuple(sorted(parameters.items()))
    ASKED.note(found.id, asked, lambda other: _rows(other.id, *asked, other))
    return _rows(found.id, *asked, found)


@st.cache_data(show_spinner=False, max_entries=128)
def _rows(
    snapshot_id: str, query: str, role: str, parameters: tuple[tuple[str, Any], ...], _snapshot: Snapshot
) -> list[dict[str, Any]]:
    return _snapshot.rows(query, **dict(parameters))


def computed(found: Snapshot, function: Callable[..., T], *arguments: object) -> T:
    """What a function of kpis makes of one snapshot. Arguments are told apart by their repr: plain or frozen values."""
    asked = f"{function.__module__}.{function.__qualname__}", repr(arguments)

    def ask(other: Snapshot) -> T:
        return _kept(ANSWERS, other, asked, "Computing", lambda: function(other, *arguments))

    ASKED.note(found.id, asked, ask)
    return ask(found)
