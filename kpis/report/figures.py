"""The figures of a report by chart id: SVG for print, SVG that follows the page's colours, or interactive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpis.charts.spec import ChartSpec
from kpis.model import Review
from kpis.report.areas import spec_of

HALF, FULL, HEIGHT = 3.35, 6.9, 1.75  # inches: two side by side, or one over the whole width


class Figures:
    """Charts of one report's content. One of half the width is drawn once, for print and for the page."""

    def __init__(self, review: Review, told: dict[str, Any]) -> None:
        made = [spec_of(review, review.kpi(c["kpi"])) for a in told["areas"] for c in a["charts"]]
        self.specs: dict[str, ChartSpec] = {spec.id: spec for spec in made}
        self._alone = {a["charts"][0]["id"] for a in told["areas"] if len(a["charts"]) == 1}
        self._drawn: dict[tuple[str, float], str] = {}

    def draw(self, formats: Sequence[str], interactive: bool) -> None:
        """Draw now what these formats will show."""
        if "pdf" in formats:
            self.printed()
        if "html" in formats and not interactive:
            self.inline()

    def printed(self) -> dict[str, str]:
        return {key: self._svg(key, FULL if key in self._alone else HALF) for key in self.specs}

    def inline(self) -> dict[str, str]:
        """SVG with its alt text as label, for a page with two side by side."""
        from kpis.charts.svg_backend import coloured_by_page

        return {key: coloured_by_page(self._svg(key, HALF)) for key in self.specs}

    def interactive(self) -> tuple[dict[str, str], str]:
        """Plotly figures with fixed ids, and plotly.js to be put into the page once."""
        from kpis.charts import plotly_html

        return {key: plotly_html.figure_html(spec) for key, spec in self.specs.items()}, plotly_html.script()

    def _svg(self, key: str, width: float) -> str:
        from kpis.charts.svg_backend import svg

        if (key, width) not in self._drawn:
            self._drawn[key, width] = svg(self.specs[key], width, HEIGHT)
        return self._drawn[key, width]
