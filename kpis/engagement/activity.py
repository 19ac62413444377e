"""The days on which each tester was active, as bits: what most engagement questions ask, held once per snapshot.

One row a day, one bit a tester. Testers stand in the order of their first day, each first day at a word of its own, so
that the testers who began on some days are a range of words. 500,000 testers over 181 days are 11 MB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from data.warehouse import Snapshot
from kpis.held import Held

WORD = 64  # bits
MOST_BYTES = 256 << 20  # of one matrix; a larger one is not held and its questions go to the facts
CHUNK = 1 << 18  # tester-days looked at together
MOST_GROUPS = 16  # of filters kept
NEVER = np.iinfo(np.int64).max
Words = np.ndarray  # uint64


def count(words: Words) -> int:
    """Testers whose bit is set."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


def counts(rows: Words) -> np.ndarray:
    """Testers whose bit is set, by row."""
    return np.bitwise_count(rows).sum(axis=1, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Group:
    """The testers of a filter, as bits and as rows of the testers (None = all)."""

    words: Words
    whole: bool
    _testers: Mapping[str, np.ndarray]
    _chosen: np.ndarray | None

    @property
    def rows(self) -> np.ndarray | slice:
        """Which of the testers they are."""
        return slice(None) if self._chosen is None else self._chosen

    def _column(self, name: str) -> np.ndarray:
        return self._testers[name][self.rows]

    @cached_property
    def _accepted(self) -> tuple[np.ndarray, np.ndarray]:
        accepted, active = self._column("accepted_us"), self._column("first_active_us")
        return np.sort(accepted), np.sort(np.maximum(accepted, active))

    def never_active(self, ends: Sequence[int]) -> list[int]:
        """By each instant: testers that had accepted before it and had not been active before it."""
        accepted, woken = self._accepted
        before = np.asarray(ends, np.int64)
        return (np.searchsorted(accepted, before) - np.searchsorted(woken, before)).tolist()


@dataclass(frozen=True, eq=False)
class Activity:
    """days: one row of bits a local day, from day number `first_day` on; not to be written to.

    edges[i]: first word of the testers whose first day is `first_day + i`, with the end of the last ones. place: bit of
    each tester, -1 for those never active.
    """

    first_day: int
    days: Words
    edges: np.ndarray
    place: np.ndarray
    keys: np.ndarray  # tester keys, ascending
    testers: Mapping[str, np.ndarray]  # columns by tester, NEVER where there is none
    labels: Mapping[str, tuple[np.ndarray, tuple[str, ...]]]  # wave, platform: place by tester, from 1, and the names
    _groups: dict[tuple[str | None, str | None], Group] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Memory held, without the filters."""
        arrays = (
            self.days,
            self.edges,
            self.place,
            self.keys,
            *self.testers.values(),
            *(c for c, _ in self.labels.values()),
        )
        return sum(array.nbytes for array in arrays)

    def group(self, people: Mapping[str, Any]) -> Group:
        """The testers of a wave, a platform, both or neither (query parameters of a scope)."""
        key = (people["wave"], people["platform"])
        found = self._groups.get(key)
        if found is None:
            found = self._group({"wave": key[0], "platform": key[1]})
            if len(self._groups) >= MOST_GROUPS:
                self._groups.clear()
            self._groups[key] = found
        return found

    def _group(self, wanted: Mapping[str, str | None]) -> Group:
        chosen: np.ndarray | None = None
        for name, label in wanted.items():
            if label is not None:
                codes, names = self.labels[name]
                fits = codes == (names.index(label) + 1 if label in names else -1)
                chosen = fits if chosen is None else chosen & fits
        places = self.place if chosen is None else self.place[chosen]
        bits = np.zeros(self.days.shape[1] * WORD, bool)
        bits[places[places >= 0]] = True
        words = np.packbits(bits, bitorder="little").view(np.uint64)
        return Group(words, chosen is None, self.testers, chosen)

    def rows(self, keys: np.ndarray) -> np.ndarray:
        """Number of each tester key among the testers; -1 for those that do not count."""
        known = (keys >= 0) & (keys < len(self._row_of))
        return np.where(known, self._row_of[np.where(known, keys, 0)], -1)

    @cached_property
    def _row_of(self) -> np.ndarray:
        found = np.full(int(self.keys.max(initial=0)) + 1, -1, np.int32)
        found[self.keys] = np.arange(len(self.keys))
        return found

    def active_on(self, rows: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Whether each of some testers, given by row, was active on a day of their own."""
        place, row = self.place[rows], days - self.first_day
        there = (place >= 0) & (row >= 0) & (row < len(self.days))
        byte, bit = place[there] // 8, (place[there] % 8).astype(np.uint8)
        active = np.zeros(len(rows), bool)
        active[there] = self.days.view(np.uint8)[row[there], byte] >> bit & 1
        return active

    def periods(self, edges: Sequence[int], group: Group) -> Words:
        """Bits of the group by period: active on a day of it. edges: day numbers, one more than periods."""
        low, high = self.first_day, self.first_day + len(self.days)
        daily = len(edges) > 1 and all(b - a == 1 for a, b in pairwise(edges))
        if daily and low <= edges[0] and edges[-1] <= high:
            found = self.days[edges[0] - low : edges[-1] - low]
            return found if group.whole else found & group.words
        found = np.zeros((len(edges) - 1, self.days.shape[1]), np.uint64)
        for number, (first, after) in enumerate(pairwise(edges)):
            part = self.days[max(first - low, 0) : max(min(after, high) - low, 0)]
            if len(part):
                np.bitwise_or.reduce(part, axis=0, out=found[number])
        if not group.whole:
            found &= group.words
        return found

    def began(self, first: int, after: int) -> slice:
        """Words of the testers whose first day is in a half-open range of day numbers."""
        last = len(self.edges) - 1
        return slice(
            int(self.edges[min(max(first - self.first_day, 0), last)]),
            int(self.edges[min(max(after - self.first_day, 0), last)]),
        )


ACTIVITIES: Held[Activity | None] = Held(most=2)  # of the active list, and of any event


def activity(snapshot: Snapshot, event: str | None = None) -> Activity | None:
    """Active days of a snapshot's testers, read at the first question and kept as long as the snapshot is.

    event: None = the active list, "*" = any event. None when the bits would be more than MOST_BYTES.
    """
    return ACTIVITIES.get(snapshot, event, lambda: _read(snapshot, event))


def _read(snapshot: Snapshot, event: str | None) -> Activity | None:
    roster_only = snapshot.meta.get("roster", "roster") == "roster"
    names = {key: value or [] for key, value in snapshot.row("engagement/groups").items()}
    table = snapshot.arrays("engagement/testers", roster_only=roster_only, act_event=event, never=NEVER, **names)
    keys, first = table["tester_key"], table["first_day_n"]
    seen = np.flatnonzero(first >= 0)
    low, high = _span(snapshot, first[seen])
    began = np.bincount(first[seen] - low, minlength=high - low)
    edges = np.concatenate([[0], np.cumsum(-(-began // WORD))])
    if (high - low) * int(edges[-1]) * 8 > MOST_BYTES:
        return None
    order = seen[np.argsort(first[seen], kind="stable")]
    place = np.full(len(keys), -1, np.int32)
    before = np.concatenate([[0], np.cumsum(began)])[first[order] - low]
    place[order] = edges[first[order] - low] * WORD + np.arange(len(order)) - before
    testers = {name: table[name] for name in ("accepted_us", "first_active_us", "first_active_day_n")}
    labels = {name: (table[name], tuple(names[f"{name}s"])) for name in ("wave", "platform")}
    bits = np.zeros((high - low, int(edges[-1])), np.uint64)
    found = Activity(low, bits, edges, place, keys, testers, labels)
    _fill(snapshot, event, found)
    return found


def _span(snapshot: Snapshot, firsts: np.ndarray) -> tuple[int, int]:
    """The first day with an event or a beginning, and the day after the last one; twice 0 where nobody began."""
    if not len(firsts):
        return 0, 0
    known = snapshot.row("engagement/span")
    first, last = int(firsts.min()), int(firsts.max())
    return min(first, known["first_day_n"] or first), max(last, known["last_day_n"] or last) + 1


def _fill(snapshot: Snapshot, event: str | None, found: Activity) -> None:
    """Set the bits. Byte by byte, so that the order of bytes in a word does not matter."""
    flat, width = found.days.reshape(-1).view(np.uint8), found.days.shape[1] * 8
    for part in snapshot.batches("engagement/visits", CHUNK, act_event=event):
        row, day = found.rows(part["tester_key"]), part["day_n"]
        known = np.flatnonzero(row >= 0)
        place = found.place[row[known]].astype(np.int64)
        began = place >= 0
        place, day = place[began], day[known[began]].astype(np.int64)
        byte = (day - found.first_day) * width + (place >> 3)
        np.bitwise_or.at(flat, byte, np.left_shift(np.uint8(1), (place & 7).astype(np.uint8)))
