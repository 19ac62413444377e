"""What hurts testers, as rows of ready texts: flow of bugs, open ones by age, requests, and the loop back to testers.

Texts are grouped; a topic with fewer authors than the smallest cohort that may be shown is only counted.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from data.calendar import instant
from data.warehouse import Snapshot
from kpis import words
from kpis.held import Held
from kpis.model import KpiValue, Review, Unit

DASH = "–"
_FLOW: Held[list[dict[str, Any]]] = Held(most=1)  # every view of the page asks for it


def _as_of(snapshot: Snapshot) -> int:
    return int(snapshot.meta["as_of_us"])


def smallest(snapshot: Snapshot) -> int:
    """Authors that a text needs before it is shown to everybody."""
    return int((snapshot.settings.get("people") or {}).get("min_cohort", 5))


def weeks(snapshot: Snapshot, review: Review) -> list[dict[str, Any]]:
    """One row per week begun: satisfaction with its n, items, bugs in, out and open, time to fix."""
    rows = []
    for r in _FLOW.get(snapshot, "", lambda: snapshot.rows("feedback/flow", as_of_us=_as_of(snapshot))):
        csat, fix = review.value("csat", r["week"]), review.value("time_to_resolve", r["week"])
        rows.append(
            {
                "Week": f"W{r['week']}",
                "Satisfied (4-5)": _with_interval(csat),
                "Ratings": csat.n,
                "Verdict": words.status_mark(csat.status),
                "Items": r["items"],
                "Authors": r["authors"],
                "Requests": r["requests"],
                "Bugs in": r["bugs_in"],
                "Bugs out": r["bugs_out"],
                "Open at its end": r["bugs_open"],
                "Time to fix": words.show(fix.value, fix.unit),
            }
        )
    return rows


def _with_interval(v: KpiValue) -> str:
    """ "70 % (52 to 83 %)"."""
    text = words.show(v.value, v.unit)
    return text if v.value is None or v.low is None else f"{text} ({words.span(v.low, v.high, v.unit)})"


def open_bugs(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Open bugs by severity and age."""
    return [
        {"Severity": r["severity"], "Under 1 day": r["under_1_day"], "1 to 3 days": r["under_3_days"],
         "3 to 7 days": r["under_7_days"], "Over 7 days": r["older"],
         "Open": r["under_1_day"] + r["under_3_days"] + r["under_7_days"] + r["older"], "Resolved": r["resolved"]}
        for r in snapshot.rows("feedback/open_bugs", as_of_us=_as_of(snapshot))
    ]  # fmt: skip


def loop(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Said, taken up, shipped, by type, with the shares of what was said."""
    return [
        {"Type": r["type"], "Said": r["said"], "Taken up": _part(r["triaged"], r["said"]),
         "Shipped": _part(r["shipped"], r["said"])}
        for r in snapshot.rows("feedback/loop", as_of_us=_as_of(snapshot))
    ]  # fmt: skip


def loop_sentence(snapshot: Snapshot, told: int) -> str:
    """The loop in one sentence. `told`: answers given to all testers as "you said, we did"."""
    found = snapshot.rows("feedback/loop", as_of_us=_as_of(snapshot))
    said, triaged, shipped = (sum(r[k] for r in found) for k in ("said", "triaged", "shipped"))
    if not said:
        return "Nobody has said anything yet."
    return (
        f"{words.count(said, 'item')} said, {_part(triaged, said)} taken up, {_part(shipped, said)} shipped, "
        f"{words.count(told, 'answer')} told to testers."
    )


def _part(part: int, whole: int) -> str:
    return f"{part:,} ({words.show(part / whole, Unit.RATIO)})" if whole else DASH


def topics(snapshot: Snapshot) -> tuple[list[dict[str, Any]], str]:
    """Requested topics with enough authors, and a sentence about those that are not shown."""
    floor = smallest(snapshot)
    found = snapshot.rows("feedback/topics", as_of_us=_as_of(snapshot))
    shown = [r for r in found if r["authors"] >= floor]
    rest = [r for r in found if r["authors"] < floor]
    rows = [{"Request": r["topic"] or "without a title", "Items": r["items"], "Authors": r["authors"],
             "Shipped": r["shipped"]} for r in shown]  # fmt: skip
    hidden = sum(r["items"] for r in rest)
    if not found:
        return rows, "Nobody has asked for anything yet."
    told = f"{words.count(hidden, 'further request')} by fewer than {floor} authors each are not shown."
    return rows, told if hidden else "All requests are shown."


def items(snapshot: Snapshot, week: int, zone: str) -> list[dict[str, Any]]:
    """The items of a week in full, without their authors. For the manager role: a text may tell who wrote it."""
    return [
        {"Written": words.short_instant(instant(r["created_us"]).astimezone(ZoneInfo(zone))), "Type": r["type"] or DASH,
         "Severity": r["priority"] or DASH, "Rating": r["rating"], "State": r["status"] or DASH,
         "Title": r["title"] or "", "Text": r["description"] or ""}
        for r in snapshot.rows("feedback/items", week=week)
    ]  # fmt: skip


def headline(review: Review) -> str:
    """What a reader must know first: open critical bugs and satisfaction of the week."""
    csat, critical = review.value("csat"), review.value("open_critical_bugs")
    if csat.value is None and critical.value is None:
        return f"Week {review.week}: no feedback has been delivered"
    parts = []
    if critical.value is not None:
        n = round(critical.value)
        parts.append(f"{words.count(n, 'critical bug') if n else 'no critical bug'} {'are' if n > 1 else 'is'} open")
    if csat.value is not None:
        parts.append(f"{words.show(csat.value, csat.unit)} of {words.count(csat.n, 'rating')} are 4 or 5")
    return f"Week {review.week}: {'; '.join(parts)}"
