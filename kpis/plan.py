"""The weeks' own lists: each item of the programme's plan, answered by a sentence with numbers.

The lists come from the settings (`[[plan]]`), else from DEFAULT. An item is matched by a word it holds; an item that
no rule knows is shown as unanswered, to be answered by a note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kpis import words
from kpis.model import Evidence, KpiValue, Marker, Status, Unit
from kpis.plan_material import Material

FIRST = ("Initial deployment", "System monitoring", "Critical bug fixes", "Initial user onboarding")
MIDDLE = ("Feature usage analysis", "Performance optimisation", "User feedback collection", "Iterative improvements")
LAST = ("Comprehensive review", "Scaling assessment", "Feature prioritisation", "Full programme evaluation")
RESOURCES = ("cpu_busy", "memory_used", "db_connections_used", "redis_memory_used")
WORST = (Status.MISSED, Status.CANNOT_TELL, Status.WITHIN_FLOOR, Status.ON_TARGET)


Answer = tuple[str, Status | None, tuple[str, ...]]
Rule = Callable[[Material, int], Answer]


def items(settings: dict[str, Any], week: int, weeks: int) -> tuple[str, ...]:
    """The list of a week: the settings' own, else first, middle or last."""
    for entry in settings.get("plan") or ():
        if entry["week"] == week:
            return tuple(entry["items"])
    if week == weeks and weeks > 1:
        return LAST
    return FIRST if week == 1 else MIDDLE


def evidence(material: Material, week: int) -> tuple[Evidence, ...]:
    """Every item of a week's list with its answer."""
    found = []
    for item in items(material.snapshot.settings, week, len(material.calendar)):
        rule = next((r for word, r in RULES if word in item.lower()), None)
        answer, status, ids = rule(material, week) if rule else ("No number answers this item; write a note.", None, ())
        found.append(Evidence(item, answer, status, ids))
    return tuple(found)


def _worst(material: Material, week: int, ids: Sequence[str]) -> Status | None:
    """The worst status among KPIs that have a value; None where none has."""
    found = [v.status for i in ids if (v := material.value(i, week)) is not None and v.value is not None]
    return next((s for s in WORST if s in found), None)


def _named(marks: Sequence[Marker], one: str) -> str:
    if not marks:
        return f"no {one}"
    listed = words.joined([f"{m.title} (event {m.number})" for m in marks[:3]])
    if len(marks) > 3:
        listed = f"{', '.join(f'{m.title} (event {m.number})' for m in marks[:3])} and {len(marks) - 3} more"
    return f"{words.count(len(marks), one)}: {listed}"


def deployment(material: Material, week: int) -> Answer:
    marked = "; ".join(_named(material.marked(kind, week), kind) for kind in ("release", "incident"))
    text = f"{marked}. Server errors: {material.shown('error_ratio', week)}."
    return text[0].upper() + text[1:], _worst(material, week, ("error_ratio",)), ("error_ratio",)


def monitoring(material: Material, week: int) -> Answer:
    if not material.health:
        return "No source has been loaded.", Status.CANNOT_TELL, ()
    failed = [s for s in material.health if not s.ok]
    sources = {s.source for s in material.health}
    good = len(sources - {s.source for s in failed})
    share = material.value("error_ratio", week)
    covered = "" if share is None or share.coverage is None else (
        f"; series cover {words.show(share.coverage, Unit.RATIO)} of the complete days"
    )  # fmt: skip
    text = f"{good} of {words.count(len(sources), 'source')} deliver{covered}."
    if failed:
        text += f" Failing: {', '.join(f'{s.source} {s.item}' for s in failed[:3])}."
    low = share is not None and share.coverage is not None and share.coverage < 0.9
    return text, Status.MISSED if failed else Status.WITHIN_FLOOR if low else Status.ON_TARGET, ()


def bug_fixes(material: Material, week: int) -> Answer:
    row, bugs = material.feedback.get(week), material.value("open_critical_bugs", week)
    if row is None or bugs is None or bugs.value is None:
        return "No data: no feedback source has delivered anything.", Status.CANNOT_TELL, ("open_critical_bugs",)
    text = (
        f"{words.count(row['critical'], 'critical bug')} reported, {row['critical_resolved']} resolved in the week; "
        f"{words.show(bugs.value, Unit.COUNT)} open at its end. "
        f"Bugs of any priority: {row['bugs']} reported, {row['bugs_resolved']} resolved."
    )
    return text, bugs.status, ("open_critical_bugs", "time_to_resolve")


def onboarding(material: Material, week: int) -> Answer:
    row = material.onboarding[week]
    if not material.people:
        return "No data: nobody is on the roster.", Status.CANNOT_TELL, ("activation",)
    seats = int(material.snapshot.meta.get("seats") or 0)
    text = (
        f"{words.count(row['accepted'], 'tester')} accepted ({row['accepted_to_date']:,} of {seats:,} seats so far), "
        f"{row['first_active']} active for the first time, {row['activated']} activated. "
        f"Activation: {material.shown('activation', week)}; day-1 retention: {material.shown('retention_d1', week)}."
    )
    ids = ("activation", "retention_d1", "invitations_accepted", "seats_used")
    return text, _worst(material, week, ids[:2]), ids


def feature_usage(material: Material, week: int) -> Answer:
    rows = [r for r in material.features if r["week"] == week and r["eligible"]]
    if not rows:
        return "No data: no declared feature, or no active tester.", Status.CANNOT_TELL, ("feature_adoption",)
    best = ", ".join(f"{r['feature']} {_share(r)}" for r in rows[:2])
    least = rows[-1]
    text = f"Used by active testers: {best}"
    text += f"; least of {len(rows)}: {least['feature']} {_share(least)}." if len(rows) > 2 else "."
    text += f" At least one feature: {material.shown('feature_adoption', week)}."
    return text, _worst(material, week, ("feature_adoption",)), ("feature_adoption",)


def _share(row: dict[str, Any]) -> str:
    return f"{words.show(row['users'] / row['eligible'], Unit.RATIO)} ({row['users']} of {row['eligible']})"


def performance(material: Material, week: int) -> Answer:
    ids = ("latency_p95", "latency_p99", "requests_within_200ms", "error_ratio")
    text = (
        f"Latency p95: {material.shown(ids[0], week)}, p99: {material.shown(ids[1], week)}; "
        f"requests within 200 ms: {material.shown(ids[2], week)}. {_moved(material, week, ids)}"
    )
    return text, _worst(material, week, ids[:1]), ids


def _moved(material: Material, week: int, ids: Sequence[str]) -> str:
    """Clear changes among KPIs, or that there is none."""
    titles = {v.kpi_id: v.title for v in material.computed.values}
    clear = [c for c in material.changes if c.week == week and c.clear and c.kpi_id in ids]
    if clear:  # without intervals, which the headline and the scorecard give
        said = [f"{titles[c.kpi_id]} {c.words.partition(' (')[0]}" for c in clear]
        return f"Clear changes: {'; '.join(said)}."
    known = any(c.delta is not None for c in material.changes if c.week == week and c.kpi_id in ids)
    return "No clear change from the week before." if known else "Nothing to compare with the week before."


def feedback(material: Material, week: int) -> Answer:
    row = material.feedback.get(week)
    if row is None or material.computed is None or material.value("csat", week) is None or not _any_feedback(material):
        return "No data: no feedback source has delivered anything.", Status.CANNOT_TELL, ("feedback_per_tester",)
    text = (
        f"{words.count(row['items'], 'item')} from {words.count(row['authors'], 'tester')}: "
        f"{words.count(row['bugs'], 'bug')}, {words.count(row['requests'], 'feature request')}. "
        f"Satisfaction: {material.shown('csat', week)}; "
        f"items per active tester: {material.shown('feedback_per_tester', week)}."
    )
    ids = ("feedback_per_tester", "csat")
    return text, _worst(material, week, ids), ids


def _any_feedback(material: Material) -> bool:
    return any(r["items"] for r in material.feedback.values())


def improvements(material: Material, week: int) -> Answer:
    row = material.feedback.get(week)
    fixed = f"; {words.count(row['bugs_resolved'], 'bug')} resolved" if row and _any_feedback(material) else ""
    changed = [c for c in material.changes if c.week == week and c.clear]
    better, worse = sum(bool(c.better) for c in changed), sum(c.better is False for c in changed)
    moved = f"Clear changes: {better} for the better, {worse} for the worse" if changed else "No KPI changed clearly"
    text = f"{_named(material.marked('release', week), 'release')}{fixed}. {moved}."
    return text[0].upper() + text[1:], None, ("time_to_resolve",)


def review(material: Material, week: int) -> Answer:
    parts = []
    for number in range(1, week + 1):
        told = [v for v in material.computed.values if v.week == number and v.status is not Status.CANNOT_TELL]
        met = sum(v.status is Status.ON_TARGET for v in told)
        parts.append(f"week {number} {met} of {len(told)}")
    return f"KPIs on target, of those with a verdict: {', '.join(parts)}.", None, ()


def scaling(material: Material, week: int) -> Answer:
    found = [v for i in RESOURCES if (v := material.value(i, week)) is not None and v.value is not None]
    if not found:
        return "Cannot tell: no resource series in the week.", Status.CANNOT_TELL, RESOURCES
    listed = ", ".join(_use(v) for v in sorted(found, key=lambda v: -(v.value or 0)))
    return f"Mean use in the week: {listed}.", _worst(material, week, RESOURCES), RESOURCES


def _use(v: KpiValue) -> str:
    """ "CPU busy 36 % (highest hour 72 %)"."""
    peak = next((f" ({f})" for f in v.flags if f.startswith("highest hour")), "")
    return f"{v.title} {words.show(v.value, v.unit)}{peak}"


def priorities(material: Material, week: int) -> Answer:
    rows = [r for r in material.features if r["week"] == week and r["eligible"]]
    if not rows:
        return "Cannot tell: no declared feature, or no active tester.", Status.CANNOT_TELL, ("feature_adoption",)
    ranked = sorted(rows, key=lambda r: -r["users"] / r["eligible"])
    asked = material.feedback.get(week, {}).get("requests", 0)
    listed = ", ".join(f"{r['feature']} {_share(r)}" for r in ranked[:5])
    return (
        f"Reach in the week: {listed}. {words.count(asked, 'feature request')} in the week.",
        None,
        ("feature_adoption",),
    )


def evaluation(material: Material, week: int) -> Answer:
    sentence = material.verdicts[week].sentence.removeprefix(f"Week {week}: ")
    return sentence[0].upper() + sentence[1:], None, ()


RULES: tuple[tuple[str, Rule], ...] = (  # the first word an item holds decides
    ("deploy", deployment),
    ("monitor", monitoring),
    ("bug", bug_fixes),
    ("onboard", onboarding),
    ("usage", feature_usage),
    ("performance", performance),
    ("feedback", feedback),
    ("improvement", improvements),
    ("iterati", improvements),
    ("comprehensive", review),
    ("scaling", scaling),
    ("priorit", priorities),
    ("evaluation", evaluation),
)
