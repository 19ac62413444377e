"""Who is missing: the way of testers through the beta by wave, seats, and the lists of whom to ask (manager role)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from data.warehouse import Snapshot
from kpis import words
from kpis.engagement.masking import hidden_rows
from kpis.engagement.scope import EVERYBODY, Scope
from kpis.engagement.tester_funnel import Person, Step, TesterFunnel, silent, tester_funnel
from kpis.feedback import smallest
from kpis.model import Review, Unit

DASH = "–"
ALL = "all"


def waves(snapshot: Snapshot) -> list[str]:
    return list(dict.fromkeys(r["wave"] for r in snapshot.rows("people/mix")))


def funnels(snapshot: Snapshot, week: int) -> list[dict[str, str]]:
    """One row for all testers and one per wave; shares are of the step before. Small waves are counted in "all" only,
    and one more with a single small one, so that no difference tells it."""
    rows = [_row(ALL, tester_funnel(snapshot, EVERYBODY, week))]
    names = waves(snapshot)
    found = [tester_funnel(snapshot, Scope(wave=wave), week) for wave in names]
    small = _small([f.steps[0].testers for f in found], smallest(snapshot))
    return rows + [_row(name, f) for i, (name, f) in enumerate(zip(names, found, strict=True)) if i not in small]


def _small(sizes: list[int], floor: int) -> set[int]:
    """Places of the groups that must not be shown beside their total."""
    return hidden_rows(sizes, sizes, [set(range(len(sizes)))], floor)[0]


def _row(name: str, found: TesterFunnel) -> dict[str, str]:
    waiting = ", ".join(f"{n:,} {state}" for state, n in found.open_invitations.items())
    return {
        "Wave": name,
        **{s.name.capitalize(): _reached(s) for s in found.steps},
        "Open invitations": waiting or DASH,
    }


def _reached(step: Step) -> str:
    """ "120 (86 %)", with those who still may."""
    share = "" if step.share is None else f" ({words.show(step.share, Unit.RATIO)})"
    waits = f", {len(step.waiting)} still may" if step.waiting else ""
    return f"{step.testers:,}{share}{waits}"


def headline(snapshot: Snapshot, week: int) -> str:
    """Where most testers are lost."""
    steps = tester_funnel(snapshot, EVERYBODY, week).steps
    lost = [(s, before.testers - s.testers - len(s.waiting)) for before, s in pairwise(steps[:-1])]
    if not steps[0].testers:
        return "No tester is on the roster yet"
    worst, n = max(lost, key=lambda pair: pair[1])
    if not n:
        return f"Nobody was lost on the way to week {week}"
    return f"Most testers are lost before “{worst.name}”: {n:,} of {n + worst.testers:,}"


def seats(review: Review) -> str:
    """Seats in use in one sentence."""
    value = review.value("seats_used")
    if value.numerator is None or not value.denominator:
        return f"{review.programme.seats:,} seats; nobody has accepted yet."
    return (
        f"{value.numerator:,.0f} of {value.denominator:,.0f} seats were used at the end of week {review.week} "
        f"({words.show(value.value, value.unit)})."
    )


def mix(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Testers by wave and platform; small groups are put together as one row."""
    floor, groups = smallest(snapshot), snapshot.rows("people/mix")
    small = _small([r["testers"] for r in groups], floor)
    rows = [
        {"Wave": r["wave"], "Platform": r["platform"], "Testers": r["testers"], "Accepted": r["accepted"],
         "Ever active": r["ever_active"]} for i, r in enumerate(groups) if i not in small
    ]  # fmt: skip
    if small:
        sums = [sum(groups[i][k] for i in small) for k in ("testers", "accepted", "ever_active")]
        rest = {"Wave": "others", "Platform": "small groups", "Testers": sums[0], "Accepted": sums[1]}
        rows.append({**rest, "Ever active": sums[2]})
    return rows


def to_ask(snapshot: Snapshot, week: int, wave: str | None = None) -> list[dict[str, str]]:
    """Whom to ask, by the step they did not take, and who went silent. Pseudonyms: for the manager role only."""
    scope = Scope(wave=wave)
    rows = [
        _person(p, f"not {s.name}")
        for s in tester_funnel(snapshot, scope, week).steps
        for p in s.dropped
        if s.name != "gave feedback"
    ]
    return rows + [_person(p, "silent for a week") for p in silent(snapshot, scope)]


def _person(p: Person, why: str) -> dict[str, str]:
    last = DASH if p.last_active is None else p.last_active.isoformat()
    return {"Tester": p.tester_id, "Why": why, "Wave": p.wave, "Platform": p.platform, "Last active": last}
