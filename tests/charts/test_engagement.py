"""Engagement's charts: what stands in a cell, what is empty, what is hidden, and that both backends draw it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kpis.charts import engagement as draw
from kpis.charts.plotly_axes import extent
from kpis.charts.plotly_backend import figure
from kpis.charts.svg_backend import svg
from kpis.charts.ticks import stack_ends
from kpis.engagement.active import ActiveDay
from kpis.engagement.averages import Average
from kpis.engagement.cells import Cell, Cells, CohortRow
from kpis.engagement.lifecycle import LifecycleOptions, LifecyclePeriod, LifecycleTable
from kpis.engagement.retention import RetentionOptions, RetentionTable
from kpis.engagement.stickiness import StickinessOptions, StickinessTable
from tests.support.reviews import HOSTILE, review

FIRST = date(2026, 3, 2)
NEXT = date(2026, 3, 23)


def cell(retained: int | None, running: int | None = None, masked: bool = False) -> Cell:
    known = retained is not None
    return Cell(retained, running, 0.3 if known else None, 0.6 if known else None, NEXT, masked)


def table(period: str = "week") -> RetentionTable:
    """Three cohorts: one with a running second column, one masked, one empty."""
    step = timedelta(days=7 if period == "week" else 1)
    rows = (
        CohortRow(FIRST, "a", 184, Cells.of(cell(184), cell(80), cell(None, 12))),
        CohortRow(FIRST + step, "b", None, Cells.of(cell(None, masked=True), cell(None, masked=True), cell(None))),
        CohortRow(FIRST + 2 * step, "c", 0, Cells.of(cell(0), cell(None), cell(None))),
    )
    average = Average("pooled", (1.0, 0.43, None), (188, 188, 0), (0, 0, 188), (0.9, 0.3, None), (1.0, 0.6, None))
    return RetentionTable(RetentionOptions(period=period), ("D0", "D1", "D2"), rows, average, ())  # type: ignore[arg-type]


def test_a_cell_has_share_and_n_and_an_unripe_one_is_empty_with_its_date() -> None:
    grid = draw.triangle(table(), 5).heatmap
    assert grid is not None
    assert grid.x == ("testers", "D1", "D2")
    assert grid.y == ("pooled", "2 Mar", "9 Mar", "16 Mar")
    assert grid.text[0] == ("188", "43 %\nn 188", "")
    assert grid.text[1] == ("184", "43 %\nn 184", "")
    assert grid.z[1] == (None, pytest.approx(80 / 184), None)
    assert grid.hover is not None
    assert grid.hover[1][2] == "not before 23 Mar; 12 so far"
    assert grid.hover[1][1] == "43 % (80 of 184; 95 %: 30 to 60 %)"
    assert grid.hover[0][1] == "43 % (n 188; 95 %: 30 to 60 %), 0 not yet"


def test_a_masked_cohort_says_hidden_and_why_and_shows_no_number() -> None:
    grid = draw.triangle(table(), 5).heatmap
    assert grid is not None
    assert grid.hover is not None
    assert grid.text[2] == ("hidden", "hidden", "")
    assert grid.hover[2][1].startswith("hidden: fewer than 5")
    assert grid.z[2] == (None, None, None)


def test_an_empty_week_stays_on_the_axis_and_empty_days_do_not() -> None:
    weeks, days = draw.triangle(table(), 5).heatmap, draw.triangle(table("day"), 5).heatmap
    assert weeks is not None
    assert days is not None
    assert "16 Mar" in weeks.y
    assert days.y == ("pooled", "2 Mar", "3 Mar"), "the masked day stays, the empty one goes"


def test_each_text_of_a_cell_is_written_once() -> None:
    cells, words = figure(draw.triangle(table(), 5)).data
    for written, blank in zip(cells.text, words.text, strict=True):
        assert not [1 for a, b in zip(written, blank, strict=True) if a and b]
    assert words.text[2][0] == "hidden"
    assert cells.text[1][1] == "43 %<br>n 184"
    assert words.hovertemplate == cells.hovertemplate


def test_a_grid_without_hover_texts_stays_one_trace_without_words() -> None:
    from kpis.charts.spec import ChartSpec, Heatmap

    plain = ChartSpec("x", "t", "a", "", "percent", heatmap=Heatmap(("a",), ("b",), ((0.5,),), (("c",),), "amount"))
    (trace,) = figure(plain).data
    assert trace.text is None
    assert trace.customdata[0][0] == "c"


def test_curves_keep_interval_and_name_of_hostile_waves() -> None:
    found = {f"wave {HOSTILE}": table().average, "all testers": table().average}
    made = draw.curves(found)
    assert [s.role for s in made.series] == ["main", "muted"]
    assert made.series[0].y == (0.43, None)
    assert made.series[0].low == (0.3, None)
    drawn = {t.name: t for t in figure(made).data}
    assert not [name for name in drawn if "<script" in name]


def days(count: int) -> list[ActiveDay]:
    return [ActiveDay(FIRST + timedelta(days=n), 10 + n, 50 if n >= 6 else None, None) for n in range(count)]


def test_the_band_of_a_day_holds_the_seven_before_it_and_not_itself() -> None:
    _, daily = draw.active(review(), days(9)).series
    assert daily.low == (None,) * 7 + (10.0, 11.0)
    assert daily.high == (None,) * 7 + (16.0, 17.0)


def test_events_outside_the_days_drawn_do_not_stretch_the_axis() -> None:
    inside = draw.active(review(), days(9)).markers
    assert inside
    assert all(FIRST <= m.at.date() <= FIRST + timedelta(days=8) for m in inside)
    assert draw.active(review(), []).markers == ()


def weeks() -> LifecycleTable:
    full = LifecyclePeriod(FIRST, "W10", "complete", 184, 0, 0, 0, 16)
    running = LifecyclePeriod(FIRST + timedelta(days=7), "W11", "running", 20, 100, 5, -84, 20)
    return LifecycleTable(LifecycleOptions(period="week"), (full, running), ())


def test_lifecycle_is_stacked_with_dormant_below_zero_and_marks_the_running_week() -> None:
    made = draw.lifecycle(weeks())
    assert [s.name for s in made.series] == ["returning", "new", "resurrecting", "dormant"]
    assert sorted(stack_ends(made.series)) == [-84.0, 0.0, 125.0, 184.0]
    low, high = extent(made)
    assert low == -84.0
    assert high > 184.0
    assert made.series[0].x == ("2 Mar", "9 Mar\nrunning")
    assert made.series[0].hatched == (False, True)
    drawn = figure(made)
    assert drawn.layout.barmode == "relative"
    assert all(t.showlegend for t in drawn.data)


def test_days_not_over_yet_have_no_bar_instead_of_a_bar_of_0() -> None:
    made = draw.stickiness(StickinessTable(StickinessOptions(), (3, 0, 1), 4, 2, ()), 1)
    assert made.series[0].y == (3.0, 0.0, 1.0, None, None, None, None)
    assert all(made.series[0].hatched or ())


def test_both_backends_draw_every_chart() -> None:
    sticky = draw.stickiness(StickinessTable(StickinessOptions(), (3, 0, 1, 0, 0, 0, 2), 6, 7, ()), 1)
    curves = draw.curves({"all testers": table().average})
    made = (draw.triangle(table(), 5), curves, draw.active(review(), days(9)), draw.lifecycle(weeks()), sticky)
    for spec in made:
        assert spec.alt.strip()
        assert "<svg" in svg(spec)
        for dark in (False, True):
            traces = {t.name: t for t in figure(spec, dark).data}
            for series in spec.series:
                assert tuple(traces[series.name].y) == series.y


def test_stacked_bars_of_the_printed_figure_stand_on_each_other() -> None:
    from kpis.charts.svg_backend import draw as printed

    bars = printed(draw.lifecycle(weeks())).axes[0].patches
    tops = {round(b.get_y() + b.get_height(), 6) for b in bars}
    assert {100.0, 120.0, 125.0, -84.0} <= tops
