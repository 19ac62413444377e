"""What share of a period the sources of a KPI have told us about, and what follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from data import sql
from data.warehouse import Snapshot
from kpis import words
from kpis.measures import bind, run
from kpis.model import Kpi, Unit

ENOUGH = 0.9
ITEMS = (  # fact -> item of fct_source_day; the first fact a query reads decides
    ("fct_feedback", "feedback"),
    ("fct_invitation", "invitations"),
    ("fct_tester_day", "events"),
    ("fct_tester_week", "events"),
    ("fct_active_day", "events"),
    ("fct_event", "events"),
    ("dim_tester", "testers"),
)


@dataclass(frozen=True)
class Coverage:
    """Coverage of a KPI's source: per programme week and day_n; None = nothing is known about it."""

    item: str  # events | feedback | invitations | testers | samples
    weeks: dict[int, float | None]
    days: dict[int, float | None]

    @property
    def known(self) -> bool:
        return any(v is not None for v in self.days.values())


def item(kpi: Kpi) -> str:
    """The source item a KPI's number rests on, from the `Reads` line of its query."""
    if run.metrics(kpi.measure):
        return "samples"
    reads = re.findall(r"\w+", _reads(run.queries(kpi.measure)[0]))
    return next((name for fact, name in ITEMS if fact in reads), "events")


def _reads(query: str) -> str:
    return next((line for line in sql.text(query).splitlines() if line.startswith("-- Reads:")), "")


def coverage(snapshot: Snapshot, kpi: Kpi) -> Coverage:
    """Covered share of each complete day, and its mean over the complete days of each week."""
    name = item(kpi)
    if name == "samples":
        rows = bind.rows(snapshot, "measures/coverage_samples", (("metrics", run.metrics(kpi.measure)),))
    else:
        rows = bind.rows(snapshot, "measures/coverage", (("item", name),))
    groups: dict[int, list[float | None]] = {}
    for row in rows:
        groups.setdefault(row["week"], []).append(row["covered"])
    weeks = {w: None if None in c else sum(v for v in c if v is not None) / len(c) for w, c in groups.items()}
    return Coverage(name, weeks, {r["day_n"]: r["covered"] for r in rows})


def gap_words(snapshot: Snapshot, kpi: Kpi, week: dict[str, Any], share: float) -> str:
    """Why a week cannot be evaluated: the longest gap of the KPI's source inside it, else the days without data."""
    name = item(kpi)
    zone = ZoneInfo(snapshot.meta.get("timezone") or "UTC")
    text = f"{name} cover {words.show(share, Unit.RATIO)} of the week's complete days"
    about = {name}
    if name == "samples":
        about = {t["item"] for t in bind.rows(snapshot, "measures/targets", (("metrics", run.metrics(kpi.measure)),))}
    gaps = [
        g
        for g in snapshot.rows("review/gaps")
        if g["item"] in about and g["from_us"] < week["end_us"] and g["to_us"] > week["start_us"]
    ]
    if not gaps:
        return f"{text}; at least 90 % are needed"
    worst = max(gaps, key=lambda g: min(g["to_us"], week["end_us"]) - max(g["from_us"], week["start_us"]))
    start, end = (datetime.fromtimestamp(worst[k] / 1e6, tz=UTC).astimezone(zone) for k in ("from_us", "to_us"))
    return f"{text}: {worst['item']} silent from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
