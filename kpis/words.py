"""Numbers in words: values with their unit, intervals, changes, verdict marks. The same on every surface."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta

from kpis.model import KpiValue, Status, Unit

NO_DATA = "no data"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MARKS = {Status.ON_TARGET: "●", Status.WITHIN_FLOOR: "◆", Status.MISSED: "▲", Status.CANNOT_TELL: "○"}
# a space that no line may end at: before a short unit or month, after an event's number, an n or the sign of an amount
_HELD = re.compile(
    r"(?<=\d) (?=(?:%|ms|s|h|min|d|pt|×|[KMGT]?i?B|" + "|".join(MONTHS) + r")(?!\w))"
    r"|(?<=[①-⑳]) |(?<=\bn =) |(?<=\bn) (?=\d)|(?<=[≥≤]) (?=\d)"
)


def show(value: float | None, unit: Unit) -> str:
    """A value with its unit: "41 %", "212 ms", "1.4 s", "18 h", "3.2", "no data". None and NaN are no data."""
    if value is None or math.isnan(value):
        return NO_DATA
    if math.isinf(value):
        return "without limit"
    match unit:
        case Unit.RATIO:
            return f"{_percent(100 * value)} %"
        case Unit.SECONDS:
            return f"{_number(1000 * value)} ms" if abs(value) < 1 else f"{_number(value)} s"
        case Unit.HOURS:
            return f"{_number(value)} h"
        case Unit.COUNT | Unit.PER_TESTER:
            return _number(value)


def _percent(points: float) -> str:
    """Per cent with the two digits that matter near 0 and 100: 0.42, 0.20, 3.1, 41, 92, 99.97."""
    distance = min(abs(points), abs(100 - points))
    if distance == 0 or (distance >= 1 and abs(points) >= 9.95):
        return f"{points:.0f}"
    return _rounded(points, 1 if distance >= 1 else min(4, 1 - math.floor(math.log10(distance))))


def _number(value: float) -> str:
    """Two places below 10 (two digits below 0.1), one place below 100, else whole with separators."""
    magnitude = abs(value)
    if value == round(value) or magnitude >= 99.95:
        return f"{value:,.0f}"
    if magnitude >= 9.995:
        return _rounded(value, 1)
    return _rounded(value, 2 if magnitude >= 0.1 else 1 - math.floor(math.log10(magnitude)))


def _rounded(value: float, places: int) -> str:
    """So many places, the last ones too when they are 0: 0.20 beside 0.23. Without them only what is exact: 0.2, 3.

    0 and 100 stay bare, for what is nearer to them than the places tell.
    """
    text = f"{value:.{places}f}"
    bare = float(text) in (0, 100) or abs(value - float(text)) < 1e-9
    return text.rstrip("0").rstrip(".") if bare and "." in text else text


def span(low: float | None, high: float | None, unit: Unit) -> str:
    """Two ends with one unit where they share it: "33 to 49 %", "at least 12 h"."""
    if low is None and high is None:
        return "no interval"
    if high is None or math.isinf(high):
        return f"at least {show(low, unit)}"
    if low is None or math.isinf(low):
        return f"at most {show(high, unit)}"
    if unit is Unit.RATIO and low != high:
        return _percent_span(100 * low, 100 * high)
    first, last = show(low, unit), show(high, unit)
    if first == last:
        return first
    ending = last.rpartition(" ")[2]
    if " " in last and first.endswith(f" {ending}"):
        first = first.removesuffix(f" {ending}")
    return f"{first} to {last}"


def _percent_span(low: float, high: float) -> str:
    """Two percentages with the same digits, as many as their distance asks for; 99.99 is never rounded to 100."""
    width = high - low
    digits = next((d for d, least in enumerate((5.0, 0.5, 0.03)) if width >= least), 3)
    while digits < 6 and any(_rounded_away(end, digits) for end in (low, high)):
        digits += 1
    bare = all(abs(end - round(end, digits)) < 1e-9 for end in (low, high))
    first, last = (
        _rounded(end, digits) if bare or round(end, digits) in (0, 100) else f"{end:.{digits}f}" for end in (low, high)
    )
    return f"{first} %" if first == last else f"{first} to {last} %"


def _rounded_away(points: float, digits: int) -> bool:
    """Whether rounding turns a share that is neither 0 nor 100 % into one of them."""
    return any(round(points, digits) == edge and abs(points - edge) > 1e-9 for edge in (0, 100))


def interval(v: KpiValue) -> str:
    """A value's interval with its method: "33 to 49 % (Wilson 95 %)"."""
    if v.value is None or (v.low is None and v.high is None):
        return "no interval"
    if v.low == v.high:
        return v.interval
    return f"{span(v.low, v.high, v.unit)} ({v.interval})"


def delta(change: float | None, unit: Unit, before: float | None = None) -> str:
    """A change with its sign: points for rates, per cent of the value before for the rest."""
    if change is None or math.isnan(change):
        return "not comparable"
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    if unit is Unit.RATIO:
        return f"{sign}{size(change, unit)}"
    if before:
        return f"{sign}{_percent(100 * abs(change / before))} %"
    return f"{sign}{show(abs(change), unit)}"


def signed(number: float, digits: int = 0) -> str:
    """A number with its sign and so many decimals, without one where it rounds to zero: "+12", "−3", "0"."""
    text = f"{abs(number):,.{digits}f}"
    return "0" if not float(text.replace(",", "")) else f"{'+' if number > 0 else '−'}{text}"


def size(change: float, unit: Unit) -> str:
    """A change without its sign, in points for rates."""
    if unit is Unit.RATIO:
        points = _percent(100 * abs(change))
        return f"{points} {'point' if points == '1' else 'points'}"
    return show(abs(change), unit)


def held(text: str) -> str:
    """The text with every number held to its unit, its month or its event by a no-break space.

    For what is set in lines (pages, HTML, PDF) only: stored texts, tables and files keep plain spaces to search for.
    """
    return _HELD.sub("\u00a0", text)


def status_mark(status: Status) -> str:
    """Shape and word: "● on target"."""
    return f"{MARKS[status]} {status.value}"


def day(value: date) -> str:
    return f"{value.day} {value:%B}"


def short_day(value: date) -> str:
    """ "2 Mar", in English whatever the locale."""
    return f"{value.day} {MONTHS[value.month - 1]}"


def short_instant(at: datetime) -> str:
    """ "2 Mar 09:00", at the wall clock the instant is given in."""
    return f"{short_day(at)} {at:%H:%M}"


def count(n: float, one: str, many: str | None = None) -> str:
    """ "1 release", "3 releases"."""
    return f"{n:,.0f} {one if n == 1 else many or one + 's'}"


def joined(parts: list[str] | tuple[str, ...]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""


def length(span_: timedelta) -> str:
    """A duration in its largest fitting unit: "40 minutes", "5.5 hours", "3 days"."""
    seconds = span_.total_seconds()
    if seconds < 3600 * 1.5:
        return count(round(seconds / 60), "minute")
    if seconds < 86400 * 2:
        hours = _number(round(seconds / 3600, 1))
        return f"{hours} {'hour' if hours == '1' else 'hours'}"
    days = _number(round(seconds / 86400, 1))
    return f"{days} days"
