"""The way of a tester through the beta, who dropped off at each step, and who went silent.

invited -> accepted -> activated -> active this week -> gave feedback; a step counts only testers of the step before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import compress
from typing import Any

from data.calendar import EPOCH, day_number
from data.warehouse import Snapshot
from kpis.engagement.scope import Scope, people, resolve
from kpis.intervals import Interval, wilson

WEEK_DAYS = 7


@dataclass(frozen=True)
class Person:
    """A pseudonym with what is needed to decide whom to ask. Manager role only."""

    tester_id: str
    wave: str
    platform: str
    last_active: date | None


@dataclass(frozen=True)
class Step:
    """testers reached it; share of the step before with its interval; dropped did not, waiting still may."""

    name: str
    testers: int
    share: float | None
    interval: Interval
    dropped: tuple[Person, ...]
    waiting: tuple[Person, ...] = ()


@dataclass(frozen=True)
class TesterFunnel:
    """open_invitations: state (pending, expired, revoked) -> count; these people have no pseudonym yet."""

    week: int
    steps: tuple[Step, ...]
    open_invitations: dict[str, int]


def tester_funnel(snapshot: Snapshot, scope: Scope, week: int) -> TesterFunnel:
    """The funnel as of the scope's instant; `week` says which programme week "active this week" means."""
    where = resolve(snapshot, scope, "day")
    launch = day_number(date.fromisoformat(snapshot.meta["launch"]))
    rows = _rows(snapshot, scope, where.until_us, launch + 7 * (week - 1), launch + 7 * week)
    invitations = snapshot.rows("engagement/open_invitations", wave=scope.wave, until_us=where.until_us)
    states = [i["state"] for i in invitations]
    accepted = [r for r in rows if r["is_accepted"]]
    invited = len(rows) + len(invitations)
    steps = [
        Step("invited", invited, None, (None, None), ()),
        Step("accepted", len(accepted), _share(len(accepted), invited), wilson(len(accepted), invited),
             tuple(_person(r) for r in rows if not r["is_accepted"])),
    ]  # fmt: skip
    tests: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
        ("activated", lambda r: r["is_activated"]),
        ("active this week", lambda r: r["is_active"]),
        ("gave feedback", lambda r: r["gave_feedback"]),
    ]
    reached = accepted
    for name, holds in tests:
        steps.append(_step(name, reached, holds))
        reached = [r for r in reached if holds(r)]
    return TesterFunnel(week, tuple(steps), {state: states.count(state) for state in sorted(set(states))})


def silent(snapshot: Snapshot, scope: Scope, days: int = WEEK_DAYS) -> tuple[Person, ...]:
    """Testers who were active once, but not in the last `days` complete days; longest silence first."""
    where = resolve(snapshot, scope, "day")
    over = day_number(where.periods.first) + where.periods.over
    rows = _rows(snapshot, scope, where.until_us, over - days, day_number(where.periods.first) + where.periods.begun)
    quiet = [r for r in rows if r["last_day_n"] is not None and r["last_day_n"] < over - days]
    return tuple(_person(r) for r in sorted(quiet, key=lambda r: (r["last_day_n"], r["tester_id"])))


def _rows(snapshot: Snapshot, scope: Scope, until_us: int, first_day: int, end_day: int) -> list[dict[str, Any]]:
    hours = snapshot.settings.get("engagement", {}).get("activation_hours", 48)
    return snapshot.rows(
        "engagement/tester_steps",
        **people(snapshot, scope),
        until_us=until_us,
        activation_us=round(hours * 3_600_000_000),
        first_day=first_day,
        end_day=end_day,
    )


def _step(name: str, before: list[dict[str, Any]], holds: Callable[[dict[str, Any]], bool]) -> Step:
    """A step over the testers of the step before. Those who may still activate are waiting, not dropped, and leave
    the denominator."""
    kept = [r for r in before if holds(r)]
    rest = [r for r in before if not holds(r)]
    waits = [name == "activated" and bool(r["may_still_activate"]) for r in rest]
    waiting = list(compress(rest, waits))
    known = len(before) - len(waiting)
    return Step(
        name,
        len(kept),
        _share(len(kept), known),
        wilson(len(kept), known),
        tuple(_person(r) for r, waiting_still in zip(rest, waits, strict=True) if not waiting_still),
        tuple(_person(r) for r in waiting),
    )


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def _person(row: dict[str, Any]) -> Person:
    last = row["last_day_n"]
    return Person(
        row["tester_id"], row["wave"], row["platform"], None if last is None else EPOCH + timedelta(days=last)
    )
