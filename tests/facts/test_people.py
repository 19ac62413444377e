"""Who counts: merges, exclusions, orphans, waves, platforms, acceptance and activation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data import facts_people, schema
from data.settings import People
from tests.support.raw import facts, make_settings


def us(day: int, hour: float = 12, month: int = 3) -> int:
    return round(datetime(2026, month, day, tzinfo=UTC).timestamp() * 1e6 + hour * 3.6e9)


def event(user: str, name: str, ts_us: int, **more: Any) -> dict[str, Any]:
    return {"user_id": user, "event": name, "ts_us": ts_us, **more}


def people_of(tables: dict, **parts: Any) -> dict[str, dict[str, Any]]:
    snapshot = facts(tables, make_settings(**parts))
    columns = (
        "tester_key, tester_id, on_roster, excluded_reason, wave, platform, status, invited_us, accepted_us, "
        "first_active_us, first_active_day_n, activated_us"
    )
    cursor = snapshot._con.cursor().execute(f"SELECT {columns} FROM dim_tester")
    names = [c[0] for c in cursor.description]
    found = [dict(zip(names, r, strict=True)) for r in cursor.fetchall()]
    return {r["tester_id"].removeprefix("name of "): r for r in found}


@pytest.mark.parametrize(
    ("links", "ends"),
    [
        ({"a": "b"}, {"a": "b"}),
        ({"a": "b", "b": "c", "c": "d"}, {"a": "d", "b": "d", "c": "d"}),
        ({"a": "b", "b": "a"}, {"b": "a"}),
        ({"z": "b", "b": "c", "c": "b"}, {"z": "b", "c": "b"}),
        ({"c": "b", "z": "c", "b": "c"}, {"z": "b", "c": "b"}),
        ({}, {}),
    ],
)
def test_chains_and_cycles_of_merges_end_in_one_person(links: dict, ends: dict) -> None:
    assert facts_people.merged(links) == ends
    assert facts_people.merged(dict(reversed(links.items()))) == ends


@pytest.mark.parametrize(
    ("ids", "rules", "roles", "reason"),
    [
        (["u1"], People(), {}, None),
        (["u1"], People(exclude_ids=("u1",)), {}, "staff"),
        (["u1"], People(exclude_ids=("u1",), reasons={"u1": "opted_out"}), {}, "opted_out"),
        (["staff-7"], People(exclude_patterns=("staff-*",)), {}, "staff"),
        (["Staff-7"], People(exclude_patterns=("staff-*",)), {}, None),  # ids are compared as they are
        (["bot1"], People(exclude_patterns=("bot?",), reasons={"bot?": "bot"}), {}, "bot"),
        (["u1"], People(), {"u1": "test"}, "test"),
        (["u1", "old"], People(exclude_ids=("old",)), {"u1": "test"}, "staff"),  # any id of the person
        (["u1"], People(reasons={"u1": "bot"}), {}, "bot"),  # a reason alone leaves out, too
    ],
)
def test_who_is_left_out_and_why(ids: list[str], rules: People, roles: dict, reason: str | None) -> None:
    assert facts_people.excluded(ids, rules, roles) == reason


def test_a_merge_makes_one_person_with_the_earliest_join() -> None:
    found = people_of(
        {
            "raw_tester": [
                {"user_id": "new", "status": "active", "joined_us": us(5), "platform": "web"},
                {"user_id": "old", "status": "pending", "joined_us": us(3), "wave": "1"},
            ],
            "raw_identity": [{"alias": "old", "canonical": "mid"}, {"alias": "mid", "canonical": "new"}],
            "raw_event": [event("old", "post_view", us(4)), event("new", "post_view", us(6))],
        }
    )
    assert list(found) == ["new"]
    assert found["new"]["accepted_us"] == us(3)
    assert found["new"]["first_active_us"] == us(4)
    assert (found["new"]["status"], found["new"]["wave"], found["new"]["platform"]) == ("active", "1", "web")


def test_an_event_of_somebody_unknown_is_kept_and_flagged() -> None:
    found = people_of(
        {
            "raw_tester": [{"user_id": "known", "status": "active", "joined_us": us(2)}],
            "raw_event": [event("stranger", "post_view", us(4))],
            "raw_feedback": [{"feedback_key": "1", "user_id": "nobody", "created_us": us(4)}],
        }
    )
    assert {k: v["on_roster"] for k, v in found.items()} == {"known": True, "stranger": False}


def test_without_any_roster_everybody_seen_is_a_tester_from_the_first_event() -> None:
    found = people_of({"raw_event": [event("a", "api_call", us(4)), event("a", "post_view", us(5))]})
    assert found["a"]["on_roster"]
    assert found["a"]["accepted_us"] == us(4)
    assert found["a"]["first_active_us"] == us(5)


def test_a_roster_that_could_not_be_read_makes_nobody_a_tester() -> None:
    sources = [
        {"kind": "jsonl", "name": "events", "path": "e"},
        {"kind": "jsonl", "name": "people", "path": "p", "table": "testers"},
    ]
    found = people_of({"raw_event": [event("a", "post_view", us(4))]}, sources=sources)
    assert found["a"]["on_roster"] is False


def test_acceptance_is_the_join_else_the_invitation() -> None:
    found = people_of(
        {
            "raw_tester": [
                {"user_id": "joined", "joined_us": us(5)},
                {"user_id": "invited"},
                {"user_id": "neither"},
                {"user_id": "tomorrow", "joined_us": us(3, month=4)},  # after as_of
            ],
            "raw_invitation": [
                {
                    "invitation_key": "1",
                    "accepted_by": "joined",
                    "created_us": us(1),
                    "accepted_us": us(4),
                    "wave": "2",
                },
                {"invitation_key": "2", "accepted_by": "invited", "created_us": us(2), "accepted_us": us(6)},
            ],
        }
    )
    assert {k: v["accepted_us"] for k, v in found.items()} == {
        "joined": us(5), "invited": us(6), "neither": None, "tomorrow": None,
    }  # fmt: skip
    assert found["joined"]["invited_us"] == us(1)
    assert found["joined"]["wave"] == "2"


def test_a_value_moment_before_acceptance_is_no_activation() -> None:
    found = people_of(
        {
            "raw_tester": [{"user_id": u, "joined_us": t} for u, t in (("a", us(5)), ("b", None), ("c", us(5)))],
            "raw_event": [
                event("a", "post_created", us(4)), event("a", "post_created", us(5)), event("a", "post_created", us(6)),
                event("b", "post_created", us(4)),
                event("c", "post_created", us(4)), event("c", "post_view", us(6)),
            ],
        }
    )  # fmt: skip
    assert {k: v["activated_us"] for k, v in found.items()} == {"a": us(5), "b": us(4), "c": None}


def test_waves_by_roster_then_invitation_then_date() -> None:
    found = people_of(
        {
            "raw_tester": [
                {"user_id": "own", "wave": "vip", "joined_us": us(10)},
                {"user_id": "first", "joined_us": us(2, 0)},
                {"user_id": "second", "joined_us": us(9, 0)},
                {"user_id": "early", "joined_us": us(1, 23)},
                {"user_id": "undated"},
            ]
        },
        waves=[{"name": "1", "since": "2026-03-02"}, {"name": "2", "since": "2026-03-09"}],
    )
    assert {k: v["wave"] for k, v in found.items()} == {
        "own": "vip", "first": "1", "second": "2", "early": "unknown", "undated": "unknown",
    }  # fmt: skip


def test_platform_by_roster_else_by_most_events() -> None:
    found = people_of(
        {
            "raw_tester": [{"user_id": "a", "platform": "iOS"}, {"user_id": "b"}, {"user_id": "c"}, {"user_id": "d"}],
            "raw_event": [
                event("a", "post_view", us(3), platform="android"),
                event("b", "post_view", us(3), platform="web"),
                event("b", "post_view", us(4), platform="android"),
                event("b", "post_view", us(5), platform="android"),
                event("c", "post_view", us(5), platform="toaster"),
            ],
        }
    )
    assert {k: v["platform"] for k, v in found.items()} == {"a": "ios", "b": "android", "c": "unknown", "d": "unknown"}


def test_a_tester_gone_from_the_source_stays_as_inactive() -> None:
    found = people_of({"raw_tester": [{"user_id": "a", "status": "active", "gone": True, "joined_us": us(3)}]})
    assert found["a"]["status"] == "inactive"
    assert found["a"]["on_roster"]


def test_no_real_id_reaches_the_facts() -> None:
    tables = {
        "raw_tester": [{"user_id": "did:plc:secret", "status": "active", "invited_by": "did:plc:secret"}],
        "raw_event": [event("did:plc:secret", "post_view", us(3))],
        "raw_feedback": [{"feedback_key": "1", "user_id": "did:plc:secret", "created_us": us(4)}],
    }
    people = {"exclude_ids": ["did:plc:secret"], "reasons": {"did:plc:secret": "test"}}
    snapshot = facts(tables, make_settings(people=people, access={"managers": ["boss@example.org"]}))
    con = snapshot._con.cursor()
    raw = schema.tables("raw")
    for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
        if table in raw:
            continue
        text = str(con.execute(f"FROM {table}").fetchall()).replace("name of did:plc:secret", "")
        assert "did:plc:secret" not in text, table
        assert "boss@example.org" not in text, table


def test_flags_say_for_whom_a_feature_is_on() -> None:
    snapshot = facts(
        {
            "raw_tester": [{"user_id": u} for u in ("a", "b", "c")],
            "raw_flag": [
                {"user_id": "a", "feature": "own", "enabled": True},
                {"user_id": "b", "feature": "own", "enabled": False},
                {"user_id": "*", "feature": "all_but", "enabled": True},
                {"user_id": "b", "feature": "all_but", "enabled": False},
                {"user_id": "*", "feature": "everyone", "enabled": True},
                {"user_id": "a", "feature": "everyone", "enabled": True},
                {"user_id": "*", "feature": "nobody", "enabled": False},
            ],
        },
        make_settings(engagement={"features": ("own", "all_but", "everyone", "nobody", "unflagged")}),
    )
    query = (
        "SELECT feature, list(coalesce(right(tester_id, 1), '-') ORDER BY tester_id) FROM fct_flag "
        "JOIN dim_feature USING (feature_id) LEFT JOIN dim_tester USING (tester_key) GROUP BY feature"
    )
    found = dict(snapshot._con.cursor().execute(query).fetchall())
    assert found == {"own": ["a"], "all_but": ["a", "c"], "nobody": ["-"]}
