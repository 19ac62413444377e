"""Erase one tester everywhere: raw store, quarantine, snapshots. Later loads turn the person away."""

from __future__ import annotations

import argparse

from data import erasure, lock
from data import settings as config
from data.cli import Result

HELP = "erase one tester for good"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tester", required=True, metavar="ID", help="id of the source, or the pseudonym shown")


def run(args: argparse.Namespace) -> Result:
    settings = config.load(args.settings)
    with lock.hold(settings.storage):
        done = erasure.erase(settings, args.tester)
    return Result(
        data={
            "erased": done.person.name,
            "ids": len(done.person.ids),
            "snapshot": done.published.snapshot_id,
            "snapshots_removed": done.snapshots,
            "closed_weeks_without_snapshot": list(done.closed_weeks),
        },
        lines=[
            *done.words,
            "still to do by hand: the source itself, backups of the storage, reports and exports handed out",
        ],
    )
