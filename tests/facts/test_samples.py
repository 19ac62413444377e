"""Hours of samples: against plain Python, and the same whether built at once or piece by piece."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data import facts_samples
from data.facts import Builder
from tests.support.raw import contents, facts, make_settings, publish

START = datetime(2026, 3, 2, tzinfo=UTC)
START_MS = round(START.timestamp() * 1000)
KINDS = (("a_total", "counter"), ("b_bytes", "gauge"), ("c_seconds_sum", "unknown"), ("up", "gauge"))
LATER = {"series_id": 5, "metric": "c_seconds_bucket", "labels": '{"le":"1"}', "type": "unknown"}
SERIES = [
    {"series_id": n, "metric": metric, "labels": json.dumps({"job": "app", "instance": f"i{n % 2}"}), "type": kind}
    for n, (metric, kind) in enumerate(KINDS, 1)
]
# seconds to the next sample (even, jittered, gaps of hours and days) and its value
WALK = st.lists(
    st.tuples(
        st.sampled_from([15, 15, 15, 15.001, 29.999, 31, 60, 1_800, 20_000, 90_000]),
        st.one_of(st.floats(0, 1e9), st.integers(0, 5).map(float)),
    ),
    max_size=25,
)


def walked(walks: list[list[tuple[float, float]]]) -> list[dict[str, Any]]:
    """Samples of each walk's series."""
    rows = []
    for number, walk in enumerate(walks, 1):
        at = START_MS + 1_777 * number
        for wait, value in walk:
            at += round(wait * 1000)
            rows.append({"series_id": number, "ts_ms": at, "value": value})
    return rows


def hours(samples: list[dict[str, Any]], counter: bool) -> dict[int, dict[int, list]]:
    """By series and hour: what counter_hour and gauge_hour hold, in plain Python."""
    found: dict[int, dict[int, list]] = {}
    for number in {s["series_id"] for s in samples}:
        own = sorted((s["ts_ms"], s["value"]) for s in samples if s["series_id"] == number)
        apart = [b - a for (a, _), (b, _) in pairwise(own)]
        interval = statistics.median_low(apart) if apart else None
        cells: dict[int, list] = found.setdefault(number, defaultdict(lambda: [0.0, 0.0, 0, 0]))
        for n, (ts, value) in enumerate(own):
            hour = ts // 3_600_000 * 3_600_000_000
            if not counter:
                cell = cells.setdefault(hour, [0, 0.0, value, value, value, ts])
                cells[hour] = [cell[0] + 1, cell[1] + value, min(cell[2], value), max(cell[3], value), value, ts]
                continue
            before = own[n - 1][1] if n else value
            grown = value - before if value >= before else value
            gap = n > 0 and apart[n - 1] > 2 * interval
            old = cells[hour]
            cells[hour] = [old[0] + grown, old[1] + (grown if gap else 0.0), old[2] + (value < before), old[3] + 1]
    return found


@given(st.lists(WALK, min_size=4, max_size=4), st.sampled_from([3, 2_000_000]))
@settings(max_examples=25, deadline=None)
def test_hours_are_what_plain_python_makes_of_the_samples(walks: list, block: int) -> None:
    samples = walked(walks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts_samples, "BLOCK", block)
        con = facts({"raw_series": SERIES, "raw_sample": samples})._con.cursor()
    counters = {n for n, (_, kind) in enumerate(KINDS, 1) if kind == "counter"}
    expected = hours([s for s in samples if s["series_id"] in counters], True)
    query = "SELECT series_id, hour_us, increase, gap_increase, resets, samples FROM fct_counter_hour ORDER BY ALL"
    assert con.execute(query).fetchall() == [
        (number, hour, *cell) for number, cells in sorted(expected.items()) for hour, cell in sorted(cells.items())
    ]
    expected = hours([s for s in samples if s["series_id"] not in counters], False)
    query = """
        SELECT series_id, hour_us, samples, value_sum, value_min, value_max, last_value, last_ts_ms FROM fct_gauge_hour
        ORDER BY ALL
    """
    assert con.execute(query).fetchall() == [
        (number, hour, *cell) for number, cells in sorted(expected.items()) for hour, cell in sorted(cells.items())
    ]
    told = dict(con.execute("SELECT series_id, interval_ms FROM dim_series").fetchall())
    for number, interval in told.items():
        own = sorted(s["ts_ms"] for s in samples if s["series_id"] == number)
        assert interval == (statistics.median_low([b - a for a, b in pairwise(own)]) if len(own) > 1 else None)


PULL = st.tuples(
    st.integers(0, 30),  # hours after which it happens
    # hours by which the newest samples of every other series come late; below 0 they are ahead of the clock
    st.sampled_from([0, 0, -5, 1, 40]),
)


def pulls(samples: list[dict[str, Any]], plan: list[tuple[int, int]]) -> list[tuple[datetime, list[dict[str, Any]]]]:
    """Each pull's instant and the samples that it brings; the last one brings all that is left."""
    waiting, at, out = sorted(samples, key=lambda s: s["ts_ms"]), START, []
    for n, (wait, held) in enumerate(plan, 1):
        at = START + timedelta(days=31) if n == len(plan) else at + timedelta(hours=wait)
        until = at.timestamp() * 1000
        new = [s for s in waiting if s["ts_ms"] < until - held * 3_600_000 * (s["series_id"] % 2) or n == len(plan)]
        waiting = [s for s in waiting if s not in new]
        out.append((at, new))
    return out


def rebuilt(file: Path, folder: Path, load_id: int, **parts: Any) -> tuple[dict, dict]:
    """What a snapshot holds and what one holds that is built from the first sample on, less the ledger and meta."""
    found = contents(file)
    file.unlink()  # one of the same content would be taken for it
    anew = contents(publish(folder, {}, load_id, rebuild=True, **parts))
    return tuple({n: rows for n, rows in c.items() if n not in ("meta", "fct_load")} for c in (found, anew))  # type: ignore[return-value]


@given(st.lists(WALK, min_size=4, max_size=4), st.lists(PULL, min_size=2, max_size=5), st.integers(1, 5))
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_split_of_pulls_gives_the_hours_of_a_rebuild(walks: list, plan: list, late_series: int) -> None:
    parts: dict[str, Any] = {"config": make_settings("America/St_Johns")}
    with tempfile.TemporaryDirectory() as folder:
        for number, (at, new) in enumerate(pulls(walked(walks), plan), 1):
            tables = {"raw_sample": new, "raw_series": SERIES if number == 1 else []}
            if number == late_series:  # from now on c_seconds_sum is known to be a histogram's
                tables["raw_series"] = [*tables["raw_series"], LATER]
            parts["as_of"] = at
            file = publish(Path(folder), tables, number, **parts)
        found, anew = rebuilt(file, Path(folder), number, **parts)
    assert found == anew


def test_a_refresh_reads_only_the_hours_that_change(tmp_path: Path, monkeypatch) -> None:
    """Of a hundred hours stored, the hour of the first new sample and the one before it are read."""
    every = [{"series_id": 1, "ts_ms": START_MS + 60_000 * n, "value": float(n)} for n in range(6_060)]
    publish(tmp_path, {"raw_series": SERIES, "raw_sample": every[:6_030]}, 1)
    read: list[int] = []
    arrays = Builder.arrays

    def counted(self: Builder, name: str, **more: Any) -> dict:
        found = arrays(self, name, **more)
        if name == "sample_rows":
            read.append(len(found["ts_ms"]))
        return found

    monkeypatch.setattr(Builder, "arrays", counted)
    file = publish(tmp_path, {"raw_sample": every[6_030:]}, 2)
    assert read == [120]
    found, anew = rebuilt(file, tmp_path, 2)
    assert found == anew


def test_a_new_interval_moves_the_marks_of_old_hours(tmp_path: Path) -> None:
    """Scraped each half hour at first, then each minute: what was the pace becomes a gap."""
    slow = [{"series_id": 1, "ts_ms": START_MS + 1_800_000 * n, "value": float(n)} for n in range(10)]
    fast = [{"series_id": 1, "ts_ms": START_MS + 18_000_000 + 60_000 * n, "value": 10.0 + n} for n in range(100)]
    publish(tmp_path, {"raw_series": SERIES, "raw_sample": slow}, 1)
    file = publish(tmp_path, {"raw_sample": fast}, 2)
    found, anew = rebuilt(file, tmp_path, 2)
    assert sum(row[4] for row in found["fct_counter_hour"]) == 10
    assert found == anew
