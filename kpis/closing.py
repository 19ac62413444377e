"""Weeks that close: what was said on Monday stays said, and a later view names what moved since and why.

`build` is the review as everybody should see it: closed weeks show the values they were closed with, waivers are in
the verdict. `kpis.review.build` computes everything anew and knows nothing of either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from data.errors import SnapshotError
from data.programme import ProgrammeStore
from data.warehouse import Snapshot
from kpis import closing_difference, closing_freeze, trust, words
from kpis import review as reviews
from kpis.closing_freeze import Closing
from kpis.compute import Computed
from kpis.model import ClosedWeek, DayValue, Difference, KpiValue, Review, State, WeekReview
from kpis.review_verdict import Waiver

difference = closing_difference.difference
SHORTEST_REASON = 10


def build(snapshot: Snapshot, store: ProgrammeStore, week: int | None = None, problems: tuple[str, ...] = ()) -> Review:
    """The review of a week with closed weeks as they were closed. Errors as kpis.review.build, and SnapshotError
    when a closing was altered."""
    standing, live = closings(store), []

    def frozen(computed: Computed) -> Computed:
        """Numbers of closed weeks as they were closed, so that what later weeks say of them agrees."""
        live.extend(computed.values)
        known = {(v.kpi_id, v.week): v for c in standing for v in c.values}
        days = {k: _days(found, [d for c in standing for d in c.days.get(k, ())]) for k, found in computed.days.items()}
        values = tuple(known.get((v.kpi_id, v.week), v) for v in computed.values)
        return replace(computed, values=values, days=days)

    found = reviews.build(snapshot, week, problems, waivers(store), frozen if standing else None)
    return applied(found, snapshot, standing, tuple(live))


def closings(store: ProgrammeStore) -> tuple[Closing, ...]:
    """The closings that stand, by week. Raises SnapshotError when one was altered."""
    standing = [row for row in store.closings() if row["reopened_at"] is None]
    return tuple(sorted((closing_freeze.thaw(row) for row in standing), key=lambda c: c.week))


def waivers(store: ProgrammeStore) -> tuple[Waiver, ...]:
    return tuple(Waiver(w["kpi"], w["week"], w["name"], w["reason"]) for w in store.waivers())


# ---- closing and reopening


def close(
    review: Review, snapshot: Snapshot, store: ProgrammeStore, *, author: str, at: datetime, files: Mapping[str, str]
) -> Closing:
    """Freeze the review's week. `files`: archived report file -> sha256.

    Raises SnapshotError for a week that is not complete, a nameless author, a review of another snapshot, or a week
    that is closed already.
    """
    refused = refusal(review)
    if refused:
        raise SnapshotError(refused)
    if not author.strip():
        raise SnapshotError(f"week {review.week}: closing it needs a name; give --author")
    if review.snapshot_id != snapshot.id:
        raise SnapshotError(f"the review is of {review.snapshot_id}, not of {snapshot.id}; build it again")
    frozen = closing_freeze.canonical(closing_freeze.freeze(review, snapshot))
    store.close_week(
        week=review.week, snapshot_id=snapshot.id, content_hash=snapshot.meta.get("content_hash", ""),
        settings_hash=review.settings_hash, frozen=frozen.decode(), sha256=closing_freeze.digest(frozen), files=files,
        author=author.strip(), at=at.isoformat(),
    )  # fmt: skip
    return next(c for c in closings(store) if c.week == review.week)


def reopen(store: ProgrammeStore, week: int, *, reason: str, author: str, at: datetime) -> None:
    """Take a closing back, with a reason of at least ten characters; it stays in the archive."""
    if not author.strip():
        raise SnapshotError(f"week {week}: reopening it needs a name; give --author")
    store.reopen_week(week, reason=reason, author=author.strip(), at=at.isoformat())


def refusal(review: Review) -> str | None:
    """Why the review's week cannot be closed, or None."""
    week = _week(review, review.week)
    if any(c.week == week.week for c in review.closed):
        return f"week {week.week} is closed already; reopen it with a reason first"
    if week.state is State.COMPLETE:
        return None
    if week.state is State.FUTURE:
        return f"week {week.week} cannot be closed: it starts on {words.day(week.start)}"
    if week.days_in < 7:
        return f"week {week.week} cannot be closed: {week.days_in} of 7 days are over"
    return f"week {week.week} cannot be closed yet: all days are over, but late data is still awaited"


def preflight(review: Review) -> list[tuple[bool, str]]:
    """What stands against closing: (passed, sentence). Only an incomplete or closed week is refused."""
    why = refusal(review)
    first = (why is None, f"{why[0].upper()}{why[1:]}." if why else f"Week {review.week} is complete.")
    return [first, *trust.preflight(review)[1:]]


def waive(store: ProgrammeStore, review: Review, *, kpi_id: str, name: str, reason: str, at: datetime) -> None:
    """Accept a missed criterion of the review's week. Raises SnapshotError in words when something lacks."""
    if any(c.week == review.week for c in review.closed):
        raise SnapshotError(f"week {review.week} is closed; reopen it with a reason before waiving a criterion")
    if not name.strip():
        raise SnapshotError("a waiver needs the name of who accepts the miss")
    if len(reason.strip()) < SHORTEST_REASON:
        raise SnapshotError(f"a waiver needs a reason of at least {SHORTEST_REASON} characters")
    store.waive(kpi=review.kpi(kpi_id).id, week=review.week, name=name.strip(), reason=reason, at=at.isoformat())


# ---- what is shown


def applied(review: Review, snapshot: Snapshot, standing: Sequence[Closing], live: tuple[KpiValue, ...] = ()) -> Review:
    """The review with the frozen values, days, changes, verdicts and lists of its closed weeks. `live`: the values as
    computed today, where the review's are frozen already."""
    today = replace(review, values=live or review.values)
    for closing in standing:
        if any(w.week == closing.week for w in review.weeks):
            review = _with(review, closing, _closed(closing, today, snapshot))
    return review


def note(closing: Closing, differs: Sequence[Difference], zone: str) -> str:
    """ "closed 16 March; now reads 43 %", said beside a value that differs."""
    day = closing.at.astimezone(ZoneInfo(zone)).date()
    value = next((d for d in differs if d.part == "value"), None)
    told = f"now reads {value.now}" if value else "; ".join(f"{d.part} now {d.now}" for d in differs)
    return f"closed {words.day(day)}; {told}"


def _closed(closing: Closing, review: Review, snapshot: Snapshot) -> ClosedWeek:
    return ClosedWeek(
        week=closing.week, at=closing.at, author=closing.author, snapshot_id=closing.snapshot_id,
        sha256=closing.sha256, files=closing.files, differences=difference(closing, review, snapshot),
        reasons=tuple(r.words for r in closing_difference.reasons(closing, snapshot)),
    )  # fmt: skip


def _with(review: Review, closing: Closing, closed: ClosedWeek) -> Review:
    frozen = {v.kpi_id: _shown(closing, v, closed, review.programme.timezone) for v in closing.values}
    week = closing.week
    return replace(
        review,
        values=tuple(frozen.get(v.kpi_id, v) if v.week == week else v for v in review.values),
        days={k: _days(found, closing.days.get(k, ())) for k, found in review.days.items()},
        changes=tuple(c for c in review.changes if c.week != week) + closing.changes,
        verdict=closing.verdict if review.week == week else review.verdict,
        weeks=tuple(_week_shown(w, closing, closed) if w.week == week else w for w in review.weeks),
        closed=(*review.closed, closed),
    )


def _shown(closing: Closing, value: KpiValue, closed: ClosedWeek, zone: str) -> KpiValue:
    """A frozen value; stale, with a note, where it would read differently today."""
    differs = [d for d in closed.differences if d.kpi_id == value.kpi_id]
    if not differs:
        return value
    return replace(value, state=State.STALE, flags=(*value.flags, note(closing, differs, zone)))


def _week_shown(week: WeekReview, closing: Closing, closed: ClosedWeek) -> WeekReview:
    state = State.STALE if closed.differences else week.state
    return replace(week, state=state, headline=closing.content["headline"], evidence=closing.evidence)


def _days(live: Sequence[DayValue], frozen: Sequence[DayValue]) -> tuple[DayValue, ...]:
    """Daily points with those of the closed week as they were."""
    known = {d.day: d for d in frozen}
    return tuple(known.get(d.day, d) for d in live)


def _week(review: Review, number: int) -> WeekReview:
    return next(w for w in review.weeks if w.week == number)


def sentence(closed: ClosedWeek, zone: str) -> str:
    """Who closed a week when, and how many of its KPIs would read differently."""
    at = closed.at.astimezone(ZoneInfo(zone))
    who = f"Week {closed.week} was closed by {closed.author} on {words.day(at.date())}, {at:%H:%M}"
    changed = len({d.kpi_id for d in closed.differences})
    if not changed:
        return f"{who}; every KPI would read the same today."
    return f"{who}; {words.count(changed, 'KPI')} would read differently today."


def difference_rows(closed: ClosedWeek) -> list[dict[str, str]]:
    """The differences as a table: KPI, what, closed, now, why."""
    return [
        {"KPI": d.title, "What": d.part, "Closed with": d.closed, "Now": d.now, "Why": "; ".join(d.why)}
        for d in closed.differences
    ]
