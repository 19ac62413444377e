"""Who used each feature in each programme week, of the active testers who had it."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.warehouse import Snapshot
from kpis.engagement.activity import CHUNK
from kpis.engagement.uses import by_bit
from kpis.held import Held

Rows = list[dict[str, Any]]
ROWS: Held[Rows] = Held(most=1)


def rows(snapshot: Snapshot) -> Rows:
    """One row per week and declared feature (week, feature, users, eligible), most users first. Kept with the snapshot.

    A feature without a flag is there for every active tester; one with a flag for those who had it on by their last
    active day of the week. A week without such a tester has no row.
    """
    return ROWS.get(snapshot, "", lambda: _read(snapshot))


def _read(snapshot: Snapshot) -> Rows:
    found = snapshot.rows("review/feature_week")
    everywhere = [f for f in snapshot.rows("engagement/features") if not f["has_flag"]]
    for week, (testers, used) in _weeks(snapshot).items() if everywhere else ():
        for feature in everywhere:
            users = int(used[feature["feature_bit"].bit_length() - 1])
            found.append({"week": week, "feature": feature["feature"], "users": users, "eligible": testers})
    return sorted(found, key=lambda r: (r["week"], -r["users"], r["feature"]))


def _weeks(snapshot: Snapshot) -> dict[int, tuple[int, np.ndarray]]:
    """Active testers by week, and how many of them used each feature, by its bit."""
    found: dict[int, tuple[int, np.ndarray]] = {}
    for part in snapshot.batches("review/feature_masks", CHUNK):
        for week in np.unique(part["week"]).tolist():
            masks = part["feature_mask"][part["week"] == week]
            testers, used = found.get(week, (0, np.zeros(64, np.int64)))
            found[week] = (testers + len(masks), used + by_bit(masks))
    return found
