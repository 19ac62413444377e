"""What leaving people out does to the numbers, said in one sentence each."""

from __future__ import annotations

from data.warehouse import Snapshot
from kpis import catalogue, words
from kpis.measures import bind, sums
from kpis.measures.result import Result
from kpis.model import Count, Proportion, Unit

SHOWN = (("retention_d7", "D7"), ("wau", "WAU"))


def exclusion_effects(snapshot: Snapshot, week: int) -> tuple[str, ...]:
    """ "14 staff excluded in week 4: D7 would read 48 % instead of 41 %; ..."; empty where nobody is excluded."""
    reasons = [(r["reason"], int(r["testers"])) for r in snapshot.rows("review/people") if r["reason"] is not None]
    if not reasons:
        return ()
    who = words.joined([f"{n} {reason.replace('_', ' ')}" for reason, n in reasons])
    effects = []
    for kpi_id, short in SHOWN:
        kpi = catalogue.get(kpi_id)
        if not isinstance(kpi.measure, Proportion | Count):
            continue
        without = _reading(snapshot, kpi.measure, week, include=False)
        with_all = _reading(snapshot, kpi.measure, week, include=True)
        effects.append(f"{short} {_effect(without, with_all, kpi.unit)}")
    return (f"{who} excluded; in week {week} {' and '.join(effects)}.",)


def _reading(snapshot: Snapshot, measure: Proportion | Count, week: int, *, include: bool) -> Result:
    found = bind.rows(snapshot, measure.query, measure.given, by="week", include_excluded=include)
    row = next((r for r in found if r["period"] == week), None)
    make = sums.of_proportion if isinstance(measure, Proportion) else sums.of_count
    return Result(None) if row is None else make(row)


def _effect(without: Result, with_all: Result, unit: Unit) -> str:
    here, there = words.show(without.value, unit), words.show(with_all.value, unit)
    return "would read the same" if here == there else f"would read {there} instead of {here}"
