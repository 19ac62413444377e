"""The questions in polars' lazy expressions."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from benchmarks.answers import Answer
from benchmarks.generate import DAYS
from benchmarks.peers.sql import IDLE_US, cells, features, pairs, quadruples

_tester, _day = pl.col("tester"), pl.col("day")


def questions(events: pl.DataFrame) -> dict[str, Callable[[], Answer]]:
    """The questions by the name the product answers them under. Columns as in peers/sql.py."""
    active = events.lazy().filter(pl.col("active") == 1)
    visits = active.select("tester", "day").unique()

    def daily() -> Answer:
        return pairs(active.group_by("day").agg(_tester.n_unique()).collect().iter_rows())

    def rolling() -> Answer:
        spread = visits.join(pl.LazyFrame({"n": range(7)}, schema={"n": pl.Int32}), how="cross")
        until = (_day + pl.col("n")).alias("until")
        found = spread.select("tester", until).filter(pl.col("until").is_between(6, DAYS - 1)).unique()
        return pairs(found.group_by("until").len().collect().iter_rows(), first=6)

    def triangle(unit: pl.Expr) -> Answer:
        seen = active.select("tester", unit.alias("unit")).unique()
        cohort = pl.col("unit").min().over("tester").alias("cohort")
        found = seen.with_columns(cohort).group_by("cohort", (pl.col("unit") - pl.col("cohort")).alias("col")).len()
        return cells(found.collect().iter_rows())

    def after() -> Answer:
        spans = active.group_by("tester").agg(_day.min().alias("cohort"), (_day.max() - _day.min()).alias("furthest"))
        numbers = pl.LazyFrame({"col": range(DAYS)}, schema={"col": pl.Int32})
        found = spans.join_where(numbers, pl.col("col") <= pl.col("furthest")).group_by("cohort", "col").len()
        return cells(found.collect().iter_rows())

    def states() -> Answer:
        around = visits.sort("tester", "day").with_columns(
            _day.shift(1).over("tester").alias("before"), _day.shift(-1).over("tester").alias("after")
        )
        state = pl.when(pl.col("before").is_null()).then(1).when(pl.col("before") == _day - 1).then(2).otherwise(3)
        gone = around.filter(pl.col("after").is_null() | (pl.col("after") != _day + 1))
        both = pl.concat(
            [around.select("day", state.alias("state")), gone.select(_day + 1, pl.lit(4, pl.Int32).alias("state"))]
        )
        counts = [(pl.col("state") == number).sum().alias(f"s{number}") for number in (1, 2, 3, 4)]
        found = both.filter(_day < DAYS).group_by("day").agg(counts)
        return quadruples(found.collect().iter_rows())

    def adopted() -> Answer:
        used = events.lazy().filter(pl.col("feature") > 0).group_by("tester", "feature").agg(_day.n_unique())
        found = used.group_by("feature").agg(pl.len(), (_day >= 2).sum().alias("again")).collect()
        return features(found.iter_rows(), active.select(_tester.n_unique()).collect().item())

    def sessions() -> Answer:
        ordered = active.select("tester", "ts_us", "day").sort("tester", "ts_us")
        pause = pl.col("ts_us") - pl.col("ts_us").shift(1)
        begins = (_tester != _tester.shift(1)).fill_null(True) | (pause > IDLE_US)
        return pairs(ordered.filter(begins).group_by("day").len().collect().iter_rows())

    return {
        "daily active testers": daily,
        "weekly active testers, rolling": rolling,
        "daily retention triangle": lambda: triangle(_day),
        "daily retention, on or after": after,
        "weekly retention": lambda: triangle(_day // 7),
        "lifecycle by day": states,
        "adoption of 40 features": adopted,
        "sessions by day": sessions,
    }
