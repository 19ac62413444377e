"""Dates, numbers and verdicts as the report writes them. Never the machine's locale or clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kpis.model import Decision, KpiValue, State, Status
from kpis.words import MARKS, show, span

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ROLES = {Status.ON_TARGET: "good", Status.WITHIN_FLOOR: "warn", Status.MISSED: "bad", Status.CANNOT_TELL: "quiet"}
_DECISIONS = {
    Decision.GO: Status.ON_TARGET,
    Decision.CONDITIONS: Status.WITHIN_FLOOR,
    Decision.NO_GO: Status.MISSED,
    Decision.CANNOT_TELL: Status.CANNOT_TELL,
}


def day(value: date, year: bool = True) -> str:
    """`2 March 2026`."""
    return f"{value.day} {_MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def moment(value: datetime, zone: ZoneInfo, year: bool = True) -> str:
    """`2 April 2026, 08:00`, at the programme's wall clock."""
    local = value.astimezone(zone)
    return f"{day(local.date(), year)}, {local.hour:02d}:{local.minute:02d}"


def days(start: date, end: date) -> str:
    """`2 to 8 March 2026`, or `30 March to 5 April 2026`."""
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {day(end)}"
    return f"{day(start, year=start.year != end.year)} to {day(end)}"


def count(value: float | None) -> str:
    """`812,345`; a missing number is a dash."""
    return "–" if value is None else f"{value:,.0f}"


def status(value: Status | None) -> dict[str, str]:
    """Verdict as shape, word and role (for the colour)."""
    if value is None:
        return {"mark": "", "word": "", "role": "quiet"}
    return {"mark": MARKS[value], "word": str(value), "role": _ROLES[value]}


def decision(value: Decision) -> dict[str, str]:
    like = status(_DECISIONS[value])
    return {"mark": like["mark"], "word": str(value), "role": like["role"]}


def bounds(v: KpiValue) -> str:
    """`18 to 32 %`; empty where there is none or where rounding leaves nothing of it."""
    if v.value is None or (v.low is None and v.high is None):
        return ""
    text = span(v.low, v.high, v.unit)
    return "" if text == show(v.value, v.unit) else text


def goal(v: KpiValue) -> str:
    """`at least 30 % (proposed), floor 20 %`."""
    if v.target is None:
        return "no target"
    side = "at least" if v.better == "higher" else "at most"
    floor = f", floor {show(v.floor, v.unit)}" if v.floor is not None else ""
    return f"{side} {show(v.target, v.unit)}{' (proposed)' if v.target_proposed else ''}{floor}"


def state(v: KpiValue) -> str:
    """What kind of period it is, where it is not simply complete."""
    return {
        State.COMPLETE: "",
        State.RUNNING: f"{v.days_in} of 7 days",
        State.FUTURE: "not begun",
        State.STALE: "late data came in",
        State.NOT_EVALUABLE: "not evaluable",
    }[v.state]


def sentence(text: str) -> str:
    """The text with a capital first letter (not the n of "n = 5") and a full stop."""
    text = text.strip()
    if text.startswith("n = "):
        return f"{text.rstrip('.')}."
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".") if text else ""
