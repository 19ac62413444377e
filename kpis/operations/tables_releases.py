"""Releases and incident stories as rows of ready texts."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.model import Unit
from kpis.operations.amounts import DASH, instant, level, relative, seconds, waiting
from kpis.operations.apdex import Apdex
from kpis.operations.release_effects import Effect
from kpis.operations.stories import Story
from kpis.operations.suspects import Suspect
from kpis.words import joined, show

EFFECT_WIDTHS = {
    "Release": 66, "Since": 108, "From": 72, "p95": 112, "Mean": 112, "5xx": 108, "Slowed most": 138, "Added a day": 98,
    "Days": 66,
}  # fmt: skip
"""Pixels that the columns need; together they fit a page of 1360 pixels."""


def effect_rows(found: Sequence[Effect], zone: str) -> list[dict[str, str]]:
    """One row a release: how it is known, and what all requests did before and after it."""
    return [
        {
            "Release": name(e),
            "Since": instant(e.release.at_us, zone),
            "From": "series" if e.release.found else "settings",
            "p95": _moved(*(seconds(v) for v in e.p95)),
            "Mean": _moved(*(seconds(v) for v in e.mean)),
            "5xx": _moved(*(DASH if v is None else show(v, Unit.RATIO) for v in e.error_ratio)),
            "Slowed most": DASH if e.worst is None else f"{e.worst.route} {relative(_change(e))}",
            "Added a day": DASH if e.worst is None else waiting(e.worst.cost),
            "Days": f"{_length(e.sides[0])} and {_length(e.sides[1])}",
        }
        for e in found
    ]


def name(effect: Effect) -> str:
    """A release, and until when it ran where it was taken back."""
    return f"{effect.release.name} (taken back)" if effect.release.until_us is not None else effect.release.name


def effect_sentence(effect: Effect, zone: str) -> str:
    """What a release came with, for a heading."""
    release = effect.release
    back = f", taken back {instant(release.until_us, zone)}" if release.until_us is not None else ""
    head = f"Release {release.name} of {instant(release.at_us, zone)}{back}"
    if not effect.routes:
        return f"{head}: no days on both sides to compare"
    if effect.worst is None or (_change(effect) or 0) < 0.1:
        return f"{head}: no route became slower by a tenth"
    return f"{head}: {effect.worst.route} slower by {(_change(effect) or 0) * 100:.0f} % after it"


def _change(effect: Effect) -> float | None:
    ratio = effect.worst.mean_ratio if effect.worst else None
    return None if ratio is None else ratio - 1


def _moved(before: str, after: str) -> str:
    """Two values, a unit that both have said once."""
    unit = after.rpartition(" ")[2]
    return f"{before.removesuffix(f' {unit}') if ' ' in after else before} → {after}"


def _length(side: tuple[int, int]) -> str:
    return f"{side[1] - side[0]}"


def story_lines(found: Sequence[Story], zone: str) -> list[str]:
    """One sentence a story: what was seen at once, from when to when, how bad, and by whom."""
    return [
        f"{_span(s, zone)}: {s.title}. {s.testers} of {s.active} active testers touched; {s.peaks}"
        f"{f'; 5xx on {joined(list(s.routes[:3]))}' if s.routes else ''}."
        for s in found
    ]


def suspect_words(found: Sequence[Suspect]) -> str:
    """What moved most when a story began, in one sentence."""
    if not found:
        return "Nothing else moved beyond its usual range."
    return f"Moved most when it began: {joined([_moved_by(s) for s in found])}."


def _moved_by(found: Suspect) -> str:
    def told(value: float) -> str:
        return f"{value:,.0f} an hour" if found.unit == "number" else level(value, found.unit)

    return f"{found.name} ({told(found.before)} to {told(found.during)})"


def _span(story: Story, zone: str) -> str:
    """ "19 Mar 14:00 to 16:00"; the day again where it ends on another."""
    start, end = instant(story.start_us, zone), instant(story.end_us, zone)
    return f"{start} to {end[-5:] if end[:6] == start[:6] else end}"


def apdex_sentence(found: Apdex | None, target: float, week: int) -> str:
    """Apdex of a week, or why there is none."""
    if found is None:
        return f"No Apdex for week {week}: no requests, or no two bucket bounds of which one is four times the other."
    value = f"{found.low:.2f}" if f"{found.low:.2f}" == f"{found.high:.2f}" else f"{found.low:.2f} to {found.high:.2f}"
    text = f"Apdex of week {week}: {value} at T = {seconds(found.threshold)}"
    if abs(found.threshold - target) > 1e-9:
        text += f" (the target {seconds(target)} has no bucket bound at four times itself)"
    spread = (
        ""
        if found.exact or " to " not in value
        else "; the histogram does not tell which requests failed, so it is a range"
    )
    return f"{text}; 5xx count as frustrated{spread}."
