"""The KPI catalogue: every definition, with the targets of --settings where it is given; docs/kpis.md is made of it."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

from data import settings
from data.cli import Result
from data.errors import DefinitionError
from kpis import catalogue, catalogue_text, compute_coverage
from kpis.measures import run as measures
from kpis.model import Kpi

HELP = "every KPI: question, definition, owner, target, query"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--write", metavar="FILE", help="write the catalogue as Markdown, e.g. docs/kpis.md")


def run(args: argparse.Namespace) -> Result:
    if args.write:
        file = Path(args.write)
        try:
            file.write_text(catalogue_text.markdown(), encoding="utf-8")
        except OSError as error:
            raise DefinitionError(f"{file}: cannot be written: {error.strerror}") from None
        return Result(data={"written": str(file), "kpis": len(catalogue.all())}, lines=[f"{file}: written"])
    entries = [entry(kpi) for kpi in catalogue.all()]
    if args.settings:
        _in_force(entries, settings.load(args.settings))
    short = ("id", "title", "family", "unit", "better", "target", "floor", "target_proposed", "revision")
    return Result(data=entries, rows=[{k: e[k] for k in short} for e in entries])


def _in_force(entries: list[dict[str, Any]], known: settings.Settings) -> None:
    """Put the targets of the settings, as they hold at the programme's end, in place of the definitions' own."""
    declared = known.model_dump(mode="json")
    catalogue.check_settings(declared)
    end = settings.programme_days(known)[1] - timedelta(days=1)
    for one in entries:
        goal = catalogue.goal(catalogue.get(one["id"]), declared, end)
        one |= {"target": goal.target, "floor": goal.floor, "target_proposed": goal.proposed}


def entry(kpi: Kpi) -> dict[str, Any]:
    """One definition as plain data."""
    goal = kpi.target
    return {
        "id": kpi.id,
        "title": kpi.title,
        "question": kpi.question,
        "definition": kpi.definition,
        "family": kpi.family,
        "owner": kpi.owner,
        "unit": kpi.unit.value,
        "better": kpi.better,
        "measure": type(kpi.measure).__name__,
        "queries": [f"queries/{q}.sql" for q in measures.queries(kpi.measure)],
        "metrics": list(measures.metrics(kpi.measure)),
        "source": compute_coverage.item(kpi),
        "target": goal.target if goal else None,
        "floor": goal.floor if goal else None,
        "target_proposed": bool(goal and goal.proposed),
        "min_sample": kpi.min_sample,
        "sample_word": kpi.sample_word,
        "caveats": list(kpi.caveats),
        "revision": kpi.revision,
        "fingerprint": catalogue.fingerprint(kpi),
    }
