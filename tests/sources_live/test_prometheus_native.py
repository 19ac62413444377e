"""Native histograms of a real server: exact at every bound, quantiles within a fourth of a power of two."""

from __future__ import annotations

import json
import math
import random
import struct
from bisect import bisect_left
from pathlib import Path

import pytest
import requests

from data.errors import SourceError
from data.raw import RawStore
from data.sources.prometheus import Prometheus
from data.sources.prometheus_http import TooMuch
from data.sources.prometheus_native import bounds_of, fold, read
from data.sources.prometheus_plan import Piece
from kpis.operations.histograms import quantile
from tests.sources_live.support import LAUNCH_S, run, samples, settings, state

STEP, N = 60, 200
END = LAUNCH_S + N * STEP
SCHEMA = 3  # eight buckets to a power of two
NAME = "rt_seconds"
BOUNDS = bounds_of(NAME)
CHANGED = "changed_seconds"


def varint(n: int) -> bytes:
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def zigzag(n: int) -> int:
    return n << 1 if n >= 0 else (-n << 1) - 1


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def double(field: int, value: float) -> bytes:
    return varint(field << 3 | 1) + struct.pack("<d", value)


def nested(field: int, body: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(body)) + body


def histogram(observed: list[float], ts_ms: int) -> bytes:
    """prompb.Histogram of the observations: bucket i holds (2^((i-1)/8), 2^(i/8)]."""
    counts: dict[int, int] = {}
    for value in observed:
        i = math.ceil(math.log2(value) * 2**SCHEMA - 1e-12)
        counts[i] = counts.get(i, 0) + 1
    low, high = min(counts), max(counts)
    dense = [counts.get(i, 0) for i in range(low, high + 1)]
    deltas = b"".join(varint(zigzag(b - a)) for a, b in zip([0, *dense], dense, strict=False))
    return (
        number(1, len(observed)) + double(3, math.fsum(observed)) + number(4, zigzag(SCHEMA)) + double(5, 1e-30)
        + number(6, 0) + nested(11, number(1, zigzag(low)) + number(2, len(dense))) + nested(12, deltas)
        + number(15, ts_ms)
    )  # fmt: skip


def snappy(body: bytes) -> bytes:
    """Snappy's block format, in literals only."""
    out = varint(len(body))
    for at in range(0, len(body), 60):
        part = body[at : at + 60]
        out += bytes([(len(part) - 1) << 2]) + part
    return out


def history() -> list[tuple[int, list[float]]]:
    """(ts_ms, all observations since the last restart); the process restarts in the middle."""
    rng, seen, rows = random.Random(7), [0.05], []
    for i in range(N):
        if i == N // 2:
            seen = [0.01]
        seen = [*seen, *(rng.lognormvariate(-2, 1) for _ in range(rng.randrange(1, 6))), 0.25]
        rows.append(((LAUNCH_S + i * STEP) * 1000, list(seen)))
    return rows


HISTORY = history()


@pytest.fixture(scope="module")
def url(prometheus_of) -> str:
    flags = ("--enable-feature=native-histograms", "--web.enable-remote-write-receiver")
    address = prometheus_of(None, flags=flags)
    for ts, seen in HISTORY:
        push(address, label_set(__name__=NAME, job="app") + nested(4, histogram(seen, ts)))
        _push_changing(address, ts, seen)
    return address


def _push_changing(address: str, ts: int, seen: list[float]) -> None:
    """A client with classic buckets in its first 120 scrapes, and native ones from the 80th on."""
    number_of = (ts // 1000 - LAUNCH_S) // STEP
    if number_of < 120:
        for le in (0.25, 1.0, math.inf):
            labels = label_set(__name__=f"{CHANGED}_bucket", job="app", le="+Inf" if math.isinf(le) else str(le))
            push(address, labels + nested(2, double(1, sum(v <= le for v in seen)) + number(2, ts)))
    if number_of >= 80:
        push(address, label_set(__name__=CHANGED, job="app") + nested(4, histogram(seen, ts)))


def push(address: str, series: bytes) -> None:
    headers = {"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf"}
    answer = requests.post(f"{address}/api/v1/write", data=snappy(nested(1, series)), headers=headers, timeout=10)
    assert answer.status_code in (200, 204), answer.text


def label_set(**labels: str) -> bytes:
    return b"".join(nested(1, nested(1, k.encode()) + nested(2, v.encode())) for k, v in sorted(labels.items()))


def pulled(url: str, folder: Path, *, remote_read: bool = True) -> RawStore:
    config = settings(folder, {"kind": "prometheus", "name": "metrics", "url": url, "matchers": [NAME]})
    prometheus = Prometheus(config.sources[0], config)
    prometheus.remote_read = remote_read
    store = RawStore(folder / "raw.duckdb")
    assert prometheus.load(store, run(config, 1, END)) == []
    return store


def ask(url: str, query: str, at: float) -> float:
    answer = requests.get(f"{url}/api/v1/query", params={"query": query, "time": at}, timeout=10).json()
    return float(answer["data"]["result"][0]["value"][1])


@pytest.mark.real
@pytest.mark.parametrize("remote_read", [True, False], ids=["remote-read", "json"])
def test_every_sample_is_exact_at_every_bound(url: str, tmp_path: Path, remote_read: bool) -> None:
    store = pulled(url, tmp_path, remote_read=remote_read)
    got = {(m, json.loads(labels).get("le"), ts): value for m, labels, ts, value in samples(store)}
    assert len(got) == N * (len(BOUNDS) + 3)
    for ts, seen in HISTORY:
        ordered = sorted(seen)
        for bound in BOUNDS:
            expected = bisect_left(ordered, math.nextafter(bound, math.inf))
            assert got[f"{NAME}_bucket", repr(bound), ts] == expected, (ts, bound)
        assert got[f"{NAME}_count", None, ts] == got[f"{NAME}_bucket", "+Inf", ts] == len(seen)
        assert got[f"{NAME}_sum", None, ts] == math.fsum(seen)
    kinds = store.cursor().execute("SELECT DISTINCT type FROM raw_series").fetchall()
    assert kinds == [("histogram",)], "buckets of unknown type would be read as gauges"
    assert "folded into buckets, at most four to a power of two" in state(store)["rt_seconds"]["warnings"]


@pytest.mark.real
def test_shares_equal_the_servers_own_and_its_quantile_lies_in_our_bucket(url: str, tmp_path: Path) -> None:
    store = pulled(url, tmp_path)
    at = HISTORY[-1][0]
    got = {
        float(json.loads(labels)["le"]): value
        for m, labels, ts, value in samples(store) if m.endswith("_bucket") and ts == at
    }  # fmt: skip
    for bound in (0.0625, 0.125, 0.25, 0.5, 1.0):
        own = ask(url, f"histogram_fraction(0, {bound}, {NAME})", at / 1000)
        assert got[bound] / got[math.inf] == pytest.approx(own, abs=1e-12)
    for q in (0.5, 0.9, 0.95, 0.99):
        own = ask(url, f"histogram_quantile({q}, {NAME})", at / 1000)
        found = quantile(list(got), list(got.values()), q)
        assert found.lower <= own <= found.upper <= found.lower * 2**0.25 * (1 + 1e-9)


@pytest.mark.real
@pytest.mark.parametrize("remote_read", [True, False], ids=["remote-read", "json"])
@pytest.mark.parametrize("cuts", [(END,), (LAUNCH_S + 90 * STEP, LAUNCH_S + 130 * STEP, END)], ids=["once", "in three"])
def test_a_client_that_goes_over_to_native_is_counted_once_and_to_its_end(
    url: str, tmp_path: Path, remote_read: bool, cuts: tuple[int, ...]
) -> None:
    matcher = f'{{__name__=~"{CHANGED}.*"}}'
    config = settings(tmp_path, {"kind": "prometheus", "name": "metrics", "url": url, "matchers": [matcher]})
    prometheus = Prometheus(config.sources[0], config)
    prometheus.remote_read = remote_read
    store = RawStore(tmp_path / "raw.duckdb")
    for at, end in enumerate(cuts, 1):
        assert prometheus.load(store, run(config, at, end)) == []
    got = [(m, json.loads(labels).get("le"), ts, value) for m, labels, ts, value in samples(store)]
    for le, bound in (("0.25", 0.25), ("1.0", 1.0), ("+Inf", math.inf)):
        found = [(ts, value) for m, other, ts, value in got if m.endswith("_bucket") and other == le]
        assert found == [(ts, sum(v <= bound * (1 + 1e-12) for v in seen)) for ts, seen in HISTORY], le
    folded = [ts for m, le, ts, _ in got if le == "0.5"]
    assert folded == [ts for ts, _ in HISTORY[120:]], "native samples only where there are no classic ones"


def le_values(series: list) -> dict[str, list[float]]:
    return {labels["le"]: v.tolist() for labels, _, v in series if labels["__name__"].endswith("_bucket")}


def test_a_change_of_schema_lowers_no_count_and_what_nobody_knows_is_left_out() -> None:
    fine = {
        "count": "5",
        "sum": "2",
        "buckets": [[0, "0.25", "0.2973017787506803", "2"], [0, "0.42044820762685725", "0.5", "3"]],
    }
    coarse = {"count": "5", "sum": "2", "buckets": [[0, "0.25", "0.5", "5"]]}
    series, wide = fold("x_seconds", {}, [(0, fine), (60, coarse)])
    assert not wide
    values = le_values(series)
    inside = [repr(2**-1.75), repr(2**-1.5), repr(2**-1.25)]
    assert [values[le] for le in inside] == [[2], [2], [2]], "a count inside a coarse bucket was made up"
    assert all(v[0] == v[1] for le, v in values.items() if le not in inside)
    assert [float(le) for le in values] == [*bounds_of("x_seconds"), math.inf]


@pytest.mark.parametrize("schema", range(9))
def test_every_bound_is_an_edge_of_schema_2_and_above_and_powers_of_two_of_all(schema: int) -> None:
    per = 2**schema
    edges = [[0, repr(2 ** ((i - 1) / per)), repr(2 ** (i / per)), "1"] for i in range(-10 * per + 1, 16 * per + 1)]
    series, wide = fold("x", {}, [(0, {"count": str(len(edges)), "sum": "1", "buckets": edges})])
    values = le_values(series)
    finest = min(schema, 2)
    assert not wide
    assert [float(le) for le in values] == [
        2 ** (n / 2**finest) for n in range(-10 * 2**finest, 16 * 2**finest + 1)
    ] + [math.inf]
    assert [v[0] for v in values.values()][:-1] == [n * per / 2**finest for n in range(len(values) - 1)]


def test_bounds_lie_where_the_name_says_that_values_do() -> None:
    seconds, ms, other = (bounds_of(f"x{end}") for end in ("_seconds", "_ms", "_bytes"))
    assert (len(seconds), len(ms), len(other)) == (75, 75, 105)
    assert 2**-9.75 in seconds and 2**6.25 not in seconds
    assert 2**15.75 in ms and 2**-0.25 not in ms
    assert {2.0**n for n in range(-10, 17)} < set(seconds) & set(ms) & set(other)


def test_a_wide_zero_bucket_hides_only_the_bounds_inside_it() -> None:
    row = {"count": "5", "sum": "2", "buckets": [[3, "-0.005", "0.005", "2"], [0, "0.25", "0.2973017787506803", "3"]]}
    series, wide = fold("x_seconds", {}, [(0, row)])
    assert wide
    values = le_values(series)
    assert min(map(float, values)) == 2**-7.5
    assert (values[repr(2**-7.5)], values["0.25"], values[repr(2**-1.75)]) == ([2], [2], [5])


def test_buckets_wider_than_a_power_of_two_are_told() -> None:
    series, wide = fold("x", {}, [(0, {"count": "5", "sum": "NaN", "buckets": [[0, "0.25", "1", "5"]]})])
    assert wide
    values = le_values(series)
    assert "0.5" not in values
    assert (values["0.25"], values["1.0"]) == ([0], [5])
    assert "x_sum" not in {labels["__name__"] for labels, _, _ in series}, "a sum that is no number was kept"


def test_halves_are_both_read_though_the_first_is_wide() -> None:
    rows = [[at, {"count": "5", "sum": "3", "buckets": [[0, "0.25", "1", "5"]]}] for at in range(0, 600, 60)]
    kept: list = []

    def ask(start_ms: int, end_ms: int) -> list:
        if end_ms - start_ms > 300_000:
            raise TooMuch("too many samples")
        return [{"metric": {"job": "app"}, "histograms": rows}]  # more than was asked for, as 2.x may

    assert read(Piece(("x",), 0, 600_000), ask, kept.append)
    counts = [ts.tolist() for part in kept for labels, ts, _ in part if labels["__name__"] == "x_count"]
    assert [t for part in counts for t in part] == [at * 1000 for at in range(0, 600, 60)]


def test_what_is_no_histogram_is_told() -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read(Piece(("x",), 0, 1000), lambda *_: [{"metric": {}, "histograms": [[0, {"count": "1"}]]}], print)
