"""Draws a ChartSpec as SVG with matplotlib: the figures of the PDF and of the static HTML report.

The same spec gives the same bytes: fixed hash salt, no date, no font but matplotlib's own. Letters are drawn as
outlines, so that a figure looks the same everywhere; the words of it are its alt text and its table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
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

from kpis.charts.colours import LIGHT
from kpis.charts.spec import ChartSpec, Heatmap, Line, Series, X
from kpis.charts.ticks import nice_ticks, stack_ends, tick_text
from kpis.model import Marker

INK, SOFT, GRID, PAPER = LIGHT.ink, LIGHT.muted, LIGHT.grid, LIGHT.ground
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu Sans, under its own free licence
DASHES = {"target": (4, 2), "floor": (1, 1.6), "limit": (6, 2), "mean": (2, 2)}
NAMED = ("ink", "muted", "grid", "ground", "blue", "sky", "orange", "vermillion", "purple")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIZE = 7.2  # points, at the printed width
PAD = 0.04167  # inches around all of it
_LABEL = {"color": INK, "zorder": 5, "bbox": {"boxstyle": "square,pad=0.08", "facecolor": PAPER, "linewidth": 0}}
_RC = {
    "svg.hashsalt": "beta-kpis",
    "svg.fonttype": "path",
    "text.parse_math": False,
    "hatch.linewidth": 0.5,
    "hatch.color": PAPER,
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
        _heatmap(axes, spec.heatmap)
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


# ---- what is drawn


def positions(x: Sequence[X], categories: list[str]) -> list[float]:
    """Places on the axis: days since 0001-01-01 for dates and instants, 0, 1, 2 ... for names."""
    return [float(categories.index(v)) if isinstance(v, str) else _place(v) for v in x]


def _place(value: float | date | datetime) -> float:
    if isinstance(value, datetime):
        return value.toordinal() + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def _plot(axes: Axes, spec: ChartSpec) -> None:
    names = list(dict.fromkeys(v for s in spec.series for v in s.x if isinstance(v, str)))
    bars = [s for s in spec.series if s.kind == "bar"]
    stacks: dict[tuple[float, bool], float] = {}
    for series in spec.series:
        x = positions(series.x, names)
        if series.kind == "bar":
            if spec.stacked:
                _stack(axes, series, x, stacks)
                continue
            strokes = {at: y for s in spec.series if s.kind == "tick" for at, y in zip(s.x, s.y, strict=True)}
            _bars(axes, series, x, bars.index(series), len(bars), [strokes.get(at) for at in series.x])
        else:
            _line(axes, series, x)
    _scale(axes, spec)
    _x_axis(axes, spec, names)
    _limits(axes, spec.lines)
    if _dated(spec):
        _events(axes, spec.markers)
    shown = [s for s in spec.series if s.name]
    if len(shown) > 1:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=min(len(shown), 4), frameon=False, labelcolor=SOFT
        )


def _bars(axes: Axes, series: Series, x: list[float], place: int, of: int, strokes: Sequence[float | None]) -> None:
    """Bars with intervals; a label stands above its bar, and above a stroke that would cross it."""
    room = 0.14 * max((v for side in (series.y, series.high or ()) for v in side if v is not None), default=0.0)
    width = 0.62 / of
    shift = (place - (of - 1) / 2) * width
    hatched = series.hatched or (False,) * len(x)
    for i, (at, y) in enumerate(zip(x, series.y, strict=True)):
        if y is None:
            continue
        label = series.name if not any(v is not None for v in series.y[:i]) else None  # once in the legend
        style = {"hatch": "////", "alpha": 0.55} if hatched[i] else {}
        axes.bar(at + shift, y, width * 0.96, color=LIGHT.role(series.role), label=label, linewidth=0, **style)
        if series.low and series.high and series.low[i] is not None and series.high[i] is not None:
            ends = ([max(y - series.low[i], 0)], [max(series.high[i] - y, 0)])
            axes.errorbar([at + shift], [y], yerr=ends, color=INK, linewidth=0.8, capsize=1.8, capthick=0.8)
        if series.labels:
            top = max(y, (series.high[i] if series.high else None) or y)
            stroke = strokes[i]
            top = stroke if stroke is not None and top < stroke < top + room else top
            axes.annotate(
                series.labels[i], (at + shift, top), (0, 2), textcoords="offset points", ha="center", **_LABEL
            )


def _stack(axes: Axes, series: Series, x: list[float], ends: dict[tuple[float, bool], float]) -> None:
    """Bars on those drawn before at the same place, negative ones below zero; `ends` holds how far they reach."""
    hatched = series.hatched or (False,) * len(x)
    for i, (at, y) in enumerate(zip(x, series.y, strict=True)):
        if y is None:
            continue
        foot = ends.get((at, y > 0), 0.0)
        style = {"hatch": "////", "alpha": 0.55} if hatched[i] else {}
        label = series.name if not any(v is not None for v in series.y[:i]) else None  # once in the legend
        axes.bar(at, y, 0.6, bottom=foot, color=LIGHT.role(series.role), label=label, linewidth=0, **style)
        ends[at, y > 0] = foot + y
        if series.labels and series.labels[i]:
            axes.text(at, foot + y / 2, series.labels[i], ha="center", va="center", **_LABEL)


def _line(axes: Axes, series: Series, x: list[float]) -> None:
    colour = LIGHT.role(series.role)
    y = [float("nan") if v is None else v for v in series.y]
    if series.low and series.high:
        low, high = ([float("nan") if v is None else v for v in side] for side in (series.low, series.high))
        axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
    if series.kind == "tick":
        axes.plot(
            x, y, linewidth=0, marker="_", markersize=15, markeredgewidth=1.8, color=colour, label=series.name, zorder=3
        )
        return
    style = "steps-post" if series.kind == "step" else "default"
    width = 0 if series.kind == "points" else 1.3
    dots = 3 if series.kind == "points" else 1.9
    axes.plot(
        x, y, color=colour, linewidth=width, drawstyle=style, marker="o", markersize=dots, markeredgewidth=0,
        label=series.name or None, solid_joinstyle="round", zorder=3,
    )  # fmt: skip
    near = [None, *series.y, None]
    lone = [i for i, v in enumerate(series.y) if v is not None and near[i] is None and near[i + 2] is None]
    axes.scatter([x[i] for i in lone], [y[i] for i in lone], s=12, color=colour, linewidths=0, zorder=3)
    for at, v, words in zip(x, series.y, series.labels or (), strict=False):
        if v is not None and words:
            side = dict(xytext=(0, -3), va="top") if series.below else dict(xytext=(0, 3))
            axes.annotate(words, (at, v), textcoords="offset points", ha="center", **side, **_LABEL)


def _heatmap(axes: Axes, heat: Heatmap) -> None:
    found = [v for row in heat.z for v in row if v is not None]
    top = max(found, default=0.0)
    for r, row in enumerate(heat.z):
        for c, v in enumerate(row):
            share = 0.0 if v is None or not top else v / top
            face = dict(facecolor=LIGHT.blue, alpha=0.08 + 0.85 * share) if v is not None else dict(facecolor="none")
            axes.add_patch(matplotlib.patches.Rectangle((c - 0.49, r - 0.48), 0.98, 0.96, linewidth=0, **face))
            axes.text(c, r, heat.text[r][c], ha="center", va="center", color=PAPER if share > 0.5 else INK)
    axes.set_xlim(-0.5, len(heat.x) - 0.5)
    axes.set_ylim(len(heat.y) - 0.5, -0.5)
    axes.set_xticks(range(len(heat.x)), heat.x)
    axes.set_yticks(range(len(heat.y)), heat.y)
    axes.tick_params(length=0, colors=SOFT)
    axes.spines[:].set_visible(False)


# ---- scales and marks


def _scale(axes: Axes, spec: ChartSpec) -> None:
    found = [v for s in spec.series for side in (s.y, s.low or (), s.high or ()) for v in side if v is not None]
    found += stack_ends(spec.series) if spec.stacked else []
    found = [v for v in (*found, *(line.y for line in spec.lines)) if math.isfinite(v)] or [0.0, 1.0]
    low = min([*found, 0.0]) if spec.y_from_zero else min(found)
    ticks = nice_ticks(low, max(found), spec.y_format)
    axes.set_ylim(ticks[0], ticks[-1])
    axes.set_yticks(ticks, [tick_text(t, spec.y_format, ticks) for t in ticks])
    axes.set_title(spec.y_title, loc="left", color=SOFT, pad=22 if spec.markers else 5)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=SOFT)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(SOFT)


def _x_axis(axes: Axes, spec: ChartSpec, names: list[str]) -> None:
    """Names stand at 0, 1, 2 ...; days span all that the series name, also days without data."""
    if names:
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
    elif _dated(spec):
        places = [p for s in spec.series for p in positions(s.x, [])]
        low, high = math.floor(min(places)), math.ceil(max(places))
        axes.set_xlim(low - 0.6, high + 0.6)
        days = range(low, high + 1, 7 if high - low >= 10 else 1)
        axes.set_xticks(list(days), [day_text(date.fromordinal(d)) for d in days])


def _dated(spec: ChartSpec) -> bool:
    return any(isinstance(v, date) for s in spec.series for v in s.x)


def day_text(day: date) -> str:
    """`2 Mar`, in English whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def _limits(axes: Axes, lines: Sequence[Line]) -> None:
    low, high = axes.get_ylim()
    room = (high - low) * 0.09
    used: list[float] = []
    for line in sorted(lines, key=lambda found: found.y, reverse=True):
        colour = LIGHT.role(line.role)
        axes.axhline(line.y, color=colour, linewidth=0.9, dashes=DASHES[line.role], zorder=2)
        at = line.y
        while any(abs(at - u) < room for u in used):  # labels never overlap
            at -= room / 4
        used.append(at)
        axes.annotate(
            line.label, (1, at), (3, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
            color=colour,
        )  # fmt: skip


def _events(axes: Axes, markers: Sequence[Marker]) -> None:
    left, right = axes.get_xlim()
    before = float("-inf")
    level = 0
    for marker in sorted(markers, key=lambda m: (m.at, m.number)):
        at = _place(marker.at)
        if not left <= at <= right:
            continue
        colour = LIGHT.marker(marker.kind)
        if marker.end is not None:
            axes.axvspan(at, max(min(_place(marker.end), right), at + 0.08), color=colour, alpha=0.18, linewidth=0)
        axes.axvline(at, color=colour, linewidth=0.7, alpha=0.8, zorder=1)
        level = (level + 1) % 2 if at - before < (right - left) * 0.05 else 0
        before = at
        axes.annotate(
            marker.sign, (at, 1), (0, 5 + 9.5 * level), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="center", color=PAPER,
            bbox={"boxstyle": "circle,pad=0.22", "facecolor": colour, "linewidth": 0},
        )  # fmt: skip


# ---- the file


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
