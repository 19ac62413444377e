"""Plotly figures as markup for the interactive report: fixed ids, no reach outside, plotly.js inlined once.

Each chart is there for light and for dark ground; the few lines of script draw the one the reader's screen asks for.
"""

from __future__ import annotations

from html import escape

from plotly.offline import get_plotlyjs

from kpis.charts.plotly_backend import figure
from kpis.charts.spec import ChartSpec

_DRAW = """
const betaCharts = {};
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const config = {displayModeBar: false, responsive: true};
  const draw = (on) => Object.entries(betaCharts).forEach(([id, chart]) => {
    const made = structuredClone(on ? chart.dark : chart.light);
    Plotly.react(id, made.data, made.layout, config);
  });
  addEventListener("DOMContentLoaded", () => draw(dark.matches));
  dark.addEventListener("change", e => draw(e.matches));
  addEventListener("beforeprint", () => draw(false));
  addEventListener("afterprint", () => draw(dark.matches));
})();
"""


def figure_html(spec: ChartSpec) -> str:
    """One figure: an empty place of its final height, and its two versions as data."""
    light, dark = (_inert(figure(spec, dark=on).to_json()) for on in (False, True))
    name = _inert(f'"{spec.id}"')
    return (
        f'<div id="{escape(spec.id, quote=True)}" style="height: {spec.height}px"></div>'
        f"<script>betaCharts[{name}] = {{light: {light}, dark: {dark}}};</script>"
    )


def script() -> str:
    """plotly.js itself and the lines that draw."""
    return get_plotlyjs() + _DRAW


def _inert(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
