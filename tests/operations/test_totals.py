"""Hours add up to days, weeks and the whole, number by number, across resets, gaps, label churn and pulls."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import connect
from data.warehouse import Snapshot
from kpis.operations import routes, spellings
from kpis.operations.counters import growth
from kpis.operations.series import Options, read
from tests.support.raw import facts, make_settings, publish

START = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)
ZONES = ("UTC", "Asia/Kolkata", "America/St_Johns")
# seconds to the next scrape (gaps of hours and days among them), growth, and whether the process restarted
steps = st.lists(
    st.tuples(st.sampled_from([15, 60, 900, 7_200, 90_000]), st.integers(0, 400), st.booleans()),
    min_size=2, max_size=120,
)  # fmt: skip


def walked(number: int, walk: list[tuple[int, int, bool]]) -> list[dict]:
    """Samples of a counter that really counted: a restart begins again from what it counted since."""
    at, value, out = START + 1_000 * number, 0, []
    for wait, add, restart in walk:
        at, value = at + 1000 * wait, (add if restart else value + add)
        out.append({"series_id": number, "ts_ms": at, "value": float(value)})
    return out


def series(number: int, metric: str = "http_requests_total", **labels: str) -> dict:
    kept = {"job": "app", "instance": f"a{number}", "status": "200", "path": "/x", **labels}
    return {"series_id": number, "metric": metric, "labels": json.dumps(kept, sort_keys=True), "type": "counter"}


def oracle(samples: list[dict]) -> float:
    """Sum of what each series grew by, in plain Python."""
    by_series: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for s in samples:
        by_series[s["series_id"]].append((s["ts_ms"], s["value"]))
    total = 0.0
    for points in by_series.values():
        values = [v for _, v in sorted(points)]
        total += sum(b - a if b >= a else b for a, b in itertools.pairwise(values))
    return total


@settings(max_examples=8, deadline=None)
@given(st.lists(steps, min_size=1, max_size=3), st.sampled_from(ZONES))
def test_hours_days_weeks_and_the_whole_agree(walks: list[list[tuple[int, int, bool]]], zone: str) -> None:
    samples = [s for n, walk in enumerate(walks, start=1) for s in walked(n, walk)]
    tables = {"raw_series": [series(n) for n in range(1, len(walks) + 1)], "raw_sample": samples}
    snapshot = facts(tables, make_settings(zone))
    by = {
        step: sum(p.value for p in read(snapshot, Options("http_requests_total", "increase", step)))
        for step in ("hour", "day", "week", "all")
    }
    expected = oracle(samples)  # whole numbers: sums are exact
    assert by["hour"] == by["day"] == by["all"] == expected
    days = snapshot.rows("operations/route_failures", **spellings.requests(snapshot))
    assert sum(r["requests"] for r in days) == expected
    inside = routes.weeks(snapshot)
    in_weeks = sum(r["requests"] for r in days if inside[1][0] <= r["day_n"] < inside[4][1])
    assert by["week"] == in_weeks


@given(steps, st.integers(60, 5_000))
def test_pieces_of_a_window_add_up_wherever_it_is_cut(walk: list[tuple[int, int, bool]], cut_s: int) -> None:
    samples = walked(1, walk)
    ts, values = (np.array([s[k] for s in samples], float) for k in ("ts_ms", "value"))
    found = growth(ts, values)
    edges = np.arange(ts[0] - 1, ts[-1] + cut_s * 1000, cut_s * 1000)
    pieces = [found.increase[(ts > a) & (ts <= b)].sum() for a, b in itertools.pairwise(edges)]
    assert sum(pieces) == oracle(samples)


def test_label_churn_loses_only_what_was_counted_before_the_first_scrape() -> None:
    """A pod is replaced: its successor's first sample is a baseline, never an increase from nothing."""
    old = [{"series_id": 1, "ts_ms": START + 15_000 * i, "value": 100.0 + i} for i in range(10)]
    new = [{"series_id": 2, "ts_ms": START + 15_000 * (10 + i), "value": 7.0 + i} for i in range(10)]
    snapshot = facts({"raw_series": [series(1), series(2)], "raw_sample": old + new})
    (found,) = read(snapshot, Options("http_requests_total", "increase", "all"))
    assert (found.value, found.resets) == (9 + 9, 0)


def test_a_gap_counts_in_totals_and_has_no_rate() -> None:
    scraped = [0, 15, 30, 45, 60, 75, 7_275, 7_290]  # two hours were not scraped
    samples = [{"series_id": 1, "ts_ms": START + 1000 * t, "value": float(t)} for t in scraped]
    snapshot = facts({"raw_series": [series(1)], "raw_sample": samples})
    (total,) = read(snapshot, Options("http_requests_total", "increase", "all"))
    assert (total.value, total.gap_increase) == (7_290, 7_200)
    (rate,) = read(snapshot, Options("http_requests_total", "rate", "all"))
    assert rate.value == pytest.approx(90 / (8 * 15))


@pytest.mark.parametrize("pieces", [3])
def test_pulling_in_pieces_equals_pulling_at_once(pieces: int, tmp_path: Path) -> None:
    """Pieces begin and end in the middle of hours, across a restart and a gap."""
    random = np.random.default_rng(pieces)
    walk = [(int(random.choice([15, 60, 900, 7_200])), int(random.integers(0, 50)), bool(random.random() < 0.05))
            for _ in range(300)]  # fmt: skip
    samples = walked(1, walk)
    once = facts({"raw_series": [series(1)], "raw_sample": samples})
    edges = np.linspace(0, len(samples), pieces + 1).astype(int)
    for load, (a, b) in enumerate(itertools.pairwise(edges), start=1):
        tables = {"raw_sample": samples[a:b]} | ({"raw_series": [series(1)]} if load == 1 else {})
        file = publish(tmp_path, tables, load)
    query = "SELECT day_n, hour_us, increase, gap_increase, resets, samples FROM fct_counter_hour ORDER BY 1, 2"
    con = connect.connect(file, read_only=True)
    assert con.execute(query).fetchall() == once._con.cursor().execute(query).fetchall()
    assert sum(r[2] for r in con.execute(query).fetchall()) == oracle(samples)
    con.close()


def test_quantiles_of_a_week_come_from_its_days_buckets_not_from_their_quantiles() -> None:
    """Two days, one fast and one slow: the mean of their p95s is far from the p95 of both."""
    bounds = {"0.1": (900, 0), "1": (900, 100), "+Inf": (900, 100)}
    tables: dict[str, list[dict]] = {"raw_series": [], "raw_sample": []}
    for n, (le, (fast, slow)) in enumerate(bounds.items(), start=1):
        one = series(n, "http_request_duration_seconds_bucket", le=le) | {"type": "histogram"}
        tables["raw_series"].append(one)
        values = [(0, 0), (60, fast), (90_000, fast), (90_060, fast + slow)]
        tables["raw_sample"] += [{"series_id": n, "ts_ms": START + 1000 * t, "value": float(v)} for t, v in values]
    snapshot = facts(tables)
    found = routes.distributions(snapshot, [(_day(2), _day(9)), (_day(2), _day(3)), (_day(3), _day(4))])
    from kpis.operations.histograms import quantile

    whole, first, second = (quantile(*f[""], 0.95).value for f in found)
    assert (first, second) == (pytest.approx(0.095), pytest.approx(0.955))
    assert whole == pytest.approx(0.1 + 0.9 * 50 / 100)
    assert isinstance(snapshot, Snapshot)


def _day(day: int) -> int:
    return (date(2026, 3, day) - date(1970, 1, 1)).days
