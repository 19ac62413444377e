"""Features in testers' first weeks and on days with errors: counted in numpy as their queries say."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.warehouse import Snapshot
from kpis import feature_lives
from kpis.engagement import activity, uses
from kpis.engagement.adoption import adoption
from kpis.engagement.scope import EVERYBODY
from kpis.held import Held
from tests.kpis.support import active, at, person, snapshot

FEATURES = [dict(feature_id=n, feature=f"feature_{n:02d}", feature_bit=1 << bit) for n, bit in enumerate((0, 7, 8, 40))]
MASKS = st.sampled_from([0, 1, 129, 256, 1 << 40, 1 | 1 << 40, 129 | 256])


def agree(snap: Snapshot) -> None:
    """Rows of both queries, and adoption as it is without a pass over the same days before it."""
    alone = adoption(snap, EVERYBODY)
    uses.USES = Held(most=4)
    for name in ("retention", "errors"):
        asked = {r["feature"]: r for r in snap.rows(f"programme/feature_{name}")}
        assert getattr(feature_lives, name)(snap) == asked, name
    assert adoption(snap, EVERYBODY) == alone


@st.composite
def worlds(draw: st.DrawFn) -> Snapshot:
    people, days, flags = [], [], []
    for key in range(1, draw(st.integers(0, 40)) + 1):
        seen = sorted(draw(st.sets(st.integers(-3, 33), max_size=8)))
        idle = {n for n in seen if draw(st.integers(0, 4)) == 0}
        why = draw(st.sampled_from((None, None, None, "staff")))
        first = next((n for n in seen if n not in idle), None)
        people.append(person(key, first, excluded_reason=why, on_roster=draw(st.integers(0, 5)) > 0))
        for n in seen:
            failed, errors = draw(st.sampled_from([(0, 0), (0, 0), (1, 0), (0, 2)]))
            row = dict(
                active_events=int(n not in idle), feature_mask=draw(MASKS), last_us=at(n, draw(st.integers(0, 23)))
            )
            days += active(key, n, **row, failed_requests=failed, app_errors=errors)
        for feature in draw(st.sets(st.integers(0, 1))) if draw(st.booleans()) else ():
            since = draw(st.none() | st.integers(-2, 30).map(at))
            flags.append(dict(tester_key=key, feature_id=feature, since_us=since))
    tables = {"dim_tester": people, "fct_tester_day": days, "fct_flag": flags, "dim_feature": FEATURES}
    return snapshot(tables)


@given(worlds())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_numpy_says_what_the_queries_say(snap: Snapshot) -> None:
    agree(snap)
    snap.close()


def test_a_feature_used_after_the_first_week_makes_no_adopter_and_staying_longer_cannot() -> None:
    """Both came back on day 9; one used feature_00 on day 2, the other on day 9 alone."""
    days = [*active(1, 1, 9), *active(1, 2, feature_mask=1), *active(2, 1), *active(2, 9, feature_mask=1)]
    snap = snapshot({"dim_tester": [person(1, 1), person(2, 1)], "fct_tester_day": days, "dim_feature": FEATURES})
    told = feature_lives.retention(snap)["feature_00"]
    assert (told["adopters"], told["adopters_back"], told["others"], told["others_back"]) == (1, 1, 1, 1)
    assert feature_lives.errors(snap)["feature_00"]["users"] == 2


def test_the_queries_are_asked_where_there_are_no_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST_BYTES", 0)
    rows = {"dim_tester": [person(1, 1)], "fct_tester_day": active(1, 1, 2, feature_mask=1), "dim_feature": FEATURES}
    snap = snapshot(rows)
    assert activity.activity(snap) is None
    agree(snap)
    assert feature_lives.errors(snap)["feature_00"]["days_used"] == 2
