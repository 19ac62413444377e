"""PromQL files as a source: the server's own values on a grid, whatever the cut, and a sentence for each that fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import requests

from data import sql
from data.errors import SourceError
from data.raw import RawStore
from data.sources import prometheus_expressions as expressions
from data.sources.prometheus import Prometheus
from data.sources.prometheus_http import TooMuch
from tests.sources_live.support import LAUNCH_S, ledger, run, samples, settings, state

HOUR = 3600
STEP = 300
END = LAUNCH_S + 30 * HOUR
HEAD = "# name: {name}\n# What: a test\n# Unit: ratio\n# Type: {type}\n# Step: {step}\n"
RATIO = 'sum by (job) (rate(r_total{code="500"}[10m])) / sum by (job) (rate(r_total[10m]))'


def openmetrics() -> str:
    """Requests of two jobs each minute; job b stands still for its first ten hours, so its ratio is 0 / 0 there."""
    lines = ["# TYPE r counter"]
    for job, code in (("a", "200"), ("a", "500"), ("b", "200"), ("b", "500")):
        for i in range(-60, 30 * 60):
            moving = max(0, i - 600) if job == "b" else i + 60
            value = moving * (7 if code == "200" else 2) + (moving % 5)
            lines.append(f'r_total{{job="{job}",code="{code}"}} {value} {LAUNCH_S + i * 60}')
    return "\n".join([*lines, "# EOF\n"])


@pytest.fixture(scope="module")
def url(prometheus_of) -> str:
    return prometheus_of(openmetrics())


def write(folder: Path, name: str, text: str, type: str = "gauge", step: str = "5m") -> None:
    (folder / f"{name}.promql").write_text(HEAD.format(name=name, type=type, step=step) + text + "\n", "utf-8")


def source(url: str, folder: Path) -> tuple[Prometheus, object]:
    config = settings(
        folder,
        {"kind": "prometheus", "name": "metrics", "url": url, "matchers": ["r_total"], "expressions": ["*.promql"]},
    )
    return Prometheus(config.sources[0], config), config


def computed(store: RawStore) -> list[tuple]:
    return [row for row in samples(store) if row[0].startswith("computed:")]


def servers_own(url: str, text: str) -> list[tuple[str, int, float]]:
    """(job, ts_ms, value) by one instant query a point, which is another road than query_range."""
    made = []
    for at in range(LAUNCH_S - 24 * HOUR, END, STEP):
        answer = requests.get(f"{url}/api/v1/query", params={"query": text, "time": at}, timeout=10).json()
        made += [(r["metric"]["job"], at * 1000, float(r["value"][1])) for r in answer["data"]["result"]]
    return sorted(m for m in made if not np.isnan(m[2]))


@pytest.mark.real
@pytest.mark.parametrize("points", [10_000, 7], ids=["one-question", "many"])
def test_values_are_the_servers_own_at_each_point_of_the_grid(
    url: str, tmp_path: Path, points: int, monkeypatch
) -> None:
    monkeypatch.setattr(expressions.grid, "__defaults__", (points,))
    write(tmp_path, "error_share", RATIO)
    prometheus, config = source(url, tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    assert prometheus.load(store, run(config, 1, END)) == []
    got = sorted((labels[8:-2], ts, value) for _, labels, ts, value in computed(store))
    assert got == servers_own(url, RATIO)
    assert {job for job, _, _ in got} == {"a", "b"}
    first_of_b = min(ts for job, ts, _ in got if job == "b")
    assert first_of_b >= (LAUNCH_S + 10 * HOUR) * 1000, "0 / 0 was stored as a value"


@pytest.mark.real
def test_pulling_in_many_refreshes_equals_pulling_at_once(url: str, tmp_path: Path) -> None:
    write(tmp_path, "error_share", RATIO)
    prometheus, config = source(url, tmp_path)
    once, often = RawStore(tmp_path / "once.duckdb"), RawStore(tmp_path / "often.duckdb")
    prometheus.load(once, run(config, 1, END))
    for n, at in enumerate(range(LAUNCH_S, END + 1, 5 * HOUR + 77)):
        assert prometheus.load(often, run(config, n + 1, at)) == []
    assert prometheus.load(often, run(config, 99, END)) == []
    assert computed(often) == computed(once) != []
    rows = [r for r in ledger(often) if r["item"] == "computed:error_share"]
    assert sum(r["duplicates"] for r in rows) > 0, "the seam was not read again"
    assert sum(r["conflicting"] for r in rows) == 0


@pytest.mark.real
def test_a_wrong_expression_is_told_in_the_servers_words_and_stops_no_other(url: str, tmp_path: Path) -> None:
    write(tmp_path, "a_broken", "sum(rate(r_total[5m])")
    write(tmp_path, "b_mixed", 'r_total{job="a"} + on(job) r_total')
    (tmp_path / "c_headless.promql").write_text("up\n", "utf-8")
    write(tmp_path, "d_good", "sum(r_total)", type="counter")
    prometheus, config = source(url, tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    told = prometheus.load(store, run(config, 1, END))
    assert len(told) == 3
    assert "a_broken.promql" in told[0] and "unclosed left parenthesis" in told[0]
    assert "b_mixed.promql" in told[1] and "many-to-many matching not allowed" in told[1]
    assert "c_headless.promql" in told[2] and '"# name: ..."' in told[2]
    assert {m for m, *_ in computed(store)} == {"computed:d_good"}
    states = state(store)
    assert states["computed:a_broken"]["error"] and states["c_headless.promql"]["error"]

    (tmp_path / "a_broken.promql").unlink()
    write(tmp_path, "b_mixed", "max by (job) (r_total)")
    (tmp_path / "c_headless.promql").unlink()
    assert prometheus.load(store, run(config, 2, END)) == []
    assert not [item for item, row in state(store).items() if row["error"]], "what is gone needs no repair"


@pytest.mark.real
def test_a_changed_expression_does_not_go_on_under_the_old_name(url: str, tmp_path: Path) -> None:
    write(tmp_path, "load", "sum(r_total)")
    prometheus, config = source(url, tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    prometheus.load(store, run(config, 1, END - HOUR))
    before = computed(store)
    write(tmp_path, "load", "sum(r_total) / 2")
    told = prometheus.load(store, run(config, 2, END))
    assert len(told) == 1 and "name of its own" in told[0]
    assert computed(store) == before


def test_two_series_that_only_their_name_tells_apart_are_refused(url: str, tmp_path: Path) -> None:
    write(tmp_path, "both", '{__name__=~"r_total|up"}')
    expression = expressions.parse((tmp_path / "both.promql").read_text("utf-8"), {})
    ts = np.array([0])
    answer = [({"__name__": n, "job": "a"}, ts, ts * 1.0) for n in ("x", "y")]
    with pytest.raises(SourceError, match="metric's name only"):
        list(expressions._asked(lambda *_: answer, expression, 0, 0))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("# name: Big Name", "small letters"),
        ("# Type: histogram", "gauge or counter"),
        ("# Step: often", "such as 5m"),
        ("# Step: 0s", "such as 5m"),
        ("# Step: ", '"# Step: ..."'),
        ("# name: used", "old.promql"),
    ],
)
def test_a_header_that_is_wrong_is_told(line: str, words: str) -> None:
    key = line.split(":", maxsplit=1)[0]
    content = HEAD.format(name="x", type="gauge", step="5m") + "up\n"
    changed = "\n".join(line if one.startswith(key + ":") else one for one in content.splitlines())
    with pytest.raises(SourceError) as told:
        expressions.parse(changed, {"used": "old.promql"})
    assert words in str(told.value)


def test_grid_holds_each_point_once_and_in_small_questions() -> None:
    asked = list(expressions.grid(1_001, 100_000, 1_000, points=7))
    points = [p for first, last in asked for p in range(first, last + 1, 1_000)]
    assert points == list(range(2_000, 100_000, 1_000))
    assert max((last - first) // 1_000 + 1 for first, last in asked) == 7
    assert list(expressions.grid(1_001, 2_000, 1_000)) == []
    assert list(expressions.grid(1_001, 2_001, 1_000)) == [(2_000, 2_000)]


def test_a_question_too_large_is_asked_in_halves_without_loss() -> None:
    expression = expressions.parse(HEAD.format(name="x", type="gauge", step="1s") + "up\n", {})

    def ask(_: str, first: int, last: int, step: int) -> list:
        if last - first >= 3 * step:
            raise TooMuch("too many samples")
        ts = np.arange(first, last + 1, step)
        return [({"job": "a"}, ts, ts * 1.0)]

    got = [t for _, ts, _ in expressions._asked(ask, expression, 5_000, 42_000) for t in ts]
    assert got == list(range(5_000, 42_001, 1_000))


def test_the_files_that_come_with_the_project_are_expressions() -> None:
    files = sorted((sql.ROOT / "prometheus").glob("*.promql"))
    assert [expressions.parse(f.read_text("utf-8"), {}).name for f in files] == [f.stem for f in files] != []


def test_a_server_that_cannot_be_reached_fails_each_expression_too(tmp_path: Path) -> None:
    write(tmp_path, "good", "vector(1)")
    (tmp_path / "bad.promql").write_text("up\n", "utf-8")
    prometheus, config = source("http://127.0.0.1:1", tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    assert len(prometheus.load(store, run(config, 1, END))) == 1, "one sentence for the whole source"
    told = {row["item"]: row["note"] for row in ledger(store)}
    assert sorted(told) == ["bad.promql", "computed:good", "r_total"]
    assert told["computed:good"] == told["r_total"] and "# name" in told["bad.promql"]
