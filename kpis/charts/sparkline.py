"""A small line without axes, as SVG text: what a card shows. Holes stay holes, nothing is smoothed."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.charts.colours import Palette

WIDTH, HEIGHT, PAD = 280.0, 54.0, 5.0


def sparkline(
    points: Sequence[float | None],
    colours: Palette,
    *,
    week: int,
    running: bool = False,
    target: float | None = None,
) -> str:
    """Daily points of the whole programme; the given week is shaded (hatched while it runs), a target is dashed.

    The scale starts at 0, so that heights can be compared. Returns an `<svg>` element without any text in it.
    """
    known = [p for p in points if p is not None]
    top = max([*known, target or 0.0, 1e-12]) * 1.05
    step = (WIDTH - 2 * PAD) / max(len(points) - 1, 1)

    def x(i: float) -> float:
        return round(PAD + i * step, 1)

    def y(v: float) -> float:
        return round(HEIGHT - PAD - (HEIGHT - 2 * PAD) * v / top, 1)

    first, last = 7 * (week - 1) - 0.5, 7 * week - 0.5
    left, right = max(x(first), 0.0), min(x(last), WIDTH)
    fill = "url(#h)" if running else colours.grid
    parts = [
        f'<pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="2" height="6" fill="{colours.grid}"/></pattern>',
        f'<rect x="{left:.1f}" y="0" width="{right - left:.1f}" height="{HEIGHT:.0f}" fill="{fill}" opacity="0.75"/>',
        f'<line x1="0" x2="{WIDTH:.0f}" y1="{y(0)}" y2="{y(0)}" stroke="{colours.muted}" stroke-width="0.6"/>',
    ]
    if target is not None:
        parts.append(
            f'<line x1="0" x2="{WIDTH:.0f}" y1="{y(target)}" y2="{y(target)}" stroke="{colours.ink}" '
            f'stroke-width="1" stroke-dasharray="4 3" opacity="0.7"/>'
        )
    for run in _runs(points):
        if len(run) > 1:
            path = " ".join(f"{x(i)},{y(v)}" for i, v in run)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colours.blue}" stroke-width="1.8"/>')
        i, v = run[-1]
        if len(run) == 1 or i == _last(points):
            parts.append(f'<circle cx="{x(i)}" cy="{y(v)}" r="2.6" fill="{colours.blue}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'width="{WIDTH:.0f}" height="{HEIGHT:.0f}">{"".join(parts)}</svg>'
    )


def _runs(points: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Unbroken runs of points."""
    runs: list[list[tuple[int, float]]] = [[]]
    for i, v in enumerate(points):
        if v is None:
            runs.append([])
        else:
            runs[-1].append((i, v))
    return [r for r in runs if r]


def _last(points: Sequence[float | None]) -> int:
    return max(i for i, v in enumerate(points) if v is not None)
