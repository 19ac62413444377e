"""Review -> the lines of the scorecard: texts only, in one place for screen and command line."""

from __future__ import annotations

from kpis.model import Change, KpiValue, Review, State
from kpis.verdicts import NOTHING_DUE
from kpis.words import delta, interval, show, status_mark

HEADLINE = ("wau", "retention_d7", "error_ratio", "latency_p95", "csat", "open_critical_bugs")
LEGEND = (
    "none due: nobody's outcome falls in the week · ( ) under the minimum sample · ▨ week still running · "
    "pt: percentage points · * proposed target, not yet agreed"
)


def change(review: Review, kpi_id: str) -> Change | None:
    """Change of one KPI into the review's week, or None where it has no week before."""
    return next((c for c in review.changes if c.kpi_id == kpi_id and c.week == review.week), None)


def signals(review: Review) -> list[tuple[KpiValue, Change]]:
    """Clear changes of the review's week only, worse ones first, then in catalogue order."""
    clear = [c for c in review.changes if c.week == review.week and c.clear]
    return [(review.value(c.kpi_id), c) for c in sorted(clear, key=lambda c: c.better is not False)]


def cell(review: Review, value: KpiValue) -> str:
    """One week of one KPI in a few signs: no data, not yet measurable, too few and zero stay apart."""
    if value.kpi_id in review.failures:
        return "failed"
    if value.value is None:
        return "not yet" if value.state is State.FUTURE else missing(value)
    text = show(value.value, value.unit)
    if value.state is State.RUNNING:
        return f"▨ {text}"
    return f"({text})" if value.n < review.kpi(value.kpi_id).min_sample else text


def missing(value: KpiValue) -> str:
    """Why there is no value, in two words: not yet measurable, nobody's outcome falls in the week, or no data."""
    if value.not_yet_measurable:
        return "not yet"
    return "none due" if value.reason.startswith(NOTHING_DUE) else "no data"


def target_text(value: KpiValue) -> str:
    """ "≤ 200 ms", with a star while the target is only proposed."""
    if value.target is None:
        return "none"
    sign = "≥" if value.better == "higher" else "≤"
    return f"{sign} {show(value.target, value.unit)}{' *' if value.target_proposed else ''}"


def gap(value: KpiValue) -> str:
    """Signed distance to the target, in points for rates."""
    if value.value is None or value.target is None:
        return "–"
    return delta(value.value - value.target, value.unit).replace(" points", " pt").replace(" point", " pt")


def moved(review: Review, kpi_id: str) -> tuple[str, bool | None]:
    """Change against the week before in a few words, and whether it is better (None: no clear change)."""
    found, value = change(review, kpi_id), review.value(kpi_id)
    if value.state is State.RUNNING:
        return f"▨ {value.days_in} of 7 days", None
    if value.state is State.FUTURE:
        return "not begun", None
    if found is None or found.delta is None:
        return "nothing to compare with", None
    if not found.clear:
        return "no clear change", None
    return delta(found.delta, value.unit, review.value(kpi_id, value.week - 1).value), found.better


def rows(review: Review) -> list[dict[str, str]]:
    """One line a KPI: KPI, status, W1.., target, gap to it, n. Catalogue order; `id` comes last."""
    lines = []
    for kpi in review.kpis:
        value = review.value(kpi.id)
        weeks = {f"W{v.week}": cell(review, v) for v in review.values if v.kpi_id == kpi.id}
        lines.append(
            {
                "KPI": kpi.title,
                "Status": status_mark(value.status),
                **weeks,
                "Target": target_text(value),
                "Gap": gap(value),
                "n": f"{value.n:,}",
                "id": kpi.id,
            }
        )
    return lines


def box_score(review: Review, kpi_id: str) -> list[dict[str, str]]:
    """The weeks of one KPI under each other: value, interval, n, target, status, state."""
    return [
        {
            "Week": f"W{v.week}",
            "Value": cell(review, v),
            "Interval": interval(v),
            "n": f"{v.n:,}",
            "Target": target_text(v),
            "Status": status_mark(v.status),
            "State": f"{v.days_in} of 7 days" if v.state is State.RUNNING else v.state.replace("_", " "),
        }
        for v in review.values
        if v.kpi_id == kpi_id
    ]


def compare(review: Review, one: int, other: int) -> list[dict[str, str]]:
    """Two weeks side by side; the difference is plain, only the week-on-week change is tested."""
    lines = []
    for kpi in review.kpis:
        a, b = review.value(kpi.id, one), review.value(kpi.id, other)
        known = a.value is not None and b.value is not None
        lines.append(
            {
                "KPI": kpi.title,
                f"W{one}": cell(review, a),
                f"W{one} status": status_mark(a.status),
                f"W{other}": cell(review, b),
                f"W{other} status": status_mark(b.status),
                "Difference": delta(b.value - a.value, kpi.unit, a.value) if known else "–",
            }
        )
    return lines
