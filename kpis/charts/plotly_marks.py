"""What a ChartSpec's series and grids look like in plotly: bars, lines, bands, strokes, cells."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import pairwise

import plotly.graph_objects as go

from kpis.charts.colours import Palette
from kpis.charts.spec import ChartSpec, Heatmap, Series
from kpis.charts.ticks import tick_text


def safe(text: str) -> str:
    """Text that plotly shows as it is: < > & escaped, cut at 200 characters; a line break stays one."""
    return html.escape(text[:200], quote=False).replace("\n", "<br>")


def series(fig: go.Figure, series: Series, spec: ChartSpec, colours: Palette) -> None:
    """The traces of one series, with its labels and intervals; strokes are shapes."""
    colour = colours.role(series.role)
    shown = [("" if v is None else tick_text(v, spec.y_format, [0.0, v / 50])) for v in series.y]
    common = dict(
        x=list(series.x), y=list(series.y), name=safe(series.name), customdata=shown, showlegend=False,
        hovertemplate="%{x}: %{customdata}<extra>" + safe(series.name) + "</extra>",
    )  # fmt: skip
    texts = [safe(t) for t in series.labels] if series.labels else None
    width = 0.62 * _step(series)
    if series.kind == "bar":
        hatched = series.hatched or (False,) * len(series.x)
        inside = dict(text=texts, textposition="inside", insidetextanchor="middle", textangle=0) if spec.stacked else {}
        fig.add_bar(
            **common | {"showlegend": spec.stacked}, **inside, error_y=_errors(series, colours), width=width,
            marker=dict(color=colour, line=dict(color=colour, width=0 if spec.stacked else 1),
                        opacity=[0.55 if h else 1 for h in hatched],
                        pattern=dict(shape=["/" if h else "" for h in hatched], fgcolor=colours.ground, bgcolor=colour,
                                     size=6)),
        )  # fmt: skip
        _bar_labels(fig, series, None if spec.stacked else texts, spec, colours)
        return
    if series.kind == "tick":
        fig.add_scatter(**common, mode="markers", marker=dict(size=2, color=colour))
        _strokes(fig, series, spec, colour, width * 0.62)
        return
    hollow = series.hatched or (False,) * len(series.x)
    lone = _alone(series.y)
    points = series.kind == "points"
    written = colours.ink if points or series.role == "compare" else colour  # sky is too pale to be read
    fig.add_scatter(
        **common, mode="markers+text" if points else "lines+markers+text" if texts else "lines+markers",
        text=texts, textposition="bottom center" if series.below else "top center",
        textfont=dict(color=written, size=12),
        cliponaxis=False, connectgaps=False,
        line=dict(color=colour, width=2, shape="hv" if series.kind == "step" else "linear"),
        marker=dict(color=[colours.ground if h else colour for h in hollow], line=dict(color=colour, width=1.5),
                    size=[7 if points or one or h else 4 for one, h in zip(lone, hollow, strict=True)]),
    )  # fmt: skip


def _strokes(fig: go.Figure, series: Series, spec: ChartSpec, colour: str, half: float) -> None:
    """Short horizontal lines; a shape takes the place on a named axis as a number."""
    names = list(dict.fromkeys(x for s in spec.series for x in s.x))
    for x, y in zip(series.x, series.y, strict=True):
        if y is not None:
            at = names.index(x)
            fig.add_shape(type="line", x0=at - half, x1=at + half, y0=y, y1=y, line=dict(color=colour, width=2.5))


def _step(series: Series) -> int:
    """Places between neighbouring bars on a named axis; 2 where empty places part them."""
    at = [i for i, y in enumerate(series.y) if y is not None]
    return min((b - a for a, b in pairwise(at)), default=1) if series.x and isinstance(series.x[0], str) else 1


def _bar_labels(fig: go.Figure, series: Series, texts: list[str] | None, spec: ChartSpec, colours: Palette) -> None:
    """Labels above the interval, and above the stroke of a target that would cross them there."""
    if texts is None:
        return
    tops = [y if series.high is None or h is None else max(y or 0, h) for y, h in
            zip(series.y, series.high or series.y, strict=True)]  # fmt: skip
    goals = {x: y for s in spec.series if s.kind == "tick" for x, y in zip(s.x, s.y, strict=True) if y is not None}
    room = 0.1 * max([*goals.values(), *(t for t in tops if t is not None)], default=0.0)  # about a label's height
    tops = [t if t is None or not t <= goals.get(x, t) < t + room else goals.get(x, t) for x, t in
            zip(series.x, tops, strict=True)]  # fmt: skip
    fig.add_scatter(
        x=list(series.x), y=tops, text=texts, mode="text", textposition="top center", hoverinfo="skip",
        textfont=dict(color=colours.ink, size=10.5), cliponaxis=False, showlegend=False, name="labels",
    )  # fmt: skip


def _alone(y: Sequence[float | None]) -> list[bool]:
    """Points without a neighbour: no line would show them."""
    padded = [None, *y, None]
    return [padded[i] is None and padded[i + 2] is None for i in range(len(y))]


def _errors(series: Series, colours: Palette) -> dict | None:
    if series.low is None or series.high is None:
        return None
    up = [0 if h is None or y is None else h - y for y, h in zip(series.y, series.high, strict=True)]
    down = [0 if lo is None or y is None else y - lo for y, lo in zip(series.y, series.low, strict=True)]
    return dict(type="data", array=up, arrayminus=down, symmetric=False, color=colours.ink, thickness=1.2, width=4)


def band(fig: go.Figure, series: Series, colours: Palette) -> None:
    """Interval of a line as a filled band; one polygon per unbroken run, so that a hole stays a hole."""
    if series.kind == "bar" or series.low is None or series.high is None:
        return
    run: list[tuple] = []
    for point in [*zip(series.x, series.low, series.high, strict=True), (None, None, None)]:
        if point[1] is not None and point[2] is not None:
            run.append(point)
            continue
        if len(run) > 1:
            fig.add_scatter(
                x=[p[0] for p in run] + [p[0] for p in reversed(run)],
                y=[p[2] for p in run] + [p[1] for p in reversed(run)],
                fill="toself", fillcolor=colours.role(series.role), opacity=0.16, mode="none", hoverinfo="skip",
                showlegend=False, name="band",
            )  # fmt: skip
        run = []


def heatmap(fig: go.Figure, grid: Heatmap, colours: Palette) -> None:
    """Cells, with their words in them where the spec gives words for the pointer apart."""
    stops = [[at, c] for at, c in zip((0, 0.5, 0.95, 0.95, 1), colours.scale, strict=True)]  # a day is whole from 0.95
    top = 1.0
    if grid.scale == "amount":
        stops = [[0, colours.ground], [1, colours.blue]]
        top = max((v for row in grid.z for v in row if v is not None), default=1.0) or 1.0
    words = [[safe(t) for t in row] for row in grid.text]
    pointed = words if grid.hover is None else [[safe(t) for t in row] for row in grid.hover]
    common = dict(
        x=[safe(x) for x in grid.x], y=[safe(y) for y in grid.y], customdata=pointed, showscale=False, xgap=2, ygap=2,
        hoverongaps=False, hovertemplate="%{y}, %{x}: %{customdata}<extra></extra>",
    )  # fmt: skip
    z = [list(row) for row in grid.z]
    fig.add_heatmap(**common, **_written(grid, words, False), name="cells", z=z, colorscale=stops, zmin=0, zmax=top)
    if grid.hover is not None:  # cells without a number have words too, in a colour that the ground lets read
        clear, blanks = "rgba(0,0,0,0)", [[0 if v is None else None for v in row] for row in z]
        fig.add_heatmap(
            **common, **_written(grid, words, True), name="words", z=blanks, zmin=0, zmax=1,
            colorscale=[[0, clear], [1, clear]], textfont=dict(color=colours.muted),
        )  # fmt: skip


def _written(grid: Heatmap, words: list[list[str]], blank: bool) -> dict:
    """Texts in the cells with a number, or in those without one; plotly would write them into both."""
    if grid.hover is None:
        return {}
    pairs = (zip(row, values, strict=True) for row, values in zip(words, grid.z, strict=True))
    return dict(text=[[t if (v is None) is blank else "" for t, v in row] for row in pairs], texttemplate="%{text}")
