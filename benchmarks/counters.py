"""Counters and histograms: hourly increases and p95 from facts, beside the same from raw samples.

Everybody answers in columns of the own kind; that they say the same is looked at afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks import generate, samples
from benchmarks.measure import THREADS, Row, child, rounds, say
from benchmarks.size import GOAL_SAMPLES, Size, too_big
from data import refresh as refreshing
from data import settings, warehouse
from data.warehouse import Snapshot
from kpis.operations import series
from kpis.operations.points import Columns

PART = "counters"
Q = 0.95
SOURCE = """
[[sources]]
name = "metrics"
kind = "openmetrics"
path = "samples.om"
"""
# Growth between a sample and the one before it; after a restart the whole value. The first sample has none.
_STEPS = """
WITH steps AS (
    SELECT s.series_id, s.ts_ms - s.ts_ms % 3600000 AS hour_ms,
           CASE WHEN lag(value) OVER own IS NULL THEN 0 WHEN value < lag(value) OVER own THEN value
                ELSE value - lag(value) OVER own END AS increase
    FROM samples AS s INNER JOIN series AS n ON n.series_id = s.series_id AND n.metric = $metric
    WINDOW own AS (PARTITION BY s.series_id ORDER BY s.ts_ms)
)
"""
_HOURS = f"""{_STEPS}
SELECT n.route, n.status, hour_ms, sum(increase) FROM steps JOIN series AS n USING (series_id) GROUP BY ALL
"""
_P95 = f"""{_STEPS},
buckets AS (
    SELECT n.route, hour_ms, n.le, sum(increase) AS counted FROM steps JOIN series AS n USING (series_id) GROUP BY ALL
),
ranked AS (
    SELECT route, hour_ms, le, counted, {Q} * max(counted) OVER own AS rank, max(counted) OVER own AS total,
           coalesce(lag(le) OVER by_le, 0) AS lower, coalesce(lag(counted) OVER by_le, 0) AS below
    FROM buckets WINDOW own AS (PARTITION BY route, hour_ms), by_le AS (PARTITION BY route, hour_ms ORDER BY le)
)
SELECT route, hour_ms,
       CASE WHEN isinf(le) THEN lower ELSE lower + (le - lower) * ((rank - below) / (counted - below)) END
FROM ranked WHERE total > 0 AND counted >= rank AND below < rank
"""
_COUNTER, _BUCKET = "http_requests_total", "http_request_duration_seconds_bucket"


def folder(work: Path) -> Path:
    return work / "metrics"


def left_out(size: Size) -> dict[str, str]:
    """Peers that do not take part, and why."""
    absent = {} if find_spec("polars") else {"polars": "polars is not installed"}
    return absent | too_big(("polars", "pandas"), size.samples)


def prepare(size: Size, work: Path) -> int:
    """Write the settings and the samples. Returns how many samples there are."""
    place = folder(work)
    (place / "events").mkdir(parents=True)
    (place / "beta.toml").write_text(generate.beta_toml() + SOURCE)
    generate.write_events(generate.events(1000, size.seed), place / "events" / "few.jsonl")
    return generate.write_samples(size.samples, size.seed, place / "samples.om")


def refresh(place: str) -> None:
    refreshing.refresh(settings.load(Path(place) / "beta.toml"), generate.end_of(generate.DAYS + 60))


def run(size: Size, work: Path) -> list[Row]:
    place = str(folder(work))
    say("counters: refresh from OpenMetrics")
    loaded = child(refresh, place)
    rows = child(_measure, size, place).value
    note = f"read, facts, checks, publish; {size.samples / loaded.wall_ms * 1000:,.0f} samples/s"
    whole = Row(PART, f"whole refresh from an OpenMetrics file of {size.samples:,} samples", loaded.wall_ms,
                memory_mb={"product": loaded.peak_mb}, note=note)  # fmt: skip
    return [whole, *rows, *samples.run(PART, size, place)]


def _measure(size: Size, place: str) -> list[Row]:
    known = settings.load(Path(place) / "beta.toml")
    snapshot = warehouse.latest(known)
    con = _raw(known.storage / "raw.duckdb")
    tables = {name: con.execute(f"FROM {name}").df() for name in ("samples", "series")}
    ways: dict[str, dict[str, Callable[[], Any]]] = {
        "hourly increases of all request counters, reset-aware": {
            "product": lambda: _increases(snapshot),
            "duckdb": lambda: con.execute(_HOURS, {"metric": _COUNTER}).to_arrow_table().columns,
            "pandas": lambda: _pandas_increases(**tables),
        },
        "hourly p95 of every route": {
            "product": lambda: _quantiles(snapshot),
            "duckdb": lambda: con.execute(_P95, {"metric": _BUCKET}).to_arrow_table().columns,
            "pandas": lambda: _pandas_quantiles(**tables),
        },
    }
    absent = left_out(size)
    if "pandas" in absent:
        ways = {what: {n: way for n, way in found.items() if n != "pandas"} for what, found in ways.items()}
    if "polars" not in absent:
        from benchmarks.peers import polars_counters

        frames = polars_counters.frames(tables)
        ways["hourly increases of all request counters, reset-aware"]["polars"] = lambda: polars_counters.increases(
            frames, _COUNTER
        )
        ways["hourly p95 of every route"]["polars"] = lambda: polars_counters.quantiles(frames, _BUCKET, Q)
    rows = []
    for what, contestants in ways.items():
        say(f"counters: {what}")
        timed = rounds(contestants, size.rounds)
        said = {name: _keyed(answer) for name, answer in timed.answers.items()}
        own = said["product"]
        wrong = [name for name, answer in said.items() if answer != own]
        met = timed.median("product") <= 100
        stated = size.samples >= GOAL_SAMPLES
        rows.append(
            timed.row(
                PART, f"{what} ({len(own):,} values)", exact=not wrong, goal="<= 100 ms from facts",
                met=met if stated or not met else None,
                note=("" if stated else "the goal is stated for 50 M samples")
                + (f"; answers differ: {', '.join(wrong)}" if wrong else ""),
            )
        )  # fmt: skip
    return rows


def _raw(file: Path) -> duckdb.DuckDBPyConnection:
    """Raw samples and series in memory, labels as columns."""
    con = duckdb.connect(config={"threads": THREADS})
    con.execute(f"ATTACH '{file}' AS raw (READ_ONLY)")
    con.execute("CREATE TABLE samples AS SELECT series_id, ts_ms, value FROM raw.raw_sample")
    con.execute(
        "CREATE TABLE series AS SELECT series_id, metric, labels->>'$.route' AS route, labels->>'$.status' AS status,"
        " CASE labels->>'$.le' WHEN '+Inf' THEN 'inf' ELSE labels->>'$.le' END::DOUBLE AS le FROM raw.raw_series"
    )
    con.execute("DETACH raw")
    return con


def _increases(snapshot: Snapshot) -> Columns:
    return series.columns(snapshot, series.Options(_COUNTER, "increase", "hour", by=("route", "status")))


def _quantiles(snapshot: Snapshot) -> Columns:
    return series.columns(snapshot, series.Options(_BUCKET, "quantile", "hour", by=("route",), q=Q))


def _keyed(answer: Columns | Sequence[Any]) -> dict[tuple, float]:
    """(labels, hour in ms) -> value of an answer of any kind; the product also tells where there is no value."""
    if isinstance(answer, Columns):
        found = answer.points()
        return {(*(v for _, v in p.group), p.period // 1000): p.value for p in found if p.value is not None}
    columns = (column.to_pylist() if hasattr(column, "to_pylist") else list(column) for column in answer)
    return {tuple(key): value for *key, value in zip(*columns, strict=True)}


def _steps(samples: pd.DataFrame, series: pd.DataFrame, metric: str, by: list[str]) -> pd.Series:
    """Sums of growth by the labels and the hour."""
    own = samples.merge(series[series["metric"] == metric], on="series_id").sort_values(["series_id", "ts_ms"])
    before = own.groupby("series_id")["value"].shift(1)
    growth = (own["value"] - before).where(own["value"] >= before, own["value"]).where(before.notna(), 0.0)
    return own.assign(growth=growth, hour=own["ts_ms"] // 3_600_000 * 3_600_000).groupby([*by, "hour"])["growth"].sum()


def _pandas_increases(samples: pd.DataFrame, series: pd.DataFrame) -> list[pd.Series]:
    found = _steps(samples, series, _COUNTER, ["route", "status"]).reset_index()
    return [found[name] for name in found]


def _pandas_quantiles(samples: pd.DataFrame, series: pd.DataFrame) -> list[pd.Series]:
    grown = _steps(samples, series, _BUCKET, ["route", "le"]).reset_index().sort_values(["route", "hour", "le"])
    own = grown.groupby(["route", "hour"])
    rank = Q * own["growth"].transform("max")
    below, lower = own["growth"].shift(1).fillna(0.0), own["le"].shift(1).fillna(0.0)
    inside = lower + (grown["le"] - lower) * ((rank - below) / (grown["growth"] - below))
    value = inside.where(grown["le"] != float("inf"), lower)
    hit = (rank > 0) & (grown["growth"] >= rank) & (below < rank)
    return [grown["route"][hit], grown["hour"][hit], value[hit]]


def clean(work: Path) -> None:
    shutil.rmtree(folder(work), ignore_errors=True)
