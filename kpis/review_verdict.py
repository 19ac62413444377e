"""The verdict on the programme, from its go/no-go criteria and one week's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpis import words
from kpis.model import Decision, KpiValue, ProgrammeVerdict, Status


@dataclass(frozen=True)
class Criterion:
    kpi_id: str
    must: bool


@dataclass(frozen=True)
class Waiver:
    """Somebody's word that a missed criterion of one week is accepted, and why."""

    kpi_id: str
    week: int
    name: str
    reason: str


def criteria(settings: Mapping[str, Any], values: Sequence[KpiValue]) -> tuple[Criterion, ...]:
    """Declared criteria; without any, every KPI with a target that the team has set should be on target."""
    declared = settings.get("criteria") or ()
    if declared:
        return tuple(Criterion(c["kpi"], bool(c.get("must", True))) for c in declared)
    return tuple(Criterion(v.kpi_id, False) for v in values if v.target is not None and not v.target_proposed)


def decide(
    week: int, listed: Sequence[Criterion], values: Sequence[KpiValue], waivers: Sequence[Waiver] = ()
) -> ProgrammeVerdict:
    """Verdict of a week. `values` are that week's, one per KPI.

    no-go: a must criterion is missed. Else cannot tell: a must cannot be told, nothing can, or, where no criterion is a
    must, most cannot. Else go with conditions: a should is missed or a must only within its floor. Else go. A missed
    must that was waived for this week is a condition that names the waiver.
    """
    by_id = {v.kpi_id: v for v in values}
    waived = {w.kpi_id: w for w in waivers if w.week == week}
    found = [
        (replace(c, must=False) if v.status is Status.MISSED and c.kpi_id in waived else c, v)
        for c in listed if (v := by_id.get(c.kpi_id)) is not None
    ]  # fmt: skip
    blockers = [_words(v) for c, v in found if c.must and v.status is Status.MISSED]
    conditions = [
        _words(v) + _waived(waived.get(v.kpi_id)) for c, v in found
        if (c.must and v.status is Status.WITHIN_FLOOR) or (not c.must and v.status is Status.MISSED)
    ]  # fmt: skip
    open_ = [(c, v) for c, v in found if v.status is Status.CANNOT_TELL]
    undecided = [f"{v.title}: {v.reason}" for _, v in open_]
    few = len(open_) == len(found) or (2 * len(open_) > len(found) and not any(c.must for c in listed))
    decision = _decision(bool(blockers), any(c.must for c, _ in open_), bool(conditions), few)
    because = _because(decision, found, blockers, conditions, open_)
    sentence = f"Week {week}: {decision.value}, because {because}"
    return ProgrammeVerdict(decision, sentence, tuple(blockers), tuple(conditions), tuple(undecided))


def _decision(blocked: bool, must_open: bool, conditional: bool, too_little_told: bool) -> Decision:
    if blocked:
        return Decision.NO_GO
    if must_open or too_little_told:
        return Decision.CANNOT_TELL
    return Decision.CONDITIONS if conditional else Decision.GO


def _waived(waiver: Waiver | None) -> str:
    return f"; waived by {waiver.name}: {waiver.reason}" if waiver else ""


def _words(v: KpiValue) -> str:
    return f"{v.title}: {v.status.value}, {v.reason}"


def _short(v: KpiValue) -> str:
    """ "Day-7 retention is 21 % (target 30 %)"."""
    return f"{v.title} is {words.show(v.value, v.unit)} (target {words.show(v.target, v.unit)})"


def _because(
    decision: Decision,
    found: Sequence[tuple[Criterion, KpiValue]],
    blockers: Sequence[str],
    conditions: Sequence[str],
    open_: Sequence[tuple[Criterion, KpiValue]],
) -> str:
    """The reason part of the sentence, with a full stop."""
    missed = [v for c, v in found if v.status is Status.MISSED and (c.must or decision is not Decision.NO_GO)]
    near = [v for c, v in found if c.must and v.status is Status.WITHIN_FLOOR]
    told = len(found) - len(open_)
    note = f" {words.count(len(open_), 'criterion', 'criteria')} cannot be told." if open_ else ""
    match decision:
        case Decision.NO_GO:
            return f"{words.joined([_short(v) for v in missed])}.{note}"
        case Decision.CONDITIONS:
            return f"{words.joined([_short(v) for v in missed + near])}.{note}"
        case Decision.CANNOT_TELL if not found:
            return "no criterion has a target that the team has set."
        case Decision.CANNOT_TELL:
            return _untold(found, open_, len(conditions))
        case Decision.GO:
            verb = "is" if told == 1 else "are"
            return f"{told} of {len(found)} criteria {verb} met and none is missed.{note}"


def _untold(
    found: Sequence[tuple[Criterion, KpiValue]], open_: Sequence[tuple[Criterion, KpiValue]], conditions: int
) -> str:
    """Which criteria cannot be told, the must criteria where there are any, and what stands already."""
    kind = "must criteria" if any(c.must for c, _ in open_) else "criteria"
    those = [v for c, v in open_ if c.must] or [v for _, v in open_]
    of = sum(c.must for c, _ in found) if kind == "must criteria" else len(found)
    text = f"{those[0].title} cannot be told ({those[0].reason})"
    if len(those) > 1:
        text = f"{len(those)} of {of} {kind} cannot be told, among them {those[0].title} ({those[0].reason})"
    if not conditions:
        return f"{text}."
    return f"{text}. {words.count(conditions, 'condition')} already {'stands' if conditions == 1 else 'stand'}."
