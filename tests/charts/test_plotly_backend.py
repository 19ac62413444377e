"""The figure is the spec: same arrays, holes, widths that can be seen, texts that stay texts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kpis.charts import build
from kpis.charts.plotly_axes import extent
from kpis.charts.plotly_backend import figure
from kpis.charts.spec import ChartSpec, Heatmap, Line, Series
from kpis.model import Marker
from tests.support.reviews import HOSTILE, KPI_IDS, review

DAYS = tuple(date(2026, 3, d) for d in range(2, 7))


def spec(**changed: object) -> ChartSpec:
    base = dict(id="x", title="t", alt="a", y_title="", y_format="number")
    return ChartSpec(**{**base, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("kpi_id", KPI_IDS)
@pytest.mark.parametrize("dark", [False, True])
def test_traces_hold_exactly_the_arrays_of_the_spec(kpi_id: str, dark: bool) -> None:
    for made in (build.days(review(), kpi_id), build.seven_four(review(), kpi_id)):
        traces = {t.name: t for t in figure(made, dark).data}
        for series in made.series:
            assert tuple(traces[series.name.replace("&", "&amp;")].x) == series.x
            assert tuple(traces[series.name.replace("&", "&amp;")].y) == series.y


def test_a_hole_stays_a_hole_also_in_the_band() -> None:
    y = (1.0, 2.0, None, 3.0, 4.0)
    line = Series("s", DAYS, y, low=(0.5, 1.5, None, 2.5, 3.5), high=(1.5, 2.5, None, 3.5, 4.5))
    traces = figure(spec(series=(line,))).data
    assert [t.connectgaps for t in traces if t.name == "s"] == [False]
    bands = [t for t in traces if t.name == "band"]
    assert [len(b.x) for b in bands] == [4, 4], "one polygon per unbroken run"


def test_verticals_have_width_and_numbers_and_incidents_a_band() -> None:
    at, end = datetime(2026, 3, 3, 12, tzinfo=UTC), datetime(2026, 3, 3, 15, tzinfo=UTC)
    marks = (Marker(1, at, None, "release", "v1"), Marker(2, at, end, "incident", "down"))
    shapes = figure(spec(series=(Series("s", DAYS, (1.0,) * 5),), markers=marks)).layout.shapes
    lines = [s for s in shapes if s.type == "line"]
    assert len(lines) == 2
    assert all(s.line.width and s.line.color for s in lines)
    assert [(s.x0, s.x1) for s in shapes if s.type == "rect"] == [("2026-03-03 12:00:00", "2026-03-03 15:00:00")]


def test_markers_stand_at_the_programmes_wall_clock() -> None:
    made = build.days(review(), "wau")
    assert made.markers[0].at.hour == 9, "08:00 UTC is 09:00 in Berlin"


def test_hostile_texts_are_escaped_everywhere() -> None:
    mark = Marker(1, datetime(2026, 3, 3, tzinfo=UTC), None, "release", HOSTILE)
    drawn = spec(
        series=(Series(HOSTILE, DAYS, (1.0,) * 5, labels=(HOSTILE,) * 5),), lines=(Line(1.0, HOSTILE),), markers=(mark,)
    )
    grid = spec(heatmap=Heatmap((HOSTILE,), (HOSTILE,), ((0.5,),), ((HOSTILE,),)))
    for made in (drawn, grid):
        assert "<script" not in str(figure(made).to_dict())


def test_bars_start_at_zero_and_running_ones_are_hatched() -> None:
    bars = Series("b", ("W1", "W2"), (90.0, 91.0), kind="bar", hatched=(False, True))
    made = spec(series=(bars,))
    assert extent(made)[0] == 0
    fig = figure(made)
    assert fig.layout.yaxis.range[0] == 0
    assert list(fig.data[0].marker.pattern.shape) == ["", "/"]


def test_the_label_of_a_bar_stands_above_a_target_that_would_cross_it() -> None:
    bars = Series(
        "weeks", ("W1", "W2", "W3"), (50.0, 60.0, 90.0), high=(74.0, 62.0, 95.0), kind="bar", labels=("a",) * 3
    )
    goals = Series("target", ("W1", "W2", "W3"), (75.0,) * 3, kind="tick")
    (labels,) = [t for t in figure(spec(series=(bars, goals))).data if t.name == "labels"]
    assert list(labels.y) == [75, 62, 95]


def test_target_strokes_stand_on_their_bars() -> None:
    made = build.seven_four(review(), "latency_p95")
    strokes = [s for s in figure(made).layout.shapes if s.y0 == s.y1 == 0.2]
    names = list(dict.fromkeys(x for s in made.series for x in s.x))
    assert [(s.x0 + s.x1) / 2 for s in strokes] == [names.index(f"W{w}") for w in (1, 2, 3, 4)]


@pytest.mark.parametrize("top", [0.004, 0.2, 1.0, 7.0, 412.0, 1e6])
@pytest.mark.parametrize("form", ["percent", "number", "seconds", "bytes"])
def test_ticks_are_inside_the_axis_and_all_different(top: float, form: str) -> None:
    axis = figure(spec(series=(Series("s", DAYS, (top,) * 5),), y_format=form)).layout.yaxis
    assert all(axis.range[0] <= t <= axis.range[1] for t in axis.tickvals)
    assert len(set(axis.ticktext)) == len(axis.ticktext) >= 2


def test_a_chart_without_any_data_is_still_a_chart() -> None:
    made = build.days(review(), "redis_memory_used")
    assert set(made.series[0].y) == {None}
    assert figure(made).layout.yaxis.range[1] > 0


@pytest.mark.parametrize(
    ("y", "x", "place"),
    [
        ((9.0, 9, 9, 9, 9), 1, "bottom"),  # nothing near: on the right, above its line
        ((9.0, 9, 9, 9, 5.4), 1, "top"),  # a point where the name would stand: under the line
        ((9.0, 9, 9, 5.4, 4.7), 0, "bottom"),  # points above and under the end: at the start
    ],
)
def test_the_name_of_a_line_covers_no_point(y: tuple[float, ...], x: int, place: str) -> None:
    days = tuple(date(2026, 3, d) for d in range(2, 12))
    values = (9.0,) * 5 + y
    notes = figure(spec(series=(Series("s", days, values),), lines=(Line(5.0, "target"),))).layout.annotations
    assert [(n.x, n.yanchor) for n in notes if n.text == "target"] == [(x, place)]
