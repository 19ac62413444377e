"""Random event histories that crowd where mistakes live: midnights, week edges, clock changes, year ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.engagement.world import Event

# A zone and a day near a change of its clock, a year's end or week 53.
PLACES = [
    ("UTC", date(2020, 12, 24)),
    ("Europe/Berlin", date(2026, 3, 25)),
    ("Europe/Berlin", date(2026, 10, 20)),
    ("America/New_York", date(2026, 3, 4)),
    ("America/New_York", date(2026, 10, 29)),
    ("America/Sao_Paulo", date(2018, 10, 31)),  # midnight itself is skipped
    ("Asia/Kolkata", date(2026, 1, 28)),
    ("Australia/Lord_Howe", date(2026, 4, 1)),  # half an hour
    ("Asia/Tokyo", date(2026, 2, 25)),
]
NAMES = ["a", "b", "c"]
HOUR = 3_600_000_000
EDGES = [0, 1, HOUR - 1, HOUR, 12 * HOUR, 23 * HOUR, 24 * HOUR - 1]

places = st.sampled_from(PLACES)


@st.composite
def histories(draw, days: int = 12, users: int = 6, most: int = 40):
    """(zone, first day, events): events at and around edges of local and UTC hours and days."""
    zone, first = draw(places)
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, users - 1),
                st.sampled_from(NAMES),
                st.integers(0, days - 1),
                st.one_of(st.sampled_from(EDGES), st.integers(0, 25 * HOUR)),
                st.sampled_from(["x", "y"]),
            ),
            min_size=1,
            max_size=most,
        )
    )
    events = []
    for user, name, day, within, value in rows:
        at = first + timedelta(days=day)
        start = int(datetime(at.year, at.month, at.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000
        events.append(Event(f"u{user}", name, start + within, {"p": value}))
    return zone, first, events


@st.composite
def instants(draw, zone: str, first: date, days: int = 16) -> int:
    """An instant of the range: often a local midnight, else anywhere."""
    at = first + timedelta(days=draw(st.integers(1, days)))
    start = int(datetime(at.year, at.month, at.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000
    return start + draw(st.sampled_from([0, 0, 0, 1, 6 * HOUR, 18 * HOUR]))
