"""Write the demo beta: four weeks of made-up testers, requests and metrics, with truth.json beside them."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.cli import Result
from data.demo import folder

HELP = "write a made-up beta to look at and to test with"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, help="new or empty folder, or one that holds a demo")


def run(args: argparse.Namespace) -> Result:
    made = folder.write(args.dir)
    settings = made.folder / "beta.toml"
    return Result(
        data={
            "settings": str(settings),
            "files": made.files,
            "bytes": made.bytes,
            "events": made.events,
            "samples": made.samples,
        },
        lines=(
            f"{made.folder}: {made.events:,} events and {made.samples:,} samples in {made.files} files "
            f"({made.bytes / 1e6:.0f} MB)",
            f"next: python -m data refresh --settings {settings}",
        ),
    )
