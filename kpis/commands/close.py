"""Close a week: freeze its values, definitions and data by hash, and archive its report."""

from __future__ import annotations

import argparse
from pathlib import Path

from data import settings, status, warehouse
from data.cli import Result
from data.programme import ProgrammeStore
from kpis import closing, closing_archive, report

HELP = "close a week; its numbers then stay as they are"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, required=True, metavar="N", help="a complete programme week")
    parser.add_argument("--author", required=True, metavar="NAME", help="who closes it")
    parser.add_argument("--out", type=Path, metavar="DIR", help="archive (default: <storage>/archive)")
    parser.add_argument(
        "--format-files", default=",".join(report.FORMATS), metavar="LIST",
        help='report files to archive: %(default)s; "" for none',
    )  # fmt: skip


def run(args: argparse.Namespace) -> Result:
    known = settings.load(args.settings)
    store, snapshot = ProgrammeStore(known.storage), warehouse.latest(known)
    review = closing.build(snapshot, store, args.week)  # nothing but the snapshot: the archive can be made again
    root = args.out or known.storage / closing_archive.FOLDER
    formats = [f.strip() for f in args.format_files.split(",") if f.strip()]
    done = closing_archive.close(
        review, snapshot, store, author=args.author, at=settings.now(known), root=root, formats=formats
    )
    place = closing_archive.folder(root, review)
    rows = [{"file": str(place / name), "sha256": sha} for name, sha in done.files]
    open_points = [sentence for passed, sentence in closing.preflight(review) if not passed]
    open_points += status.read(known).problems
    data = {"week": done.week, "snapshot": done.snapshot_id, "sha256": done.sha256, "author": done.author,
            "closed_at": done.at.isoformat(), "open_points": open_points, "files": rows}  # fmt: skip
    lines = [f"Week {done.week} is closed with {done.snapshot_id}: {review.verdict.sentence}"]
    return Result(data=data, rows=rows, lines=[*lines, *(f"▲ {p}" for p in open_points)])
