"""Features in the order in which they deserve work: reach, return of adopters, demand, errors met."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from data import settings, warehouse
from data.cli import Result
from kpis import priorities

HELP = "features by reach, return of adopters, demand and errors met"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No further arguments: the table is about the whole programme so far."""


def run(args: argparse.Namespace) -> Result:
    found = priorities.features(warehouse.latest(settings.load(args.settings)))
    return Result(
        data={"order": priorities.ORDER, "features": [asdict(f) for f in found]},
        rows=priorities.rows(found), lines=[priorities.sentence(found), priorities.ORDER],
    )  # fmt: skip
