"""Sums and quantiles as arrays equal, to the last bit, those of one row and one histogram after the other."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.warehouse import Snapshot
from kpis.operations.histograms import Table, quantile, share
from kpis.operations.series import Options, read
from tests.support.raw import facts, make_settings

START = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)
BUCKET, COUNTER = "rt_seconds_bucket", "work_seconds_total"
LAYOUTS = (("0.1", "1", "+Inf"), ("0.1", "1.0", "1", "+Inf"), ("1", "10"), ("+Inf",))
BOUNDS = st.lists(st.sampled_from([-1.0, 0.0, 0.1, 0.5, 1.0, 1.0, 10.0, np.inf]), min_size=1, max_size=6)
COUNTS = st.floats(0, 1e6) | st.integers(0, 50).map(float)


def same(found: float | None, expected: float | None) -> bool:
    return found == expected if expected is not None else found is None or np.isnan(found)


@given(BOUNDS, st.integers(1, 5), st.data())
@settings(max_examples=200, deadline=None)
def test_a_table_of_histograms_equals_one_after_the_other(bounds: list[float], rows: int, data) -> None:
    counts = np.array([[data.draw(COUNTS) for _ in bounds] for _ in range(rows)])
    q = data.draw(st.sampled_from([0.0, 0.5, 0.95, 1.0, -1.0, 2.0]) | st.floats(0, 1))
    bound = data.draw(st.sampled_from([-2.0, 0.05, 0.1, 0.7, 1.0, 50.0, np.inf]))
    table = Table.of(bounds, counts)
    if table is None:
        assert all(quantile(bounds, row, q).value is None for row in counts)
        return
    for row, value, lower, upper in zip(counts, *table.quantiles(q), strict=True):
        one = quantile(bounds, row, q)
        assert same(value, one.value)
        assert same(lower, one.lower)
        assert same(upper, one.upper)
    for row, value in zip(counts, table.shares(bound), strict=True):
        assert same(value, share(bounds, row, bound)[0])


def world(seed: int, zone: str) -> Snapshot:
    """Routes with histograms of several layouts and a counter of fractions: gaps, restarts, series that come late.

    The buckets of an instance are scraped together, but some samples of some bounds are missing.
    """
    rng = np.random.default_rng(seed)
    series, samples = [], []
    for route, layout in enumerate(LAYOUTS):
        times = {pod: START + 1000 * np.cumsum(rng.choice([60, 700, 5_000, 90_000], 60)) for pod in "ab"}
        for metric, kind, le in [(COUNTER, "counter", None), *((BUCKET, "histogram", le) for le in layout)]:
            for pod in "ab":
                labels = {"job": "app", "instance": pod, "path": f"/{route}"} | ({"le": le} if le else {})
                number = len(series) + 1
                series.append({"series_id": number, "metric": metric, "labels": json.dumps(labels), "type": kind})
                ts = times[pod]
                if kind == "counter":
                    ts = ts[: int(rng.integers(1, 60))]
                elif rng.random() < 0.3:
                    ts = ts[rng.random(len(ts)) < 0.9]
                grown = np.cumsum(rng.random(len(ts)) * rng.choice([0, 1, 1e5], len(ts)))
                values = np.where(rng.random(len(ts)) < 0.05, 0.0, grown)
                samples += [
                    {"series_id": number, "ts_ms": t, "value": v}
                    for t, v in zip(ts.tolist(), values.tolist(), strict=True)
                ]
    return facts({"raw_series": series, "raw_sample": samples}, make_settings(zone))


def whole(parts: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """(bound, increase, samples, growth over gaps) of the bounds that saw all that +Inf did."""
    seen: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for bound, _, samples, gap in parts:
        seen[bound][0] += samples
        seen[bound][1] += gap
    if np.inf not in seen:
        return parts
    samples, gap = seen[np.inf]
    return [p for p in parts if seen[p[0]][0] >= samples and seen[p[0]][1] <= gap * (1 + 1e-9)]


def plain(snapshot: Snapshot, metric: str, step: str, by: tuple[str, ...]) -> dict[tuple, list[float]]:
    """Increase, growth over gaps, resets and samples by group and period, added up row after row."""
    query = """
        SELECT d.labels, f.hour_us, f.day_n, f.increase, f.gap_increase, f.resets, f.samples
        FROM fct_counter_hour AS f JOIN dim_series AS d USING (series_id) WHERE d.metric = $metric
        ORDER BY f.hour_us, f.series_id, f.day_n
    """
    weeks = {d: w["week"] for w in snapshot.rows("operations/weeks") for d in range(w["start_day_n"], w["end_day_n"])}
    sums: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0, 0, 0])
    for labels, hour, day, *parts in snapshot._con.cursor().execute(query, {"metric": metric}).fetchall():
        period = {"hour": hour, "day": day, "week": weeks.get(day), "all": 0}[step]
        if period is not None:
            entry = sums[tuple((name, json.loads(labels).get(name, "")) for name in by), period]
            for n, part in enumerate(parts):
                entry[n] += part
    return sums


@pytest.mark.parametrize("step", ["hour", "day", "week", "all"])
@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])  # half an hour off: an hour lies in two days
@pytest.mark.parametrize("by", [(), ("path",), ("path", "instance")])
def test_counters_and_quantiles_equal_rows_added_one_by_one(step: str, zone: str, by: tuple[str, ...]) -> None:
    snapshot = world(7, zone)
    found = read(snapshot, Options(COUNTER, "increase", step, by=by))
    expected = plain(snapshot, COUNTER, step, by)
    assert [(p.group, p.period) for p in found] == sorted(expected)
    assert [[p.value, p.gap_increase, p.resets, p.samples] for p in found] == [expected[k] for k in sorted(expected)]
    histograms: dict[tuple, list[tuple[float, ...]]] = defaultdict(list)
    for (group, period), sums in sorted(plain(snapshot, BUCKET, step, (*by, "le")).items()):
        histograms[group[:-1], period].append((float(group[-1][1]), sums[0], sums[3], sums[1]))
    points = read(snapshot, Options(BUCKET, "quantile", step, by=by, q=0.9))
    assert [(p.group, p.period) for p in points] == sorted(histograms)
    left_out = 0
    for p, parts in zip(points, (histograms[key] for key in sorted(histograms)), strict=True):
        known = whole(parts)
        left_out += len(parts) - len(known)
        one = quantile([p[0] for p in known], [p[1] for p in known], 0.9)
        assert (p.value, p.lower, p.upper) == (one.value, one.lower, one.upper)
    shares = read(snapshot, Options(BUCKET, "share", step, by=by, bound=0.4))
    known = [whole(histograms[key]) for key in sorted(histograms)]
    assert [p.value for p in shares] == [share([p[0] for p in parts], [p[1] for p in parts], 0.4)[0] for parts in known]
    assert left_out
