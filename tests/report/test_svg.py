"""Both backends of a chart draw the same numbers; holes stay holes; marks and labels are inert and stable."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from kpis.charts import build, svg_backend
from kpis.charts.plotly_backend import figure
from kpis.charts.spec import ChartSpec, Heatmap, Line, Series
from kpis.charts.ticks import nice_ticks, tick_text
from kpis.model import Review


def drawn(spec: ChartSpec) -> list[list[float | None]]:
    axes = svg_backend.draw(spec).axes[0]
    named = {s.name for s in spec.series}
    lines = [line for line in axes.get_lines() if line.get_label() in named]
    return [[None if math.isnan(v) else v for v in line.get_ydata()] for line in lines]


@pytest.mark.parametrize("kpi_id", ["wau", "retention_d7", "error_ratio", "requests_within_200ms", "redis_memory_used"])
def test_both_backends_draw_the_same_points_and_limits(review: Review, kpi_id: str) -> None:
    spec = build.days(review, kpi_id)
    named = {s.name for s in spec.series}
    plotly = figure(spec)
    traces = [list(t.y) for t in plotly.data if t.name in named]
    assert drawn(spec) == traces == [list(s.y) for s in spec.series]
    axes = svg_backend.draw(spec).axes[0]
    limits = {
        line.get_ydata()[0] for line in axes.get_lines() if len(line.get_ydata()) == 2 and line.get_label()[0] == "_"
    }
    assert {line.y for line in spec.lines} <= limits
    shapes = {s.y0 for s in plotly.layout.shapes if s.yref != "paper" and s.type == "line"}
    assert {line.y for line in spec.lines} <= shapes


def test_bars_hold_the_weekly_values(review: Review) -> None:
    spec = build.seven_four(review, "csat")
    bars = next(s for s in spec.series if s.kind == "bar")
    heights = [p.get_height() for p in svg_backend.draw(spec).axes[0].patches]
    assert heights == [v for v in bars.y if v is not None]


def test_every_event_inside_the_axis_has_its_number(review: Review) -> None:
    texts = [t.get_text() for t in svg_backend.draw(build.days(review, "wau")).axes[0].texts]
    assert [t for t in texts if t.isdigit()] == ["1", "2", "3", "4", "5", "6"]


def test_the_axis_spans_days_without_data(review: Review) -> None:
    days = tuple(date(2026, 3, d) for d in range(2, 30))
    spec = ChartSpec("a", "A", "A.", "", "number", (Series("a", days, (None,) * 20 + (1.0,) * 8),))
    low, high = svg_backend.draw(spec).axes[0].get_xlim()
    assert (low, high) == (days[0].toordinal() - 0.6, days[-1].toordinal() + 0.6)


def test_hostile_words_are_outlines_and_ids_do_not_meet(review: Review) -> None:
    words = "$\\frac{x}$ <script>alert(1)</script> --> ]]>"
    spec = ChartSpec("a b", words, words, words, "number", (Series(words, ("x", words), (1.0, 2.0), kind="bar"),))
    text = svg_backend.svg(spec)
    root = ElementTree.fromstring(text)
    assert root.get("aria-label") == words
    assert "<script" not in text
    assert "<!--" not in text
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert all(i.startswith("a-b.") for i in ids)
    assert len(ids) == len(set(ids))


def test_colours_follow_the_page_only_when_asked(review: Review) -> None:
    spec = build.days(review, "wau")
    assert "var(--blue, #0072b2)" in svg_backend.coloured_by_page(svg_backend.svg(spec))
    assert "var(" not in svg_backend.svg(spec)


def test_no_text_is_left_in_black_on_a_dark_page(review: Review) -> None:
    for text in svg_backend.draw(build.seven_four(review, "csat")).findobj(Text):
        assert not text.get_text().strip() or to_hex(text.get_color()) != "#000000", text.get_text()


def test_a_heatmap_and_an_empty_chart_are_drawn() -> None:
    heat = Heatmap(("a", "b"), ("r",), ((0.5, None),), (("50 %", ""),))
    assert svg_backend.svg(ChartSpec("h", "H", "H.", "", "percent", heatmap=heat)).startswith("<svg")
    bare = ChartSpec("e", "E", "E.", "", "seconds", (Series("a", (date(2026, 3, 2),), (None,)),), lines=(Line(1, "x"),))
    assert svg_backend.svg(replace(bare, lines=())).startswith("<svg")


@pytest.mark.parametrize(
    ("low", "high", "form", "texts"),
    [
        (0, 0.41, "percent", ["0 %", "20 %", "40 %", "60 %"]),
        (0, 0.0042, "percent", ["0 %", "0.2 %", "0.4 %", "0.6 %"]),
        (0, 0.47, "seconds", ["0 ms", "200 ms", "400 ms", "600 ms"]),
        (0, 62, "seconds", ["0 s", "20 s", "40 s", "60 s", "80 s"]),
        (0, 3, "number", ["0", "1", "2", "3"]),
        (0, 1234, "number", ["0", "500", "1,000", "1,500"]),
        (0, 3 * 1024**3, "bytes", ["0 GiB", "1 GiB", "2 GiB", "3 GiB"]),
        (0, 0, "number", ["0", "0.25", "0.50", "0.75", "1.00"]),
    ],
)
def test_ticks_are_round_and_in_one_unit(low: float, high: float, form: str, texts: list[str]) -> None:
    ticks = nice_ticks(low, high, form)
    assert [tick_text(t, form, ticks) for t in ticks] == texts
