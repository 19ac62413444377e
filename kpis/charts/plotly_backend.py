"""ChartSpec -> plotly figure, for the screen and the HTML report.

The figure carries no title: plotly does not wrap titles on a phone, so the page or report sets `spec.title` as
text above it and `spec.alt` as the alternative text. Widths, colours and opacity are always explicit, because
the default template draws vertical lines of width 0. All texts are escaped: plotly reads `<a>` and `<b>`.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

import plotly.graph_objects as go

from kpis.charts.colours import Palette, palette
from kpis.charts.spec import ChartSpec, Heatmap, Series
from kpis.charts.ticks import nice_ticks, stack_ends, tick_text
from kpis.model import Marker

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def safe(text: str) -> str:
    """Text that plotly shows as it is: < > & escaped, cut at 200 characters; a line break stays one."""
    return html.escape(text[:200], quote=False).replace("\n", "<br>")


def figure(spec: ChartSpec, dark: bool = False) -> go.Figure:
    """Draw a spec. Series become traces of the same name with exactly the spec's x and y."""
    colours = palette(dark)
    fig = go.Figure()
    if spec.heatmap is not None:
        _heatmap(fig, spec.heatmap, colours)
    for series in spec.series:
        _band(fig, series, colours)
        _series(fig, series, spec, colours)
    _layout(fig, spec, colours)
    if spec.series:
        _lines(fig, spec, colours)
        _markers(fig, spec, colours)
    return fig


# ---- series


def _series(fig: go.Figure, series: Series, spec: ChartSpec, colours: Palette) -> None:
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


def _band(fig: go.Figure, series: Series, colours: Palette) -> None:
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


def _heatmap(fig: go.Figure, grid: Heatmap, colours: Palette) -> None:
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


# ---- around the series


def extent(spec: ChartSpec) -> tuple[float, float]:
    """Range of y that holds all points, bounds and lines, with head room; from 0 where the spec says so."""
    seen: list[float] = [line.y for line in spec.lines]
    seen.extend(stack_ends(spec.series) if spec.stacked else ())
    for series in spec.series:
        for values in (series.y, series.low, series.high):
            seen.extend(v for v in values or () if v is not None and math.isfinite(v))
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    low = min(low, 0.0) if spec.y_from_zero else low
    high = high if high > low else low + (abs(low) or 1.0)
    return low, high + (high - low) * 0.14


def _layout(fig: go.Figure, spec: ChartSpec, colours: Palette) -> None:
    fig.update_layout(
        template="none", height=spec.height, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font=dict(family=FONT, size=12, color=colours.muted), dragmode=False, hovermode="closest",
        hoverlabel=dict(bgcolor=colours.ground, bordercolor=colours.muted, font=dict(color=colours.ink, family=FONT)),
        margin=dict(l=8, r=14, t=30 if spec.markers or spec.stacked else 18, b=8), bargap=0.35,
        showlegend=spec.stacked, barmode="relative" if spec.stacked else "group",
        legend=dict(orientation="h", x=0, y=1.02, yanchor="bottom", traceorder="normal", itemclick=False,
                    itemdoubleclick=False, font=dict(color=colours.ink)),
    )  # fmt: skip
    if spec.stacked:  # a label that does not fit its part is left to the pointer
        fig.update_layout(uniformtext=dict(minsize=9, mode="hide"))
    fig.update_xaxes(
        automargin=True, showgrid=False, zeroline=False, fixedrange=True, linecolor=colours.muted, linewidth=1,
        showline=not spec.heatmap, ticks="", tickfont=dict(color=colours.muted), tickangle=0, nticks=8,
    )  # fmt: skip
    fig.update_yaxes(
        automargin=True, showgrid=not spec.heatmap, gridcolor=colours.grid, gridwidth=1, zeroline=False,
        fixedrange=True, ticks="", tickfont=dict(color=colours.muted),
    )  # fmt: skip
    if spec.stacked:
        fig.update_xaxes(showline=False)
        fig.update_yaxes(zeroline=True, zerolinecolor=colours.muted, zerolinewidth=1)
    if spec.heatmap is not None:
        fig.update_yaxes(autorange="reversed", showgrid=False)
        if spec.heatmap.hover is not None:
            fig.update_xaxes(side="top", tickmode="array", tickvals=list(range(len(spec.heatmap.x))))
        if len(spec.heatmap.x) > 12 and spec.heatmap.hover is None:
            fig.update_xaxes(tickmode="array", tickvals=list(range(0, len(spec.heatmap.x), 7)))
        return
    low, high = extent(spec)
    at = [t for t in nice_ticks(low, high, spec.y_format) if t <= high]
    fig.update_yaxes(
        range=[min(low, at[0]), high], tickmode="array", tickvals=at,
        ticktext=[tick_text(t, spec.y_format, at) for t in at],
    )  # fmt: skip
    xs = [x for s in spec.series for x in s.x]
    if xs and isinstance(xs[0], str):
        names = list(dict.fromkeys(xs))
        fig.update_xaxes(
            type="category", categoryorder="array", categoryarray=names, tickmode="array", tickvals=names,
            ticktext=[safe(n) for n in names], tickfont=dict(size=10.5, color=colours.muted),
        )  # fmt: skip
    elif xs and isinstance(xs[0], date | datetime):
        fig.update_xaxes(tickformat="%-d %b", hoverformat="%a %-d %b", tick0=xs[0], dtick=7 * 86_400_000)


def _lines(fig: go.Figure, spec: ChartSpec, colours: Palette) -> None:
    lowest = min((line.y for line in spec.lines), default=0.0)
    for line in spec.lines:
        below = len(spec.lines) > 1 and line.y == lowest and line.y > 0
        colour = colours.role(line.role)
        dash = {"target": "solid", "floor": "dash", "limit": "dash", "mean": "dot"}[line.role]
        fig.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=line.y, y1=line.y, opacity=0.9,
            line=dict(color=colour, width=1.2, dash=dash),
        )  # fmt: skip
        left, below = _clear_spot(spec, line.y, below)
        fig.add_annotation(
            xref="paper", x=0 if left else 1, xanchor="left" if left else "right", y=line.y,
            yanchor="top" if below else "bottom", text=safe(line.label), showarrow=False,
            font=dict(size=11, color=colour), borderpad=1, bgcolor=colours.veil,
        )  # fmt: skip


def _clear_spot(spec: ChartSpec, y: float, below: bool) -> tuple[bool, bool]:
    """Where a line's name covers no point: (at the left end, under the line). The right end, and `below`, if it can."""
    low, high = extent(spec)
    height = 0.07 * (high - low)

    def room(left: bool, under: bool) -> float:
        at = y - height / 2 if under else y + height / 2
        part = slice(0, 4) if left else slice(-4, None)
        return min(
            (abs(v - at) for s in spec.series if s.kind != "bar" for v in s.y[part] if v is not None), default=1e9
        )

    spots = [(False, below), (False, not below), (True, below), (True, not below)]
    return next((spot for spot in spots if room(*spot) > height), max(spots, key=lambda spot: room(*spot)))


def _markers(fig: go.Figure, spec: ChartSpec, colours: Palette) -> None:
    """Numbered verticals; an incident with an end is a band. Numbers of near neighbours stand on two rows."""
    previous: datetime | None = None
    raised = False
    for marker in spec.markers:
        colour = colours.marker(marker.kind)
        if marker.end is not None:
            fig.add_shape(
                type="rect", yref="paper", y0=0, y1=1, x0=_x(marker.at), x1=_x(marker.end), line=dict(width=0),
                fillcolor=colour, opacity=0.18,
            )  # fmt: skip
        fig.add_shape(
            type="line", yref="paper", y0=0, y1=1, x0=_x(marker.at), x1=_x(marker.at), opacity=0.8,
            line=dict(color=colour, width=1.3, dash="solid" if marker.kind == "release" else "dot"),
        )  # fmt: skip
        raised = previous is not None and (marker.at - previous).total_seconds() < 1.6 * 86_400 and not raised
        previous = marker.at
        fig.add_annotation(
            x=_x(marker.at), yref="paper", y=1, yanchor="bottom", yshift=13 if raised else 0, showarrow=False,
            text=marker.sign, font=dict(size=11, color=colour), hovertext=safe(_about(marker)),
        )  # fmt: skip


def _x(at: datetime) -> str:
    """Wall-clock text: the spec gives markers in the programme's zone, plotly would shift an offset."""
    return at.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def _about(marker: Marker) -> str:
    return f"{marker.sign} {marker.kind}: {marker.title}"
