"""The questions in pandas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.answers import Answer
from benchmarks.generate import DAYS
from benchmarks.peers.sql import IDLE_US, cells, features, pairs, quadruples


def questions(events: pd.DataFrame) -> dict[str, Callable[[], Answer]]:
    """The questions by the name the product answers them under. Columns as in peers/sql.py."""

    def active() -> pd.DataFrame:
        return events[events["active"] == 1]

    def visits(unit: str = "day") -> pd.DataFrame:
        return active()[["tester", unit]].drop_duplicates()

    def daily() -> Answer:
        return pairs(visits().groupby("day").size().items())

    def rolling() -> Answer:
        seen = visits()
        spread = pd.concat([seen.assign(day=seen["day"] + n) for n in range(7)]).drop_duplicates()
        return pairs(spread[spread["day"].between(6, DAYS - 1)].groupby("day").size().items(), first=6)

    def triangle(per: int) -> Answer:
        seen = active()[["tester", "day"]].assign(unit=lambda f: f["day"] // per)[["tester", "unit"]].drop_duplicates()
        cohort = seen.groupby("tester")["unit"].transform("min")
        found = seen.assign(cohort=cohort, col=seen["unit"] - cohort).groupby(["cohort", "col"]).size()
        return cells((*key, count) for key, count in found.items())

    def after() -> Answer:
        spans = active().groupby("tester")["day"].agg(["min", "max"])
        furthest = (spans["max"] - spans["min"]).to_numpy()
        cohort = np.repeat(spans["min"].to_numpy(), furthest + 1)
        col = np.arange(len(cohort)) - np.repeat(np.cumsum(furthest + 1) - furthest - 1, furthest + 1)
        found = pd.DataFrame({"cohort": cohort, "col": col}).groupby(["cohort", "col"]).size()
        return cells((*key, count) for key, count in found.items())

    def states() -> Answer:
        seen = visits().sort_values(["tester", "day"])
        before = seen.groupby("tester")["day"].shift(1)
        following = seen.groupby("tester")["day"].shift(-1)
        state = np.where(before.isna(), 0, np.where(before == seen["day"] - 1, 1, 2))
        gone = seen["day"][following != seen["day"] + 1] + 1
        days, kinds = np.concatenate([seen["day"], gone]), np.concatenate([state, np.full(len(gone), 3)])
        counts = np.zeros((DAYS + 1, 4), dtype=np.int64)
        np.add.at(counts, (days, kinds), 1)
        return quadruples((day, *counts[day]) for day in range(DAYS))

    def adopted() -> Answer:
        used = events.loc[events["feature"] > 0, ["tester", "feature", "day"]].drop_duplicates()
        days = used.groupby(["feature", "tester"]).size()
        found = days.groupby("feature").agg(["size", lambda d: int((d >= 2).sum())])
        return features(found.itertuples(name=None), active()["tester"].nunique())

    def sessions() -> Answer:
        ordered = active()[["tester", "ts_us", "day"]].sort_values(["tester", "ts_us"])
        same = ordered["tester"] == ordered["tester"].shift()
        return pairs(ordered[~same | (ordered["ts_us"].diff() > IDLE_US)].groupby("day").size().items())

    return {
        "daily active testers": daily,
        "weekly active testers, rolling": rolling,
        "daily retention triangle": lambda: triangle(1),
        "daily retention, on or after": after,
        "weekly retention": lambda: triangle(7),
        "lifecycle by day": states,
        "adoption of 40 features": adopted,
        "sessions by day": sessions,
    }
