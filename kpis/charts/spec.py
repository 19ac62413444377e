"""A chart as data: what is drawn, for whom, and what it says. Two dumb backends draw it.

kpis/charts/plotly_backend.py draws for screen and HTML, kpis/charts/svg_backend.py (matplotlib) for the PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kpis.model import Marker

X = float | str | date | datetime


@dataclass(frozen=True)
class Series:
    name: str
    x: tuple[X, ...]
    y: tuple[float | None, ...]  # None = a hole that stays a hole
    low: tuple[float | None, ...] | None = None
    high: tuple[float | None, ...] | None = None
    kind: Literal["line", "bar", "points", "step", "tick"] = "line"  # tick: a short horizontal stroke at each x
    role: Literal["main", "compare", "muted", "good", "warn", "bad"] = "main"
    hatched: tuple[bool, ...] | None = None  # running periods
    labels: tuple[str, ...] | None = None  # text at each point (escaped by the backend)
    below: bool = False  # its labels stand under their points, where the next line is too near above


@dataclass(frozen=True)
class Heatmap:
    x: tuple[str, ...]
    y: tuple[str, ...]
    z: tuple[tuple[float | None, ...], ...]
    text: tuple[tuple[str, ...], ...]
    scale: Literal["coverage", "amount"] = "coverage"  # coverage: whole or not, 0..1; amount: pale to strong, 0..max
    hover: tuple[tuple[str, ...], ...] | None = None  # longer texts to point at; with them, `text` stands in the cells


@dataclass(frozen=True)
class Line:
    """A horizontal limit: target, floor, capacity, control limit."""

    y: float
    label: str
    role: Literal["target", "floor", "limit", "mean"] = "target"


@dataclass(frozen=True)
class ChartSpec:
    id: str
    title: str  # the finding, or a neutral title
    alt: str  # the takeaway, in words
    y_title: str
    y_format: Literal["percent", "number", "seconds", "bytes"]
    series: tuple[Series, ...] = ()
    heatmap: Heatmap | None = None
    lines: tuple[Line, ...] = ()
    markers: tuple[Marker, ...] = ()
    y_from_zero: bool = True
    stacked: bool = False  # bars of one x on each other, negative ones below zero; with a legend and labels inside
    height: int = 280
