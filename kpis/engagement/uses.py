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


def _read(snapshot: Snapshot, found: Activity, features: Iterable[dict], span: dict[str, int]) -> Uses:
    active = np.zeros(len(found.keys), bool)
    once, twice = np.zeros(len(found.keys), np.int64), np.zeros(len(found.keys), np.int64)
    for part in snapshot.batches("engagement/feature_days", CHUNK, **span):
        row, mask = found.rows(part.column("tester_key").to_numpy()), part.column("feature_mask").to_numpy()
        active[row[(row >= 0) & part.column("is_active").to_numpy(False)]] = True
        used = (row >= 0) & (mask != 0)
        _add_uses(row[used], mask[used], once, twice)
    may = np.full(len(found.keys), sum(f["feature_bit"] for f in features if not f["has_flag"]), np.int64)
    flags = snapshot.arrow("engagement/flags", until_us=span["until_us"])
    of = found.rows(flags.column("tester_key").to_numpy())
    np.bitwise_or.at(may, of[of >= 0], flags.column("feature_bit").to_numpy()[of >= 0])
    return Uses(once, twice, np.where(active, may, 0))


def _add_uses(row: np.ndarray, mask: np.ndarray, once: np.ndarray, twice: np.ndarray) -> None:
    """Add some tester-days: bits in any of a tester's masks, and bits in two of them or more."""
    if (row[1:] < row[:-1]).any():
        order = np.argsort(row, kind="stable")
        row, mask = row[order], mask[order]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    days = np.diff(starts, append=len(row))
    longest = np.argsort(-days, kind="stable")  # those with an n-th day are then the first ones
    starts, days = starts[longest], days[longest]
    testers = row[starts]
    own, again = once[testers], twice[testers]
    left = np.searchsorted(-days, -np.arange(days.max(initial=0)), side="left")
    for nth, more in enumerate(left.tolist()):
        seen = mask[starts[:more] + nth]
        again[:more] |= own[:more] & seen
        own[:more] |= seen
    once[testers], twice[testers] = own, again


def by_bit(masks: np.ndarray) -> np.ndarray:
    """How many of the numbers have each of the 64 bits, the lowest first. Counted by byte: 256 values tell 8 bits."""
    parts = masks.astype("<i8").view(np.uint8).reshape(len(masks), 8)
    bits = (np.arange(BYTE)[:, None] >> np.arange(8)) & 1
    return np.concatenate([np.bincount(parts[:, place], minlength=BYTE) @ bits for place in range(8)])
