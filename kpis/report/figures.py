"""The figures of a report by chart id: SVG for print, SVG that follows the page's colours, or interactive."""

from __future__ import annotations

from typing import Any

from kpis.charts.spec import ChartSpec
from kpis.model import Review
from kpis.report.areas import spec_of

HALF, FULL = 3.35, 6.9  # inches: two side by side, or one over the whole width


def specs(review: Review, told: dict[str, Any]) -> dict[str, ChartSpec]:
    """Specs of all charts of the content by id."""
    made = [spec_of(review, review.kpi(c["kpi"])) for a in told["areas"] for c in a["charts"]]
    return {spec.id: spec for spec in made}


def printed(review: Review, told: dict[str, Any]) -> dict[str, str]:
    from kpis.charts.svg_backend import svg

    alone = {a["charts"][0]["id"] for a in told["areas"] if len(a["charts"]) == 1}
    return {key: svg(spec, FULL if key in alone else HALF, 1.75) for key, spec in specs(review, told).items()}


def inline(review: Review, told: dict[str, Any]) -> dict[str, str]:
    """SVG with its alt text as title, for a page."""
    from kpis.charts.svg_backend import svg

    return {key: svg(spec, 4.2, 2.2, css=True) for key, spec in specs(review, told).items()}


def interactive(review: Review, told: dict[str, Any]) -> tuple[dict[str, str], str]:
    """Plotly figures with fixed ids, and plotly.js to be put into the page once."""
    from kpis.charts import plotly_html

    made = {key: plotly_html.figure_html(spec) for key, spec in specs(review, told).items()}
    return made, plotly_html.script()
