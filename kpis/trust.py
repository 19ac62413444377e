"""May these numbers be believed? Sources, conservation, what follows from each problem, preflight of the report."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from kpis.model import Family, Review, SourceHealth, State, Status
from kpis.words import count, joined

_SERVER: tuple[Family, ...] = ("reliability", "performance", "resources")
_PEOPLE: tuple[Family, ...] = ("engagement", "feedback", "programme")


def families(source: SourceHealth) -> tuple[Family, ...]:
    """Areas that rest on a source."""
    return _SERVER if source.kind in ("prometheus", "openmetrics") else _PEOPLE


def sources(review: Review) -> list[dict[str, str | int | None]]:
    """One line a source item: state, last success, reach."""
    zone = ZoneInfo(review.programme.timezone)

    def local(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%d %b %H:%M}" if at else "never"

    return [
        {
            "State": "● ok" if h.ok else "▲ problem",
            "Source": h.source,
            "Item": h.item,
            "Kind": h.kind,
            "Reaches": local(h.covers_to),
            "Last success": local(h.last_success),
            "What it says": h.sentence,
        }
        for h in review.health
    ]


def conservation(review: Review) -> list[dict[str, str | int]]:
    """read = accepted + duplicates + conflicting + quarantined + blank, one line a source item."""
    lines = []
    for h in review.health:
        parts = (h.accepted, h.duplicates, h.conflicting, h.quarantined, h.blank)
        lost = h.read - sum(parts)
        lines.append(
            {
                "Source": h.source, "Item": h.item, "Read": h.read, "Accepted": h.accepted, "Duplicates": h.duplicates,
                "Conflicting": h.conflicting, "Quarantined": h.quarantined, "Blank": h.blank, "Late": h.late,
                "Adds up": "● yes" if lost == 0 else f"▲ {lost:,} unaccounted for",
            }
        )  # fmt: skip
    return lines


def consequences(review: Review) -> list[str]:
    """What follows from each problem, in the order of its weight; empty when there is none."""
    found = [
        f"{h.source} {h.item}: {h.sentence}. {joined(list(families(h))).capitalize()} end there until it answers again."
        for h in review.health
        if not h.ok
    ]
    found += [f"{h.source} {h.item}: {w}." for h in review.health for w in h.warnings]
    found += [f"{title(review, kpi)} has no value: {why}." for kpi, why in review.failures.items()]
    for week in review.weeks:
        thin = [v for v in review.values if v.week == week.week and v.coverage is not None and v.coverage < 0.95]
        if thin:
            lowest = min(v.coverage or 0.0 for v in thin)
            found.append(
                f"Week {week.week}: {count(len(thin), 'KPI')} of {joined(sorted({v.family for v in thin}))} rest on "
                f"{lowest * 100:.0f} % of the week or more, not on all of it."
            )
    return [f.replace("..", ".") for f in found]


def title(review: Review, kpi_id: str) -> str:
    return next((k.title for k in review.kpis if k.id == kpi_id), kpi_id)


def preflight(review: Review) -> list[tuple[bool, str]]:
    """Checks before a report leaves the house: (passed, sentence)."""
    week = next(w for w in review.weeks if w.week == review.week)
    values = [v for v in review.values if v.week == review.week]
    untold = [v.title for v in values if v.status is Status.CANNOT_TELL]
    bad = [f"{h.source} {h.item}" for h in review.health if not h.ok]
    proposed = [v.title for v in values if v.target is not None and v.target_proposed]
    over = week.state is State.COMPLETE
    state = "is complete" if over else f"is {week.state.replace('_', ' ')} ({week.days_in} of 7 days)"
    return [
        (over, f"Week {review.week} {state}."),
        (not bad, f"Sources with a problem: {joined(bad)}." if bad else "Every source answered."),
        (not review.gaps, f"{count(len(review.gaps), 'gap')} in the data, listed on Data health."
         if review.gaps else "No gaps in the data."),
        (not review.failures, f"KPIs that could not be computed: {joined([title(review, k) for k in review.failures])}."
         if review.failures else "Every KPI could be computed."),
        (not untold, f"{count(len(untold), 'KPI')} without a verdict: {joined(untold)}."
         if untold else "Every KPI has a verdict."),
        (not proposed, f"{count(len(proposed), 'target')} only proposed, not yet agreed by the team."
         if proposed else "Every target is agreed."),
    ]  # fmt: skip
