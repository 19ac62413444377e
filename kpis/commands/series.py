"""Any stored Prometheus series by hour, day or week: growth, rate, level, quantile or share, exact sums of hours.

With --openmetrics: one value per group at one instant, from a plain file, without any settings.
"""

from __future__ import annotations

import argparse
import math
from datetime import UTC, date, datetime, timedelta

from data import sample_file, settings, warehouse
from data.cli import Result
from data.errors import QueryError
from kpis.engagement.arguments import seconds
from kpis.operations import detection, plain_file, series
from kpis.operations.points import Point

HELP = "any stored series, or a plain OpenMetrics file: increase, rate, mean, quantile, share, fraction"
FUNCTIONS = tuple(dict.fromkeys((*series.FUNCTIONS, *plain_file.FUNCTIONS)))
FILE_ONLY = ("at", "window", "lower", "upper")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--metric", help="metric name; without it, all metrics are listed")
    parser.add_argument("--function", choices=FUNCTIONS, help="default: increase of counters, mean of gauges")
    parser.add_argument("--step", choices=("hour", "day", "week", "all"), default="day")
    parser.add_argument(
        "--match", action="append", default=[], metavar="LABEL=VALUE", help="only series with this label"
    )
    parser.add_argument(
        "--by", metavar="LABEL,LABEL", help="keep these labels apart (default: sum all; of a file: every series apart)"
    )
    parser.add_argument("--quantile", type=float, default=0.95, metavar="Q")
    parser.add_argument("--bound", type=float, default=0.2, help="share of observations at or under this bound")
    file = parser.add_argument_group("instead of the settings")
    file.add_argument("--openmetrics", metavar="FILE", help="OpenMetrics or Prometheus text; no settings needed")
    file.add_argument("--at", type=_instant, metavar="UNIX|INSTANT", help="instant (default: the last sample's)")
    file.add_argument("--window", type=seconds, metavar="5m", help="time before the instant; without it, histograms "
                      "are taken as they stand")  # fmt: skip
    file.add_argument("--lower", type=float, metavar="X", help="fraction of observations from here (default: 0)")
    file.add_argument("--upper", type=float, metavar="X", help="fraction of observations to here (default: +Inf)")


def run(args: argparse.Namespace) -> Result:
    if args.openmetrics:
        return _of_file(args)
    given = [name for name in FILE_ONLY if getattr(args, name) is not None]
    if given:
        raise QueryError(f"--{given[0]} goes with --openmetrics; stored series are read by --step")
    snapshot = warehouse.latest(settings.load(args.settings))
    known = snapshot.rows("operations/metric_names")
    if not args.metric:
        families = [f.as_row() for f in detection.detect(snapshot)]
        return Result(data={"families": families, "metrics": known}, rows=known, lines=detection.lines(families))
    kind = next((r["type"] for r in known if r["metric"] == args.metric), "")
    function = args.function or ("mean" if kind in ("gauge", "unknown") else "increase")
    by = _labels(args.by) or ()
    options = series.Options(args.metric, function, args.step, _matches(args.match), by, args.quantile, args.bound)
    rows = [_row(p, options) for p in series.read(snapshot, options)]
    return Result(data={"metric": args.metric, "function": function, "step": args.step, "points": rows}, rows=rows)


def _of_file(args: argparse.Namespace) -> Result:
    """{"metric", "function", "values": {group: value}} of a plain file."""
    if not args.metric:
        raise QueryError("--openmetrics needs --metric, for example --metric http_requests_total")
    function = args.function or "increase"
    found = sample_file.read(args.openmetrics, plain_file.names(args.metric, function))
    found = [s for s in found if all(s.labels.get(k) == v for k, v in _matches(args.match))]
    if not found:
        raise QueryError(f"{args.metric}: no series with " + ", ".join(args.match))
    ask = plain_file.Ask(
        function, max((s.ts[-1] for s in found if len(s.ts)), default=0.0) if args.at is None else args.at, args.window,
        _labels(args.by), args.quantile, args.bound, 0.0 if args.lower is None else args.lower,
        math.inf if args.upper is None else args.upper,
    )  # fmt: skip
    values = {group: _finite(value) for group, value in plain_file.values(found, ask).items()}
    rows = [{"group": group, "value": value} for group, value in values.items()]
    return Result(data={"metric": args.metric, "function": function, "values": values}, rows=rows)


def _finite(value: float | None) -> float | str | None:
    """JSON has no infinity: written as Prometheus writes it."""
    return value if value is None or math.isfinite(value) else "+Inf" if value > 0 else "-Inf"


def _labels(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(label.strip() for label in text.split(",") if label.strip())


def _instant(text: str) -> float:
    """Seconds since 1970, or an instant with its zone. For argparse."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise argparse.ArgumentTypeError(f'"{text}": write seconds since 1970 or 2026-03-02T08:00:00Z')
    return found.timestamp()


def _matches(texts: list[str]) -> tuple[tuple[str, str], ...]:
    for text in texts:
        if "=" not in text:
            raise QueryError(f'--match "{text}": write LABEL=VALUE')
    return tuple((t.split("=", 1)[0], t.split("=", 1)[1]) for t in texts)


def _row(point: Point, options: series.Options) -> dict:
    row = {**dict(point.group), options.step: _period(point.period, options.step), "value": point.value}
    row |= {"samples": point.samples, "resets": point.resets, "over_gaps": point.gap_increase}
    if options.function == "quantile":
        row |= {"bucket_low": point.lower, "bucket_high": point.upper}
    return row


def _period(value: int, step: str) -> str | int:
    if step == "hour":
        return datetime.fromtimestamp(value / 1e6, tz=UTC).strftime("%Y-%m-%dT%H:%MZ")
    return (date(1970, 1, 1) + timedelta(days=value)).isoformat() if step == "day" else value
