"""Write the review of a week as files: HTML, PDF, XLSX and JSON. The same snapshot gives the same bytes."""

from __future__ import annotations

import argparse
import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data import settings, status, warehouse
from data.cli import Result
from data.errors import QueryError
from data.programme import ProgrammeStore
from kpis import closing, evaluation, report

HELP = "write the evaluation as HTML, PDF, XLSX and JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, help="programme week (default: the last that is complete)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the files")
    parser.add_argument(
        "--format-files", default=",".join(report.FORMATS), metavar="LIST",
        help="comma list of: %(default)s, and md, a summary for mail or chat",
    )  # fmt: skip
    parser.add_argument(
        "--send", metavar="VARIABLE", help="send the summary to the apprise address in this environment variable"
    )
    parser.add_argument("--interactive", action="store_true", help="HTML with charts that answer to the pointer (5 MB)")


def run(args: argparse.Namespace) -> Result:
    known = settings.load(args.settings)
    snapshot = warehouse.latest(known)
    formats = [f.strip() for f in args.format_files.split(",") if f.strip()]
    # Nothing but the snapshot and what people wrote: the same two give the same bytes on any day.
    with ThreadPoolExecutor(2, "report") as pool:  # sections wait for queries, as the review does
        sections = pool.submit(evaluation.sections, snapshot)
        pool.submit(report.load, formats)
        built = closing.build(snapshot, ProgrammeStore(known.storage), args.week)
        files = report.write(built, snapshot, args.out, formats, interactive=args.interactive, extra=sections)
    rows = [{"file": str(f), "bytes": f.stat().st_size, "sha256": _sha256(f)} for f in files]
    data = {"week": built.week, "snapshot": built.snapshot_id, "files": rows}
    if args.send:
        _send(settings.secret(args.send), f"Week {built.week}: {built.programme.name}", report.summary(built, snapshot))
    return Result(data=data, rows=rows, lines=[built.verdict.sentence, *status.read(known).problems])


def _send(address: str, title: str, text: str) -> None:
    """Send a text through apprise. The address may hold a password, so no message repeats it."""
    import apprise

    post = apprise.Apprise()
    if not post.add(address):
        raise QueryError("the address to send to is none that apprise knows; see its list of services")
    if not post.notify(title=title, body=text, body_format=apprise.NotifyFormat.MARKDOWN):
        raise QueryError("the summary could not be sent; the files are written all the same")


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
