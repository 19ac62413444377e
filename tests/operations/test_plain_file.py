"""`python -m kpis series --openmetrics`: the worked cases, and every way a plain file can be wrong."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from data.cli import main
from data.errors import BetaError
from data.sample_file import read
from tests.operations.test_cases import BY_KIND, COUNTERS, name, number


def dumped(case: dict, path: Path, metric: str) -> Path:
    """The series of a case as OpenMetrics text, one block a series as promtool writes it."""
    lines = []
    for series in case["series"]:
        labels = ",".join(f'{k}="{v}"' for k, v in series["labels"].items())
        lines += [f"{metric}{{{labels}}} {value} {ts}" for ts, value in series["samples"]]
    path.write_text("\n".join([*lines, "# EOF", ""]), encoding="utf-8")
    return path


def values(capsys: pytest.CaptureFixture, *arguments: str) -> dict:
    status = main("kpis", "", ["series", *arguments, "--format", "json"])
    said = capsys.readouterr()
    assert status == 0, said.err
    return json.loads(said.out)["values"]


@pytest.mark.parametrize("case", COUNTERS, ids=[c["name"] for c in COUNTERS])
def test_increase_and_rate(case: dict, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = str(dumped(case, tmp_path / "x.om", "requests_total"))
    at, window = case["computation"]["eval_t"], case["computation"]["window_s"]
    where = ("--openmetrics", file, "--metric", "requests_total", "--at", str(at), "--window", f"{window}s")
    expected = case["exact_anchored_increase"]
    assert values(capsys, *where, "--function", "increase") == expected
    label = next(iter(case["series"][0]["labels"]))
    assert values(capsys, *where, "--function", "increase", "--by", label) == expected
    assert values(capsys, *where, "--by", "") == {"": sum(expected.values())}
    assert values(capsys, *where, "--function", "rate") == pytest.approx({k: v / window for k, v in expected.items()})
    assert {name(s["labels"]) for s in case["series"]} == set(expected)


HISTOGRAMS = [*BY_KIND["histogram_quantile"], *BY_KIND["histogram_fraction"]]


@pytest.mark.parametrize("metric", ["h", "h_bucket"])
@pytest.mark.parametrize("case", HISTOGRAMS, ids=[c["name"] for c in HISTOGRAMS])
def test_quantile_and_fraction(case: dict, metric: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    c = case["computation"]
    file = str(dumped(case, tmp_path / "x.om", "h_bucket"))
    where = ["--openmetrics", file, "--metric", metric, "--at", str(c["eval_t"]), "--by", ",".join(c["group_by"])]
    if c["window_s"]:
        where += ["--window", f"{c['window_s']}s"]
    if c["kind"] == "histogram_quantile":
        where += ["--function", "quantile", "--quantile", str(c["q"])]
    else:
        where += ["--function", "fraction", "--lower", str(c["lower"]), "--upper", str(c["upper"])]
    got = values(capsys, *where)
    for group, value in case["expected"].items():
        expected = number(value)
        if math.isnan(expected):
            assert got[group] is None
        else:
            assert (math.inf if got[group] == "+Inf" else got[group]) == pytest.approx(expected, abs=1e-9)


HISTOGRAM = """\
# TYPE d histogram
d_bucket{le="0.2"} 0 0
d_bucket{le="0.2"} 8 60
d_bucket{le="+Inf"} 0 0
d_bucket{le="+Inf"} 10 60
d_sum 3 60
d_count 10 60
# EOF
"""


def test_share_of_a_bound(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = tmp_path / "d.om"
    file.write_text(HISTOGRAM)
    got = values(capsys, "--openmetrics", str(file), "--metric", "d", "--function", "share", "--window", "1m")
    assert got == {"": 0.8}
    later = ("--at", "1970-01-01T01:02:00+01:00")  # 120 s
    got = values(capsys, "--openmetrics", str(file), "--metric", "d", "--function", "share", *later, "--window", "1m")
    assert got == {"": None}, "a window without a sample says nothing, not 0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x_total 1\n", "x.om: line 1 carries no timestamp"),
        ("x_total 1 10\nx_total one 20\n", "x.om: line 2 is no sample"),
        ("x_total 1 10\nx_total 2 10\n", "two values at one instant"),
        ("y_total 1 10\n", 'holds no series of x_total (did you mean "y_total"?)'),
        ("", "holds no series"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "x.om"
    file.write_text(text)
    with pytest.raises(BetaError) as error:
        read(file, ("x_total",))
    assert words in str(error.value)


def test_order_of_lines_repeats_and_ends_of_series_change_nothing(tmp_path: Path) -> None:
    file = tmp_path / "x.om"
    file.write_text('x_total{a="1"} 5 30\nx_total{a="1"} 1 10\nx_total{a="1"} 5 30\nx_total{a="1"} NaN 40')
    (found,) = read(file, ("x_total",))
    assert (found.ts.tolist(), found.values.tolist()) == ([10, 30], [1, 5])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--metric", "d_count", "--function", "increase"], "needs a window"),
        (["--metric", "d_count", "--function", "mean"], "no function mean of a file"),
        (["--metric", "d_sum", "--function", "quantile"], "is no histogram"),
        (["--function", "increase"], "needs --metric"),
    ],
)
def test_a_wrong_question_is_told(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    file = tmp_path / "d.om"
    file.write_text(HISTOGRAM)
    assert main("kpis", "", ["series", "--openmetrics", str(file), *arguments]) == 1
    assert words in capsys.readouterr().err
