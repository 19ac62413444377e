"""A real Prometheus gives exactly the samples that were put in, however the pull is cut."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from data.raw import RawStore
from data.sources.prometheus import Prometheus
from tests.sources_live.support import LAUNCH_S, ledger, run, samples, settings, state

pytestmark = pytest.mark.real
DAYS = 28
STEP = 900
END = LAUNCH_S + DAYS * 86_400
EVERYTHING = '{__name__=~".+"}'


def history() -> dict[tuple[str, tuple], list[tuple[int, float]]]:
    """Four weeks of made-up series: (name, labels) -> [(ts_ms, value)]. Resets, a gap, odd offsets, odd values."""
    rng = random.Random(20260302)
    made: dict[tuple[str, tuple], list[tuple[int, float]]] = {}
    for n, path in enumerate(["/posts/:id", '/say "hi"', "back\\slash", "línea"]):
        value, rows = 0.0, []
        for i in range(-96, DAYS * 86_400 // STEP):
            value = 0.0 if rng.random() < 0.003 else value + rng.choice([0, 1, 2, 7.25])
            if not (n == 1 and 500 < i < 560):  # not scraped for half a day
                rows.append(((LAUNCH_S + i * STEP) * 1000 + n * 137 + (rng.randrange(9) if n == 2 else 0), value))
        made["http_requests_total", (("path", path),)] = rows
    odd = [1e300, -1e-300, 5e-324, 0.1 + 0.2, -0.0, 3.0, 2.0**53 + 2]
    rows = [((LAUNCH_S + i * STEP) * 1000, rng.choice(odd)) for i in range(DAYS * 96)]
    made["memory_bytes", (("instance", "a"),)] = rows
    for le in ("0.1", "1", "+Inf"):
        made["rt_seconds_bucket", (("le", le),)] = [((LAUNCH_S + i * STEP) * 1000, float(i)) for i in range(DAYS * 96)]
    return made


HISTORY = history()
EXPECTED = sorted(
    (name, json.dumps(dict(labels), separators=(",", ":"), ensure_ascii=False), ts, value)
    for (name, labels), rows in HISTORY.items()
    for ts, value in rows
    if ts < END * 1000
)


def openmetrics() -> str:
    lines = []
    for (name, labels), rows in HISTORY.items():
        quoted = [f'{k}="' + v.replace("\\", "\\\\").replace('"', '\\"') + '"' for k, v in labels]
        lines += [f"{name}{{{','.join(quoted)}}} {value!r} {ts / 1000:.3f}" for ts, value in rows]
    return "\n".join([*lines, "# EOF\n"])


@pytest.fixture(scope="module")
def url(prometheus_of) -> str:
    return prometheus_of(openmetrics())


def source(url: str, folder: Path, **options) -> tuple[Prometheus, object]:
    config = settings(folder, {"kind": "prometheus", "name": "metrics", "url": url, **options})
    return Prometheus(config.sources[0], config), config


@pytest.mark.parametrize("remote_read", [True, False], ids=["remote-read", "json"])
@pytest.mark.parametrize("piece", [1_000_000, 400], ids=["one-piece", "fifty-pieces"])
def test_every_road_and_every_cut_gives_the_rows_put_in(
    url: str, tmp_path: Path, remote_read: bool, piece: int
) -> None:
    prometheus, config = source(url, tmp_path)
    prometheus.remote_read, prometheus.piece = remote_read, piece
    store = RawStore(tmp_path / "raw.duckdb")
    assert prometheus.load(store, run(config, 1, END)) == []
    assert samples(store) == EXPECTED
    row = ledger(store)[0]
    assert (row["accepted"], row["duplicates"], row["quarantined"]) == (len(EXPECTED), 0, 0)
    assert (state(store)[EVERYTHING]["covers_to_us"]) == END * 1_000_000


def test_remote_read_is_the_road_that_a_real_server_offers(url: str, tmp_path: Path, monkeypatch) -> None:
    prometheus, config = source(url, tmp_path)
    monkeypatch.setattr("data.sources.prometheus_server.Server.json_samples", None)
    store = RawStore(tmp_path / "raw.duckdb")
    assert prometheus.load(store, run(config, 1, END)) == []
    assert len(samples(store)) == len(EXPECTED)


@pytest.mark.parametrize("remote_read", [True, False], ids=["remote-read", "json"])
def test_56_refreshes_equal_one(url: str, tmp_path: Path, remote_read: bool) -> None:
    prometheus, config = source(url, tmp_path)
    prometheus.remote_read = remote_read
    store = RawStore(tmp_path / "raw.duckdb")
    for n in range(1, 57):
        assert prometheus.load(store, run(config, n, LAUNCH_S + n * DAYS * 86_400 / 56)) == []
    assert samples(store) == EXPECTED
    rows = ledger(store)
    assert sum(r["accepted"] for r in rows) == len(EXPECTED)
    # The overlap of two scrapes was read again each time, and nothing was taken twice.
    assert all(0 < r["duplicates"] <= 3 * len(HISTORY) for r in rows[1:])


def test_the_same_refresh_twice_adds_nothing(url: str, tmp_path: Path) -> None:
    prometheus, config = source(url, tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    prometheus.load(store, run(config, 1, END))
    assert prometheus.load(store, run(config, 2, END)) == []
    assert ledger(store)[1]["accepted"] == 0
    assert samples(store) == EXPECTED


def test_a_clock_set_back_moves_nothing(url: str, tmp_path: Path) -> None:
    prometheus, config = source(url, tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    prometheus.load(store, run(config, 1, END))
    before = state(store)[EVERYTHING]
    assert prometheus.load(store, run(config, 2, END - 86_400)) == []
    after = state(store)[EVERYTHING]
    assert (after["watermark"], after["covers_to_us"]) == (before["watermark"], before["covers_to_us"])
    assert samples(store) == EXPECTED


def test_a_server_with_a_low_sample_limit_is_asked_for_less(prometheus_of, tmp_path: Path) -> None:
    limited = prometheus_of(openmetrics(), flags=("--query.max-samples=2000",))
    prometheus, config = source(limited, tmp_path)
    prometheus.remote_read = False
    store = RawStore(tmp_path / "raw.duckdb")
    assert prometheus.load(store, run(config, 1, END)) == []
    assert samples(store) == EXPECTED


def test_types_come_from_the_settings_before_the_name(url: str, tmp_path: Path) -> None:
    prometheus, config = source(url, tmp_path, types={"memory_bytes": "counter"})
    store = RawStore(tmp_path / "raw.duckdb")
    prometheus.load(store, run(config, 1, END))
    kinds = dict(store.cursor().execute("SELECT DISTINCT metric, type FROM raw_series").fetchall())
    assert kinds == {"memory_bytes": "counter", "http_requests_total": "counter", "rt_seconds_bucket": "histogram"}
    warnings = state(store)[EVERYTHING]["warnings"]
    assert "types of 2 metrics are guessed from their names: http_requests_total, rt_seconds_bucket" in warnings


def test_one_bad_matcher_does_not_stop_the_others(url: str, tmp_path: Path) -> None:
    matchers = ["memory_bytes", "{job=app}", '{__name__=~"a(b"}']
    prometheus, config = source(url, tmp_path, matchers=matchers)
    store = RawStore(tmp_path / "raw.duckdb")
    failed = prometheus.load(store, run(config, 1, END))
    assert len(failed) == 2
    assert '"{job=app}" is no series selector; write for example {job="app"}' in failed[0]
    assert "bad_data" in failed[1]
    assert "missing closing )" in failed[1]
    assert {row[0] for row in samples(store)} == {"memory_bytes"}
    assert {i: s["error"] is None for i, s in state(store).items()} == dict(
        zip(matchers, [True, False, False], strict=True)
    )


def test_a_server_that_forgets_too_early_is_named(prometheus_of, tmp_path: Path) -> None:
    prometheus, config = source(prometheus_of(retention="15d"), tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    assert prometheus.load(store, run(config, 1, END)) == []
    row = state(store)[EVERYTHING]
    assert "keeps samples for 15d, the programme so far needs 29 days; refresh daily" in row["warnings"]
    assert row["covers_from_us"] == (END - 15 * 86_400) * 1_000_000


def test_a_server_that_is_down_is_one_sentence_and_changes_nothing(url: str, tmp_path: Path) -> None:
    prometheus, config = source(url, tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    prometheus.load(store, run(config, 1, END))
    before = state(store)[EVERYTHING]
    gone, config = source("http://127.0.0.1:9", tmp_path)
    failed = gone.load(store, run(config, 2, END + 3600))
    assert failed == ["metrics: Prometheus at http://127.0.0.1:9: connection refused; is it running, and is url right?"]
    after = state(store)[EVERYTHING]
    assert (after["watermark"], after["last_success_us"]) == (before["watermark"], before["last_success_us"])
    assert "connection refused" in after["error"]
    assert samples(store) == EXPECTED
