"""Sessions by week from the stored sessions, against the same sessions cut from single events, which is the judge."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.calendar import us
from kpis.engagement.scope import Scope, resolve
from kpis.engagement.sessions import SessionOptions, SessionTable, session_weeks, sessions
from tests.engagement.strategies import histories, instants
from tests.engagement.world import World

MANY = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@MANY
@given(st.data())
def test_stored_sessions_by_week_equal_sessions_cut_from_events(world: World, data) -> None:
    """In any zone, for any group, and as known at any instant: a session that goes on after it is cut there."""
    zone, first, events = data.draw(histories())
    people = st.fixed_dictionaries({"wave": st.sampled_from(["1", "2"]), "platform": st.sampled_from(["ios", "web"])})
    snapshot = world.of(
        events, zone, active={"a", "b"}, **{user: data.draw(people) for user in sorted({e.user for e in events})}
    )
    until = data.draw(st.one_of(st.sampled_from([None, events[-1].ts_us, events[-1].ts_us + 1]),
                                instants(zone, first)))  # fmt: skip
    scope = Scope(
        until_us=until, wave=data.draw(st.sampled_from([None, "1"])), platform=data.draw(st.sampled_from([None, "ios"]))
    )
    starts = [first + timedelta(days=7 * n) for n in range(3)]
    midnight = resolve(snapshot, scope, "day").periods.midnight
    before = Scope(start=first - timedelta(days=60), until_us=until, wave=scope.wave, platform=scope.platform)
    judge = sessions(snapshot, SessionOptions(scope=before))
    for start, part in zip(starts, session_weeks(snapshot, scope, first, len(starts)), strict=True):
        low, high = midnight(start), midnight(start + timedelta(days=7))
        mine = SessionTable(judge.options, tuple(s for s in judge.sessions if low <= us(s.start) < high), ())
        assert part.sessions == len(mine.sessions)
        assert part.median_s == pytest.approx(mine.median_s) and part.p90_s == pytest.approx(mine.p90_s)
