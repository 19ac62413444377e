"""docs/kpis.md, made from the catalogue."""

from __future__ import annotations

from itertools import groupby

from kpis import catalogue, words
from kpis.measures import run
from kpis.model import Kpi

HEAD = """# What every number means

Made from `kpis/definitions` by `make docs`; edit the definitions, not this file.

"""


def markdown() -> str:
    """The whole catalogue as Markdown, by family."""
    parts = [HEAD]
    for family, kpis in groupby(catalogue.all(), key=lambda k: k.family):
        parts.append(f"## {family.capitalize()}\n\n")
        parts.extend(_kpi(kpi) for kpi in kpis)
    return "".join(parts).rstrip("\n") + "\n"


def _kpi(kpi: Kpi) -> str:
    caveats = "".join(f"- Beware: {c}\n" for c in kpi.caveats)
    query = ", ".join(f"`queries/{q}.sql`" for q in run.queries(kpi.measure))
    metrics = ", ".join(f"`{m}`" for m in run.metrics(kpi.measure))
    series = f"- Series (the first that exists): {metrics}\n" if metrics else ""
    return (
        f"### {kpi.title} (`{kpi.id}`)\n\n*{kpi.question}*\n\n{kpi.definition}\n\n"
        f"- {_target(kpi)}\n- Verdict from {kpi.min_sample} {kpi.sample_word} on\n"
        f"- Query: {query}\n{series}{caveats}- Owner: {kpi.owner}; revision {kpi.revision}\n\n"
    )


def _target(kpi: Kpi) -> str:
    if kpi.target is None:
        return "No target set"
    side = "at least" if kpi.better == "higher" else "at most"
    floor = "" if kpi.target.floor is None else f", floor {words.show(kpi.target.floor, kpi.unit)}"
    note = " (proposed)" if kpi.target.proposed else " (set by the team)"
    return f"Target {side} {words.show(kpi.target.target, kpi.unit)}{floor}{note}"
