"""The weekly word to testers: the week in a few numbers, and "you said, we did". Never another tester's data.

Numbers are totals over at least the smallest cohort that may be shown. Feedback texts are never quoted: only what
somebody of the team wrote as an answer goes in, and an answer that holds an address or an id is held back.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from data.programme import ProgrammeStore
from kpis import words
from kpis.model import KpiValue, Review, State

SMALLEST = 5
# an e-mail address, a handle, a decentralised id, a pseudonym of this product, a phone number
_PERSONAL = re.compile(r"\S+@\S+|(?<!\w)@\w+|did:\w+:|\bt-[0-9a-f]{10,}\b|\+?\d[\d ()/-]{7,}\d")

_LINES: tuple[tuple[str, Callable[[KpiValue], str]], ...] = (
    ("wau", lambda v: f"{words.show(v.value, v.unit)} of you were active."),
    ("csat", lambda v: f"{words.show(v.value, v.unit)} of {words.count(v.n, 'rating')} were 4 or 5."),
    ("feature_adoption", lambda v: f"{words.show(v.value, v.unit)} of you used one of the features under test."),
    ("requests_within_200ms", lambda v: f"{words.show(v.value, v.unit)} of requests were answered within 200 ms."),
    ("error_ratio", lambda v: f"{words.show(v.value, v.unit)} of requests failed."),
)


def text(review: Review, store: ProgrammeStore) -> str:
    """The update of the review's week as plain text, to be read once more and edited before it is sent."""
    week = next(w for w in review.weeks if w.week == review.week)
    name = review.programme.name
    dates = f"{words.day(week.start)} to {words.day(week.end)}"
    so_far = "" if week.state is not State.RUNNING else f", {week.days_in} of 7 days so far"
    parts = [
        f"Hello, and thank you for testing {name}.",
        "",
        f"Week {week.week} of {review.programme.weeks} ({dates}{so_far})",
    ]
    parts += [f"- {line}" for line in _numbers(review)] or ["- There are no numbers for this week yet."]
    parts += [f"- {line}" for line in _fixed(review)]
    answers = [e["text"] for e in _answers(store, review.week) if not personal(e["text"])]
    if answers:
        parts += ["", "You said, we did", *(f"- {_one_line(a)}" for a in answers)]
    parts += ["", "Please go on telling us what you think, in the app under Feedback.", f"The team of {name}"]
    return "\n".join(parts) + "\n"


def personal(answer: str) -> bool:
    """Whether a text holds what may tell who somebody is."""
    return bool(_PERSONAL.search(answer))


def held_back(review: Review, store: ProgrammeStore) -> tuple[str, ...]:
    """Answers that were left out because they hold an address, a handle or an id."""
    return tuple(
        f"“{_one_line(e['text'])[:60]}” is left out: it holds an address, a handle, a number or an id; write it anew"
        for e in _answers(store, review.week)
        if personal(e["text"])
    )


def _answers(store: ProgrammeStore, week: int) -> list[dict]:
    return [e for e in store.entries(week) if e["kind"] == "said_done"]


def _one_line(answer: str) -> str:
    return " ".join(answer.split())


def _numbers(review: Review) -> list[str]:
    """Sentences from values that exist and rest on enough people."""
    known = {v.kpi_id: v for v in review.values if v.week == review.week}
    found = []
    for kpi_id, line in _LINES:
        v = known.get(kpi_id)
        people = v.value if v is not None and kpi_id == "wau" else v.n if v is not None else 0
        if v is not None and v.value is not None and (people or 0) >= SMALLEST:
            found.append(line(v))
    return found


def _fixed(review: Review) -> list[str]:
    """Releases of the week."""
    week = next(w for w in review.weeks if w.week == review.week)
    names = [m.title for m in week.markers if m.kind == "release"]
    return [f"New in this week: {words.joined(names)}."] if names else []
