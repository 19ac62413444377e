"""The review: everything a page, the report or a command shows about a week, built once per snapshot and week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

from data.errors import QueryError
from data.warehouse import Snapshot
from kpis import catalogue, changes, compute, plan, plan_material, review_health, review_people, review_verdict, words
from kpis.compute import Computed
from kpis.model import (
    Change,
    KpiValue,
    Marker,
    Programme,
    ProgrammeVerdict,
    Review,
    SourceHealth,
    State,
    Status,
    WeekReview,
)


def build(
    snapshot: Snapshot,
    week: int | None = None,
    problems: tuple[str, ...] = (),
    waivers: tuple[review_verdict.Waiver, ...] = (),
    amend: Callable[[Computed], Computed] | None = None,
) -> Review:
    """The review of a programme week (default: the last complete one, else the running one, else the first).

    `problems` are sentences of the last refresh for the notices. Raises QueryError for a week the programme does not
    have and SettingsError for targets that contradict the catalogue; a KPI that fails is named in `failures`.
    `amend` may put other numbers in place of those computed, before anything is said about them.
    """
    calendar = snapshot.rows("measures/weeks")
    number = _week(calendar, week)
    with ThreadPoolExecutor(1, thread_name_prefix="weekly") as pool:
        pool.submit(plan_material.prepare, snapshot)  # an error is raised again where the rows are read
        computed = compute.everything(snapshot)
    if amend is not None:
        computed = amend(computed)
    marks = markers(snapshot)
    health = review_health.health(snapshot)
    changed = _changes(computed)
    verdicts = {w["week"]: _verdict(snapshot, computed, w["week"], waivers) for w in calendar}
    evidence = plan.Material(snapshot, computed, marks, health, changed, verdicts)
    return Review(
        programme=_programme(snapshot, calendar),
        week=number,
        snapshot_id=snapshot.id,
        as_of=snapshot.as_of,
        settings_hash=snapshot.meta.get("settings_hash", ""),
        kpis=catalogue.all(),
        values=computed.values,
        days=computed.days,
        changes=changed,
        verdict=verdicts[number],
        weeks=tuple(_week_review(evidence, w) for w in calendar),
        markers=marks,
        health=health,
        gaps=review_health.gaps(snapshot),
        notices=review_health.notices(snapshot, health, problems),
        exclusion_effects=review_people.exclusion_effects(snapshot, number),
        failures=computed.failures,
    )


def _week(calendar: list[dict[str, Any]], week: int | None) -> int:
    numbers = [w["week"] for w in calendar]
    if not numbers:
        raise QueryError("the snapshot has no programme week; run `python -m data refresh`")
    if week is not None:
        if week not in numbers:
            raise QueryError(f"week {week}: the programme has weeks {numbers[0]} to {numbers[-1]}")
        return week
    complete = [w["week"] for w in calendar if w["state"] == "complete"]
    begun = [w["week"] for w in calendar if w["state"] in ("running", "settling")]
    return complete[-1] if complete else begun[0] if begun else numbers[0]


def _programme(snapshot: Snapshot, calendar: list[dict[str, Any]]) -> Programme:
    meta = snapshot.meta
    people = {r["reason"]: int(r["testers"]) for r in snapshot.rows("review/people")}
    return Programme(
        name=meta.get("programme", ""), launch=date.fromisoformat(meta["launch"]), weeks=len(calendar),
        timezone=meta.get("timezone", "UTC"), seats=int(meta.get("seats") or 0),
        demo=meta.get("demo", "").lower() in ("true", "1"), testers=people.get(None, 0),
        excluded=sum(n for reason, n in people.items() if reason is not None),
    )  # fmt: skip


def markers(snapshot: Snapshot) -> tuple[Marker, ...]:
    """Releases, incidents and first acceptances of waves, numbered in time order."""
    found = []
    for number, row in enumerate(snapshot.rows("review/markers"), start=1):
        at = review_health.instant(row["from_us"])
        assert at is not None
        found.append(
            Marker(number, at, review_health.instant(row["to_us"]), row["kind"], row["title"], row["note"] or "")
        )
    return tuple(found)


def _changes(computed: Computed) -> tuple[Change, ...]:
    """Change of every KPI in every week from the week before."""
    by_key = {(v.kpi_id, v.week): v for v in computed.values}
    kpis = {k.id: k for k in catalogue.all()}
    return tuple(
        changes.change(kpis[v.kpi_id], v, by_key.get((v.kpi_id, v.week - 1)), computed.days.get(v.kpi_id, ()))
        for v in computed.values
        if v.kpi_id in kpis
    )


def _verdict(
    snapshot: Snapshot, computed: Computed, week: int, waivers: Sequence[review_verdict.Waiver]
) -> ProgrammeVerdict:
    values = [v for v in computed.values if v.week == week]
    return review_verdict.decide(week, review_verdict.criteria(snapshot.settings, values), values, waivers)


def _week_review(material: plan.Material, week: dict[str, Any]) -> WeekReview:
    number = week["week"]
    values = [v for v in material.computed.values if v.week == number]
    state = {"complete": State.COMPLETE, "future": State.FUTURE}.get(week["state"], State.RUNNING)
    marks = tuple(m for m in material.markers if material.in_week(m, number))
    future = state is State.FUTURE
    return WeekReview(
        week=number, start=week["start_date"], end=week["end_date"], state=state, days_in=week["days_in"],
        headline=headline(week, state, values, material.changes), markers=marks,
        evidence=() if future else plan.evidence(material, number),
    )  # fmt: skip


def headline(week: dict[str, Any], state: State, values: Sequence[KpiValue], changed: Sequence[Change]) -> str:
    """One sentence: what is missed, what moved, or that nothing is; a running week only says how far it is."""
    if state is State.FUTURE:
        return f"Week {week['week']} starts on {words.day(week['start_date'])}."
    if state is State.RUNNING:
        done = (
            f"{week['days_in']} of 7 days are over"
            if week["days_in"] < 7
            else "all days are over, late data is awaited"
        )
        return f"Week {week['week']} is running: {done}; verdicts follow when it is complete."
    told = [v for v in values if v.status is not Status.CANNOT_TELL]
    if not told:
        return f"Week {week['week']}: no KPI has a verdict."
    missed = [v.title for v in told if v.status is Status.MISSED]
    met = sum(v.status is Status.ON_TARGET for v in told)
    near = sum(v.status is Status.WITHIN_FLOOR for v in told)
    text = f"Week {week['week']}: {met} of {len(told)} verdicts on target"
    if near and not missed:
        text += f", {near} within {'its' if near == 1 else 'their'} floor, none missed"
    if missed:
        more = f" and {len(missed) - 3} more" if len(missed) > 3 else ""
        listed = ", ".join(missed[:3]) + more if more else words.joined(missed)
        text += f"; missed: {listed}"
    moved = _moved(week["week"], values, changed)
    return f"{text}. {moved}" if moved else f"{text}."


def _moved(week: int, values: Sequence[KpiValue], changed: Sequence[Change]) -> str:
    """The clear changes of a week, three at most: worse ones first, of those the ones that are missed, then by size."""
    by_id = {v.kpi_id: v for v in values}
    order = (Status.MISSED, Status.CANNOT_TELL, Status.WITHIN_FLOOR, Status.ON_TARGET)

    def place(c: Change) -> tuple[bool, int, float]:
        v = by_id[c.kpi_id]
        return bool(c.better), order.index(v.status), -abs((c.delta or 0.0) / (v.value or 1.0))

    clear = sorted((c for c in changed if c.week == week and c.clear), key=place)
    return " ".join(f"{by_id[c.kpi_id].title} {c.words}." for c in clear[:3])


def with_notices(review: Review, more: Sequence[str]) -> Review:
    """The same review with further notices, for problems that are known only after it was built."""
    return replace(review, notices=(*review.notices, *(n for n in more if n not in review.notices)))


__all__ = ["SourceHealth", "build", "headline", "markers", "with_notices"]
