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
        person, done = erasure.erase(settings, args.tester)
    return Result(
        data={"erased": person.name, "ids": len(person.ids), "snapshot": done.snapshot_id},
        lines=[
            f"erased {person.name} ({len(person.ids)} ids); published {done.snapshot_id}; older snapshots are gone",
            "still to do by hand: the source itself, backups of the storage, reports and exports handed out",
        ],
    )
