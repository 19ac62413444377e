"""Plotly figures as markup for the interactive report: fixed ids, no reach outside, plotly.js inlined once."""

from __future__ import annotations

from plotly.io import to_html
from plotly.offline import get_plotlyjs

from kpis.charts.colours import DARK, LIGHT
from kpis.charts.plotly_backend import figure
from kpis.charts.spec import ChartSpec

# Follows the reader's colour scheme: colours of the light palette are exchanged for the dark one's.
_FOLLOW = """
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const pairs = %s;
  const config = {displayModeBar: false, responsive: true};
  let now = false;
  const swap = (v, m) => {
    if (typeof v === "string") return m.get(v.toLowerCase()) ?? v;
    if (Array.isArray(v)) return v.map(x => swap(x, m));
    if (!v || v.constructor !== Object) return v;
    return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, swap(x, m)]));
  };
  const follow = (on) => {
    if (on === now) return;
    now = on;
    const m = new Map(pairs.map(p => on ? p : [p[1], p[0]]));
    document.querySelectorAll(".js-plotly-plot").forEach(
      g => Plotly.react(g, swap(g.data, m), swap(g.layout, m), config));
  };
  addEventListener("DOMContentLoaded", () => follow(dark.matches));
  dark.addEventListener("change", e => follow(e.matches));
  addEventListener("beforeprint", () => follow(false));
  addEventListener("afterprint", () => follow(dark.matches));
})();
"""


def figure_html(spec: ChartSpec) -> str:
    """One figure as `<div>` and its script, with the spec's id."""
    made = figure(spec, dark=False)
    config = {"displayModeBar": False, "responsive": True}
    return to_html(made, full_html=False, include_plotlyjs=False, div_id=spec.id, config=config)


def script() -> str:
    """plotly.js itself and the few lines that follow the colour scheme."""
    names = ("ink", "muted", "grid", "ground", "blue", "sky", "orange", "vermillion", "purple")
    pairs = [[getattr(LIGHT, n), getattr(DARK, n)] for n in names]
    return get_plotlyjs() + _FOLLOW % str(pairs).replace("'", '"')
