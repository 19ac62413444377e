"""Ordered funnel: how many testers reach each step inside the window."""

from __future__ import annotations

import argparse

from data.cli import Result
from kpis.engagement.arguments import add_source, answer, names, opened, seconds
from kpis.engagement.funnel import FunnelOptions, FunnelTable, funnel, step_rates

HELP = "how far do testers get along a list of events?"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--steps", required=True, type=names, metavar="a,b,c", help="event names in order")
    parser.add_argument(
        "--funnel-window", type=seconds, default="7d", metavar="7d", help="from the first step, inclusive"
    )
    parser.add_argument("--strict-order", action="store_true", help="nothing else between; judges the first entry")
    parser.add_argument("--strictly-increasing", action="store_true", help="each step later than the one before")
    parser.add_argument("--reentry", action="store_true", help="strict order: a repeated first step breaks nothing")
    parser.add_argument("--by-entry", choices=("day", "week"), help="one funnel per period of entry")


def run(args: argparse.Namespace) -> Result:
    snapshot, scope = opened(args)
    options = FunnelOptions(
        steps=args.steps,
        scope=scope,
        window_s=args.funnel_window,
        strict_order=args.strict_order,
        increasing=args.strictly_increasing,
        reentry=args.reentry,
        by_entry=args.by_entry,
        finished=args.events is not None and args.until is None,
    )
    table = funnel(snapshot, options)
    lines = []
    if table.still_open:
        lines.append(f"left out: {len(table.still_open)} testers whose window is still open")
    return answer(args, snapshot, table.as_json(), _rows(table), *lines)


def _rows(table: FunnelTable) -> list[dict]:
    if table.options.by_entry:
        return [
            {"entered": p.label, **_steps(table, p.steps), "readable from": p.visible_on.isoformat()}
            for p in table.periods
        ]
    rates = step_rates(table.steps)
    counted = zip(table.options.steps, table.steps, rates, strict=True)
    return [{"step": name, "testers": n, "of the step before": rate} for name, n, rate in counted]


def _steps(table: FunnelTable, counts: tuple[int, ...] | None) -> dict[str, int | None]:
    names_once = [f"{k}. {name}" for k, name in enumerate(table.options.steps, 1)]
    return dict(zip(names_once, counts or (None,) * len(names_once), strict=True))
