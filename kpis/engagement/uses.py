"""Which features each tester used in a range, once and on two days or more, as bits of a number per tester."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.warehouse import Snapshot
from kpis.engagement.activity import CHUNK, Activity, Group
from kpis.held import Held

BYTE = 256


@dataclass(frozen=True, eq=False)
class Uses:
    """By tester, in the order of the activity's: features used, those used on two days or more, and those the tester
    may use, none for testers who were not active in the range."""

    once: np.ndarray
    twice: np.ndarray
    eligible: np.ndarray


USES: Held[Uses] = Held(most=4)  # ranges


def adoption(snapshot: Snapshot, found: Activity, group: Group, **span: int) -> list[dict[str, Any]]:
    """Eligible testers, users and repeaters by feature. span: first_day, end_day, until_us as in adoption.sql."""
    features = snapshot.rows("engagement/features")
    uses = USES.get(snapshot, tuple(span.items()), lambda: _read(snapshot, found, features, span))
    eligible = uses.eligible[group.rows]
    columns = [by_bit(mask) for mask in (eligible, uses.once[group.rows] & eligible, uses.twice[group.rows] & eligible)]
    return [
        {"feature": f["feature"], **dict(zip(("eligible", "users", "repeaters"), counts, strict=True))}
        for f in features
        for counts in [[int(column[f["feature_bit"].bit_length() - 1]) for column in columns]]
    ]


def keep(snapshot: Snapshot, found: Activity, tally: Tally, span: dict[str, int]) -> None:
    """Keep what somebody who read the tester-days anyway has added up of a range, for whoever asks about it."""
    USES.get(
        snapshot,
        tuple(span.items()),
        lambda: tally.told(snapshot, found, snapshot.rows("engagement/features"), span["until_us"]),
    )


def _read(snapshot: Snapshot, found: Activity, features: Iterable[dict], span: dict[str, int]) -> Uses:
    tally = Tally(len(found.keys))
    for part in snapshot.batches("engagement/feature_days", CHUNK, **span):
        row = found.rows(part["tester_key"])
        known = row >= 0
        if known.all():
            tally.add(row, part["feature_mask"], part["is_active"] != 0)
        else:
            tally.add(row[known], part["feature_mask"][known], part["is_active"][known] != 0)
    return tally.told(snapshot, found, features, span["until_us"])


class Tally:
    """Adds up tester-days: who was active, bits in any of a tester's masks, and bits in two of them or more."""

    def __init__(self, testers: int) -> None:
        self.active = np.zeros(testers, bool)
        self.once, self.twice = np.zeros(testers, np.int64), np.zeros(testers, np.int64)

    def add(self, row: np.ndarray, mask: np.ndarray, active: np.ndarray) -> None:
        """Tester-days by row of the tester, each day of a tester once in all."""
        self.active[row[active]] = True
        used = mask != 0
        if not used.all():
            row, mask = row[used], mask[used]
        if (row[1:] < row[:-1]).any():
            order = np.argsort(row, kind="stable")
            row, mask = row[order], mask[order]
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        days = np.diff(starts, append=len(row))
        longest = np.argsort(-days, kind="stable")  # those with an n-th day are then the first ones
        starts, days = starts[longest], days[longest]
        testers = row[starts]
        own, again = self.once[testers], self.twice[testers]
        left = np.searchsorted(-days, -np.arange(days.max(initial=0)), side="left")
        for nth, more in enumerate(left.tolist()):
            seen = mask[starts[:more] + nth]
            again[:more] |= own[:more] & seen
            own[:more] |= seen
        self.once[testers], self.twice[testers] = own, again

    def told(self, snapshot: Snapshot, found: Activity, features: Iterable[dict], until_us: int) -> Uses:
        """With the features that each active tester may use: flags that are on by the end of the range."""
        may = np.full(len(self.active), sum(f["feature_bit"] for f in features if not f["has_flag"]), np.int64)
        flags = snapshot.arrays("engagement/flags", until_us=until_us)
        of = found.rows(flags["tester_key"])
        np.bitwise_or.at(may, of[of >= 0], flags["feature_bit"][of >= 0])
        return Uses(self.once, self.twice, np.where(self.active, may, 0))


def by_bit(masks: np.ndarray) -> np.ndarray:
    """How many of the numbers have each of the 64 bits, the lowest first. Counted by byte: 256 values tell 8 bits."""
    parts = masks.astype("<i8").view(np.uint8).reshape(len(masks), 8)
    bits = (np.arange(BYTE)[:, None] >> np.arange(8)) & 1
    used = int(np.bitwise_or.reduce(masks, initial=0)) & (2**64 - 1)
    counts = np.zeros(64, np.int64)
    for place in range(-(-used.bit_length() // 8)):
        counts[8 * place : 8 * place + 8] = np.bincount(parts[:, place], minlength=BYTE) @ bits
    return counts
