"""Sessions: runs of events without a long pause."""

from __future__ import annotations

import argparse

from data.cli import Result
from kpis.engagement.arguments import activity, add_activity, add_source, answer, filtered, opened, seconds
from kpis.engagement.sessions import SessionOptions, sessions

HELP = "when do testers use the product, and for how long?"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    add_activity(parser)
    parser.add_argument("--idle", type=seconds, default="30m", metavar="30m", help="a longer pause ends a session")
    parser.add_argument("--cap", type=seconds, default="24h", metavar="24h", help="longest session")
    parser.add_argument("--split-at-midnight", action="store_true", help="a new local day starts a new session")


def run(args: argparse.Namespace) -> Result:
    snapshot, scope = opened(args, filtered(args.filter))
    options = SessionOptions(scope, activity(args), args.idle, args.cap, args.split_at_midnight)
    table = sessions(snapshot, options)
    data = table.as_json()
    lines = []
    if table.sessions:
        lines.append(
            f"{data['count']} sessions of {data['testers']} testers, median {table.median_s:.0f} s, "
            f"90th percentile {table.p90_s:.0f} s"
        )
    return answer(args, snapshot, data, data["sessions"], *lines)
