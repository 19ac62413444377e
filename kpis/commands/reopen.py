"""Reopen a closed week, with a reason. The closing and its archive stay."""

from __future__ import annotations

import argparse

from data import settings
from data.cli import Result
from data.programme import ProgrammeStore
from kpis import closing

HELP = "reopen a closed week, with a reason"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, required=True, metavar="N")
    parser.add_argument("--author", required=True, metavar="NAME", help="who reopens it")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why, in at least ten characters")


def run(args: argparse.Namespace) -> Result:
    known = settings.load(args.settings)
    store = ProgrammeStore(known.storage)
    closing.reopen(store, args.week, reason=args.reason, author=args.author, at=settings.now(known))
    data = {"week": args.week, "reopened_by": args.author, "reason": args.reason}
    return Result(data=data, lines=[f"Week {args.week} is open again: its values follow the newest snapshot."])
