"""Titles that state the finding, made from the review by fixed templates; without a finding, a neutral title."""

from __future__ import annotations

from itertools import pairwise

from kpis.model import KpiValue, Review, State, Status, Unit
from kpis.words import show


def shown_title(review: Review, kpi_id: str) -> str:
    """Title of what is drawn: the complement's where a KPI has one."""
    kpi = review.kpi(kpi_id)
    return kpi.complement or kpi.title


def shown(review: Review, value: KpiValue, number: float | None) -> float | None:
    """A number as it is drawn: 1 - x where the KPI is shown as its complement."""
    if number is None or review.kpi(value.kpi_id).complement is None or value.unit is not Unit.RATIO:
        return number
    return 1 - number


def revisions(review: Review, kpi_id: str) -> dict[int, int]:
    """Week -> revision where a KPI's definition is another one than in the week before: its trend breaks there."""
    weeks = sorted((v for v in review.values if v.kpi_id == kpi_id), key=lambda v: v.week)
    return {b.week: b.revision for a, b in pairwise(weeks) if a.revision != b.revision}


def finding(review: Review, kpi_id: str) -> str:
    """One KPI in the review's week, e.g. "API latency p95 rose to 418 ms in week 3 (target 200 ms)"."""
    value = review.value(kpi_id)
    title = shown_title(review, kpi_id)
    if kpi_id in review.failures:
        return f"{title} could not be computed"
    if value.value is None:
        return f"{title}: no data in week {value.week}"
    now = show(shown(review, value, value.value), value.unit)
    if not value.state.settled:
        partly = f"in week {value.week}, from part of its data"
        return f"{title}: {now} {partly if value.state is State.NOT_EVALUABLE else f'after {value.days_in} of 7 days'}"
    moved = _moved(review, value)
    goal = _goal(review, value)
    if moved:
        return f"{title} {moved} to {now} in week {value.week}{goal}"
    if value.status is Status.MISSED:
        return f"{title} missed its target in week {value.week}: {now}{goal}"
    return f"{title}: {now} in week {value.week}{goal}"


def _moved(review: Review, value: KpiValue) -> str:
    """ "rose" or "fell" when the change is clear; of the complement where that is drawn."""
    change = next((c for c in review.changes if c.kpi_id == value.kpi_id and c.week == value.week), None)
    if change is None or not change.clear or not change.delta:
        return ""
    up = change.delta > 0
    if review.kpi(value.kpi_id).complement and value.unit is Unit.RATIO:
        up = not up
    return "rose" if up else "fell"


def _goal(review: Review, value: KpiValue) -> str:
    if value.target is None:
        return ""
    word = "proposed target" if value.target_proposed else "target"
    return f" ({word} {show(shown(review, value, value.target), value.unit)})"
