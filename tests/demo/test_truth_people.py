"""truth.json against a plain recount of the files: people, days, feedback."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.settings import load
from tests.demo import reading
from tests.demo.conftest import rows


@pytest.fixture(scope="module")
def events(demo: Path) -> list[dict]:
    return reading.events(demo)


@pytest.fixture(scope="module")
def days(demo: Path, events: list[dict]) -> dict[str, set[int]]:
    """Active days per tester who counts."""
    active = set(load(demo / "beta.toml").engagement.active_events)
    people = reading.counted(demo)
    found: dict[str, set[int]] = defaultdict(set)
    for e in events:
        if e["event"] in active and e["user"] in people:
            found[e["user"]].add(reading.day(e["ts"]))
    return found


def test_active_testers_per_day_and_week(truth: dict, days: dict[str, set[int]]) -> None:
    for week in truth["engagement"]:
        span = range(7 * week["week"] - 7, 7 * week["week"])
        assert week["wau"] == sum(not d.isdisjoint(span) for d in days.values())
        assert week["dau"] == [sum(n in d for d in days.values()) for n in span]


def test_sessions_by_the_idle_rule(demo: Path, truth: dict, events: list[dict]) -> None:
    active = set(load(demo / "beta.toml").engagement.active_events)
    people, times = reading.counted(demo), defaultdict(list)
    for e in events:
        if e["event"] in active and e["user"] in people:
            times[e["user"]].append(datetime.fromisoformat(e["ts"]))
    weeks = Counter(reading.day(s.isoformat()) // 7 for mine in times.values() for s in reading.sessions(mine))
    assert [w["sessions"] for w in truth["engagement"]] == [weeks[w] for w in range(4)]


def test_retention_by_wave(truth: dict, days: dict[str, set[int]], roster: dict[str, dict]) -> None:
    for wave in ("1", "2", "3"):
        mine = [d for user, d in days.items() if roster[user]["metadata"]["wave"] == wave]
        for name, first, last in (("d1", 1, 1), ("d7", 7, 7), ("d14", 14, 14), ("w1_bracket", 7, 13)):
            mature = [d for d in mine if min(d) + last <= 30]
            back = sum(any(min(d) + n in d for n in range(first, last + 1)) for d in mature)
            told = truth["retention"]["by_wave"][wave][name]
            assert (told["returned"], told["mature"], told["not_yet"]) == (back, len(mature), len(mine) - len(mature))


def test_activation_within_48_hours(truth: dict, events: list[dict], roster: dict[str, dict], demo: Path) -> None:
    at = {e["user"]: datetime.fromisoformat(e["ts"]) for e in events if e["event"] == "beta_tester_activated"}
    quick = 0
    for user in reading.counted(demo):
        joined = datetime.fromisoformat(roster[user]["joined_at"])
        quick += user in at and timedelta(0) <= at[user] - joined <= timedelta(hours=48)
    pooled = truth["programme"]["activation"]["pooled"]
    assert (pooled["activated_48h"], pooled["accepted"]) == (quick, 60)


def test_one_tester_has_events_before_joining(truth: dict, events: list[dict], roster: dict[str, dict]) -> None:
    early = truth["programme"]["joined_after_first_event"]["did"]
    first = min(e["ts"] for e in events if e["user"] == early)
    assert first < roster[early]["joined_at"]


def test_feature_users(demo: Path, truth: dict, events: list[dict], days: dict[str, set[int]]) -> None:
    on = {f["user_id"] for f in rows(demo / "flags.jsonl") if f["enabled"]}
    for week in truth["engagement"]:
        span = range(7 * week["week"] - 7, 7 * week["week"])
        active = {u for u, d in days.items() if not d.isdisjoint(span)}
        for feature, told in week["feature_users"].items():
            used = {
                e["user"] for e in events if e["properties"].get("feature") == feature and reading.day(e["ts"]) in span
            }
            may = active & on if feature == "custom_feeds" else active
            assert (told["users"], told["eligible"]) == (len(used & may), len(may))


def test_error_free_testers(truth: dict, events: list[dict], days: dict[str, set[int]]) -> None:
    bad = defaultdict(set)
    for e in events:
        if e["event"] == "app_error" or e["properties"].get("statusCode", 0) >= 500:
            bad[reading.day(e["ts"]) // 7].add(e["user"])
    for w, week in enumerate(truth["engagement"]):
        active = {u for u, d in days.items() if not d.isdisjoint(range(7 * w, 7 * w + 7))}
        assert week["error_free_testers"] == len(active - bad[w])


def test_feedback_and_its_history(demo: Path, truth: dict) -> None:
    people, items = reading.counted(demo), {}
    for row in rows(demo / "feedback.jsonl"):
        known = items.setdefault(row["id"], {**row, "steps": []})
        assert not known["steps"] or known["steps"][-1][1] < row["updated_at"]  # in the order of writing
        known["steps"].append((row["status"], row["updated_at"]))
    mine = [i for i in items.values() if i["user_id"] in people]
    for w, week in enumerate(truth["engagement"]):
        here = [i for i in mine if reading.day(i["created_at"]) // 7 == w]
        ratings = [i["rating"] for i in here if i["rating"] is not None]
        assert (week["feedback"], week["ratings"]) == (len(here), len(ratings))
        assert week["good_ratings"] == sum(r >= 4 for r in ratings)
        still = 0
        for i in (i for i in mine if i["priority"] == "critical" and reading.day(i["created_at"]) < 7 * w + 7):
            done = [at for status, at in i["steps"] if status in ("resolved", "closed")]
            still += not done or reading.day(done[0]) >= 7 * w + 7
        assert week["open_critical_bugs_at_end"] == still


def test_invitations_and_their_addresses(demo: Path, truth: dict) -> None:
    sent = list(rows(demo / "invitations.jsonl"))
    assert Counter(i["metadata"]["wave"] + i["status"] for i in sent) == {
        wave + status: n
        for wave, book in truth["programme"]["invitations_by_wave"].items()
        for status, n in book.items()
    }
    assert all(i["invitee_email"].endswith(("@example.com", "@example.org")) for i in sent)
    assert all(i["created_at"] <= i["accepted_at"] < i["expires_at"] for i in sent if i["status"] == "accepted")
    assert {i["accepted_by_did"] for i in sent} - {None} == reading.counted(demo)


def test_hostile_texts_are_in(demo: Path) -> None:
    text = (demo / "feedback.jsonl").read_text(encoding="utf-8")
    for part in (
        "<script>",
        "![x](https://",
        "#read(",
        "=HYPERLINK",
        "\u202e",
        "Everything at once, again and again. " * 80,
    ):
        assert part in text
