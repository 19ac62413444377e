"""ChartSpec -> plotly figure, for the screen and the HTML report.

The figure carries no title: plotly does not wrap titles on a phone, so the page or report sets `spec.title` as
text above it and `spec.alt` as the alternative text. Widths, colours and opacity are always explicit, because
the default template draws vertical lines of width 0. All texts are escaped: plotly reads `<a>` and `<b>`.
"""

from __future__ import annotations

import plotly.graph_objects as go

from kpis.charts import plotly_axes, plotly_marks
from kpis.charts.colours import palette
from kpis.charts.spec import ChartSpec


def figure(spec: ChartSpec, dark: bool = False) -> go.Figure:
    """Draw a spec. Series become traces of the same name with exactly the spec's x and y."""
    colours = palette(dark)
    fig = go.Figure()
    if spec.heatmap is not None:
        plotly_marks.heatmap(fig, spec.heatmap, colours)
    for series in spec.series:
        plotly_marks.band(fig, series, colours)
        plotly_marks.series(fig, series, spec, colours)
    plotly_axes.layout(fig, spec, colours)
    if spec.series:
        plotly_axes.lines(fig, spec, colours)
        plotly_axes.markers(fig, spec, colours)
    return fig
