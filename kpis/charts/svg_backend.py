"""Draws a ChartSpec as SVG with matplotlib: the figures of the PDF and of the static HTML report.

The same spec gives the same bytes: fixed hash salt, no date, no font but matplotlib's own. Letters are drawn as
outlines, so that a figure looks the same everywhere; the words of it are its alt text and its table.
"""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.layout_engine import LayoutEngine
from matplotlib.text import Text

from kpis.charts import svg_axes, svg_marks
from kpis.charts.colours import LIGHT
from kpis.charts.spec import ChartSpec

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu Sans, under its own free licence
NAMED = ("ink", "muted", "grid", "ground", "blue", "sky", "orange", "vermillion", "purple")
SIZE = 7.2  # points, at the printed width
PAD = 0.04167  # inches around all of it
_RC = {
    "svg.hashsalt": "beta-kpis",
    "svg.fonttype": "path",
    "text.parse_math": False,
    "hatch.linewidth": 0.5,
    "hatch.color": LIGHT.ground,
    "axes.linewidth": 0.6,
    "path.simplify": False,
}


def svg(spec: ChartSpec, width: float = 3.35, height: float | None = None) -> str:
    """A ChartSpec as one `<svg>` element. Width and height in inches; raises ValueError without alt text."""
    if not spec.alt.strip():
        raise ValueError(f"chart {spec.id}: has no alt text; say in words what it shows")
    with matplotlib.rc_context(_RC):
        out = StringIO()  # printed by the canvas itself: savefig draws everything once before, for nothing to be seen
        draw(spec, width, height).canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return _tidy(out.getvalue(), spec)


def coloured_by_page(drawn: str) -> str:
    """The same element with custom properties for colours (`var(--ink, #1f2933)`), so that a page can follow the
    reader's light or dark scheme."""
    for word in NAMED:
        colour = getattr(LIGHT, word)
        drawn = drawn.replace(colour, f"var(--{word}, {colour})")
    return drawn


def draw(spec: ChartSpec, width: float = 3.35, height: float | None = None) -> Figure:
    """The matplotlib figure; the lines and bars of its axes hold exactly the spec's numbers."""
    figure = Figure(figsize=(width, height or spec.height / 140), layout=_Margins())
    FigureCanvasSVG(figure)
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    if spec.heatmap is not None:
        svg_marks.heatmap(axes, spec.heatmap)
    else:
        _plot(axes, spec)
    _fonts(figure)
    return figure


class _Margins(LayoutEngine):
    """Room for all that stands around the one pair of axes.

    What constrained layout does, measured once: there is nothing to share room with, and measuring words takes a
    quarter of the drawing.
    """

    _adjust_compatible = _colorbar_gridspec = False

    def execute(self, fig: Figure) -> None:
        axes, pad = fig.axes[0], PAD * fig.dpi
        inner, outer = axes.get_window_extent(), axes.get_tightbbox(for_layout_only=True)
        left, low = inner.x0 - outer.x0 + pad, inner.y0 - outer.y0 + pad
        right, top = outer.x1 - inner.x1 + pad, outer.y1 - inner.y1 + pad
        width, height = fig.bbox.size
        axes.set_position((left / width, low / height, 1 - (left + right) / width, 1 - (low + top) / height))


def printable() -> frozenset[str]:
    """The characters that the fonts at FONTS have, in regular and in bold."""
    maps = [set(get_font(str(FONTS / f"DejaVuSans{weight}.ttf")).get_charmap()) for weight in ("", "-Bold")]
    return frozenset(map(chr, maps[0] & maps[1]))


def _plot(axes: Axes, spec: ChartSpec) -> None:
    names = list(dict.fromkeys(v for s in spec.series for v in s.x if isinstance(v, str)))
    bars = [s for s in spec.series if s.kind == "bar"]
    stacks: dict[tuple[float, bool], float] = {}
    for series in spec.series:
        x = svg_axes.positions(series.x, names)
        if series.kind == "bar":
            if spec.stacked:
                svg_marks.stack(axes, series, x, stacks)
                continue
            strokes = {at: y for s in spec.series if s.kind == "tick" for at, y in zip(s.x, s.y, strict=True)}
            svg_marks.bars(axes, series, x, bars.index(series), len(bars), [strokes.get(at) for at in series.x])
        else:
            svg_marks.line(axes, series, x)
    svg_axes.scale(axes, spec)
    svg_axes.x_axis(axes, spec, names)
    svg_axes.limits(axes, spec.lines)
    if svg_axes.dated(spec):
        svg_axes.events(axes, spec.markers)
    shown = [s for s in spec.series if s.name]
    if len(shown) > 1:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=min(len(shown), 4), frameon=False,
            labelcolor=LIGHT.muted,
        )  # fmt: skip


def _fonts(figure: Figure) -> None:
    face = FontProperties(fname=str(FONTS / "DejaVuSans.ttf"), size=SIZE)
    for text in figure.findobj(Text):
        text.set_fontproperties(face)


def _tidy(text: str, spec: ChartSpec) -> str:
    """Only the element, without comments, with its alt text; ids carry the chart's name: many share one page."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    name = re.sub(r"[^A-Za-z0-9_-]", "-", spec.id)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}.", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(spec.alt, quote=True)}" ', 1)
