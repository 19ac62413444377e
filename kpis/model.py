"""The vocabulary: what a KPI is, what a value carries, what a review holds. Plain frozen data, no work done here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from kpis.kinds import (  # noqa: F401 - offered again, so that a definition imports from one module
    Count,
    Given,
    HistogramQuantile,
    HistogramShare,
    MeanPerTester,
    Measure,
    MedianDuration,
    Proportion,
    RatioOfSums,
)

Family = Literal["engagement", "reliability", "performance", "resources", "feedback", "programme"]
Better = Literal["higher", "lower"]


class Unit(StrEnum):
    """What a value is counted in. Ratios are stored as 0..1 and shown as per cent."""

    RATIO = "ratio"
    COUNT = "count"
    SECONDS = "seconds"
    HOURS = "hours"
    PER_TESTER = "per tester"


class State(StrEnum):
    """State of a period. Verdicts use complete periods only."""

    COMPLETE = "complete"
    RUNNING = "running"  # also while the lateness allowance is open
    FUTURE = "future"
    STALE = "stale"  # data arrived after the period was closed
    NOT_EVALUABLE = "not_evaluable"  # a gap in the source, named in `reason`

    @property
    def settled(self) -> bool:
        """Complete, also when something moved under it after it was closed."""
        return self in (State.COMPLETE, State.STALE)


class Status(StrEnum):
    """Verdict on one value."""

    ON_TARGET = "on target"
    WITHIN_FLOOR = "within floor"
    MISSED = "missed"
    CANNOT_TELL = "cannot tell"


class Decision(StrEnum):
    """Verdict on the programme."""

    GO = "go"
    CONDITIONS = "go with conditions"
    NO_GO = "no-go"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class DefaultTarget:
    target: float
    floor: float | None = None
    proposed: bool = True  # False: the team has set it


@dataclass(frozen=True)
class Kpi:
    """One KPI. The file name in kpis/definitions is its id."""

    id: str
    title: str
    question: str
    definition: str  # who counts, what counts, day numbering, zone, week it lands in, what is left out
    family: Family
    owner: str
    unit: Unit
    better: Better
    measure: Measure
    target: DefaultTarget | None
    min_sample: int
    sample_word: str  # what n counts: "testers", "requests", "feedback items"
    caveats: tuple[str, ...] = ()
    revision: int = 1
    complement: str | None = None  # for rates near 100 %: title of the complement that is drawn
    position: int = 1000  # place within the family; ties by id
    # day values are on the week's scale, on another, or a level to date; once: every unit counts in one week only
    daily: Literal["same", "other", "stock", "once"] = "same"


# ---- values


@dataclass(frozen=True)
class KpiValue:
    """One KPI in one programme week, with all that is needed to defend it."""

    kpi_id: str
    title: str
    family: Family
    unit: Unit
    better: Better
    week: int
    start: date
    end: date  # last day, inclusive
    state: State
    value: float | None  # None = no data; never 0 for missing
    numerator: float | None
    denominator: float | None
    n: int
    low: float | None
    high: float | None
    interval: str  # "Wilson 95 %", "bucket bounds", "bootstrap 95 %", ...
    target: float | None
    floor: float | None
    target_proposed: bool
    status: Status
    reason: str  # one sentence: why this verdict, or what would decide it
    not_yet_measurable: int
    measurable_on: date | None
    coverage: float | None  # 0..1 of the source over the period
    as_of: datetime
    revision: int
    sample_word: str
    days_in: int  # complete days so far, of 7
    flags: tuple[str, ...] = ()  # "resets: 2", "only reaches > 10 s", "proposed target" ...


@dataclass(frozen=True)
class DayValue:
    """A daily point of a KPI (its nearest daily form); None = no data on that day."""

    day: date
    value: float | None
    n: int


@dataclass(frozen=True)
class Change:
    """Week-on-week change: on day values, weekday-paired; clear only when size and significance agree."""

    kpi_id: str
    week: int
    delta: float | None  # in the KPI's unit; None = not comparable
    low: float | None
    high: float | None
    clear: bool
    better: bool | None  # None unless clear
    words: str  # "no clear change", "fell 12 points (95 % interval 8 to 16)"


@dataclass(frozen=True)
class Marker:
    """A numbered event drawn as a vertical on every time chart."""

    number: int
    at: datetime
    end: datetime | None
    kind: Literal["release", "incident", "wave", "definition"]  # definition: `number` is the new revision
    title: str
    note: str = ""

    @property
    def sign(self) -> str:
        """What stands on the mark: its number, or "r2" for a definition's second revision."""
        return f"r{self.number}" if self.kind == "definition" else str(self.number)


@dataclass(frozen=True)
class ProgrammeVerdict:
    decision: Decision
    sentence: str
    blockers: tuple[str, ...]
    conditions: tuple[str, ...]
    undecided: tuple[str, ...]  # with what would decide each


@dataclass(frozen=True)
class Evidence:
    """One item of the week's own list, answered."""

    item: str
    answer: str
    status: Status | None
    kpi_ids: tuple[str, ...]


@dataclass(frozen=True)
class WeekReview:
    week: int
    start: date
    end: date
    state: State
    days_in: int
    headline: str
    evidence: tuple[Evidence, ...]
    markers: tuple[Marker, ...]


@dataclass(frozen=True)
class SourceHealth:
    """One source item as Data health shows it."""

    source: str
    kind: str
    item: str
    ok: bool
    sentence: str  # "fresh: covers to 2026-03-30 23:59", "unreachable since ...: ..."
    last_success: datetime | None
    covers_to: datetime | None
    read: int
    accepted: int
    duplicates: int
    conflicting: int
    quarantined: int
    blank: int
    late: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gap:
    source: str
    item: str
    start: datetime
    end: datetime
    words: str


@dataclass(frozen=True)
class Programme:
    name: str
    launch: date
    weeks: int
    timezone: str
    seats: int
    demo: bool
    testers: int  # on the roster, excluded left out
    excluded: int


@dataclass(frozen=True)
class Difference:
    """What a KPI of a closed week would read today, and why it differs."""

    kpi_id: str
    title: str
    part: Literal["value", "n", "interval", "target", "floor", "definition", "verdict", "state"]
    closed: str
    now: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class ClosedWeek:
    """A closed week: whose word it is, its proof, and what changed since."""

    week: int
    at: datetime
    author: str
    snapshot_id: str
    sha256: str  # of the frozen content
    files: tuple[tuple[str, str], ...]  # archived report file, its sha256
    differences: tuple[Difference, ...]  # the values that would read differently
    reasons: tuple[str, ...]  # everything that moved under the week since, also where no value did


@dataclass(frozen=True)
class Review:
    """Everything a page, the report or a command shows about a week. Computed once per snapshot and week."""

    programme: Programme
    week: int
    snapshot_id: str
    as_of: datetime
    settings_hash: str
    kpis: tuple[Kpi, ...]
    values: tuple[KpiValue, ...]  # every KPI and week, in catalogue order
    days: dict[str, tuple[DayValue, ...]]
    changes: tuple[Change, ...]
    verdict: ProgrammeVerdict
    weeks: tuple[WeekReview, ...]
    markers: tuple[Marker, ...]
    health: tuple[SourceHealth, ...]
    gaps: tuple[Gap, ...]
    notices: tuple[str, ...]  # what every page must say: demo, failed refresh, stale source
    exclusion_effects: tuple[str, ...]
    failures: dict[str, str] = field(default_factory=dict)  # KPI id -> why it could not be computed
    closed: tuple[ClosedWeek, ...] = ()  # closed weeks; their values above are those they were closed with

    def value(self, kpi_id: str, week: int | None = None) -> KpiValue:
        """The value of one KPI in a week (default: the review's)."""
        return next(v for v in self.values if v.kpi_id == kpi_id and v.week == (week or self.week))

    def kpi(self, kpi_id: str) -> Kpi:
        return next(k for k in self.kpis if k.id == kpi_id)
