"""The worked cases of tests/cases/engagement.json through the commands, as a person would run them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.cli import main

FILE = Path(__file__).parent.parent / "cases" / "engagement.json"
CASES = {case["name"]: case for case in json.loads(FILE.read_text(encoding="utf-8"))["cases"]}


@pytest.fixture
def run(tmp_path, capsys):
    """Run a command over a case's events and return its JSON."""

    def call(case: dict | list, command: str, *options: str) -> dict:
        events = case if isinstance(case, list) else case["events"]
        file = tmp_path / "events.jsonl"
        file.write_text("".join(json.dumps(e) + "\n" for e in events), encoding="utf-8")
        identity = {} if isinstance(case, list) else case["semantics"].get("identity", {})
        merge = tmp_path / "merge.csv"
        merge.write_text("alias,user\n" + "".join(f"{a},{u}\n" for a, u in identity.items()), encoding="utf-8")
        given = ["--merge", str(merge)] if identity else []
        status = main("kpis", "", [command, "--events", str(file), "--format", "json", *given, *options])
        out = capsys.readouterr()
        assert status == 0, out.err
        return json.loads(out.out)

    return call


def end_of_period(case: dict) -> str:
    """Local midnight after the period that contains date_to."""
    s = case["semantics"]
    day = date.fromisoformat(s["date_to"][:10])
    if s["period"] == "week":
        days_in = day.isoweekday() % 7 if s["week_start"] == "sunday" else day.weekday()
        day += timedelta(days=6 - days_in)
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(s["timezone"])).isoformat()


def retention_options(case: dict, **changed: str) -> list[str]:
    s = case["semantics"]
    cohort = {"recurring": "recurring", "first_time": "first-ever"}[s["cohort_rule"]]
    options = {
        "--period": s["period"],
        "--timezone": s["timezone"],
        "--cohort": cohort,
        "--start-event": s["cohort_event"],
        "--return-event": s["return_event"],
        "--rule": s["return_rule"].replace("_", "-"),
        "--intervals": str(s["total_intervals"]),
        **({"--from": s["first_cohort"]} if "first_cohort" in s else {}),
        **({"--until": end_of_period(case)} if "date_to" in s else {}),
        **({"--week-start": s["week_start"]} if s["week_start"] else {}),
        **changed,
    }
    return [part for pair in options.items() for part in pair]


TABLES = [c for c in CASES.values() if c["semantics"]["metric"] == "retention" and "rows" in c["expected"]]


@pytest.mark.parametrize("case", TABLES, ids=[c["name"] for c in TABLES])
def test_every_retention_cell(case, run):
    got = run(case, "retention", *retention_options(case))
    expected = case["expected"]["rows"]
    assert len(got["rows"]) == len(expected)
    for row, cells in zip(got["rows"], expected, strict=True):
        assert row["size"] == cells[0]
        assert row["retained"] == [*cells, *[None] * (len(row["retained"]) - len(cells))]
        assert all(date.fromisoformat(day) for day in row["measurable_on"])
    starts = case["expected"].get("cohort_starts")
    assert starts in (None, [row["cohort"] for row in got["rows"]])


@pytest.mark.parametrize("case", TABLES, ids=[c["name"] for c in TABLES])
def test_the_period_that_is_still_running_is_null_with_what_was_seen_beside_it(case, run):
    inside = datetime.fromisoformat(end_of_period(case)) - timedelta(microseconds=1)
    got = run(case, "retention", *retention_options(case, **{"--until": inside.isoformat()}))
    for row, cells in zip(got["rows"], case["expected"]["rows"], strict=True):
        assert row["retained"][: len(cells)] == [*cells[:-1], None]
        assert row["running"][: len(cells)] == [None] * (len(cells) - 1) + [cells[-1]]


def test_24h_windows_floor_both_ends_to_the_hour(run):
    case = CASES["retention_24h_window_hour_floor"]
    got = run(case, "retention", *retention_options(case), "--window", "24h")
    column = case["expected"]["interval_of_return"]
    assert got["rows"][0]["retained"][column] == 1


def test_calendar_and_elapsed_days_differ(run):
    case = CASES["retention_calendar_vs_elapsed_day"]
    by_calendar = run(case, "retention", *retention_options(case))
    elapsed = run(case, "retention", *retention_options(case), "--window", "24h")
    assert by_calendar["rows"][0]["retained"][1] == case["expected"]["calendar_day1_retained"]
    assert elapsed["rows"][0]["retained"][1] == case["expected"]["elapsed_24h_day1_retained"]


def cohort_events(table: list[dict]) -> list[dict]:
    """Events that give the cohort sizes and day-1 returns of an aggregated table."""
    events = []
    for row in table:
        day = date.fromisoformat("2024-" + row["cohort"])
        for i in range(row["size"]):
            user = f"{row['cohort']} {i}"
            events.append({"user": user, "event": "x", "ts": f"{day}T12:00:00Z"})
            if i < row["day1"]:
                events.append({"user": user, "event": "x", "ts": f"{day + timedelta(days=1)}T12:00:00Z"})
    return events


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("pooled", "pooled_rate_pct"),
        ("weighted", "mixpanel_size_weighted_rate_pct"),
        ("simple", "simple_mean_rate_pct"),
    ],
)
def test_averages_leave_the_running_cohort_out_and_say_their_name(kind, key, run):
    case = CASES["retention_average_excludes_incomplete_cohort"]
    got = run(cohort_events(case["input_table"]), "retention", "--average", kind, "--until", "2024-03-04T15:00:00Z")
    assert got["average"]["kind"] == kind
    assert 100 * got["average"]["values"][1] == pytest.approx(case["expected"][key])
    assert (got["average"]["n"][1], got["average"]["not_yet_measurable"][1]) == (1500, 700)


def test_the_pooled_average_is_the_default(run):
    got = run(CASES["retention_daily_any_event"], "retention")
    assert got["average"]["kind"] == "pooled"


def test_only_testers_whose_day_is_over_are_in_the_denominator(run):
    case = CASES["retention_maturity_filter_right_censoring"]
    got = run(case, "retention", *retention_options(case, **{"--until": case["semantics"]["as_of"]}))
    expected = case["expected"]
    average = got["average"]
    assert (average["n"][7], average["not_yet_measurable"][7]) == (
        expected["denominator"],
        expected["not_yet_measurable"],
    )
    assert 100 * average["values"][7] == expected["rate_pct"]
    by_cohort = {row["cohort"]: row for row in got["rows"]}
    assert by_cohort["2024-03-03"]["retained"][7] is None
    assert by_cohort["2024-03-03"]["measurable_on"][7] == "2024-03-11"


@pytest.mark.parametrize("name", ["stickiness_daily", "stickiness_cumulative"])
def test_stickiness_buckets(name, run):
    case = CASES[name]
    s = case["semantics"]
    cumulative = ["--cumulative"] if "or more" in s["rule"] else []
    got = run(case, "stickiness", "--from", s["date_from"], "--until", s["date_to"], *cumulative)
    assert list(got["days_active"].values()) == case["expected"]["buckets"]
    assert got["testers"] == case["expected"].get("users_total", got["testers"])


@pytest.mark.parametrize("name", ["lifecycle_daily_whole_range", "lifecycle_daily_tz_us_pacific"])
def test_lifecycle_counts(name, run):
    case = CASES[name]
    s = case["semantics"]
    span = ["--from", s["date_from"], "--until", s["date_to"], "--timezone", s["timezone"], "--period", s["period"]]
    periods = run(case, "lifecycle", *span)["periods"]
    for state, counts in case["expected"].items():
        assert [p[state] for p in periods] == counts, state


@pytest.mark.parametrize("name", ["funnel_window_3s_inclusive_edge", "funnel_wrong_order_stops_at_first_step"])
def test_funnel_depth(name, run):
    case = CASES[name]
    s = case["semantics"]
    got = run(case, "funnel", "--steps", ",".join(s["steps"]), "--funnel-window", f"{s['window_seconds']}s")
    assert got["deepest"] == case["expected"]
    depth = case["expected"]["u"]
    assert got["steps"] == [1] * depth + [0] * (len(s["steps"]) - depth)


def test_entries_whose_window_is_open_are_hidden(run):
    case = CASES["funnel_hide_periods_whose_window_is_still_open"]
    s, expected = case["semantics"], case["expected"]
    window = ["--funnel-window", f"{s['window_seconds']}s", "--by-entry", s["period"], "--until", s["now"]]
    got = run(case, "funnel", "--steps", ",".join(s["steps"]), *window)
    assert {p["start"]: p["steps"] for p in got["periods"]} == expected["kept_periods"]
    assert [p["start"] for p in got["hidden"]] == expected["hidden_periods"]


@pytest.mark.parametrize("name", ["sessions_30_minute_timeout", "sessions_no_midnight_split"])
def test_session_durations(name, run):
    case = CASES[name]
    got = run(case, "sessions", "--idle", f"{case['semantics']['timeout_minutes']}m")
    assert got["count"] == case["expected"]["sessions"]
    assert [s["seconds"] / 60 for s in got["sessions"]] == case["expected"]["durations_min"]


def test_participation_is_the_mean_over_testers(run):
    case = CASES["daily_participation_rate_per_user_average"]
    until = ["--until", case["semantics"]["as_of"]]
    got = run(case, "stickiness", "--active-events", "pageview", *until)["participation"]
    assert got["per_user"] == pytest.approx(case["expected"]["per_user"])
    assert 100 * got["mean"] == pytest.approx(case["expected"]["mean_pct"])
    assert 100 * got["pooled"] == pytest.approx(case["expected"]["pooled_pct"])


def test_every_case_is_used():
    source = Path(__file__).read_text(encoding="utf-8")
    unused = [name for name in CASES if f'"{name}"' not in source and CASES[name] not in TABLES]
    assert not unused
