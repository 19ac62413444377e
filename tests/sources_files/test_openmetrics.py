"""Metrics as text: OpenMetrics, Prometheus text, promtool's dumps."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from data.sources import exposition
from data.sources.blocks import Block
from tests.sources_files.support import Bench

T = 1772445600  # 2026-03-02 10:00 UTC


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path, kind="openmetrics")
    yield made
    made.store.close()


def load(bench, *lines, name="m.om"):
    bench.write(name, "".join(f"{line}\n" for line in lines).encode())
    return bench.load()


def samples(bench):
    """(metric, labels, type) -> [(ms, value)]."""
    names = {r["series_id"]: (r["metric"], r["labels"], r["type"]) for r in bench.table("raw_series")}
    found: dict = {}
    for row in bench.table("raw_sample"):
        found.setdefault(names[row["series_id"]], []).append((row["ts_ms"], row["value"]))
    return found


def types(bench):
    return {r["metric"]: r["type"] for r in bench.table("raw_series")}


def test_an_openmetrics_text(bench):
    assert load(
        bench, "# HELP http_requests Requests # counted", "# TYPE http_requests counter",
        "# UNIT http_requests requests",
        f'http_requests_total{{path="/a b",status="200"}} 5 {T}.123 # {{trace_id="x"}} 1 {T}',
        f'http_requests_total{{path="/a b",status="200"}} 7.5 {T + 15}.123', "# TYPE up gauge", f"up 1 {T}", "# EOF",
    ) == []  # fmt: skip
    assert samples(bench) == {
        ("http_requests_total", '{"path":"/a b","status":"200"}', "counter"): [
            (T * 1000 + 123, 5),
            (T * 1000 + 15123, 7.5),
        ],
        ("up", "{}", "gauge"): [(T * 1000, 1)],
    }
    assert (bench.last["read"], bench.last["accepted"], bench.last["blank"]) == (8, 3, 5)
    assert {r["unit"] for r in bench.table("raw_series")} == {"requests", None}


def test_escaped_labels(bench):
    load(bench, rf'm{{a="x\"y\\z\nw",b="{{}},= #",c="",d="é"}} 1 {T}')
    assert [json.loads(r["labels"]) for r in bench.table("raw_series")] == [
        {"a": 'x"y\\z\nw', "b": "{},= #", "d": "é"}]  # fmt: skip


@pytest.mark.parametrize("stamp", [f"{T}", f"{T}.0", f"{T}000", f"{T}.000", "1.7724456e9", "1.7724456e+12"])
def test_seconds_and_milliseconds(bench, stamp):
    load(bench, f"m 1 {stamp}")
    assert [r["ts_ms"] for r in bench.table("raw_sample")] == [T * 1000]


def test_every_millisecond_is_exact(bench):
    load(bench, *(f"m {n} {T}.{n:03d}" for n in range(1000)))
    assert [r["ts_ms"] for r in bench.table("raw_sample")] == [T * 1000 + n for n in range(1000)]


REFUSED = {
    f'm{{a="1"}} 1_000 {T}': "malformed",
    f"m abc {T}": "malformed",
    f"m ５ {T}": "malformed",
    f'm{{a="1",a="2"}} 1 {T}': "duplicate_key",
    f'm{{a="1" 1 {T}': "malformed",
    f"m{{a=1}} 1 {T}": "malformed",
    f"9m 1 {T}": "malformed",
    'm{a="1 2"} 1': "schema",
    "m 1": "schema",
    "m": "malformed",
    "m 1 soon": "time",
    "m 1 NaN": "time",
    "m 1 1893456000": "future",
    f"m +Inf {T}": "number",
    f"m NaN {T}": "number",
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_bad_line_is_quarantined_and_its_neighbours_live(bench, line):
    assert load(bench, "# TYPE m gauge", f"m 1 {T}", line, f"m 2 {T + 1}") == []
    assert [r["value"] for r in bench.table("raw_sample")] == [1, 2]
    (row,) = bench.table("quarantine")
    assert row["reason"] == REFUSED[line]
    if row["reason"] != "number":
        assert (row["line"], bytes(row["excerpt"]).decode()) == (3, line)


def test_nan_in_a_plain_dump_is_the_end_of_a_series(bench):
    """Dumps write stale markers as NaN; a thousand of them are no thousand errors."""
    load(bench, f"m 1 {T}", f"m NaN {T + 1}")
    assert (bench.last["accepted"], bench.last["blank"], bench.last["quarantined"]) == (1, 1, 0)
    assert "1 samples are NaN" in bench.warnings


def test_the_older_dump_of_promtool(bench):
    load(bench, f'{{__name__="up", instance="a:1", job="app"}} 1 {T}000')
    assert samples(bench) == {("up", '{"instance":"a:1","job":"app"}', "gauge"): [(T * 1000, 1)]}


def test_types_from_names_only_as_the_last_resort(bench):
    load(bench, *(f"{name} 1 {T}" for name in (
        "a_total", 'lat_bucket{le="1"}', "lat_sum", "lat_count", "gc_sum", "gc_count", "pg_stat_activity_count",
        "process_start_time_seconds")))  # fmt: skip
    assert types(bench) == {
        "a_total": "counter", "lat_bucket": "histogram", "lat_sum": "histogram", "lat_count": "histogram",
        "gc_sum": "summary", "gc_count": "summary", "pg_stat_activity_count": "gauge",
        "process_start_time_seconds": "gauge"}  # fmt: skip
    assert "8 metrics have no known type" in bench.warnings


def test_types_from_type_lines_and_the_settings_before_names(tmp_path):
    bench = Bench(tmp_path, kind="openmetrics", types={"odd_total": "gauge", "plain": "counter"})
    load(bench, "# TYPE lat histogram", "# TYPE queue_total gauge", f'lat_bucket{{le="+Inf"}} 1 {T}', f"lat_sum 1 {T}",
         f"queue_total 1 {T}", f"odd_total 1 {T}", f"plain 1 {T}")  # fmt: skip
    assert types(bench) == {"lat_bucket": "histogram", "lat_sum": "histogram", "queue_total": "gauge",
                            "odd_total": "gauge", "plain": "counter"}  # fmt: skip
    assert "no known type" not in bench.warnings


def test_a_type_that_is_learnt_later_replaces_the_guess(bench):
    load(bench, f"m 1 {T}", name="a.om")
    bench.write("b.om", f"# TYPE m counter\nm 2 {T + 1}\n".encode())
    bench.load()
    assert types(bench) == {"m": "counter"}


def test_a_growing_file_keeps_its_types(bench):
    load(bench, "# TYPE odd counter", f"odd 1 {T}")
    with (bench.folder / "in/m.om").open("ab") as out:
        out.write(f'odd{{a="new"}} 2 {T + 1}\nodd 3 {T + 15}'.encode())
    bench.load()
    assert (bench.last["read"], types(bench)) == (1, {"odd": "counter"})
    assert {r["type"] for r in bench.table("raw_series")} == {"counter"}
    assert "held back" in bench.warnings  # the last time may still grow digits


def test_the_same_dump_twice_adds_nothing(bench):
    lines = [f"m {n} {T + n}" for n in range(50)]
    load(bench, *lines)
    bench.write("again.om.gz", gzip.compress("".join(f"{line}\n" for line in reversed(lines)).encode()))
    bench.load()
    assert len(bench.table("raw_sample")) == 50
    assert sum(r["duplicates"] for r in bench.table("load_ledger")) == 50


def test_another_value_at_the_same_time_keeps_the_first(bench):
    load(bench, f"m 1 {T}", f"m 2 {T}")
    assert [r["value"] for r in bench.table("raw_sample")] == [1]
    assert bench.reasons() == ["conflicting_duplicate"]


def test_samples_from_before_the_programme_are_counted_and_left_out(bench):
    load(bench, "m 1 1600000000", f"m 1 {T}")
    assert (bench.last["accepted"], bench.last["blank"], bench.last["quarantined"]) == (1, 1, 0)
    assert "1 samples from before the programme were left out" in bench.warnings


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\n".join(b"m%d 1" % n for n in range(30)) + b"\n", "promtool tsdb dump-openmetrics"),
     (b"".join(b"m %d %d000000\n" % (n, T + n) for n in range(30)), "seconds (OpenMetrics) or milliseconds"),
     (b"<html>\n<body>login</body>\n", "is not OpenMetrics text (first bad line 1"),
     (b"m 1 1772445600\nm{a=\"\xff\"} 1 1772445600\n", "line 2 is not UTF-8")],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused(bench, content, words):
    bench.write("m.om", content)
    (sentence,) = bench.load()
    assert words in sentence
    assert bench.table("raw_sample") == bench.table("quarantine") == []


LABELS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), st.text(min_size=1, max_size=8), max_size=3
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def series_text(name, labels):
    def escaped(value):
        return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    return name + ("{" + ",".join(f'{k}="{escaped(v)}"' for k, v in labels.items()) + "}" if labels else "")


@example_settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(LABELS, NUMBERS, st.integers(0, 10**6), st.booleans()), min_size=1, max_size=12))
def test_what_is_written_is_read(rows):
    """Round trip against a writer of its own; some lines carry an exemplar and go the slow way."""
    text = "".join(
        f"{series_text('m', labels)} {value!r} {T + n}.5{' # {} 1' if exemplar else ''}\n"
        for labels, value, n, exemplar in rows
    )
    parsed = exposition.parse(Block.of(text.encode(), 0, 1))
    assert parsed.refused == []
    found = sorted(
        (int(line), exposition.labels_of(parsed.series[code]), ms, value)
        for line, code, ms, value in zip(parsed.lines, parsed.codes, parsed.ts_ms, parsed.values, strict=True)
    )
    assert found == [(i, ("m", labels), (T + n) * 1000 + 500, value) for i, (labels, value, n, _) in enumerate(rows)]
