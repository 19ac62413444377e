"""Counters and quantiles from raw samples in polars."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import polars as pl


def frames(tables: Mapping[str, pd.DataFrame]) -> dict[str, pl.DataFrame]:
    return {name: pl.from_pandas(table) for name, table in tables.items()}


def _hours(data: Mapping[str, pl.DataFrame], metric: str, by: list[str]) -> pl.LazyFrame:
    """Growth by the labels and the hour; after a restart the whole value counts, the first sample has none."""
    chosen = data["series"].lazy().filter(pl.col("metric") == metric).select("series_id", *by)
    before = pl.col("value").shift(1).over("series_id")
    growth = (
        pl.when(before.is_null()).then(0.0).when(pl.col("value") < before).then(pl.col("value"))
        .otherwise(pl.col("value") - before)
    )  # fmt: skip
    hour = (pl.col("ts_ms") - pl.col("ts_ms") % 3_600_000).alias("hour")
    ordered = data["samples"].lazy().join(chosen, on="series_id").sort("series_id", "ts_ms")
    return ordered.with_columns(growth.alias("growth"), hour).group_by(*by, "hour").agg(pl.col("growth").sum())


def increases(data: Mapping[str, pl.DataFrame], metric: str) -> list[pl.Series]:
    return _hours(data, metric, ["route", "status"]).collect().get_columns()


def quantiles(data: Mapping[str, pl.DataFrame], metric: str, q: float) -> list[pl.Series]:
    """(route, hour, quantile), linear inside the bucket."""
    own = ("route", "hour")
    grown, le = pl.col("growth"), pl.col("le")
    ranked = _hours(data, metric, ["route", "le"]).sort("route", "hour", "le").with_columns(
        (q * grown.max().over(own)).alias("rank"),
        grown.shift(1).over(own).fill_null(0.0).alias("below"),
        le.shift(1).over(own).fill_null(0.0).alias("lower"),
    )  # fmt: skip
    rank, below, lower = pl.col("rank"), pl.col("below"), pl.col("lower")
    inside = lower + (le - lower) * ((rank - below) / (grown - below))
    value = pl.when(le.is_infinite()).then(lower).otherwise(inside)
    hit = ranked.filter((rank > 0) & (grown >= rank) & (below < rank))
    return hit.select("route", "hour", value.alias("value")).collect().get_columns()
