"""Values of every KPI and programme week, with all that is needed to defend them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from data import settings, warehouse
from data.cli import Result
from data.errors import QueryError
from data.programme import ProgrammeStore
from kpis import catalogue, closing, compute, words
from kpis.model import KpiValue

HELP = "KPI values by programme week, with n, interval, state and verdict"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--week", type=int, metavar="N", help="one programme week (default: all)")
    parser.add_argument("--kpi", action="append", metavar="ID", help="one KPI; may be given several times")


def run(args: argparse.Namespace) -> Result:
    wanted = tuple(catalogue.get(name) for name in args.kpi) if args.kpi else None
    known = settings.load(args.settings)
    snapshot, store = warehouse.latest(known), ProgrammeStore(known.storage)
    computed = compute.everything(snapshot, wanted)
    if closing.closings(store):  # closed weeks keep the values they were closed with
        shown = closing.build(snapshot, store).values
        computed = replace(computed, values=tuple(v for v in shown if wanted is None or v.kpi_id in args.kpi))
    weeks = sorted({v.week for v in computed.values})
    if args.week is not None and args.week not in weeks:
        raise QueryError(f"week {args.week}: the programme has weeks {weeks[0]} to {weeks[-1]}")
    chosen = [v for v in computed.values if args.week in (None, v.week)]
    failed = "; ".join(f"{name}: {why}" for name, why in computed.failures.items())
    return Result(
        data=[plain(v) for v in chosen], rows=[plain(v) if args.format == "csv" else _short(v) for v in chosen],
        failed=f"could not be computed: {failed}" if failed else None,
    )  # fmt: skip


def plain(v: KpiValue) -> dict[str, Any]:
    """One value under the names that scripts rely on. None = no data."""
    return {
        "id": v.kpi_id,
        "title": v.title,
        "unit": v.unit.value,
        "week": v.week,
        "value": v.value,
        "numerator": v.numerator,
        "denominator": v.denominator,
        "n": v.n,
        "low": v.low,
        "high": v.high,
        "interval": v.interval,
        "target": v.target,
        "floor": v.floor,
        "target_proposed": v.target_proposed,
        "verdict": v.status.value,
        "state": v.state.value,
        "reason": v.reason,
        "as_of": v.as_of.isoformat(),
        "revision": v.revision,
        "coverage": v.coverage,
        "not_yet_measurable": v.not_yet_measurable,
        "measurable_on": v.measurable_on.isoformat() if v.measurable_on else None,
        "start": v.start.isoformat(),
        "end": v.end.isoformat(),
        "flags": list(v.flags),
    }


def _short(v: KpiValue) -> dict[str, Any]:
    return {
        "KPI": v.kpi_id,
        "week": v.week,
        "value": words.show(v.value, v.unit),
        "interval": words.span(v.low, v.high, v.unit),
        "n": v.n,
        "verdict": words.status_mark(v.status),
        "state": v.state.value,
        "reason": v.reason,
    }
