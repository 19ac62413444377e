"""What changed in a closed week since it was closed, and why."""

from __future__ import annotations

import argparse

from data import settings, warehouse
from data.cli import Result
from data.errors import SnapshotError
from data.programme import ProgrammeStore
from kpis import closing

HELP = "what a closed week would read today, and why"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, required=True, metavar="N", help="a closed programme week")


def run(args: argparse.Namespace) -> Result:
    known = settings.load(args.settings)
    store, snapshot = ProgrammeStore(known.storage), warehouse.latest(known)
    found = next((c for c in closing.build(snapshot, store, args.week).closed if c.week == args.week), None)
    if found is None:
        raise SnapshotError(f"week {args.week} is not closed; close it with `python -m kpis close --week {args.week}`")
    rows = closing.difference_rows(found)
    data = {"week": found.week, "closed_at": found.at.isoformat(), "author": found.author,
            "snapshot": found.snapshot_id, "now": snapshot.id, "reasons": list(found.reasons),
            "differences": rows}  # fmt: skip
    moved = "; ".join(found.reasons) or "nothing that is counted"
    lines = [closing.sentence(found, known.programme.timezone), f"Moved since: {moved}."]
    return Result(data=data, rows=rows, lines=lines)
