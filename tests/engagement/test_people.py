"""Groups, exposure, adoption, the way of a tester, silence, daily figures: on hand-made facts with known answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from scipy import stats

from data.errors import QueryError
from kpis.engagement.active import active_days, participation
from kpis.engagement.adoption import adoption
from kpis.engagement.compare import CompareOptions, compare, fisher, newcombe, ratio_check
from kpis.engagement.exposure import exposure
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle
from kpis.engagement.scope import Scope
from kpis.engagement.tester_funnel import silent
from kpis.engagement.tester_funnel import tester_funnel as way_of
from tests.support.facts import LAUNCH, snapshot, us

DAY_N = (LAUNCH - date(1970, 1, 1)).days
AS_OF = datetime(2026, 3, 16, tzinfo=UTC)  # two complete weeks


def instant(day: int, hour: float = 12) -> int:
    return us(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day, hours=hour))


def person(key: int, **columns) -> dict:
    return {"tester_key": key, "tester_id": f"t{key}", "on_roster": True, "wave": "1", "platform": "ios",
            "accepted_us": instant(0, 9), "first_active_us": None, **columns}  # fmt: skip


def day(key: int, day_n: int, **columns) -> dict:
    zeros = dict.fromkeys(
        ("feature_mask", "sessions", "session_seconds", "requests", "failed_requests", "slow_requests", "request_ms",
         "app_errors"), 0
    )  # fmt: skip
    return {"tester_key": key, "day_n": DAY_N + day_n, "events": 1, "active_events": 1, "first_us": instant(day_n),
            "last_us": instant(day_n), **zeros, **columns}  # fmt: skip


def facts(testers: list[dict], days: list[dict], **tables):
    """A tester's first active day follows from the days, as it does in facts."""
    for tester in testers:
        own = (d["day_n"] for d in days if d["tester_key"] == tester["tester_key"] and d["active_events"])
        tester.setdefault("first_active_day_n", min(own, default=None))
    return snapshot({"dim_tester": testers, "fct_tester_day": days, **tables}, as_of=AS_OF, settings=SETTINGS)


SETTINGS = {"engagement": {"activation_hours": 48, "session_idle_minutes": 30}, "performance": {"slow_ms": 1000}}


# ---- two groups


def test_newcombe_is_the_published_example():
    low, high = newcombe(56, 70, 48, 80)  # Newcombe 1998, table II, method 10
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_ratio_check_finds_a_split_that_is_not_half_and_half():
    assert ratio_check((44_700, 45_489), (1, 1)) == pytest.approx(0.0086, abs=0.0001)  # Cookie Cats' groups
    assert ratio_check((100, 200), (1, 2)) == pytest.approx(1)


def test_groups_count_mature_testers_only():
    days = [day(0, 0), day(0, 7), day(1, 0), day(2, 0), day(2, 7), day(3, 9), day(4, 1)]
    testers = [person(0), person(1), person(2, wave="2"), person(3, wave="2"), person(4, excluded_reason="staff")]
    found = compare(facts(testers, days), CompareOptions("wave", "1", "2"))
    assert (found.a.testers, found.a.mature, found.a.retained) == (2, 2, 1)
    assert (found.b.testers, found.b.mature, found.b.retained, found.b.not_yet) == (2, 1, 1, 1)
    assert found.difference == pytest.approx(-0.5)
    assert found.p_value == pytest.approx(fisher(1, 2, 1, 1))
    assert any("association" in note for note in found.notes)


def test_flag_groups_are_on_and_off():
    flags = {
        "dim_feature": [{"feature_id": 1, "feature": "duel", "feature_bit": 1}],
        "fct_flag": [{"tester_key": 0, "feature_id": 1, "since_us": None}],
    }
    shot = facts([person(0), person(1)], [day(0, 0), day(0, 7), day(1, 0)], **flags)
    found = compare(shot, CompareOptions("flag:duel", "on", "off"))
    assert (found.a.retained, found.b.retained) == (1, 0)
    assert found.notes == ()


def test_a_group_below_the_floor_is_not_shown():
    shot = facts([person(0), person(1, wave="2")], [day(0, 0), day(1, 0)])
    with pytest.raises(QueryError, match="fewer than 5"):
        compare(shot, CompareOptions("wave", "1", "2", min_cohort=5))


def test_a_mismatch_of_the_split_is_said_before_the_difference():
    testers = [person(k, wave="1" if k < 40 else "2") for k in range(50)]
    shot = facts(testers, [day(k, 0) for k in range(50)])
    found = compare(shot, CompareOptions("wave", "1", "2", expected=(1, 1)))
    assert found.ratio_p_value == pytest.approx(stats.chisquare([40, 10]).pvalue)
    assert "sample ratio mismatch" in found.notes[0]


# ---- exposure


def test_exposure_splits_by_the_first_session_and_leaves_its_length_out():
    sessions, events = [], []
    for key in range(4):
        sessions.append(
            {"tester_key": key, "start_us": instant(0, 12), "end_us": instant(0, 13), "day_n": DAY_N, "events": 9}
        )
    sessions.append(
        {"tester_key": 0, "start_us": instant(1), "end_us": instant(1) + 60_000_000, "day_n": DAY_N + 1, "events": 2}
    )
    sessions.append(
        {"tester_key": 2, "start_us": instant(1), "end_us": instant(1) + 300_000_000, "day_n": DAY_N + 1, "events": 2}
    )
    request = {"event_id": 1, "day_n": DAY_N, "status": 200, "duration_ms": 90.0}
    events.append({**request, "tester_key": 0, "ts_us": instant(0, 12.5), "status": 503})
    events.append(
        {**request, "tester_key": 1, "ts_us": instant(0, 13.25), "duration_ms": 1500.0}
    )  # before it timed out
    events.append({**request, "tester_key": 2, "ts_us": instant(0, 12.5)})
    events.append({**request, "tester_key": 2, "ts_us": instant(0, 14), "status": 503})  # after the first session
    days = [day(k, 0) for k in range(4)] + [day(2, 7), day(3, 7)]
    names = [{"event_id": 1, "event": "api_call", "is_active": False}]
    shot = facts([person(k) for k in range(4)], days, fct_session=sessions, fct_event=events, dim_event=names)
    found = exposure(shot, Scope())
    assert (found.met.testers, found.met.mature, found.met.retained) == (2, 2, 0)
    assert (found.clean.testers, found.clean.retained) == (1, 1)
    assert (found.no_requests, found.failed_only, found.slow_only) == (1, 1, 1)
    assert (found.met.later_seconds, found.clean.later_seconds, found.seconds_difference) == (60, 300, -240)
    assert found.difference == -1
    assert "association" in found.sentence
    assert not any(word in found.sentence for word in ("because", "cause", "effect", "due to"))


# ---- adoption


def test_adoption_counts_those_who_may_use_it():
    features = [{"feature_id": i, "feature": f"f{i}", "feature_bit": 1 << i} for i in range(3)]
    days = [day(0, 0, feature_mask=0b011), day(0, 1, feature_mask=0b001), day(1, 0), day(2, 0, feature_mask=0b010)]
    flags = [{"tester_key": 0, "feature_id": 1, "since_us": None}]
    shot = facts([person(k) for k in range(4)], days, dim_feature=features, fct_flag=flags)
    found = {f.feature: (f.eligible, f.users, f.repeaters) for f in adoption(shot, Scope())}
    assert found == {"f0": (3, 1, 1), "f1": (1, 1, 0), "f2": (3, 0, 0)}


# ---- the way of a tester


def test_tester_funnel_names_who_dropped_and_who_may_still_come():
    testers = [
        person(0, activated_us=instant(1)),  # all the way
        person(1, activated_us=instant(1)),  # activated, then silent
        person(2, activated_us=instant(5)),  # too late to count as activated
        person(3, accepted_us=instant(13)),  # accepted less than 48 hours ago
        person(4, accepted_us=None),  # on the roster, never accepted
        person(5, activated_us=instant(1), excluded_reason="test"),
        person(6, activated_us=instant(1), on_roster=False),
    ]
    days = [day(0, 1), day(0, 9), day(1, 1), day(2, 5), day(2, 9)]
    tables = {
        "fct_feedback": [{"feedback_key": "f", "tester_key": 0, "created_us": instant(9), "day_n": DAY_N + 9}],
        "fct_invitation": [
            {
                "invitation_key": "i",
                "wave": "1",
                "status": "pending",
                "created_us": instant(0),
                "expires_us": instant(7),
            },
            {"invitation_key": "j", "wave": "1", "status": "accepted", "tester_key": 0, "created_us": instant(0)},
        ],
    }
    found = way_of(facts(testers, days, **tables), Scope(), week=2)
    assert {s.name: s.testers for s in found.steps} == {
        "invited": 6, "accepted": 4, "activated": 2, "active this week": 1, "gave feedback": 1
    }  # fmt: skip
    by_name = {s.name: s for s in found.steps}
    assert [p.tester_id for p in by_name["activated"].dropped] == ["t2"]
    assert [p.tester_id for p in by_name["activated"].waiting] == ["t3"]
    assert by_name["activated"].share == pytest.approx(2 / 3)
    assert [p.tester_id for p in by_name["active this week"].dropped] == ["t1"]
    assert by_name["active this week"].dropped[0].last_active == date(2026, 3, 3)
    assert found.open_invitations == {"expired": 1}


def test_silent_are_those_without_a_day_in_the_last_seven_complete_ones():
    shot = facts([person(k) for k in range(3)], [day(0, 6), day(1, 7), day(2, 1)])
    assert [p.tester_id for p in silent(shot, Scope())] == ["t2", "t0"]


# ---- daily figures


def test_active_days_have_no_week_before_there_are_seven():
    days = [day(0, 0), day(0, 1), day(1, 1), day(0, 8), day(1, 20)]
    found = active_days(facts([person(0), person(1)], days), Scope())
    assert len(found) == 14
    assert [d.dau for d in found[:3]] == [1, 2, 0]
    assert [d.wau for d in found] == [None] * 6 + [2, 2, 1, 1, 1, 1, 1, 1]
    assert found[6].stickiness == pytest.approx(3 / 7 / 2)


def test_participation_starts_on_the_day_of_acceptance():
    testers = [
        person(0),
        person(1, accepted_us=instant(10)),
        person(2, accepted_us=None),
        person(3, accepted_us=instant(20)),
    ]
    found = participation(facts(testers, [day(0, 0), day(0, 6), day(1, 10)]), Scope())
    assert found.per_tester == pytest.approx({"t0": 2 / 14, "t1": 1 / 4})
    assert found.mean == pytest.approx((2 / 14 + 1 / 4) / 2)
    assert found.pooled == pytest.approx(3 / 18)


def test_never_active_are_accepted_testers_without_a_first_day():
    testers = [
        person(0, first_active_us=instant(3)),
        person(1),
        person(2, accepted_us=instant(4)),
        person(3, accepted_us=None),
    ]
    weeks = lifecycle(facts(testers, [day(0, 3)]), LifecycleOptions(Scope(), "week")).periods
    assert [p.never_active for p in weeks] == [2, 2]
    days = lifecycle(facts(testers, [day(0, 3)]), LifecycleOptions(Scope())).periods
    assert [p.never_active for p in days[:5]] == [2, 2, 2, 1, 2]


def test_nothing_at_all_is_empty_not_an_error():
    shot = facts([], [])
    assert active_days(shot, Scope())[0].dau == 0
    assert participation(shot, Scope()).mean is None
    assert adoption(shot, Scope()) == ()
    assert exposure(shot, Scope()).difference is None
    assert way_of(shot, Scope(), 1).steps[1].share is None
