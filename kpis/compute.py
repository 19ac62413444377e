"""Values: every KPI in every programme week and on every day, with state, coverage and verdict."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from data.errors import BetaError
from data.warehouse import Snapshot
from kpis import catalogue, compute_coverage, verdicts, words
from kpis.compute_coverage import ENOUGH, Coverage
from kpis.held import Held
from kpis.measures import run
from kpis.measures.result import NO_DATA, Measured, Result
from kpis.model import DayValue, Kpi, KpiValue, State

NOBODY = "nobody is on the roster, so nobody's activity can be counted"
AT_ONCE = 2  # queries: each has one thread, so that its sums come in one order, and leaves the other cores idle
OF_TESTERS = ("events", "testers")  # facts that count only where somebody is on the roster
ABSENT = {  # item -> what is missing when there is not one row and no source that would have told
    "events": "no event of a known tester has been loaded",
    "feedback": "no feedback source has delivered anything",
    "invitations": "no invitation has been loaded",
    "testers": NOBODY,
    "samples": "no such series has been scraped",
}


@dataclass(frozen=True)
class Computed:
    """All numbers of a snapshot: values in catalogue order and by week, days by KPI, failures in words."""

    values: tuple[KpiValue, ...]
    days: dict[str, tuple[DayValue, ...]]
    failures: dict[str, str] = field(default_factory=dict)


COMPUTED: Held[Computed] = Held(most=1)


def values(snapshot: Snapshot) -> tuple[KpiValue, ...]:
    """Every KPI in every programme week, in catalogue order."""
    return everything(snapshot).values


def everything(snapshot: Snapshot, kpis: tuple[Kpi, ...] | None = None) -> Computed:
    """Compute KPIs (default: the catalogue). One that fails has no numbers and says why; the others live.

    Raises SettingsError when targets or criteria of the settings contradict the catalogue.
    """
    catalogue.check_settings(snapshot.settings)
    if kpis is not None:
        return _compute(snapshot, kpis)
    every = catalogue.all()
    return COMPUTED.get(snapshot, every, lambda: _compute(snapshot, every))  # the same for every week looked at


def _compute(snapshot: Snapshot, kpis: tuple[Kpi, ...]) -> Computed:
    frame = _Frame(snapshot)
    found: list[KpiValue] = []
    days: dict[str, tuple[DayValue, ...]] = {}
    failures: dict[str, str] = {}
    for kpi, asked in zip(kpis, _measured(snapshot, kpis), strict=True):
        try:
            measured = _told(asked)
            coverage = frame.coverage(kpi)
            found.extend(_value(frame, kpi, week, measured, coverage) for week in frame.weeks)
            days[kpi.id] = tuple(_day(frame, row, kpi, measured, coverage) for row in frame.days)
        except BetaError as error:
            failures[kpi.id] = str(error)
            found = [v for v in found if v.kpi_id != kpi.id]
            found.extend(_failed(frame, kpi, week, str(error)) for week in frame.weeks)
            days[kpi.id] = ()
    return Computed(tuple(found), days, failures)


def _measured(snapshot: Snapshot, kpis: Iterable[Kpi]) -> list[Measured | BetaError]:
    """What each KPI's measure says, or why it cannot."""

    def ask(kpi: Kpi) -> Measured | BetaError:
        try:
            return run.measure(snapshot, kpi.measure)
        except BetaError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="kpi") as pool:
        return list(pool.map(ask, kpis))


def _told(asked: Measured | BetaError) -> Measured:
    if isinstance(asked, BetaError):
        raise asked
    return asked


class _Frame:
    """What all KPIs share: calendar, as_of, and which facts exist at all."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.weeks: list[dict[str, Any]] = snapshot.rows("measures/weeks")
        self.days: list[dict[str, Any]] = snapshot.rows("measures/days")
        self.present: dict[str, bool] = snapshot.row("measures/presence")
        self._coverage: dict[tuple[str, ...], Coverage] = {}

    def coverage(self, kpi: Kpi) -> Coverage:
        """Coverage of a KPI's source, asked once per source."""
        key = (compute_coverage.item(kpi), *run.metrics(kpi.measure))
        if key not in self._coverage:
            self._coverage[key] = compute_coverage.coverage(self.snapshot, kpi)
        return self._coverage[key]


def _value(frame: _Frame, kpi: Kpi, week: dict[str, Any], measured: Measured, coverage: Coverage) -> KpiValue:
    share = coverage.weeks.get(week["week"])
    result = _believable(frame, kpi, measured.weeks.get(week["week"], NO_DATA), coverage.known, share)
    state, why = _state(frame, kpi, week, share)
    if result.value is None and not why and _absent(frame, coverage):
        why = f"no data: {NOBODY if _nobody(frame, coverage.item) else ABSENT[coverage.item]}"
    goal = catalogue.goal(kpi, frame.snapshot.settings, week["end_date"])
    verdict = verdicts.judge(kpi, result, goal, state, why)
    flags = result.flags + (("proposed target",) if goal.proposed else ())
    return KpiValue(
        kpi_id=kpi.id, title=kpi.title, family=kpi.family, unit=kpi.unit, better=kpi.better, week=week["week"],
        start=week["start_date"], end=week["end_date"], state=state, value=result.value, numerator=result.numerator,
        denominator=result.denominator, n=result.n, low=result.low, high=result.high, interval=result.interval,
        target=goal.target, floor=goal.floor, target_proposed=goal.proposed, status=verdict.status,
        reason=verdict.reason, not_yet_measurable=result.not_yet, measurable_on=result.measurable_on, coverage=share,
        as_of=frame.snapshot.as_of, revision=kpi.revision, sample_word=kpi.sample_word, days_in=week["days_in"],
        flags=flags,
    )  # fmt: skip


def _absent(frame: _Frame, coverage: Coverage) -> bool:
    """No row of the fact and no source that would have told us: nothing can be counted, not even zero."""
    unknown = not coverage.known and not frame.present.get(coverage.item, False)
    return unknown or _nobody(frame, coverage.item)


def _nobody(frame: _Frame, item: str) -> bool:
    """Testers are counted and there are none, though others are seen: zero would be said of nobody."""
    return item in OF_TESTERS and not frame.present.get("testers", False)


def _believable(frame: _Frame, kpi: Kpi, result: Result, known: bool, share: float | None) -> Result:
    """Drop a zero that only means that nobody told us: no such fact at all, or a week the source is silent about."""
    item = compute_coverage.item(kpi)
    silent = _nobody(frame, item) or (share == 0 if known else not frame.present.get(item, item == "samples"))
    if not silent:
        return result
    return replace(NO_DATA, not_yet=result.not_yet, measurable_on=result.measurable_on)


def _state(frame: _Frame, kpi: Kpi, week: dict[str, Any], share: float | None) -> tuple[State, str]:
    """State of a week for a KPI, with the reason where it allows no verdict."""
    if week["state"] == "future":
        return State.FUTURE, f"week {week['week']} starts on {words.day(week['start_date'])}"
    if week["state"] == "running":
        return State.RUNNING, f"{week['days_in']} of 7 days are over; the week ends on {words.day(week['end_date'])}"
    if week["state"] == "settling":
        hours = float(frame.snapshot.meta.get("lateness_hours") or 48)
        return State.RUNNING, f"late data is awaited until {hours:g} hours after {words.day(week['end_date'])}"
    if share is not None and share < ENOUGH:
        return State.NOT_EVALUABLE, compute_coverage.gap_words(frame.snapshot, kpi, week, share)
    return State.COMPLETE, ""


def _day(frame: _Frame, row: dict[str, Any], kpi: Kpi, measured: Measured, coverage: Coverage) -> DayValue:
    """A day of a source covered less than 90 % is no data, not a dip."""
    share = coverage.days.get(row["day_n"])
    result = _believable(frame, kpi, measured.days.get(row["day_n"], NO_DATA), coverage.known, share)
    day: date = row["local_date"]
    if share is not None and share < ENOUGH:
        return DayValue(day, None, 0)
    return DayValue(day, result.value, result.n)


def _failed(frame: _Frame, kpi: Kpi, week: dict[str, Any], error: str) -> KpiValue:
    """A KPI that could not be computed: no number, and the reason in its place."""
    empty = Measured({}, {})
    value = _value(frame, kpi, week, empty, Coverage(compute_coverage.item(kpi), {}, {}))
    return replace(value, state=State.NOT_EVALUABLE, reason=f"could not be computed: {error}")
