"""What a closed week would read today, and why: late data, merges, exclusions, definitions, targets, settings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from data.warehouse import Snapshot
from kpis import closing_freeze, compute_coverage, words
from kpis.closing_freeze import Closing
from kpis.model import Difference, Kpi, KpiValue, Review, Unit

_PEOPLE = ("events", "feedback", "invitations", "testers")
_REACH = {  # what moved -> facts that it reaches
    "events": ("events", "feedback"), "testers": _PEOPLE, "feedback": ("feedback", "events"), "samples": ("samples",),
    "invitations": ("invitations", "testers"), "merges": _PEOPLE, "exclusions": _PEOPLE,
}  # fmt: skip
_SETTINGS = {  # table of the settings -> facts that it reaches
    "programme": (*_PEOPLE, "samples"), "engagement": _PEOPLE, "performance": (*_PEOPLE, "samples"),
    "people": _PEOPLE, "waves": _PEOPLE,
}  # fmt: skip
_ROWS = {"events": "event", "feedback": "feedback item", "samples": "sample"}


@dataclass(frozen=True)
class Reason:
    """Something that moved since the closing. `reaches`: the facts whose KPIs it may have changed."""

    kind: Literal["data", "people", "settings"]
    words: str
    reaches: tuple[str, ...]


def difference(closing: Closing, review: Review, snapshot: Snapshot) -> tuple[Difference, ...]:
    """What each KPI of the closed week reads differently now. `review` holds the numbers as computed today."""
    why = reasons(closing, snapshot)
    return tuple(d for was in closing.values for d in _of_value(closing, was, review, why))


def reasons(closing: Closing, snapshot: Snapshot) -> tuple[Reason, ...]:
    """Everything under the week that moved since it was closed."""
    content = closing.content
    was, now = content["counts"], closing_freeze.counts(snapshot, date.fromisoformat(content["end"]))
    found = [*_late(was["days"], now["days"], content["start"]), *_people(was, now)]
    old, new = content["settings"], closing_freeze.rules(snapshot.settings)
    found += [
        Reason("settings", f"the settings changed in [{part}]", _SETTINGS[part])
        for part in closing_freeze.RULES
        if part in _SETTINGS and old.get(part) != new[part]
    ]
    return tuple(found)


def _late(was: list[dict[str, Any]], now: list[dict[str, Any]], start: str) -> Iterable[Reason]:
    """Rows that came to, or went from, the days of the week and the days before it."""
    before, after = ({row["day"]: row for row in rows} for rows in (was, now))
    days = sorted(before.keys() | after.keys())
    for kind, word in _ROWS.items():
        moved = {d: after.get(d, {}).get(kind, 0) - before.get(d, {}).get(kind, 0) for d in days}
        for inside, place in ((True, "in the week"), (False, "in the weeks before")):
            part = {d: n for d, n in moved.items() if n and (d >= start) == inside}
            if part:
                yield Reason("data", f"{_signed(part, word)} {place} ({_listed(part)})", _REACH[kind])


def _signed(part: Mapping[str, int], word: str) -> str:
    """ "+3 late events", "−12 samples", "+3 and −1 events" where both happened."""
    up, down = sum(n for n in part.values() if n > 0), -sum(n for n in part.values() if n < 0)
    late = "late " if up and not down else ""
    signs = " and ".join(f"{sign}{n:,}" for sign, n in (("+", up), ("−", down)) if n)
    return f"{signs} {late}{word if up + down == 1 else word + 's'}"


def _listed(part: Mapping[str, int]) -> str:
    named = [words.day(date.fromisoformat(d)) for d in part]
    return words.joined(named) if len(named) <= 3 else f"{len(named)} days, {named[0]} to {named[-1]}"


def _people(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[Reason]:
    """Merges, exclusions, the roster, invitations."""

    def moved(key: str) -> int:
        return (now[key] or 0) - (was[key] or 0) if was.get(key) is not None and now.get(key) is not None else 0

    if n := moved("merged_ids"):
        text = f"{words.count(n, 'id')} merged into another tester" if n > 0 else (
            f"{words.count(-n, 'merge')} taken back"
        )  # fmt: skip
        yield Reason("people", text, _REACH["merges"])
    if n := moved("excluded"):
        text = f"{words.count(abs(n), 'tester')} {'more' if n > 0 else 'fewer'} left out"
        yield Reason("people", text, _REACH["exclusions"])
    for key, word, item in (("testers", "tester on the roster", "testers"),
                            ("invitations", "invitation", "invitations")):  # fmt: skip
        if n := moved(key):
            many = "testers on the roster" if key == "testers" else "invitations"
            yield Reason("people", f"{abs(n):,} {'more' if n > 0 else 'fewer'} {word if abs(n) == 1 else many}",
                         _REACH[item])  # fmt: skip


def _of_value(closing: Closing, was: KpiValue, review: Review, why: tuple[Reason, ...]) -> Iterable[Difference]:
    """The differing parts of one KPI."""
    now = next((v for v in review.values if v.kpi_id == was.kpi_id and v.week == was.week), None)
    if now is None:
        yield Difference(was.kpi_id, was.title, "definition", f"revision {was.revision}", "no longer in the catalogue",
                         ("the KPI was removed",))  # fmt: skip
        return
    kpi = review.kpi(was.kpi_id)
    redefined = _redefined(closing, review, was)
    goal_moved = not (_same(was.target, now.target) and _same(was.floor, now.floor))
    cause = _causes(kpi, why, redefined)
    for part, closed, today in _numbers(was, now):
        yield Difference(was.kpi_id, was.title, part, closed, today, cause)
    for part, old, new in (("target", was.target, now.target), ("floor", was.floor, now.floor)):
        if not _same(old, new):
            closed, today = (_goal(v, was) for v in (old, new))
            yield Difference(was.kpi_id, was.title, part, closed, today, (f"{part} changed in the settings",))
    if redefined:
        yield Difference(was.kpi_id, was.title, "definition", *redefined, ("the definition was revised",))
    if was.status is not now.status:
        causes = (*(("the target changed",) if goal_moved else ()),
                  *(cause if _moved(was, now) or was.state is not now.state else ()))  # fmt: skip
        yield Difference(was.kpi_id, was.title, "verdict", was.status.value, now.status.value, causes or cause)


def _numbers(was: KpiValue, now: KpiValue) -> Iterable[tuple[Any, str, str]]:
    """Value, n and interval where they differ."""
    if not _same(was.value, now.value):
        yield "value", *_pair(was.value, now.value, was)
    if was.n != now.n:
        yield "n", f"{was.n:,} {was.sample_word}", f"{now.n:,} {now.sample_word}"
    if not (_same(was.low, now.low) and _same(was.high, now.high)):
        spans = tuple(words.span(v.low, v.high, v.unit) for v in (was, now))
        if spans[0] != spans[1]:
            yield "interval", spans[0], spans[1]
    if was.state is not now.state:
        yield "state", was.state.value.replace("_", " "), now.state.value.replace("_", " ")


def _moved(was: KpiValue, now: KpiValue) -> bool:
    return any(True for _ in _numbers(was, now))


def _pair(was: float | None, now: float | None, v: KpiValue) -> tuple[str, str]:
    """Both values in words, with more digits where the usual ones hide the difference."""
    texts = words.show(was, v.unit), words.show(now, v.unit)
    if texts[0] != texts[1] or was is None or now is None:
        return texts
    scale, sign = (100.0, " %") if v.unit is Unit.RATIO else (1.0, "")
    for digits in range(1, 9):
        texts = f"{was * scale:.{digits}f}{sign}", f"{now * scale:.{digits}f}{sign}"
        if texts[0] != texts[1]:
            break
    return texts


def _goal(value: float | None, v: KpiValue) -> str:
    return "none" if value is None else words.show(value, v.unit)


def _redefined(closing: Closing, review: Review, was: KpiValue) -> tuple[str, str] | None:
    """The definition then and now, or None when it is the same."""
    old = closing.content["definitions"][was.kpi_id]
    new = closing_freeze.definitions(review)[was.kpi_id]
    if old == new:
        return None
    same_number = old["revision"] == new["revision"]
    return f"revision {old['revision']}", f"revision {new['revision']}{' with another query' if same_number else ''}"


def _causes(kpi: Kpi, why: tuple[Reason, ...], redefined: tuple[str, str] | None) -> tuple[str, ...]:
    """Reasons that reach a KPI's facts. Several may hold at once; none is singled out."""
    item = compute_coverage.item(kpi)
    found = [r.words for r in why if item in r.reaches]
    if redefined:
        found.insert(0, f"definition {redefined[0]} became {redefined[1]}")
    return tuple(found) or ("data of other days, or rows that were corrected in place",)


def _same(a: float | None, b: float | None) -> bool:
    """Equal up to the last digits, which the order of a sum may move."""
    if a is None or b is None:
        return a is b
    return a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(a) and math.isnan(b))
