"""First and last event of some testers, told from the outermost days, against a look at every event."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.engagement import bounds
from tests.engagement.strategies import histories
from tests.engagement.world import Event, World

WAVES, PLATFORMS = st.sampled_from(["1", "2"]), st.sampled_from(["ios", "web"])


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=40)
@given(st.data())
def test_bounds_are_those_of_the_events(world: World, data: st.DataObject) -> None:
    zone, _, events = data.draw(histories())
    reasons = st.sampled_from([None, None, "staff"])
    groups = st.fixed_dictionaries({"wave": WAVES, "platform": PLATFORMS, "excluded_reason": reasons})
    people = {user: data.draw(groups) for user in sorted({e.user for e in events})}
    wave, platform = data.draw(st.none() | WAVES), data.draw(st.none() | PLATFORMS)
    own = [
        e.ts_us
        for e in events
        if people[e.user]["excluded_reason"] is None
        and wave in (None, people[e.user]["wave"])
        and platform in (None, people[e.user]["platform"])
    ]
    found = bounds.bounds(world.of(events, zone, **people), {"roster_only": False, "wave": wave, "platform": platform})
    assert found == (min(own, default=None), max(own, default=None))


def test_a_group_that_came_late_and_left_early_is_found_beyond_the_first_and_the_last_days(world: World) -> None:
    """Others were there for forty days before and after."""
    day = 86_400_000_000
    events = [Event("early", "a", n * day + 5) for n in (0, 90)] + [Event("late", "a", n * day + 7) for n in (41, 47)]
    snapshot = world.of(events, late={"wave": "2"})
    assert bounds.bounds(snapshot, {"roster_only": False, "wave": "2", "platform": None}) == (
        41 * day + 7,
        47 * day + 7,
    )
