"""New, returning, resurrecting and dormant testers of every period."""

from __future__ import annotations

import argparse

from data.cli import Result
from kpis.engagement.arguments import activity, add_activity, add_source, answer, filtered, opened
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle

HELP = "who is new, returning, resurrecting, dormant?"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    add_activity(parser)
    parser.add_argument("--period", choices=("day", "week", "month"), default="day")


def run(args: argparse.Namespace) -> Result:
    snapshot, scope = opened(args, filtered(args.filter))
    table = lifecycle(snapshot, LifecycleOptions(scope, args.period, activity(args)))
    data = table.as_json()
    return answer(args, snapshot, data, data["periods"])
