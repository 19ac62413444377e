"""Sessions: runs of events with no long pause. A session of one event lasts 0 s and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from data.calendar import day_number, instant, us
from data.errors import QueryError
from data.warehouse import Snapshot
from kpis.engagement.scope import ACTIVITY, EVERYBODY, EventChoice, Scope, people, resolve, unknown_events

SECOND_US = 1_000_000


@dataclass(frozen=True)
class SessionOptions:
    """A pause of more than `idle_s` ends a session (exactly that long does not), and so does an event later than
    `cap_s` after its start; at_midnight also splits at local midnight. Events default to the active list."""

    scope: Scope = EVERYBODY
    activity: EventChoice = ACTIVITY
    idle_s: float = 1800
    cap_s: float = 86_400
    at_midnight: bool = False

    def __post_init__(self) -> None:
        if self.idle_s <= 0 or self.cap_s <= 0:
            raise QueryError("--idle and --cap must be longer than nothing")


@dataclass(frozen=True)
class Session:
    user: str
    start: datetime
    end: datetime  # of the last event
    events: int

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    def as_json(self) -> dict[str, Any]:
        return {
            "user": self.user,
            "start": _text(self.start),
            "end": _text(self.end),
            "events": self.events,
            "seconds": self.seconds,
        }


@dataclass(frozen=True)
class SessionTable:
    """Sessions that start in the range, by start and user; median and 90th percentile of their seconds."""

    options: SessionOptions
    sessions: tuple[Session, ...]
    notes: tuple[str, ...]

    @property
    def median_s(self) -> float | None:
        return self._quantile(0.5)

    @property
    def p90_s(self) -> float | None:
        return self._quantile(0.9)

    def _quantile(self, q: float) -> float | None:
        return float(np.quantile([s.seconds for s in self.sessions], q)) if self.sessions else None

    def as_json(self) -> dict[str, Any]:
        return {
            "sessions": [s.as_json() for s in self.sessions],
            "count": len(self.sessions),
            "testers": len({s.user for s in self.sessions}),
            "median_seconds": self.median_s,
            "p90_seconds": self.p90_s,
            "notes": list(self.notes),
        }


def sessions(snapshot: Snapshot, options: SessionOptions) -> SessionTable:
    """All sessions of a range, cut from single events. Raises QueryError."""
    where = resolve(snapshot, options.scope, "day")
    rows = snapshot.rows(
        "engagement/sessions",
        **where.people,
        **where.periods.days(),
        **options.activity.parameters("act"),
        until_us=where.until_us,
        from_us=where.periods.midnight(where.periods.first),
        stored_days=where.stored_days,
        idle_us=round(options.idle_s * SECOND_US),
        cap_us=round(options.cap_s * SECOND_US),
        at_midnight=options.at_midnight,
    )
    found = tuple(Session(r["tester_id"], instant(r["start_us"]), instant(r["end_us"]), r["events"]) for r in rows)
    return SessionTable(options, found, unknown_events(snapshot, options.activity))


@dataclass(frozen=True)
class SessionWeek:
    """Sessions that start in a week; median and 90th percentile of their seconds, None without a session."""

    sessions: int
    median_s: float | None
    p90_s: float | None


def session_weeks(snapshot: Snapshot, scope: Scope, first: date, weeks: int) -> tuple[SessionWeek, ...]:
    """Sessions of `weeks` weeks from the day `first` on, by the settings' idle limit and cap, from the stored sessions.

    The same numbers as `sessions` with those limits in the programme's zone, without a look at most events.
    """
    rows = snapshot.rows(
        "engagement/session_weeks",
        **people(snapshot, scope),
        until_us=scope.until_us if scope.until_us is not None else us(snapshot.as_of),
        first_day=day_number(first),
        weeks=weeks,
    )
    found = {r["week"]: SessionWeek(r["sessions"], r["median_s"], r["p90_s"]) for r in rows}
    return tuple(found.get(n, SessionWeek(0, None, None)) for n in range(1, weeks + 1))


def _text(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")
