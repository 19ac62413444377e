"""May these numbers be believed? Sources, conservation, what follows from each problem, preflight of the report."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from kpis.model import Family, Review, SourceHealth, State, Status, Unit
from kpis.words import count, joined, short_instant, show

_SERVER: tuple[Family, ...] = ("reliability", "performance", "resources")
_PEOPLE: tuple[Family, ...] = ("engagement", "feedback", "programme")


def families(source: SourceHealth) -> tuple[Family, ...]:
    """Areas that rest on a source."""
    return _SERVER if source.kind in ("prometheus", "openmetrics") else _PEOPLE


def _local(review: Review, at: datetime | None, empty: str) -> str:
    return short_instant(at.astimezone(ZoneInfo(review.programme.timezone))) if at else empty


def _by_source(review: Review) -> dict[str, list[SourceHealth]]:
    """Items of every source, in the order of the settings."""
    found: dict[str, list[SourceHealth]] = {}
    for h in review.health:
        found.setdefault(h.source, []).append(h)
    return found


def _reach(items: list[SourceHealth]) -> datetime | None:
    """How far a source has told us about: its furthest item."""
    return max((h.covers_to for h in items if h.covers_to), default=None)


def freshness(review: Review) -> str:
    """How far the sources reach: the one that stays behind most."""
    ends = {name: _reach(items) for name, items in _by_source(review).items()}
    known = {name: end for name, end in ends.items() if end}
    if not known:
        return "no source has data"
    last = min(known, key=lambda name: known[name])
    return f"sources reach {_local(review, known[last], '')} or later ({last})"


def sources(review: Review) -> list[dict[str, str | int | None]]:
    """One line a source: state, items, reach, and the word of its worst item."""
    lines = []
    for name, items in _by_source(review).items():
        bad = [h for h in items if not h.ok]
        said = bad[0] if bad else max(items, key=lambda h: h.covers_to.timestamp() if h.covers_to else 0.0)
        success = max((h.last_success for h in items if h.last_success), default=None)
        lines.append(
            {
                "State": "▲ problem" if bad else "● ok",
                "Source": name,
                "Kind": items[0].kind,
                "Items": len(items),
                "Reaches": _local(review, _reach(items), "–"),
                "Last success": _local(review, success, "never"),
                "What it says": said.sentence,
            }
        )
    return lines


def items(review: Review) -> list[dict[str, str | int | None]]:
    """One line a source item."""
    return [
        {
            "State": "● ok" if h.ok else "▲ problem",
            "Source": h.source,
            "Item": h.item,
            "Reaches": _local(review, h.covers_to, "–"),
            "Last success": _local(review, h.last_success, "never"),
            "What it says": h.sentence,
        }
        for h in review.health
    ]


_PARTS = ("read", "accepted", "duplicates", "conflicting", "quarantined", "blank", "late")


def conservation(review: Review, *, by_item: bool = False) -> list[dict[str, str | int]]:
    """read = accepted + duplicates + conflicting + quarantined + blank, one line a source or a source item."""
    groups = [(h.source, h.item, [h]) for h in review.health] if by_item else [
        (name, "", found) for name, found in _by_source(review).items()
    ]  # fmt: skip
    lines = []
    for source, item, found in groups:
        total = {part: sum(getattr(h, part) for h in found) for part in _PARTS}
        lost = total["read"] - sum(total[part] for part in _PARTS[1:6])
        name = {"Source": source, "Item": item} if by_item else {"Source": source}
        word = "● yes" if lost == 0 else f"▲ {lost:,} unaccounted for"
        lines.append({**name, **{part.capitalize(): n for part, n in total.items()}, "Adds up": word})
    return lines


def consequences(review: Review) -> list[str]:
    """What follows from each problem, in the order of its weight; empty when there is none."""
    found = [
        f"{h.source} {h.item}: {h.sentence}. {joined(list(families(h))).capitalize()} end there until it answers again."
        for h in review.health
        if not h.ok
    ]
    if review.gaps:
        found.append(
            f"{count(len(review.gaps), 'gap')} in the series: growth over a gap counts in totals at its end and is "
            "left out of rates; days inside it are drawn as holes."
        )
    found += [f"{title(review, kpi)} has no value: {why}." for kpi, why in review.failures.items()]
    for week in review.weeks:
        thin = [v for v in review.values if v.week == week.week and v.coverage is not None and v.coverage < 0.95]
        if thin and week.state is not State.FUTURE:
            lowest = min(v.coverage or 0.0 for v in thin)
            found.append(
                f"Week {week.week}: {count(len(thin), 'KPI')} of {joined(sorted({v.family for v in thin}))} "
                f"{'rests' if len(thin) == 1 else 'rest'} on part of the week only, down to {show(lowest, Unit.RATIO)}."
            )
    return [f.replace("..", ".") for f in found]


def warnings(review: Review) -> list[str]:
    """What sources warned about without failing; rejected rows have a table of their own."""
    return [f"{h.source} {h.item}: {w}" for h in review.health for w in h.warnings if not w.startswith("rejected: ")]


def title(review: Review, kpi_id: str) -> str:
    return next((k.title for k in review.kpis if k.id == kpi_id), kpi_id)


def preflight(review: Review) -> list[tuple[bool, str]]:
    """Checks before a report leaves the house: (passed, sentence)."""
    week = next(w for w in review.weeks if w.week == review.week)
    values = [v for v in review.values if v.week == review.week]
    untold = [v.title for v in values if v.status is Status.CANNOT_TELL]
    bad = [f"{h.source} {h.item}" for h in review.health if not h.ok]
    proposed = [v.title for v in values if v.target is not None and v.target_proposed]
    over = week.state.settled
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
