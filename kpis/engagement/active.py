"""Daily and weekly active testers, the share of the week's testers that come on a day, and participation.

All from tester-days in the snapshot's own time zone. There is no monthly figure: a beta of four weeks has one month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import fmean

from data.calendar import EPOCH, day_number
from data.warehouse import Snapshot
from kpis.engagement import rhythm
from kpis.engagement.activity import activity
from kpis.engagement.scope import Range, Scope, resolve
from kpis.intervals import Interval, mean_t

WEEK = 7


@dataclass(frozen=True)
class ActiveDay:
    """dau: active testers of a complete day. wau: of the 7 complete days ending with it, None before there are 7.

    stickiness: mean dau of those 7 days / wau. None where undefined.
    """

    day: date
    dau: int
    wau: int | None
    stickiness: float | None


@dataclass(frozen=True)
class Participation:
    """Mean over testers of active days / eligible days (the figure), and the pooled ratio beside it."""

    mean: float | None
    pooled: float | None
    interval: Interval  # Student t over testers
    testers: int
    per_tester: dict[str, float]


def active_days(snapshot: Snapshot, scope: Scope) -> tuple[ActiveDay, ...]:
    """Every complete day of the range, empty ones too."""
    where = resolve(snapshot, replace(scope, timezone=None), "day")
    first = day_number(where.periods.first)
    if not where.periods.over:
        return ()
    dau, wau = _actives(snapshot, where, first)
    return tuple(_day(EPOCH + timedelta(days=first + number), dau, wau, number) for number in range(len(dau)))


def _actives(snapshot: Snapshot, where: Range, first: int) -> tuple[Sequence[int], Sequence[int]]:
    """Testers active on every complete day, and in the 7 days that end with it."""
    found = activity(snapshot)
    if found is not None:  # whole days only, so that it does not matter how far the last one is known
        return rhythm.daily(found, found.group(where.people), first, first + where.periods.over)
    days = where.periods.days()["day_numbers"][: where.periods.over]
    rows = snapshot.rows("engagement/active_days", **where.people, until_us=where.until_us, day_numbers=days)
    return [r["dau"] for r in rows], [r["wau"] for r in rows]


def _day(day: date, dau: Sequence[int], wau: Sequence[int], number: int) -> ActiveDay:
    if number < WEEK - 1:
        return ActiveDay(day, dau[number], None, None)
    mean = fmean(dau[number - WEEK + 1 : number + 1])
    return ActiveDay(day, dau[number], wau[number], mean / wau[number] if wau[number] else None)


def participation(snapshot: Snapshot, scope: Scope) -> Participation:
    """Active days / eligible days of each tester over the complete days of the range."""
    where = resolve(snapshot, replace(scope, timezone=None), "day")
    calendar = where.periods.days()
    calendar.pop("day_periods")
    rows = snapshot.rows(
        "engagement/participation",
        **where.people,
        **calendar,
        until_us=where.until_us,
        first_day=day_number(where.periods.first),
        end_day=day_number(where.periods.first) + where.periods.over,
    )
    shares = [r["active_days"] / r["eligible_days"] for r in rows]
    days = sum(r["eligible_days"] for r in rows)
    return Participation(
        mean=fmean(shares) if shares else None,
        pooled=sum(r["active_days"] for r in rows) / days if days else None,
        interval=mean_t(sum(shares), len(shares), sum(s * s for s in shares)),
        testers=len(shares),
        per_tester={r["tester_id"]: share for r, share in zip(rows, shares, strict=True)},
    )
