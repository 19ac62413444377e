"""Pull every source, build the facts, check them and publish a snapshot."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from data import settings as config
from data.cli import Result
from data.refresh import Progress, refresh

HELP = "pull the sources and publish a snapshot"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=instant, metavar="INSTANT", help="instant the numbers are true at (default: the clock)"
    )
    parser.add_argument("--rebuild", action="store_true", help="build all facts anew, copying none")


def run(args: argparse.Namespace) -> Result:
    settings = config.load(args.settings)
    with bars() as progress:
        done = refresh(settings, args.as_of, progress, rebuild=args.rebuild)
    data = {
        "snapshot": done.snapshot_id,
        "file": str(done.snapshot_file),
        "as_of": done.as_of.isoformat(),
        "errors": list(done.errors),
    }
    failed = None
    if done.errors:
        failed = f"{'; '.join(done.errors)}; the rest was published, with what had been loaded of these before"
    return Result(data=data, rows=[] if args.format == "table" else [_flat(data)], lines=_lines(data), failed=failed)


def _flat(data: dict) -> dict:
    return {**data, "errors": "; ".join(data["errors"])}


def _lines(data: dict) -> list[str]:
    return [f"published {data['snapshot']} (as of {data['as_of']})"]


def instant(text: str) -> datetime:
    """An instant as a person writes it: 2026-04-02 or 2026-04-02T12:00+02:00; without an offset it is UTC."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'"{text}" is no instant; write 2026-04-02 or 2026-04-02T12:00:00+02:00'
        ) from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@contextmanager
def bars() -> Iterator[Progress | None]:
    """Progress bars on stderr when it is a terminal; nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, int] = {}

        def tell(label: str, done: int, total: int | None) -> None:
            if label not in tasks:
                tasks[label] = shown.add_task(label, total=total)
            shown.update(tasks[label], completed=done, total=total)

        yield tell
