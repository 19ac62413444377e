"""All KPIs: found by folder, checked, in a fixed order; and the targets that hold for a week.

A contradiction in a definition is refused in words (DefinitionError), in the settings too (SettingsError).
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from data import sql
from data.errors import DefinitionError, SettingsError, nearest
from kpis import definitions
from kpis.measures import bind, run
from kpis.model import Better, Family, Kpi, Unit

FAMILIES: tuple[str, ...] = get_args(Family)
REVISIONS = Path(definitions.__file__).with_name("revisions.json")
SUPPLIED = frozenset(
    {"by", "as_of_us", "seats", "activation_us", "valid_us", "include_excluded", "from_us", "to_us", "has_status"}
)


@lru_cache
def all() -> tuple[Kpi, ...]:
    """Every KPI of kpis/definitions, checked, by family, position and id. Raises DefinitionError."""
    found = []
    for module in pkgutil.iter_modules(definitions.__path__):
        kpi = getattr(importlib.import_module(f"{definitions.__name__}.{module.name}"), "KPI", None)
        if not isinstance(kpi, Kpi):
            raise DefinitionError(f"kpis/definitions/{module.name}.py: holds no KPI = Kpi(...)")
        check(kpi, module.name)
        found.append(kpi)
    return tuple(sorted(found, key=lambda k: (FAMILIES.index(k.family), k.position, k.id)))


def get(kpi_id: str) -> Kpi:
    """The KPI of an id. Raises DefinitionError with the nearest id."""
    for kpi in all():
        if kpi.id == kpi_id:
            return kpi
    raise DefinitionError(f'there is no KPI "{kpi_id}"{nearest(kpi_id, (k.id for k in all()))}')


def check(kpi: Kpi, file_name: str) -> None:
    """Refuse a definition that contradicts itself: DefinitionError with file, what is wrong and what would be right."""
    where = f"kpis/definitions/{file_name}.py"
    if kpi.id != file_name:
        raise DefinitionError(f'{where}: id is "{kpi.id}"; it must be the file\'s name, "{file_name}"')
    for name in ("title", "question", "definition", "owner", "sample_word"):
        if not getattr(kpi, name).strip():
            raise DefinitionError(f"{where}: {name} is empty; say it in words")
    if kpi.family not in FAMILIES:
        raise DefinitionError(f'{where}: family "{kpi.family}" is none of {", ".join(FAMILIES)}')
    if kpi.better not in get_args(Better):
        raise DefinitionError(f'{where}: better is "{kpi.better}"; it must be higher or lower')
    if kpi.revision < 1 or kpi.min_sample < 0:
        raise DefinitionError(f"{where}: revision starts at 1 and min_sample at 0")
    if kpi.target is not None:
        problem = contradiction(kpi, kpi.target.target, kpi.target.floor)
        if problem:
            raise DefinitionError(f"{where}: {problem}")
    _check_measure(kpi, where)


def _check_measure(kpi: Kpi, where: str) -> None:
    """Queries exist and get every parameter they name."""
    given = {"metrics"} if not hasattr(kpi.measure, "given") else {name for name, _ in kpi.measure.given}
    for query in run.queries(kpi.measure):
        known = sql.names("measures")
        if query not in known:
            raise DefinitionError(f'{where}: there is no query "{query}"{nearest(query, known)}')
        missing = sorted(bind.names(query) - given - SUPPLIED)
        if missing:
            raise DefinitionError(f"{where}: {query} needs ${missing[0]}; add it to `given`")
    q = getattr(kpi.measure, "q", 0.5)
    if not 0 < q < 1:
        raise DefinitionError(f"{where}: q is {q}; a quantile lies between 0 and 1")


def contradiction(kpi: Kpi, target: float, floor: float | None) -> str | None:
    """Why a target and floor cannot be right for a KPI, or None."""
    if kpi.unit is Unit.RATIO:
        for name, value in (("target", target), ("floor", floor)):
            if value is not None and not 0 <= value <= 1:
                return f"{name} {value:g} of {kpi.id} is no ratio; write 0.4 for 40 %"
    if target < 0:
        return f"target {target:g} of {kpi.id} is below 0"
    if floor is None or (floor <= target if kpi.better == "higher" else floor >= target):
        return None
    side = "above" if kpi.better == "higher" else "below"
    right = "at or below" if kpi.better == "higher" else "at or above"
    return (
        f"floor {floor:g} of {kpi.id} is {side} the target {target:g}; "
        f"{kpi.better} is better, so the floor must be {right} it"
    )


@dataclass(frozen=True)
class Goal:
    """Target and floor that hold for a period; both None = none set."""

    target: float | None = None
    floor: float | None = None
    proposed: bool = False
    since: date | None = None


def goal(kpi: Kpi, settings: Mapping[str, Any], end: date) -> Goal:
    """The latest target of the settings dated at or before a period's last day, else the definition's own."""
    dated = [
        (str(t.get("since") or ""), i, t)
        for i, t in enumerate(settings.get("targets") or ())
        if t["kpi"] == kpi.id and (not t.get("since") or date.fromisoformat(str(t["since"])) <= end)
    ]
    if dated:
        t = max(dated, key=lambda d: d[:2])[2]
        since = date.fromisoformat(str(t["since"])) if t.get("since") else None
        return Goal(float(t["target"]), t.get("floor"), bool(t.get("proposed", False)), since)
    if kpi.target is None:
        return Goal()
    return Goal(kpi.target.target, kpi.target.floor, kpi.target.proposed)


def check_settings(settings: Mapping[str, Any]) -> None:
    """Refuse targets and criteria of unknown KPIs and targets on the wrong side of their floor: SettingsError."""
    known = {k.id: k for k in all()}
    for part in ("targets", "criteria"):
        for entry in settings.get(part) or ():
            name = entry["kpi"]
            if name not in known:
                raise SettingsError(f'{part}: there is no KPI "{name}"{nearest(name, known)}')
            problem = contradiction(known[name], entry["target"], entry.get("floor")) if part == "targets" else None
            if problem:
                raise SettingsError(f"{part}: {problem}")


def fingerprint(kpi: Kpi) -> str:
    """Hash of what the number is: measure and unit, with the text of its queries (comments left out)."""
    texts = [
        "\n".join(line.split("--")[0].rstrip() for line in sql.text(q).splitlines()) for q in run.queries(kpi.measure)
    ]
    content = json.dumps([repr(kpi.measure), kpi.unit, [" ".join(t.split()) for t in texts]])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def revisions() -> dict[str, dict[str, str]]:
    """KPI id -> revision -> fingerprint, as committed."""
    return json.loads(REVISIONS.read_text(encoding="utf-8"))
