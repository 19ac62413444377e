"""Retention table: of those who started in a period, how many came back in each later one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from data.cli import Result
from kpis.engagement.arguments import add_source, answer, brackets, choice, filtered, min_cohort, opened
from kpis.engagement.retention import RetentionOptions, RetentionTable, retention

HELP = "do testers come back? cohorts, periods, intervals"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--period", choices=("day", "week", "month"), default="day")
    parser.add_argument(
        "--window",
        choices=("calendar", "24h", "own-week"),
        default="calendar",
        help="24h: hours from own start; own-week: days 7k to 7k+6 after the own first day",
    )
    parser.add_argument("--cohort", choices=("first-ever", "first-in-range", "recurring"), default="first-ever")
    parser.add_argument("--start-event", metavar="NAME", help='"*" = any (default: the events that count as activity)')
    parser.add_argument("--return-event", metavar="NAME", help='"*" = any (default: as above)')
    parser.add_argument("--start-filter", metavar="property=value", action="append", default=[])
    parser.add_argument("--return-filter", metavar="property=value", action="append", default=[])
    parser.add_argument("--rule", choices=("on", "on-or-after"), default="on")
    parser.add_argument("--min-occurrences", type=int, default=1, metavar="N", help="return events a column needs")
    parser.add_argument("--intervals", type=int, metavar="N", help="number of columns, column 0 included")
    parser.add_argument("--brackets", type=brackets, default=(), metavar="1-3,4-7", help="columns of several periods")
    parser.add_argument("--average", choices=("pooled", "weighted", "simple"), default="pooled")
    parser.add_argument("--min-cohort", type=int, metavar="N", help="mask smaller cohorts (default: the settings')")


def run(args: argparse.Namespace) -> Result:
    snapshot, scope = opened(args, filtered(args.start_filter, args.return_filter))
    options = RetentionOptions(
        scope=scope,
        period=args.period,
        window=args.window,
        cohort=args.cohort,
        start=choice(args.start_event, args.start_filter),
        back=choice(args.return_event, args.return_filter),
        rule=args.rule,
        min_occurrences=args.min_occurrences,
        intervals=args.intervals,
        brackets=args.brackets,
        average=args.average,
        min_cohort=min_cohort(args, snapshot),
    )
    table = retention(snapshot, options)
    rows = list(long_rows(table)) if args.format == "csv" else list(_wide_rows(table))
    about = f"retention by {args.period}, {args.window} window, {args.cohort} cohorts, average: {args.average}"
    return answer(args, snapshot, table.as_json(), rows, about)


def long_rows(table: RetentionTable) -> Iterator[dict[str, Any]]:
    """One row a cell, for spreadsheets."""
    for row in table.rows:
        for name, cell in zip(table.columns, row.cells, strict=True):
            yield {
                "cohort": row.cohort.isoformat(),
                "size": row.size,
                "column": name,
                "retained": cell.retained,
                "low": cell.low,
                "high": cell.high,
                "measurable_on": cell.measurable_on.isoformat(),
                "masked": cell.masked,
            }


def _wide_rows(table: RetentionTable) -> Iterator[dict[str, Any]]:
    """One row a cohort, for people; "not yet" shows the date, "..." a running period so far."""
    for row in table.rows:
        shown = {"cohort": row.label, "size": "masked" if row.size is None else row.size}
        for name, cell in zip(table.columns, row.cells, strict=True):
            if cell.masked:
                shown[name] = "masked"
            elif cell.retained is not None:
                shown[name] = str(cell.retained)
            else:
                shown[name] = f"{cell.running}..." if cell.running is not None else f"{cell.measurable_on:%m-%d}"
        yield shown
    average = {"cohort": table.average.kind, "size": ""}
    values = (("-" if v is None else f"{100 * v:.0f} %") for v in table.average.values)
    yield average | dict(zip(table.columns, values, strict=True))
