"""Any stored Prometheus series by hour, day or week: growth, rate, level, quantile or share, exact sums of hours."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta

from data import settings, warehouse
from data.cli import Result
from data.errors import QueryError
from kpis.operations import series

HELP = "any stored series: increase, rate, mean, min, max, quantile or share"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--metric", help="metric name; without it, all metrics are listed")
    parser.add_argument("--function", choices=series.FUNCTIONS, help="default: increase of counters, mean of gauges")
    parser.add_argument("--step", choices=("hour", "day", "week", "all"), default="day")
    parser.add_argument(
        "--match", action="append", default=[], metavar="LABEL=VALUE", help="only series with this label"
    )
    parser.add_argument("--by", default="", metavar="LABEL,LABEL", help="keep these labels apart")
    parser.add_argument("--quantile", type=float, default=0.95, metavar="Q")
    parser.add_argument("--bound", type=float, default=0.2, help="share of observations at or under this bound")


def run(args: argparse.Namespace) -> Result:
    snapshot = warehouse.latest(settings.load(args.settings))
    known = snapshot.rows("operations/metric_names")
    if not args.metric:
        return Result(data=known, rows=known)
    kind = next((r["type"] for r in known if r["metric"] == args.metric), "")
    function = args.function or ("mean" if kind in ("gauge", "unknown") else "increase")
    by = tuple(b for b in args.by.split(",") if b)
    options = series.Options(args.metric, function, args.step, _matches(args.match), by, args.quantile, args.bound)
    rows = [_row(p, options) for p in series.read(snapshot, options)]
    return Result(data={"metric": args.metric, "function": function, "step": args.step, "points": rows}, rows=rows)


def _matches(texts: list[str]) -> tuple[tuple[str, str], ...]:
    for text in texts:
        if "=" not in text:
            raise QueryError(f'--match "{text}": write LABEL=VALUE')
    return tuple((t.split("=", 1)[0], t.split("=", 1)[1]) for t in texts)


def _row(point: series.Point, options: series.Options) -> dict:
    row = {**dict(point.group), options.step: _period(point.period, options.step), "value": point.value}
    row |= {"samples": point.samples, "resets": point.resets, "over_gaps": point.gap_increase}
    if options.function == "quantile":
        row |= {"bucket_low": point.lower, "bucket_high": point.upper}
    return row


def _period(value: int, step: str) -> str | int:
    if step == "hour":
        return datetime.fromtimestamp(value / 1e6, tz=UTC).strftime("%Y-%m-%dT%H:%MZ")
    return (date(1970, 1, 1) + timedelta(days=value)).isoformat() if step == "day" else value
