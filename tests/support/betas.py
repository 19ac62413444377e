"""A small beta with known returns, as rows of a snapshot: who began when, on which days each came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tests.support.facts import EPOCH, us

MINUTE = 60_000_000


@dataclass(frozen=True)
class Member:
    wave: str
    platform: str
    began: date
    back: tuple[int, ...] = ()  # days after the first on which the tester was active again


def beta() -> list[Member]:
    """Wave 1 began on 2 March, 6 of 12 back on day 7; wave 2 on 9 March, 4 of 12; half of each on ios, half on web."""
    first, second = date(2026, 3, 2), date(2026, 3, 9)
    ones = [Member("1", "ios" if i < 6 else "web", first, (1, 7) if i % 2 else (20,)) for i in range(12)]
    twos = [Member("2", "ios" if i < 6 else "web", second, (7, 20) if i % 3 == 0 else (2,)) for i in range(12)]
    return ones + twos


def tables(testers: Sequence[Member]) -> dict[str, list[dict]]:
    """dim_tester, events, days and sessions of all: two events ten minutes apart on every active day, the
    first day's session with one request that fails for every fourth tester."""
    people, events, days, sessions = [], [], [], []
    for key, tester in enumerate(testers, 1):
        begin = us(_noon(tester.began))
        people.append(
            dict(tester_key=key, tester_id=f"t-{key:04d}", on_roster=True, wave=tester.wave, platform=tester.platform,
                 invited_us=begin - 10**9, accepted_us=begin - 10**8, first_active_us=begin,
                 first_active_day_n=(tester.began - EPOCH).days, activated_us=begin)
        )  # fmt: skip
        for offset in (0, *tester.back):
            at, day_n = us(_noon(tester.began + timedelta(days=offset))), (tester.began - EPOCH).days + offset
            events += [
                dict(tester_key=key, event_id=1, ts_us=at + step, day_n=day_n, properties="{}")
                for step in (0, 10 * MINUTE)
            ]
            if not offset:
                status = 503 if key % 4 == 0 else 200
                call = dict(event_id=2, ts_us=at + MINUTE, day_n=day_n, status=status, duration_ms=80, properties="{}")
                events.append(dict(tester_key=key, **call))
            sessions.append(dict(tester_key=key, start_us=at, end_us=at + 10 * MINUTE, day_n=day_n, events=2))
            days.append(
                dict(tester_key=key, day_n=day_n, events=2, active_events=2, feature_mask=1 if key % 2 else 0,
                     first_us=at, last_us=at + 10 * MINUTE, sessions=1, session_seconds=600, requests=int(not offset),
                     failed_requests=int(not offset and key % 4 == 0), slow_requests=0, request_ms=80, app_errors=0)
            )  # fmt: skip
    return {
        "dim_tester": people,
        "dim_event": [
            dict(event_id=1, event="post_view", is_active=True),
            dict(event_id=2, event="api_call", is_active=False),
        ],
        "dim_feature": [dict(feature_id=1, feature="feeds", feature_bit=1)],
        "fct_event": events,
        "fct_tester_day": days,
        "fct_session": sessions,
    }


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
