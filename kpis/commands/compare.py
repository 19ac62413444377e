"""Retention of two groups side by side: difference, interval, p-value, and whether the split is as planned."""

from __future__ import annotations

import argparse

from data.cli import Result
from data.errors import QueryError
from kpis.engagement.arguments import add_source, answer, brackets, min_cohort, names, opened
from kpis.engagement.compare import CompareOptions, compare, parse_ratio
from kpis.words import signed

HELP = "do two groups of testers differ?"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--by", required=True, metavar="WHAT", help="wave, platform, flag:FEATURE or property:NAME")
    parser.add_argument("--groups", required=True, type=names, metavar="A,B", help="the two groups, e.g. 1,2 or on,off")
    parser.add_argument("--day", type=brackets, default="7", metavar="7|7-13", help="days after the own first day")
    parser.add_argument("--expected", metavar="1:1", help="planned sizes of A and B, to check the split")
    parser.add_argument("--min-cohort", type=int, metavar="N", help="refuse smaller groups (default: the settings')")


def run(args: argparse.Namespace) -> Result:
    if len(args.groups) != 2 or len(args.day) != 1:
        raise QueryError("compare needs two --groups, e.g. 1,2, and one --day, e.g. 7 or 7-13")
    snapshot, scope = opened(args, [args.by.removeprefix("property:")] if args.by.startswith("property:") else ())
    (low, high), (a, b) = args.day[0], args.groups
    options = CompareOptions(
        args.by, a, b, scope, low, high, parse_ratio(args.expected, "--expected"), min_cohort(args, snapshot)
    )
    found = compare(snapshot, options)
    data = found.as_json()
    lines = []
    if found.difference is not None:
        points, low, high = (signed(100 * part, 1) for part in (found.difference, *found.interval))
        lines.append(f"difference {a} − {b}: {points} points (95 %: {low} to {high}), p = {found.p_value:.3g}")
    return answer(args, snapshot, data, data["groups"], *lines)
