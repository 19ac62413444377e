"""Binding a measure's query: its own parameters first, then what snapshot and settings say."""

from __future__ import annotations

import re
from typing import Any

from data import sql
from data.errors import QueryError
from data.warehouse import Snapshot
from kpis.held import Held
from kpis.measures import active_days
from kpis.model import Given
from kpis.operations import spellings

HOUR_US = 3_600_000_000
MEASURED: Held[tuple[dict[str, Any], ...]] = Held(most=256)  # another week, the report and the page ask the same
INVITATION_DAYS = 7  # validity of an invitation


def names(query: str) -> frozenset[str]:
    """Names of the $parameters a query uses (comments do not count)."""
    code = re.sub(r"--[^\n]*", "", sql.text(query))
    return frozenset(re.findall(r"\$(\w+)", code))


def context(snapshot: Snapshot) -> dict[str, Any]:
    """Parameters every query may use, from the snapshot's meta and settings."""
    engagement = snapshot.settings.get("engagement") or {}
    return {
        "as_of_us": int(snapshot.meta["as_of_us"]),
        "seats": int(snapshot.meta.get("seats") or 0),
        "activation_us": round(float(engagement.get("activation_hours", 48)) * HOUR_US),
        "valid_us": INVITATION_DAYS * 24 * HOUR_US,
        "include_excluded": False,
    }


def rows(snapshot: Snapshot, query: str, given: Given = (), **more: Any) -> list[dict[str, Any]]:
    """Rows of a query with exactly the parameters it names. Raises QueryError where one is not given.

    A query that has no `by` (week, day) to name may answer both at once, with a column `grain`: asked once, read twice.
    """
    known = {**context(snapshot), **{k: list(v) if isinstance(v, tuple) else v for k, v in given}, **more}
    wanted = names(query)
    if "from_us" in wanted and "metrics" in known:
        known |= _spelled(snapshot, known["metrics"], told="has_status" in wanted)
    missing = sorted(wanted - known.keys())
    if missing:
        raise QueryError(f"{query}: parameter ${missing[0]} is not given; name it in the KPI's `given`")
    bound = {name: known[name] for name in wanted}
    key = (query, repr(sorted(bound.items())))
    kept = MEASURED.get(snapshot, key, lambda: _asked(snapshot, query, bound))
    by = more.get("by")
    return [dict(row) for row in kept if row.get("grain", by) == by]


def _asked(snapshot: Snapshot, query: str, bound: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    quick = active_days.answer(snapshot, query, bound)
    return tuple(snapshot.rows(query, **bound)) if quick is None else quick


def _spelled(snapshot: Snapshot, metrics: list[str], *, told: bool) -> dict[str, Any]:
    """$metrics with the hours in which each counts."""
    found = spellings.covers(snapshot, metrics, told=told)
    return {**spellings.parameters(found), "has_status": any(c.has_status for c in found)}


def by_period(snapshot: Snapshot, query: str, by: str, given: Given = ()) -> dict[int, list[dict[str, Any]]]:
    """Rows grouped by period. `by` is week or day."""
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows(snapshot, query, given, by=by):
        groups.setdefault(int(row["period"]), []).append(row)
    return groups
