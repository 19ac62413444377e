"""Who and when a question is about: the testers that count, the range of time, and which events are meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from data.calendar import local_day, us
from data.errors import QueryError, nearest
from data.warehouse import Snapshot
from kpis.engagement.activity import Activity, Group, activity
from kpis.engagement.bounds import bounds
from kpis.engagement.periods import Grain, Periods, WeekStart

ANY = "*"
ACTIVE = None  # the settings' list of user-initiated events


@dataclass(frozen=True)
class Scope:
    """Part of every question. None = what the snapshot says: its as_of, time zone, week start, launch day."""

    start: date | None = None
    until_us: int | None = None
    timezone: str | None = None
    week_start: WeekStart | None = None
    wave: str | None = None
    platform: str | None = None


@dataclass(frozen=True)
class EventChoice:
    """Which events count. name: an event, "*" = any, None = the active list. where: property name and value."""

    name: str | None = ACTIVE
    where: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> bool:
        """Whether tester-day counts can answer, without looking at single events."""
        return self.name in (ACTIVE, ANY) and not self.where

    def parameters(self, prefix: str) -> dict[str, Any]:
        return {
            f"{prefix}_event": self.name,
            f"{prefix}_keys": [key for key, _ in self.where],
            f"{prefix}_values": [value for _, value in self.where],
        }


EVERYBODY = Scope()
ACTIVITY = EventChoice()


def parse_filter(text: str) -> tuple[str, str]:
    """`property=value` as a pair. Raises QueryError."""
    key, mark, value = text.partition("=")
    if not mark or not key or '"' in key:
        raise QueryError(f'filter "{text}" is not of the form property=value')
    return key, value


@dataclass(frozen=True)
class Range:
    """A scope with every None resolved against a snapshot."""

    periods: Periods
    people: dict[str, Any]  # query parameters of the testers that count
    stored_days: bool  # the snapshot's local days are those of the zone asked for
    whole_days: bool  # tester-day counts hold nothing at or after `until`

    @property
    def until_us(self) -> int:
        return self.periods.until_us


def people(snapshot: Snapshot, scope: Scope) -> dict[str, Any]:
    """Query parameters for the testers that count: on the roster where there is one, not excluded, in the group."""
    return {
        "roster_only": snapshot.meta.get("roster", "roster") == "roster",
        "wave": scope.wave,
        "platform": scope.platform,
    }


def resolve(snapshot: Snapshot, scope: Scope, grain: Grain) -> Range:
    """The range a question covers. Starts at the launch day, or at the first data when there is no roster."""
    zone_name = scope.timezone or snapshot.meta["timezone"]
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError):
        raise QueryError(f'"{zone_name}" is no IANA time zone') from None
    until_us = scope.until_us if scope.until_us is not None else us(snapshot.as_of)
    who = people(snapshot, scope)
    week_start = scope.week_start or snapshot.meta.get("week_start", "monday")
    start = scope.start or _first_day(snapshot, who, zone, until_us)
    periods = Periods.of(grain, week_start, zone, start, until_us)
    return Range(
        periods=periods,
        people=who,
        stored_days=zone_name == snapshot.meta["timezone"],
        whole_days=_whole_days(snapshot, who, periods),
    )


def _whole_days(snapshot: Snapshot, who: dict[str, Any], periods: Periods) -> bool:
    until_us = periods.until_us
    if periods.midnight(periods.local_date(until_us)) == until_us:
        return True
    last_us = bounds(snapshot, who)[1]
    return last_us is None or last_us < until_us


def _first_day(snapshot: Snapshot, who: dict[str, Any], zone: ZoneInfo, until_us: int) -> date:
    if who["roster_only"]:
        return date.fromisoformat(snapshot.meta["launch"])
    first_us = bounds(snapshot, who)[0]
    return local_day(min(first_us, until_us - 1) if first_us is not None else until_us - 1, zone)


def held(snapshot: Snapshot, where: Range, choice: EventChoice) -> tuple[Activity, Group] | None:
    """Active days as bits and the testers asked about, where they can answer: whole stored days of any or all active
    events. None where single events must be looked at, or the bits would be too many."""
    if not (choice.plain and where.stored_days and where.whole_days):
        return None
    found = activity(snapshot, choice.name)
    return None if found is None else (found, found.group(where.people))


def unknown_events(snapshot: Snapshot, *choices: EventChoice) -> tuple[str, ...]:
    """A warning for every event asked for that the snapshot has never seen: zero then means "no such event"."""
    asked = {c.name for c in choices if c.name not in (ACTIVE, ANY)}
    if not asked:
        return ()
    known = {row["event"] for row in snapshot.rows("engagement/event_names")}
    return tuple(f'no event is named "{name}"{nearest(name, known)}' for name in sorted(asked - known))
