"""The second half of the report: events, data quality, definitions and what could not be computed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from kpis.model import Gap, Kpi, Review, SourceHealth
from kpis.report import say
from kpis.words import show

COUNTS = ("read", "accepted", "duplicates", "conflicting", "quarantined", "blank", "late")


def markers(review: Review, zone: ZoneInfo) -> list[dict[str, str]]:
    """Releases, incidents and waves with the numbers they carry on the charts."""
    return [
        {
            "number": str(m.number),
            "kind": m.kind,
            "title": m.title,
            "start": say.moment(m.at, zone, year=False),
            "end": say.moment(m.end, zone, year=False) if m.end else "",
            "note": m.note,
        }
        for m in review.markers
    ]


def quality(review: Review, zone: ZoneInfo) -> dict[str, Any]:
    down = [h for h in review.health if not h.ok]
    read = sum(h.read for h in review.health)
    refused = sum(h.quarantined for h in review.health)
    off = [h for h in review.health if unbalanced(h)]
    sums = "Every row read is accounted for" if not off else f"{len(off)} items do not add up"
    return {
        "summary": f"{len(review.health) - len(down)} of {len(review.health)} source items were read without an error. "
        f"{read:,} rows were read, {refused:,} are in quarantine. {sums}."
        if review.health
        else "No source has been read yet.",
        "sources": _sources(review.health),
        "remarks": [_remark(h) for h in review.health if not h.ok or h.warnings or unbalanced(h)],
        "gaps": [_gap(g, zone) for g in review.gaps],
        "exclusions": list(review.exclusion_effects),
    }  # fmt: skip


def unbalanced(h: SourceHealth) -> int:
    """Rows read but not accounted for: read - (accepted + duplicates + conflicting + quarantined + blank)."""
    return h.read - (h.accepted + h.duplicates + h.conflicting + h.quarantined + h.blank)


def _sources(health: tuple[SourceHealth, ...]) -> list[dict[str, Any]]:
    """One line a source, its items summed; the workbook has every item."""
    names = sorted({(h.source, h.kind) for h in health})
    return [_source(name, kind, [h for h in health if (h.source, h.kind) == (name, kind)]) for name, kind in names]


def _source(name: str, kind: str, items: list[SourceHealth]) -> dict[str, Any]:
    off = sum(abs(unbalanced(h)) for h in items)
    return {
        "source": f"{name} ({kind})",
        "items": say.count(len(items)),
        "counts": [say.count(sum(getattr(h, column) for h in items)) for column in COUNTS],
        "balance": "adds up" if off == 0 else f"off by {off:,}",
    }


def _remark(h: SourceHealth) -> str:
    """`app/app:3000 of metrics: not read, unreachable since ...; storage retention is 15 days.`"""
    off = [f"{unbalanced(h):,} rows are not accounted for"] if unbalanced(h) else []
    parts = [*([] if h.ok else [f"not read, {h.sentence}"]), *h.warnings, *off]
    return f"{h.item} of {h.source}: {'; '.join(parts)}."


def _gap(g: Gap, zone: ZoneInfo) -> str:
    """Words that name item and time stand as they are; others get both before them."""
    if g.item in g.words:
        return f"{g.words.rstrip('.')}."
    span = f"{say.moment(g.start, zone, year=False)} to {say.moment(g.end, zone, year=False)}"
    return f"{g.item} of {g.source}: {span}; {g.words}."


def definitions(review: Review) -> list[dict[str, Any]]:
    return [_definition(review, k) for k in review.kpis]


def _definition(review: Review, k: Kpi) -> dict[str, Any]:
    now = next((v for v in review.values if (v.kpi_id, v.week) == (k.id, review.week)), None)
    least = f"verdict from {k.min_sample:,} {k.sample_word}"
    return {
        "id": k.id,
        "title": k.title,
        "question": k.question,
        "definition": k.definition,
        "facts": "; ".join(
            [f"Target: {say.goal(now) if now else _default(k)}", least, f"owner {k.owner}", f"revision {k.revision}"]
        ),
        "caveats": list(k.caveats),
    }


def _default(k: Kpi) -> str:
    if k.target is None:
        return "none"
    return f"{show(k.target.target, k.unit)}{' (proposed)' if k.target.proposed else ''}"


def failures(review: Review) -> list[dict[str, str]]:
    """KPIs that could not be computed, with the reason."""
    titles = {k.id: k.title for k in review.kpis}
    return [{"title": titles.get(key, key), "reason": why} for key, why in sorted(review.failures.items())]
