"""What stands around the series in matplotlib: scales, ticks, lines of targets, numbered events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime

from matplotlib.axes import Axes

from kpis.charts.colours import LIGHT
from kpis.charts.spec import ChartSpec, Line, X
from kpis.charts.ticks import nice_ticks, stack_ends, tick_text
from kpis.model import Marker
from kpis.words import short_day

SOFT, GRID, PAPER = LIGHT.muted, LIGHT.grid, LIGHT.ground
DASHES = {"target": (4, 2), "floor": (1, 1.6), "limit": (6, 2), "mean": (2, 2)}


def positions(x: Sequence[X], categories: list[str]) -> list[float]:
    """Places on the axis: days since 0001-01-01 for dates and instants, 0, 1, 2 ... for names."""
    return [float(categories.index(v)) if isinstance(v, str) else _place(v) for v in x]


def _place(value: float | date | datetime) -> float:
    if isinstance(value, datetime):
        return value.toordinal() + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def scale(axes: Axes, spec: ChartSpec) -> None:
    """The y axis: ticks on round numbers, its title above it, nothing that is not needed to read it."""
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


def x_axis(axes: Axes, spec: ChartSpec, names: list[str]) -> None:
    """Names stand at 0, 1, 2 ...; days span all that the series name, also days without data."""
    if names:
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
    elif dated(spec):
        places = [p for s in spec.series for p in positions(s.x, [])]
        low, high = math.floor(min(places)), math.ceil(max(places))
        axes.set_xlim(low - 0.6, high + 0.6)
        days = range(low, high + 1, 7 if high - low >= 10 else 1)
        axes.set_xticks(list(days), [short_day(date.fromordinal(d)) for d in days])


def dated(spec: ChartSpec) -> bool:
    """Whether the series lie on days or instants."""
    return any(isinstance(v, date) for s in spec.series for v in s.x)


def limits(axes: Axes, lines: Sequence[Line]) -> None:
    """Lines of targets, floors and limits, with their names beside them."""
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


def events(axes: Axes, markers: Sequence[Marker]) -> None:
    """Numbered verticals; an incident with an end is a band. Numbers of near neighbours stand on two rows."""
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
