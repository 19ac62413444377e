"""What a ChartSpec's series and grids look like in matplotlib: bars, lines, bands, strokes, cells."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
from matplotlib.axes import Axes

from kpis.charts.colours import LIGHT
from kpis.charts.spec import Heatmap, Series

INK, SOFT, PAPER = LIGHT.ink, LIGHT.muted, LIGHT.ground
_LABEL = {"color": INK, "zorder": 5, "bbox": {"boxstyle": "square,pad=0.08", "facecolor": PAPER, "linewidth": 0}}


def bars(axes: Axes, series: Series, x: list[float], place: int, of: int, strokes: Sequence[float | None]) -> None:
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


def stack(axes: Axes, series: Series, x: list[float], ends: dict[tuple[float, bool], float]) -> None:
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


def line(axes: Axes, series: Series, x: list[float]) -> None:
    """A line with its band, or points, steps, strokes. A point without a neighbour is larger: no line shows it."""
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


def heatmap(axes: Axes, heat: Heatmap) -> None:
    """Cells shaded by their share of the largest value, with their words in them."""
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
