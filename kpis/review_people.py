"""What leaving people out does to the numbers, said in one sentence each."""

from __future__ import annotations

from data.warehouse import Snapshot
from kpis import catalogue, words
from kpis.measures import bind, sums
from kpis.measures.result import Result
from kpis.model import Count, Proportion, Unit

SHOWN = (("retention_d7", "day-7 retention"), ("wau", "weekly active testers"))
ACCOUNTS = {"staff": "staff account", "test": "test account", "bot": "bot", "opted_out": "tester who opted out"}


def exclusion_effects(snapshot: Snapshot, week: int) -> tuple[str, ...]:
    """What excluded accounts and people who are not on the roster mean for the numbers; empty where there are none.

    "14 staff accounts excluded; in week 4 day-7 retention would read 48 % instead of 41 % with them, ..."
    """
    return (*_excluded(snapshot, week), *_strangers(snapshot))


def _strangers(snapshot: Snapshot) -> tuple[str, ...]:
    """People and feedback that no roster knows: kept, and counted in no rate."""
    found = snapshot.row("review/strangers")
    people = words.count(found["people"], "person seen in events is", "people seen in events are")
    items = words.count(found["feedback"], "feedback item comes", "feedback items come")
    said = (
        (found["people"], f"{people} not on the roster: left out of every rate."),
        (found["feedback"], f"{items} from somebody who is not on the roster: left out of rates of testers."),
    )
    return tuple(text for n, text in said if n)


def _excluded(snapshot: Snapshot, week: int) -> tuple[str, ...]:
    reasons = [(r["reason"], int(r["testers"])) for r in snapshot.rows("review/people") if r["reason"] is not None]
    if not reasons:
        return ()
    who = words.joined([_accounts(n, reason) for reason, n in reasons])
    effects = []
    for kpi_id, short in SHOWN:
        kpi = catalogue.get(kpi_id)
        if not isinstance(kpi.measure, Proportion | Count):
            continue
        without = _reading(snapshot, kpi.measure, week, include=False)
        with_all = _reading(snapshot, kpi.measure, week, include=True)
        effects.append(f"{short} {_effect(without, with_all, kpi.unit)}")
    return (f"{who} excluded. With them, week {week} would read: {'; '.join(effects)}.",)


def _accounts(n: int, reason: str) -> str:
    one = ACCOUNTS.get(reason, reason.replace("_", " "))
    return words.count(n, one, one.replace("tester", "testers") if reason == "opted_out" else None)


def _reading(snapshot: Snapshot, measure: Proportion | Count, week: int, *, include: bool) -> Result:
    found = bind.rows(snapshot, measure.query, measure.given, by="week", include_excluded=include)
    row = next((r for r in found if r["period"] == week), None)
    make = sums.of_proportion if isinstance(measure, Proportion) else sums.of_count
    return Result(None) if row is None else make(row)


def _effect(without: Result, with_all: Result, unit: Unit) -> str:
    here, there = words.show(without.value, unit), words.show(with_all.value, unit)
    return "the same" if here == there else f"{there} instead of {here}"
