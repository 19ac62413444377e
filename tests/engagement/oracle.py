"""The engagement definitions once more, in plain Python: dictionaries and loops, nothing shared with the product."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = 3_600_000_000


def local(ts_us: int, zone: str) -> date:
    return datetime.fromtimestamp(ts_us // 1_000_000, ZoneInfo(zone)).date()


def midnight_us(day: date, zone: str) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC).timestamp()) * 1_000_000


def first_day(day: date, period: str, week_start: str) -> date:
    while (period == "month" and day.day > 1) or (period == "week" and day.strftime("%A").lower() != week_start):
        day -= timedelta(days=1)
    return day


def next_first(day: date, period: str, week_start: str) -> date:
    after = day + timedelta(days=1)
    while first_day(after, period, week_start) != after:
        after += timedelta(days=1)
    return after


def calendar(start: date, until_us: int, zone: str, period: str, week_start: str) -> list[date]:
    """First days of the periods that begin before `until`."""
    days = [first_day(start, period, week_start)]
    while midnight_us(following := next_first(days[-1], period, week_start), zone) < until_us:
        days.append(following)
    return days


def matches(event, name: str | None, where: tuple) -> bool:
    return name in (None, "*", event.name) and all(event.properties.get(k) == v for k, v in where)


def retention(events, o, zone: str, start: date, until_us: int, week_start: str, columns) -> list[dict]:
    """Per cohort period: size and, per column, (state, testers)."""
    begins = calendar(start, until_us, zone, o.period, week_start)
    number = {day: i for i, day in enumerate(begins)}
    hours = {"day": 24, "week": 168, "month": 720}[o.period]

    def period_of(ts_us: int) -> int:
        return number.get(first_day(local(ts_us, zone), o.period, week_start), -1)

    def offset(entry_us: int, ts_us: int) -> int:
        if o.window == "24h":
            return (ts_us // HOUR - entry_us // HOUR) // hours
        if o.window == "own-week":
            return (local(ts_us, zone) - local(entry_us, zone)).days // 7
        return period_of(ts_us) - period_of(entry_us)

    cohorts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    known = sorted((e for e in events if e.ts_us < until_us), key=lambda e: e.ts_us)
    for user in {e.user for e in known}:
        starts = [e.ts_us for e in known if e.user == user and matches(e, o.start.name, o.start.where)]
        entries: dict[int, int] = {}
        for ts in starts:
            if o.cohort == "first-ever" or period_of(ts) >= 0:
                entries.setdefault(period_of(ts), ts)
        if o.cohort != "recurring":
            entries = dict(sorted(entries.items(), key=lambda item: item[1])[:1])
        for cohort, ts in entries.items():
            if cohort >= 0:
                cohorts[cohort].append((user, ts))

    def came_back(user: str, entry_us: int, low: int, high: int) -> bool:
        counts: dict[int, int] = defaultdict(int)
        for e in known:
            later = e.ts_us > entry_us and e.user == user and matches(e, o.back.name, o.back.where)
            if later and offset(entry_us, e.ts_us) > 0:
                counts[offset(entry_us, e.ts_us)] += 1
        if o.rule == "on-or-after":
            return any(k >= low and n >= o.min_occurrences for k, n in counts.items())
        return sum(n for k, n in counts.items() if low <= k <= high) >= o.min_occurrences

    def window(cohort: int, entry_us: int, low: int, high: int) -> tuple[int, int]:
        if o.window == "24h" and high:
            return (entry_us // HOUR + hours * low) * HOUR, (entry_us // HOUR + hours * (high + 1)) * HOUR
        if o.window == "own-week" and high:
            day = local(entry_us, zone)
            ends = (day + timedelta(days=7 * low), day + timedelta(days=7 * high + 7))
            return midnight_us(ends[0], zone), midnight_us(ends[1], zone)
        begin = begins[cohort]
        for _ in range(low):
            begin = next_first(begin, o.period, week_start)
        end = begin
        for _ in range(high - low + 1):
            end = next_first(end, o.period, week_start)
        return midnight_us(begin, zone), midnight_us(end, zone)

    rows = []
    for cohort, day in enumerate(begins):
        members, cells = cohorts[cohort], []
        for low, high in columns:
            spans = [window(cohort, ts, low, high) for _, ts in members] or [window(cohort, 0, low, high)]
            back = sum(low == 0 or came_back(user, ts, low, high) for user, ts in members)
            begun, over = max(s[0] for s in spans) < until_us, max(s[1] for s in spans) <= until_us
            cells.append(("over" if over else "running" if begun else "future", back))
        rows.append({"cohort": day, "size": len(members), "cells": cells})
    return rows


def lifecycle(events, zone: str, start: date, until_us: int, period: str, week_start: str) -> list[dict]:
    begins = calendar(start, until_us, zone, period, week_start)
    active: dict[date, set[str]] = defaultdict(set)
    born: dict[str, date] = {}
    for e in sorted(events, key=lambda e: e.ts_us):
        if e.ts_us < until_us:
            day = first_day(local(e.ts_us, zone), period, week_start)
            active[day].add(e.user)
            born.setdefault(e.user, day)
    rows = []
    for day in begins:
        before = active[first_day(day - timedelta(days=1), period, week_start)]
        now = active[day]
        new = {u for u in now if born[u] == day}
        rows.append({"new": len(new), "returning": len(now & before), "resurrecting": len(now - before - new),
                     "dormant": -len(before - now), "active": len(now)})  # fmt: skip
    return rows


def stickiness(events, zone, start, until_us, period, week_start, at_least, at_most, cumulative) -> list[int]:
    begins = calendar(start, until_us, zone, period, week_start)
    times: dict[tuple[str, date], int] = defaultdict(int)
    for e in events:
        if e.ts_us < until_us:
            times[e.user, first_day(local(e.ts_us, zone), period, week_start)] += 1
    periods: dict[str, int] = defaultdict(int)
    for (user, day), n in times.items():
        if day in begins and n >= (at_least or 1) and (at_most is None or n <= at_most):
            periods[user] += 1
    exact = [sum(k == n for n in periods.values()) for k in range(1, len(begins) + 1)]
    return [sum(exact[i:]) for i in range(len(exact))] if cumulative else exact


def sessions(events, zone: str, until_us: int, idle_us: int, cap_us: int, at_midnight: bool) -> list[tuple]:
    found = []
    for user in {e.user for e in events}:
        current: list[int] = []
        for ts in sorted(e.ts_us for e in events if e.user == user and e.ts_us < until_us):
            broken = current and (
                ts - current[-1] > idle_us
                or ts - current[0] > cap_us
                or (at_midnight and local(ts, zone) != local(current[-1], zone))
            )
            if broken:
                found.append((user, current[0], current[-1], len(current)))
                current = []
            current.append(ts)
        if current:
            found.append((user, current[0], current[-1], len(current)))
    return sorted(found, key=lambda s: (s[1], s[0]))


def funnel(events, steps, window_us: int, increasing: bool, from_us: int, before_us: int, until_us: int) -> dict:
    """Deepest step per user by trying every chain, one attempt after the other."""
    deepest: dict[str, int] = {}
    for user in {e.user for e in events}:
        own = sorted(
            (e.ts_us, steps.index(e.name)) for e in events if e.user == user and e.name in steps and e.ts_us < until_us
        )

        def best(position: int, step: int, begun: int, own=own) -> int:
            deep = step
            for i in range(position + 1, len(own)):
                ts, name = own[i]
                fits = ts - begun <= window_us and (not increasing or ts > own[position][0])
                if step < len(steps) and steps[name] == steps[step] and fits:
                    deep = max(deep, best(i, step + 1, begun))
            return deep

        for i, (ts, name) in enumerate(own):
            if steps[name] == steps[0] and from_us <= ts < before_us:
                deepest[user] = max(deepest.get(user, 0), best(i, 1, ts))
    return deepest
