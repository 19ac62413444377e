"""The product against plain loops (oracle.py), on random histories, for every option.

About a thousand histories of several testers each; ORACLE_SCALE=10 in the environment tries ten times as many.
"""

from __future__ import annotations

import os
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.engagement.funnel import FunnelOptions, funnel
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle
from kpis.engagement.periods import Periods
from kpis.engagement.retention import RetentionOptions, retention
from kpis.engagement.scope import EventChoice, Scope
from kpis.engagement.sessions import SessionOptions, sessions
from kpis.engagement.stickiness import StickinessOptions, stickiness
from tests.engagement import oracle
from tests.engagement.strategies import HOUR, histories, instants, places
from tests.engagement.world import World

HOSTS = ["UTC", "America/New_York", "Asia/Tokyo"]
SCALE = int(os.environ.get("ORACLE_SCALE", "1"))
FAST = settings(deadline=None, suppress_health_check=list(HealthCheck))
choices = st.builds(
    EventChoice,
    st.sampled_from([None, "*", "a", "b", "never seen"]),
    st.sampled_from([(), (), (("p", "x"),), (("p", "x"), ("q", "1"))]),
)
bracket_sets = st.sampled_from([(), (), (), ((1, 3), (4, 7)), ((2, 2), (5, 9)), ((1, 1), (2, 6))])


@pytest.fixture(scope="module", params=HOSTS)
def world(request):
    """A world on a host in another time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield World()
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def stored_zone(data, zone: str) -> str:
    """Zone of the snapshot: mostly the one asked for, sometimes another, so that both query forms are met."""
    return data.draw(st.sampled_from([zone, zone, data.draw(places)[0]]))


@settings(FAST, max_examples=120 * SCALE)
@given(st.data())
def test_retention(world, data):
    zone, first, events = data.draw(histories())
    until = data.draw(instants(zone, first))
    week_start = data.draw(st.sampled_from(["monday", "sunday"]))
    period = data.draw(st.sampled_from(["day", "week", "month"]))
    brackets = data.draw(bracket_sets)
    options = RetentionOptions(
        scope=Scope(first, until, zone, week_start),
        period=period,
        window=data.draw(st.sampled_from(["calendar", "24h", "own-week"])),
        cohort=data.draw(st.sampled_from(["first-ever", "first-in-range", "recurring"])),
        start=data.draw(choices),
        back=data.draw(choices),
        rule=data.draw(st.sampled_from(["on", "on-or-after"])),
        min_occurrences=data.draw(st.sampled_from([1, 1, 2, 3])),
        intervals=None if brackets else data.draw(st.sampled_from([None, 1, 4, 20])),
        brackets=brackets,
    )
    table = retention(world.of(events, stored_zone(data, zone)), options)
    columns = [(0, 0), *brackets] if brackets else [(k, k) for k in range(len(table.columns))]
    expected = oracle.retention(events, options, zone, first, until, week_start, columns)
    assert [r.cohort for r in table.rows] == [e["cohort"] for e in expected]
    for row, truth in zip(table.rows, expected, strict=True):
        assert row.size == truth["size"]
        for cell, (state, back) in zip(row.cells, truth["cells"], strict=True):
            if row.size or options.window == "calendar":
                assert cell.retained == (back if state == "over" else None)
                assert cell.running == (back if state == "running" else None)


@settings(FAST, max_examples=60 * SCALE)
@given(st.data())
def test_lifecycle(world, data):
    zone, first, events = data.draw(histories())
    until = data.draw(instants(zone, first))
    week_start = data.draw(st.sampled_from(["monday", "sunday"]))
    period = data.draw(st.sampled_from(["day", "week", "month"]))
    start = date.fromordinal(first.toordinal() + data.draw(st.integers(-3, 0)))
    scope = Scope(start, until, zone, week_start)
    table = lifecycle(world.of(events, stored_zone(data, zone)), LifecycleOptions(scope, period))
    expected = oracle.lifecycle(events, zone, start, until, period, week_start)
    found = [
        {k: getattr(p, k) for k in ("new", "returning", "resurrecting", "dormant", "active")} for p in table.periods
    ]
    assert found == expected


@settings(FAST, max_examples=50 * SCALE)
@given(st.data())
def test_stickiness(world, data):
    zone, first, events = data.draw(histories())
    until = data.draw(instants(zone, first))
    period = data.draw(st.sampled_from(["day", "week", "month"]))
    low, high = data.draw(st.sampled_from([(None, None), (2, None), (None, 1), (2, 3), (1, 1)]))
    cumulative = data.draw(st.booleans())
    options = StickinessOptions(
        Scope(first, until, zone, "sunday"), period, cumulative=cumulative, at_least=low, at_most=high
    )
    found = stickiness(world.of(events, stored_zone(data, zone)), options)
    expected = oracle.stickiness(events, zone, first, until, period, "sunday", low, high, cumulative)
    assert list(found.buckets) == expected


@settings(FAST, max_examples=60 * SCALE)
@given(st.data())
def test_sessions(world, data):
    zone, first, events = data.draw(histories(days=4, users=2))
    until = data.draw(instants(zone, first))
    idle, cap = data.draw(st.sampled_from([(HOUR, 24 * HOUR), (30 * HOUR, 24 * HOUR), (20 * HOUR, 3 * HOUR), (1, 1)]))
    at_midnight = data.draw(st.booleans())
    options = SessionOptions(Scope(first, until, zone), idle_s=idle / 1e6, cap_s=cap / 1e6, at_midnight=at_midnight)
    found = sessions(world.of(events, stored_zone(data, zone)), options)
    expected = oracle.sessions(events, zone, until, idle, cap, at_midnight)
    got = [
        (s.user, int(s.start.timestamp() * 1e6 + 0.5), int(s.end.timestamp() * 1e6 + 0.5), s.events)
        for s in found.sessions
    ]
    assert got == expected


@settings(FAST, max_examples=60 * SCALE)
@given(st.data())
def test_funnel(world, data):
    zone, first, events = data.draw(histories(days=3, users=2, most=14))
    until = data.draw(instants(zone, first, 5))
    steps = tuple(data.draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4)))
    window = data.draw(st.sampled_from([1, HOUR, 12 * HOUR, 48 * HOUR]))
    increasing = data.draw(st.booleans())
    by_entry = data.draw(st.sampled_from([None, "day"]))
    options = FunnelOptions(
        steps, Scope(first, until, zone, "monday"), window / 1e6, increasing=increasing, by_entry=by_entry
    )
    table = funnel(world.of(events, stored_zone(data, zone)), options)

    def deepest(from_us: int, before_us: int) -> dict[str, int]:
        return oracle.funnel(events, steps, window, increasing, from_us, before_us, until)

    start = oracle.midnight_us(first, zone)
    assert table.deepest == deepest(start, until)
    closed = deepest(start, until - window)
    assert list(table.steps) == [sum(d > k for d in closed.values()) for k in range(len(steps))]
    assert set(table.still_open) == deepest(start, until).keys() - closed.keys()
    for entry in table.periods:
        begin = oracle.midnight_us(entry.start, zone)
        end = oracle.midnight_us(date.fromordinal(entry.start.toordinal() + 1), zone)
        if end + window > until:
            assert entry.steps is None
        else:
            reached = deepest(begin, end)
            assert list(entry.steps) == [sum(d > k for d in reached.values()) for k in range(len(steps))]


@settings(FAST, max_examples=60 * SCALE)
@given(st.data())
def test_every_instant_lies_in_exactly_one_period(data):
    zone, first, events = data.draw(histories())
    grain = data.draw(st.sampled_from(["day", "week", "month"]))
    until = data.draw(instants(zone, first))
    periods = Periods.of(grain, "monday", oracle.ZoneInfo(zone), first, until)
    edges = [periods.midnight(day) for day in periods.starts]
    assert edges == sorted(edges)
    for ts in (e.ts_us for e in events if edges[0] <= e.ts_us < edges[-1]):
        number = sum(edge <= ts for edge in edges) - 1
        assert periods.start(number) <= oracle.local(ts, zone) < periods.start(number + 1)
