"""In how many periods of a range testers were active, with participation beside it."""

from __future__ import annotations

import argparse

from data.cli import Result
from data.errors import QueryError
from kpis.engagement.active import participation
from kpis.engagement.arguments import activity, add_activity, add_source, answer, filtered, opened
from kpis.engagement.scope import ACTIVITY
from kpis.engagement.stickiness import StickinessOptions, stickiness

HELP = "on how many days are testers active?"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    add_activity(parser)
    parser.add_argument("--period", choices=("day", "week", "month"), default="day")
    parser.add_argument("--cumulative", action="store_true", help="count testers active in k periods or more")
    parser.add_argument("--at-least", type=int, metavar="N", help="events a period needs to count as active")
    parser.add_argument("--at-most", type=int, metavar="N")
    parser.add_argument("--exactly", type=int, metavar="N")


def run(args: argparse.Namespace) -> Result:
    if args.exactly is not None and (args.at_least is not None or args.at_most is not None):
        raise QueryError("--exactly cannot be combined with --at-least or --at-most")
    snapshot, scope = opened(args, filtered(args.filter))
    options = StickinessOptions(
        scope=scope,
        period=args.period,
        activity=activity(args),
        cumulative=args.cumulative,
        at_least=args.exactly if args.exactly is not None else args.at_least,
        at_most=args.exactly if args.exactly is not None else args.at_most,
    )
    table = stickiness(snapshot, options)
    data = table.as_json()
    lines = []
    if options.activity == ACTIVITY and scope.timezone == snapshot.meta["timezone"]:
        taken = participation(snapshot, scope)
        data["participation"] = {
            "mean": taken.mean,
            "pooled": taken.pooled,
            "low": taken.interval[0],
            "high": taken.interval[1],
            "testers": taken.testers,
            "per_user": taken.per_tester,
        }
        if taken.mean is not None:
            lines.append(f"participation: {100 * taken.mean:.1f} % of eligible days, mean of {taken.testers} testers")
    word = "periods or more" if args.cumulative else "periods"
    rows = [{word: k, "testers": n} for k, n in data["days_active"].items()]
    return answer(args, snapshot, data, rows, *lines)
