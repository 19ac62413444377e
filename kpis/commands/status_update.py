"""The weekly status update to testers as plain text, to be read and edited before it is sent."""

from __future__ import annotations

import argparse

from data import settings, warehouse
from data.cli import Result
from data.programme import ProgrammeStore
from kpis import closing, status_update

HELP = "text of the weekly update to testers"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, metavar="N", help="programme week (default: the last that is complete)")


def run(args: argparse.Namespace) -> Result:
    known = settings.load(args.settings)
    store = ProgrammeStore(known.storage)
    review = closing.build(warehouse.latest(known), store, args.week)
    text, left_out = status_update.text(review, store), status_update.held_back(review, store)
    return Result(
        data={"week": review.week, "text": text, "held_back": list(left_out)},
        rows=[{"line": line} for line in text.splitlines()] if args.format == "csv" else [],
        lines=[text.rstrip("\n"), *left_out],
    )  # fmt: skip
