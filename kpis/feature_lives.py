"""What testers did with each feature in their own first week, and on days with an error: one pass over tester-days.

feature_retention and feature_errors in queries/programme say what is meant and are asked where there are no bits; the
tests ask both and compare. Counted in numpy by bytes of the masks, the pass takes half as long as the two queries do at
100 M events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.warehouse import Snapshot
from kpis.engagement.activity import CHUNK, NEVER, Activity, activity
from kpis.engagement.adoption import days_of
from kpis.engagement.scope import EVERYBODY, resolve
from kpis.engagement.uses import Tally, by_bit, keep
from kpis.held import Held

FIRST_WEEK, SECOND_WEEK = 7, 14  # days of a tester's own life
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Lives:
    """By tester, in the order of the activity's: features used in the first seven days with the last event of these,
    whether any of the first fourteen has a row; features used on programme days, and on those with an error.

    days, failed: programme days of use, and those with an error, by bit of the feature.
    """

    used: np.ndarray
    until_us: np.ndarray
    seen: np.ndarray
    touched: np.ndarray
    harmed: np.ndarray
    days: np.ndarray
    failed: np.ndarray


TOLD: Held[tuple[Rows, Rows]] = Held(most=1)


def retention(snapshot: Snapshot) -> Rows:
    """Rows of programme/feature_retention by feature."""
    return _told(snapshot)[0]


def errors(snapshot: Snapshot) -> Rows:
    """Rows of programme/feature_errors by feature."""
    return _told(snapshot)[1]


def _told(snapshot: Snapshot) -> tuple[Rows, Rows]:
    return TOLD.get(snapshot, "", lambda: _tell(snapshot))


def _tell(snapshot: Snapshot) -> tuple[Rows, Rows]:
    found = activity(snapshot)
    if found is None:
        back, harm = (snapshot.rows(f"programme/feature_{name}") for name in ("retention", "errors"))
        return {r["feature"]: r for r in back}, {r["feature"]: r for r in harm}
    lives, features = _read(snapshot, found), snapshot.rows("engagement/features")
    return _retention(snapshot, found, lives, features), _errors(lives, features)


def _retention(snapshot: Snapshot, found: Activity, lives: Lives, features: Sequence[dict]) -> Rows:
    known = snapshot.row("programme/days_over")
    began = found.testers["first_active_day_n"]
    if known["first_day"] is None or known["end_day"] is None:
        counted = np.zeros(0, np.int64)
    else:
        inside = (began >= known["first_day"]) & (began < known["end_day"] - SECOND_WEEK + 1)
        counted = np.flatnonzero(inside & lives.seen)
    back = np.zeros(len(counted), bool)
    for offset in range(FIRST_WEEK, SECOND_WEEK):
        back |= found.active_on(counted, began[counted] + offset)
    may = _may(snapshot, found, features, lives.until_us)[counted]
    used = lives.used[counted] & may
    columns = {
        "adopters": by_bit(used), "adopters_back": by_bit(used[back]),
        "others": by_bit(may & ~used), "others_back": by_bit((may & ~used)[back]),
    }  # fmt: skip
    return _by_feature(features, columns)


def _errors(lives: Lives, features: Sequence[dict]) -> Rows:
    columns = {
        "days_used": lives.days, "days_with_errors": lives.failed,
        "users": by_bit(lives.touched), "users_with_errors": by_bit(lives.harmed),
    }  # fmt: skip
    return _by_feature(features, columns)


def _by_feature(features: Sequence[dict], columns: dict[str, np.ndarray]) -> Rows:
    places = {f["feature"]: f["feature_bit"].bit_length() - 1 for f in features}
    return {
        feature: {"feature": feature, **{name: int(column[place]) for name, column in columns.items()}}
        for feature, place in places.items()
    }


def _may(snapshot: Snapshot, found: Activity, features: Sequence[dict], until_us: np.ndarray) -> np.ndarray:
    """Features each tester had in the first week: those without a flag, those whose flag was on by the end of it."""
    may = np.full(len(found.keys), sum(f["feature_bit"] for f in features if not f["has_flag"]), np.int64)
    flags = snapshot.arrays("programme/feature_flags")
    row, bit, since = found.rows(flags["tester_key"]), flags["feature_bit"], flags["since_us"]
    on = row >= 0
    on[on] = since[on] <= until_us[row[on]]
    np.bitwise_or.at(may, row[on], bit[on])
    return may


def _read(snapshot: Snapshot, found: Activity) -> Lives:
    """Adds up adoption of the whole programme too, which feature priorities ask next: reading takes as long again."""
    span, tally = days_of(resolve(snapshot, EVERYBODY, "day")), Tally(len(found.keys))
    adder = _Adder(found, _Days([r["day_n"] for r in snapshot.rows("measures/days")]))
    for read in snapshot.batches("programme/feature_days", CHUNK, **span):
        row = found.rows(read["tester_key"])
        known = row >= 0
        row, part = (row, read) if known.all() else (row[known], {name: c[known] for name, c in read.items()})
        adder.add(row, part)
        inside = part["in_range"] != 0
        whole = bool(inside.all())
        tally.add(*(c if whole else c[inside] for c in (row, part["feature_mask"], part["is_active"] != 0)))
    keep(snapshot, found, tally, span)
    return adder.lives


class _Adder:
    """Adds up tester-days."""

    def __init__(self, found: Activity, over: _Days) -> None:
        count = len(found.keys)
        used, touched, harmed = (np.zeros(count, np.int64) for _ in range(3))
        seen, until_us = np.zeros(count, bool), np.full(count, -NEVER)
        self.lives = Lives(used, until_us, seen, touched, harmed, np.zeros(64, np.int64), np.zeros(64, np.int64))
        self._began, self._over = found.testers["first_active_day_n"], over

    def add(self, row: np.ndarray, part: Mapping[str, np.ndarray]) -> None:
        """Tester-days by row of the tester, with their columns."""
        lives, day, mask, harm = self.lives, part["day_n"], part["feature_mask"], part["failed"] != 0
        age = day - self._began[row]
        young = (age >= 0) & (age < FIRST_WEEK)
        np.bitwise_or.at(lives.used, row[young], mask[young])
        np.maximum.at(lives.until_us, row[young], part["last_us"][young])
        lives.seen[row[(age >= 0) & (age < SECOND_WEEK)]] = True
        counted = (mask != 0) & self._over.hold(day)
        if not counted.all():
            row, mask, harm = row[counted], mask[counted], harm[counted]
        np.bitwise_or.at(lives.touched, row, mask)
        np.bitwise_or.at(lives.harmed, row[harm], mask[harm])
        lives.days[:] += by_bit(mask)
        lives.failed[:] += by_bit(mask[harm])


class _Days:
    """A set of day numbers that answers for many at once."""

    def __init__(self, days: Sequence[int]) -> None:
        self._first = min(days, default=0)
        self._held = np.zeros(max(days, default=-1) - self._first + 1 if days else 0, bool)
        self._held[np.asarray(days, np.int64) - self._first] = True

    def hold(self, days: np.ndarray) -> np.ndarray:
        place = days - self._first
        inside = (place >= 0) & (place < len(self._held))
        inside[inside] = self._held[place[inside]]
        return inside
