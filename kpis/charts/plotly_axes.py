"""What stands around the series in plotly: scales, ticks, lines of targets, numbered events."""

from __future__ import annotations

import math
from datetime import date, datetime

import plotly.graph_objects as go

from kpis.charts.colours import Palette
from kpis.charts.plotly_marks import safe
from kpis.charts.spec import ChartSpec, Heatmap
from kpis.charts.ticks import nice_ticks, stack_ends, tick_text
from kpis.model import Marker

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


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


def layout(fig: go.Figure, spec: ChartSpec, colours: Palette) -> None:
    """Grounds, fonts, margins, legend and both axes."""
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
        _grid_ticks(fig, spec.heatmap)
        return
    low, high = extent(spec)
    at = [t for t in nice_ticks(low, high, spec.y_format) if t <= high]
    fig.update_yaxes(
        range=[min(low, at[0]), high], tickmode="array", tickvals=at,
        ticktext=[tick_text(t, spec.y_format, at) for t in at],
    )  # fmt: skip
    _x_ticks(fig, spec, colours)


def _grid_ticks(fig: go.Figure, grid: Heatmap) -> None:
    """Rows from the top; of many columns without words every seventh is named."""
    fig.update_yaxes(autorange="reversed", showgrid=False)
    if grid.hover is not None:
        fig.update_xaxes(side="top", tickmode="array", tickvals=list(range(len(grid.x))))
    elif len(grid.x) > 12:
        fig.update_xaxes(tickmode="array", tickvals=list(range(0, len(grid.x), 7)))


def _x_ticks(fig: go.Figure, spec: ChartSpec, colours: Palette) -> None:
    """Every name of a named axis; one day a week of a dated one."""
    xs = [x for s in spec.series for x in s.x]
    if xs and isinstance(xs[0], str):
        names = list(dict.fromkeys(xs))
        fig.update_xaxes(
            type="category", categoryorder="array", categoryarray=names, tickmode="array", tickvals=names,
            ticktext=[safe(n) for n in names], tickfont=dict(size=10.5, color=colours.muted),
        )  # fmt: skip
    elif xs and isinstance(xs[0], date | datetime):
        fig.update_xaxes(tickformat="%-d %b", hoverformat="%a %-d %b", tick0=xs[0], dtick=7 * 86_400_000)


def lines(fig: go.Figure, spec: ChartSpec, colours: Palette) -> None:
    """Lines of targets, floors and limits, each with its name where it covers no point."""
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


def markers(fig: go.Figure, spec: ChartSpec, colours: Palette) -> None:
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
