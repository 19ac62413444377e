"""First and last event of some testers, read from the first and the last days only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data.warehouse import Snapshot
from kpis.engagement.activity import MOST_GROUPS
from kpis.held import Held

Bounds = tuple[int | None, int | None]
BOUNDS: Held[Bounds] = Held(most=MOST_GROUPS)


def bounds(snapshot: Snapshot, people: Mapping[str, Any]) -> Bounds:
    """Instants (us) of the first and the last event of the testers that `people`, query parameters of a scope, names.

    None where they have no event. Kept with the snapshot.
    """
    return BOUNDS.get(snapshot, tuple(people.values()), lambda: _read(snapshot, people))


def _read(snapshot: Snapshot, people: Mapping[str, Any]) -> Bounds:
    """Days stand in the order of time, so that the first of them with an event has the first event."""
    span = snapshot.row("engagement/span")
    if span["first_day_n"] is None:
        return None, None
    first, end = span["first_day_n"], span["last_day_n"] + 1

    def seen(ranges: Iterator[tuple[int, int]], name: str) -> int | None:
        rows = (snapshot.row("engagement/bounds", **people, first_day=low, end_day=high) for low, high in ranges)
        return next((row[name] for row in rows if row[name] is not None), None)

    begun = seen(_growing(first, end), "first_us")
    if begun is None:
        return None, None
    return begun, seen(((first + end - high, first + end - low) for low, high in _growing(first, end)), "last_us")


def _growing(first: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of a range, each twice as long as the one before: of a group without events all days are read once."""
    length = 1
    while first < end:
        yield first, min(first + length, end)
        first, length = first + length, 2 * length
