"""truth.json against a plain recount of the files: deliveries, requests, latencies, restarts, gaps."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.demo import reading

WEEKS = [datetime(2026, 3, 2 + 7 * w, tzinfo=reading.BERLIN) for w in range(4)] + [
    datetime(2026, 3, 30, tzinfo=reading.BERLIN)
]


@pytest.fixture(scope="module")
def samples(demo: Path) -> dict[str, list[tuple[float, int]]]:
    return reading.samples(demo)


def test_every_line_is_accounted_for(demo: Path, truth: dict) -> None:
    told = truth["deliveries"]
    first, total, books = {}, Counter(), {"duplicates": Counter(), "conflicting": Counter(), "blank": Counter()}
    late, bad = Counter(), []
    for name, line in reading.lines(demo):
        total[name] += 1
        row = reading.event(line)
        if not line:
            books["blank"][name] += 1
        elif row is None:
            bad.append((name, total[name]))
        elif row["id"] in first:
            books["duplicates" if first[row["id"]] == row else "conflicting"][name] += 1
        else:
            first[row["id"]] = row
            late[name] += reading.day(row["ts"]) < (datetime.fromisoformat(name[7:17]).date() - reading.LAUNCH).days
    assert total == told["lines"]
    assert {k: dict(v) for k, v in books.items()} == {k: told[k] for k in books}
    assert +late == told["late"]
    assert bad == [(m["file"], m["line"]) for m in told["malformed"]]
    assert len(bad) == 8
    assert len(first) == told["events"]


def test_an_alias_and_an_orphan_are_seen(demo: Path, truth: dict, roster: dict[str, dict]) -> None:
    users = Counter(reading.event(line)["user"] for _, line in reading.lines(demo) if reading.event(line))
    aliases = {a for a, _ in truth["deliveries"]["identities"]}
    assert {u for u in users if u not in roster} <= aliases | {truth["deliveries"]["orphan"]["user"]}
    assert users[truth["deliveries"]["orphan"]["user"]] == truth["deliveries"]["orphan"]["events"]
    assert aliases & set(users)
    after = {e["user"] for e in reading.events(demo)} - set(roster)
    assert after == {truth["deliveries"]["orphan"]["user"]}  # the chain of names ends on the roster


def test_scraped_requests_and_failures(truth: dict, samples: dict) -> None:
    for w, week in enumerate(truth["operations"]):
        http = {
            s: reading.growth(p, WEEKS[w], WEEKS[w + 1])
            for s, p in samples.items()
            if s.startswith("http_requests_total")
        }
        assert week["scraped"]["requests"] == sum(http.values())
        assert week["scraped"]["failed"] == sum(v for s, v in http.items() if 'status="5' in s)


def test_scraped_differs_from_true_only_by_restarts_and_edges(truth: dict) -> None:
    for week in truth["operations"]:
        assert abs(week["scraped"]["requests"] - week["requests"]) <= 0.02 * week["requests"]


def test_buckets_hold_the_true_latencies(truth: dict, samples: dict) -> None:
    for w, week in enumerate(truth["operations"]):

        def total(part: str, start: datetime = WEEKS[w], end: datetime = WEEKS[w + 1]) -> float:
            return sum(
                reading.growth(p, start, end)
                for s, p in samples.items()
                if s.startswith("http_request_duration_seconds") and part in s
            )

        count = total("_count{")
        assert total('le="0.2"') / count == pytest.approx(week["within_200ms"], abs=0.01)
        assert total('le="+Inf"') == count
        assert total("_sum{") / count == pytest.approx(week["mean_s"], rel=0.03)
        below, above = ('le="0.1"', 'le="0.2"') if week["p95_s"] <= 0.2 else ('le="0.2"', 'le="0.5"')
        assert total(below) / count <= 0.96
        assert total(above) / count >= 0.94


def test_requests_of_testers_are_in_the_counters(demo: Path, samples: dict) -> None:
    calls = Counter(e["properties"]["method"] for e in reading.events(demo) if e["event"] == "api_call")
    everything = (WEEKS[0] - timedelta(days=1), WEEKS[0] + timedelta(days=40))
    for method, n in calls.items():
        mine = [p for s, p in samples.items() if s.startswith("http_requests_total") and f'method="{method}"' in s]
        assert sum(reading.growth(p, *everything) for p in mine) > n


def test_restarts_reset_the_counters(truth: dict, samples: dict) -> None:
    assert len(truth["planted"]["restarts"]) == 8
    for restart in truth["planted"]["restarts"]:
        at = datetime.fromisoformat(restart["at"]).timestamp()
        fell = 0
        for series, points in samples.items():
            if f'instance="{restart["instance"]}"' in series and (
                "_total{" in series or "_bucket{" in series or "_sum{" in series or "_count{" in series
            ):
                after = next(i for i, (_, second) in enumerate(points) if second >= at)
                fell += points[after][0] < points[after - 1][0]
        assert fell == restart["series_that_fell"]


def test_counters_fall_nowhere_else(truth: dict, samples: dict) -> None:
    allowed = [datetime.fromisoformat(r["at"]).timestamp() for r in truth["planted"]["restarts"]]
    for series, points in samples.items():
        if "_total{" in series or "_bucket{" in series:
            for (before, _), (value, second) in pairwise(points):
                assert value >= before or any(0 <= second - at <= truth["demo"]["scrape_s"] for at in allowed), series


def test_the_gap_is_the_apps_alone(truth: dict, samples: dict) -> None:
    gap = truth["planted"]["scrape_gap"]
    start, end = (datetime.fromisoformat(gap[k]).timestamp() for k in ("start", "end"))
    silent = {
        s.split("{")[1].split('"')[1]
        for s, p in samples.items()
        if s.startswith("up{") and not any(start <= t < end for _, t in p)
    }
    assert silent == {"app-1", "app-2"}
    assert len([s for s in samples if s.startswith("up{")]) == 6


def test_the_incident_fills_the_database(truth: dict, samples: dict) -> None:
    told = truth["planted"]["incident"]
    used = Counter()
    for series, points in samples.items():
        if series.startswith("pg_stat_activity_count"):
            for value, second in points:
                used[second] += value
    full = [t for t, v in used.items() if v >= 120]
    start, end = (datetime.fromisoformat(told[k]).timestamp() for k in ("start", "end"))
    assert len(full) == told["samples_at_limit"] > 0
    assert all(start <= t < end for t in full)
    assert told["failed"] > 0.6 * told["requests"]


def test_the_slow_route_is_slower_by_what_was_planted(truth: dict) -> None:
    slow = truth["planted"]["slow_route"]
    assert slow["mean_s_after_1.3.0"] / slow["mean_s_before_1.3.0"] == pytest.approx(2.2, rel=0.12)
    assert slow["mean_s_after_1.4.1"] / slow["mean_s_before_1.4.1"] == pytest.approx(1.5 / 2.2, rel=0.12)


def test_the_error_spike_stands_out(truth: dict, samples: dict) -> None:
    spike = truth["planted"]["error_spike"]
    day = datetime(2026, 3, 12, tzinfo=reading.BERLIN)
    mine = [p for s, p in samples.items() if s.startswith("beta_errors_total") and 'component="migration"' in s]
    seen = sum(reading.growth(p, day, day + timedelta(days=1)) for p in mine)
    assert seen == pytest.approx(spike["beta_errors_on_day"], rel=0.03)
    assert seen > 10 * spike["beta_errors_on_a_usual_day"]


def test_metrics_text_is_in_order(demo: Path) -> None:
    text = (demo / "metrics.om").read_text(encoding="utf-8")
    families = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert families == sorted(set(families))
    assert text.endswith("\n# EOF\n")


@pytest.mark.real
def test_promtool_reads_every_sample(demo: Path, truth: dict, tmp_path: Path) -> None:
    command = ["promtool", "tsdb", "create-blocks-from", "--max-block-duration=744h", "openmetrics"]
    done = subprocess.run(
        [*command, str(demo / "metrics.om"), str(tmp_path)], capture_output=True, text=True, check=True
    )
    blocks = [line.split() for line in done.stdout.splitlines() if line.startswith("01")]
    assert sum(int(b[-4]) for b in blocks) == truth["deliveries"]["samples"]
