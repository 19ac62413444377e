"""How cost grows: time and memory against events, over all results of a folder, as a picture and a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import orjson

# name in the results -> words, colour (Okabe and Ito)
CURVES = {
    "first refresh": ("first load and build from files", "#999999"),
    "build": ("full build of the facts", "#0072b2"),
    "refresh": ("facts with one new day", "#56b4e9"),
    "review": ("whole review, once a snapshot", "#e69f00"),
    "report": ("report command", "#cc79a7"),
    "question": ("a question (median)", "#009e73"),
    "slowest page": ("slowest page's script, warm", "#d55e00"),
    "dashboard": ("dashboard process", "#000000"),
}
NAME = "cost"
WIDTH, HEIGHT, LEFT, TOP, GAP = 900, 420, 60, 30, 90


@dataclass(frozen=True)
class Point:
    events: int
    ms: float | None
    memory_mb: float | None


def points(folder: Path) -> dict[str, list[Point]]:
    """Curve -> its points, by events, from every bench-*.json of the folder."""
    found: dict[str, list[Point]] = {name: [] for name in CURVES}
    contents = [orjson.loads(file.read_bytes()) for file in sorted(folder.glob("bench-*.json"))]
    for content in sorted(contents, key=lambda c: c["events"]):
        for row in content["rows"]:
            if row.get("curve") in found:
                found[row["curve"]].append(_point(content["events"], row))
        asked = [
            row["product_ms"]
            for row in content["rows"]
            if row["part"] == "engagement" and row.get("goal") and row["product_ms"]
        ]
        if asked:
            found["question"].append(Point(content["events"], median(asked), None))
    return {name: some for name, some in found.items() if some}


def _point(events: int, row: dict[str, Any]) -> Point:
    return Point(events, row["product_ms"], row["memory_mb"].get("product"))


def write(folder: Path) -> list[Path]:
    """Write cost.svg and cost.md beside the results. Returns the files; none when no result has a curve."""
    found = points(folder)
    if not found:
        return []
    files = [folder / f"{NAME}.svg", folder / f"{NAME}.md"]
    files[0].write_text(svg(found), encoding="utf-8")
    files[1].write_text(markdown(found), encoding="utf-8")
    return files


def markdown(found: dict[str, list[Point]]) -> str:
    """One row a curve, one column a size: time and peak memory."""
    sizes = sorted({point.events for some in found.values() for point in some})
    out = [
        "# How cost grows with events", "", f"![time and memory against events]({NAME}.svg)", "",
        "Sizes were measured in runs of their own: compare orders of magnitude, not digits.", "",
        "| what | " + " | ".join(f"{size:,} events" for size in sizes) + " |", "|" + " --- |" * (len(sizes) + 1),
    ]  # fmt: skip
    for name, some in found.items():
        by_size = {point.events: point for point in some}
        cells = [_cell(by_size[size]) if size in by_size else "-" for size in sizes]
        out.append(f"| {CURVES[name][0]} | " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"


def _cell(point: Point) -> str:
    time = "" if point.ms is None else f"{_time(point.ms)}"
    memory = "" if point.memory_mb is None else f"{point.memory_mb:,.0f} MB"
    return ", ".join(part for part in (time, memory) if part) or "-"


def _time(ms: float) -> str:
    return f"{ms / 1000:,.1f} s" if ms >= 1000 else f"{ms:,.0f} ms" if ms >= 10 else f"{ms:.1f} ms"


def svg(found: dict[str, list[Point]]) -> str:
    """Two panels with logarithmic axes: seconds, and megabytes at the peak."""
    panel = (WIDTH - LEFT - GAP - 20) / 2
    sizes = [point.events for some in found.values() for point in some]
    across = _Axis(min(sizes) / 1.5, max(sizes) * 1.5)
    times = {name: [(p.events, p.ms / 1000) for p in some if p.ms is not None] for name, some in found.items()}
    memory = {name: [(p.events, p.memory_mb) for p in some if p.memory_mb] for name, some in found.items()}
    body = _panel(LEFT, panel, across, times, "seconds", _seconds)
    body += _panel(LEFT + panel + GAP, panel, across, memory, "peak memory", _megabytes)
    body += _legend(found)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 90}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12">\n<title>Time and memory against events</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT + 90}" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value stands between the ends, 0 to 1, logarithmic."""
        return (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))

    def ticks(self) -> list[float]:
        """Powers of ten between the ends; with 2 and 5 times them where there are few."""
        first, last = math.floor(math.log10(self.low)), math.floor(math.log10(self.high))
        steps = (1, 2, 5) if math.log10(self.high / self.low) < 2 else (1,)
        return [v for n in range(first, last + 1) for v in (s * 10.0**n for s in steps) if self.low <= v <= self.high]


def _panel(
    left: float, width: float, across: _Axis, lines: dict[str, list[tuple[int, float]]], title: str, label: Any
) -> list[str]:
    lines = {name: line for name, line in lines.items() if line}
    values = [value for line in lines.values() for _, value in line]
    if not values:
        return []
    up = _Axis(min(values) / 1.6, max(values) * 1.6)
    bottom = HEIGHT - 40
    out = [f'<text x="{left:.0f}" y="{TOP - 12}" font-weight="600">{title}</text>']
    for value in up.ticks():
        y = bottom - up.share(value) * (bottom - TOP)
        out.append(f'<line x1="{left:.1f}" x2="{left + width:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 6:.1f}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{label(value)}</text>')
    for value in [10.0**n for n in range(3, 12) if across.low <= 10.0**n <= across.high]:
        x = left + across.share(value) * width
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}" stroke="#eee"/>')
        out.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#555">{_count(value)}</text>')
    out.append(f'<line x1="{left:.1f}" x2="{left + width:.1f}" y1="{bottom}" y2="{bottom}" stroke="#888"/>')
    out.append(f'<text x="{left + width / 2:.1f}" y="{bottom + 34}" text-anchor="middle" fill="#555">events</text>')
    for name, line in lines.items():
        places = [(left + across.share(x) * width, bottom - up.share(y) * (bottom - TOP)) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{path}" fill="none" stroke="{CURVES[name][1]}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{CURVES[name][1]}"/>' for x, y in places]
    return out


def _legend(names: Sequence[str] | dict) -> list[str]:
    out = []
    for number, name in enumerate(names):
        x, y = LEFT + number % 3 * 280, HEIGHT + 20 + number // 3 * 22
        out.append(f'<line x1="{x}" x2="{x + 22}" y1="{y}" y2="{y}" stroke="{CURVES[name][1]}" stroke-width="3"/>')
        out.append(f'<text x="{x + 30}" y="{y + 4}">{CURVES[name][0]}</text>')
    return out


def _seconds(value: float) -> str:
    return f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"


def _megabytes(value: float) -> str:
    return f"{value / 1000:g} GB" if value >= 1000 else f"{value:g} MB"


def _count(value: float) -> str:
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value / 1e3:g} k"
