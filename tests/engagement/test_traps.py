"""Mistakes that give a wrong number without an error, each pinned by name."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import date, datetime

import pytest

from data.calendar import us
from data.errors import QueryError
from data.event_file import open_events
from kpis.engagement.lifecycle import LifecycleOptions, lifecycle
from kpis.engagement.retention import RetentionOptions, retention
from kpis.engagement.scope import EventChoice, Scope
from kpis.engagement.stickiness import StickinessOptions, stickiness
from tests.engagement.world import Event, World


@pytest.fixture(scope="module")
def world():
    return World()


def at(text: str) -> int:
    return us(datetime.fromisoformat(text + "+00:00"))


def active(*pairs: tuple[str, str]) -> list[Event]:
    """(user, UTC time) as events."""
    return [Event(user, "open", at(ts)) for user, ts in pairs]


def table(world, events, until: str, start: str = "2026-03-02", zone: str = "UTC", **options):
    scope = Scope(date.fromisoformat(start), at(until), zone, options.pop("week_start", "monday"))
    return retention(world.of(events, zone), RetentionOptions(scope, **options))


def retained(found) -> list[list[int | None]]:
    return [[c.retained for c in row.cells] for row in found.rows]


def test_last_microsecond_of_sunday_and_midnight_of_monday_are_different_weeks(world):
    events = active(("a", "2026-03-02T12:00:00"), ("b", "2026-03-02T12:00:00"))
    events += [Event("a", "open", at("2026-03-09T00:00:00") - 1), Event("b", "open", at("2026-03-09T00:00:00"))]
    found = table(world, events, "2026-03-16T00:00:00", period="week")
    assert retained(found) == [[2, 1], [0, None]]


def test_week_53_is_a_week_of_its_own_and_keeps_its_name(world):
    events = active(("a", "2020-12-30T12:00:00"), ("a", "2021-01-03T23:59:59"), ("a", "2021-01-04T00:00:00"))
    found = table(world, events, "2021-01-11T00:00:00", start="2020-12-28", period="week")
    assert [row.label for row in found.rows] == ["2020-W53", "2021-W01"]
    assert retained(found) == [[1, 1], [0, None]]


def test_tester_who_joins_after_the_first_event_starts_with_the_event(world):
    people = {"a": {"on_roster": True, "accepted_us": at("2026-03-05T00:00:00")}}
    snapshot = world.of(active(("a", "2026-03-02T12:00:00"), ("a", "2026-03-06T12:00:00")), **people)
    scope = Scope(date(2026, 3, 2), at("2026-03-07T00:00:00"))
    assert retention(snapshot, RetentionOptions(scope)).rows[0].size == 1
    assert [p.new for p in lifecycle(snapshot, LifecycleOptions(scope)).periods] == [1, 0, 0, 0, 0]


def test_an_empty_week_stays_on_the_axis(world):
    events = active(("a", "2026-03-02T12:00:00"), ("a", "2026-03-16T12:00:00"))
    found = table(world, events, "2026-03-23T00:00:00", period="week")
    assert retained(found) == [[1, 0, 1], [0, 0, None], [0, None, None]]
    scope = Scope(date(2026, 3, 2), at("2026-03-23T00:00:00"))
    weeks = lifecycle(world.of(events), LifecycleOptions(scope, "week")).periods
    assert [(p.active, p.dormant) for p in weeks] == [(1, 0), (0, -1), (1, 0)]


def test_a_cohort_of_one_is_shown_with_a_wide_interval(world):
    cell = (
        table(world, active(("a", "2026-03-02T12:00:00"), ("a", "2026-03-03T12:00:00")), "2026-03-04T00:00:00")
        .rows[0]
        .cells[1]
    )
    assert cell.retained == 1
    assert cell.low < 0.25 and cell.high == 1.0


def test_all_churned_is_zero_with_an_interval_above_zero(world):
    events = active(*((f"u{i}", "2026-03-02T12:00:00") for i in range(10)))
    average = table(world, events, "2026-03-04T00:00:00").average
    assert average.values[1] == 0
    assert average.low[1] == 0 and 0.2 < average.high[1] < 0.35


def test_nobody_churned_is_one_with_an_interval_below_one(world):
    events = active(*((f"u{i}", f"2026-03-0{day}T12:00:00") for i in range(10) for day in (2, 3)))
    average = table(world, events, "2026-03-04T00:00:00").average
    assert average.values[1] == 1
    assert 0.65 < average.low[1] < 0.8 and average.high[1] == 1


def test_nobody_measurable_is_none_not_zero(world):
    found = table(world, active(("a", "2026-03-02T12:00:00")), "2026-03-03T00:00:00", intervals=2)
    assert found.average.values == (1.0, None)
    assert (found.average.n[1], found.average.not_yet[1]) == (0, 1)
    assert found.rows[0].cells[1].measurable_on == date(2026, 3, 4)


def test_a_hundred_thousand_event_names_change_nothing():
    noise = [Event("a", f"name {i}", at("2026-03-02T12:00:00") + i) for i in range(100_000)]
    snapshot = many_names(noise, Event("a", "open", at("2026-03-03T12:00:00")))
    scope = Scope(date(2026, 3, 2), at("2026-03-05T00:00:00"))
    found = retention(snapshot, RetentionOptions(scope, start=EventChoice("name 77777"), back=EventChoice("open")))
    assert retained(found) == [[1, 1, 0], [0, 0, None], [0, None, None]]


def many_names(noise: list[Event], last: Event):
    """A snapshot with one event per name, written by one query."""
    from data import connect, schema
    from data.warehouse import Snapshot

    con = connect.connect(threads=1)
    schema.create(con, "facts")
    con.execute(
        "INSERT INTO meta VALUES ('timezone', 'UTC'), ('roster', 'events'), ('as_of_us', $at::VARCHAR)",
        {"at": last.ts_us},
    )
    con.execute(
        "INSERT INTO dim_tester (tester_key, tester_id, on_roster, wave, platform) VALUES (0, 'a', FALSE, '', '')"
    )
    names = {"names": [e.name for e in noise] + [last.name], "ts": [e.ts_us for e in noise] + [last.ts_us]}
    con.execute(
        "INSERT INTO dim_event SELECT row_number() OVER (), n, TRUE FROM (SELECT unnest($names) AS n)",
        {"names": names["names"]},
    )
    con.execute(
        """INSERT INTO fct_event (tester_key, event_id, ts_us, day_n)
           SELECT 0, row_number() OVER (), t, t // 86400000000 FROM (SELECT unnest($ts) AS t)""",
        {"ts": names["ts"]},
    )
    return Snapshot(con, "names")


def test_unknown_event_is_said_not_silently_zero(world):
    found = table(world, active(("a", "2026-03-02T12:00:00")), "2026-03-03T00:00:00", back=EventChoice("opem"))
    assert any('no event is named "opem" (did you mean "open"?)' in n for n in found.notes)


def test_staff_are_out_of_every_number(world):
    events = active(("a", "2026-03-02T12:00:00"), ("staff", "2026-03-02T12:00:00"))
    snapshot = world.of(events, staff={"excluded_reason": "staff"})
    scope = Scope(date(2026, 3, 2), at("2026-03-03T00:00:00"))
    assert retention(snapshot, RetentionOptions(scope)).rows[0].size == 1
    assert lifecycle(snapshot, LifecycleOptions(scope)).periods[0].active == 1
    assert stickiness(snapshot, StickinessOptions(scope)).testers == 1


def test_a_23_hour_day_is_one_day_for_calendar_and_23_hours_for_24h_windows(world):
    # Europe/Berlin, 2026-03-29: 12:00 local to 12:00 local the next day is 23 hours
    events = active(("a", "2026-03-28T11:00:00"), ("a", "2026-03-29T10:00:00"))
    by_calendar = table(world, events, "2026-04-02T00:00:00", start="2026-03-28", zone="Europe/Berlin")
    elapsed = table(world, events, "2026-04-02T00:00:00", start="2026-03-28", zone="Europe/Berlin", window="24h")
    assert (by_calendar.rows[0].cells[1].retained, elapsed.rows[0].cells[1].retained) == (1, 0)


def test_adding_an_immature_cohort_changes_no_mature_number(world):
    old = active(*((f"u{i}", "2026-03-02T12:00:00") for i in range(6)), ("u0", "2026-03-09T12:00:00"))
    young = active(*((f"n{i}", "2026-03-10T12:00:00") for i in range(9)))
    for kind in ("pooled", "weighted", "simple"):
        before = table(world, old, "2026-03-12T00:00:00", average=kind)
        after = table(world, old + young, "2026-03-12T00:00:00", average=kind)
        assert after.average.values[7] == before.average.values[7] == pytest.approx(1 / 6)
        assert [c.retained for c in after.rows[0].cells] == [c.retained for c in before.rows[0].cells]
    assert after.average.not_yet[7] == 9


def test_weekly_numbers_do_not_depend_on_the_order_or_the_split_of_files(tmp_path):
    rng = random.Random(7)
    lines = [
        json.dumps({"user": f"u{rng.randrange(9)}", "event": "open", "ts": 1_772_409_600 + rng.randrange(28 * 86_400)})
        for _ in range(300)
    ]
    tables = []
    for n in range(3):
        folder = tmp_path / str(n)
        folder.mkdir()
        rng.shuffle(lines)
        cut = rng.randrange(1, 299)
        (folder / "1.jsonl").write_text("\n".join(lines[:cut]) + "\n")
        (folder / "2.jsonl").write_text("\n".join(lines[cut:]) + "\n")
        snapshot = open_events(folder, timezone="Europe/Berlin")
        scope = Scope(week_start="monday")
        weekly = retention(snapshot, RetentionOptions(scope, period="week", cohort="recurring"))
        tables.append((weekly.as_json(), lifecycle(snapshot, LifecycleOptions(scope, "week")).as_json()))
    assert tables[0] == tables[1] == tables[2]


def test_three_hosts_in_three_time_zones_print_the_same(tmp_path):
    file = tmp_path / "e.jsonl"
    times = ("2026-03-08T04:30:00Z", "2026-03-08T06:30:00Z")  # one day apart in New York, on the day its clock changes
    file.write_text("".join(json.dumps({"user": "a", "event": "x", "ts": ts}) + "\n" for ts in times))
    command = [sys.executable, "-m", "kpis", "retention", "--events", str(file), "--format", "json"]
    command += ["--timezone", "America/New_York"]
    hosts = [
        subprocess.Popen(command, env={**os.environ, "TZ": zone}, stdout=subprocess.PIPE, text=True)
        for zone in ("UTC", "America/New_York", "Asia/Tokyo")
    ]
    printed = {host.communicate()[0] for host in hosts}
    assert len(printed) == 1
    assert [row["cohort"] for row in json.loads(printed.pop())["rows"]] == ["2026-03-07", "2026-03-08"]


@pytest.mark.parametrize("start", ["2026-04-01", "1970-01-01"])
def test_a_range_without_days_or_of_decades_is_refused_in_words(world, start):
    with pytest.raises(QueryError, match="range"):
        table(world, active(("a", "2026-03-02T12:00:00")), "2026-03-03T00:00:00", start=start)
