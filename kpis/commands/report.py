"""Write the review of a week as files: HTML, PDF, XLSX and JSON. The same snapshot gives the same bytes."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from data import settings, status, warehouse
from data.cli import Result
from kpis import report, review

HELP = "write the evaluation as HTML, PDF, XLSX and JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, help="programme week (default: the last that is complete)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the files")
    parser.add_argument(
        "--format-files", default=",".join(report.FORMATS), metavar="LIST", help="comma list of: %(default)s"
    )
    parser.add_argument("--interactive", action="store_true", help="HTML with charts that answer to the pointer (5 MB)")


def run(args: argparse.Namespace) -> Result:
    known = settings.load(args.settings)
    snapshot = warehouse.latest(known)
    built = review.build(snapshot, args.week)  # nothing but the snapshot: it can be made again any day
    formats = [f.strip() for f in args.format_files.split(",") if f.strip()]
    files = report.write(built, snapshot, args.out, formats, interactive=args.interactive)
    rows = [{"file": str(f), "bytes": f.stat().st_size, "sha256": _sha256(f)} for f in files]
    data = {"week": built.week, "snapshot": built.snapshot_id, "files": rows}
    return Result(data=data, rows=rows, lines=[built.verdict.sentence, *status.read(known).problems])


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
