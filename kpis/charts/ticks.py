"""Round numbers for an axis, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kpis.charts.spec import Series, X

_STEPS = (1, 2, 2.5, 5, 10)
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB")


def nice_ticks(low: float, high: float, form: str, wanted: int = 4) -> list[float]:
    """Round, evenly spaced ticks that enclose low..high (about `wanted` steps)."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    unit = 1024 ** max(int(math.log(high, 1024)), 0) if form == "bytes" and high >= 1 else 1.0
    raw = (high - low) / wanted / unit
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in _STEPS if s * power >= raw * (1 - 1e-9))
    if form == "number" and high - low >= 2:
        step = max(step, 1.0)
    first, last = math.floor(low / unit / step + 1e-9), math.ceil(high / unit / step - 1e-9)
    return [round(i * step, 12) * unit for i in range(first, last + 1)]


def tick_text(value: float, form: str, ticks: list[float]) -> str:
    """One tick in the unit that suits the whole axis: `40 %`, `200 ms`, `1.5 s`, `2 GiB`, `1,200`."""
    top = max(abs(t) for t in ticks)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else top
    if form == "percent":
        return f"{_number(value * 100, step * 100)} %"
    if form == "seconds":
        return f"{_number(value * 1000, step * 1000)} ms" if top < 2 else f"{_number(value, step)} s"
    if form == "bytes":
        power = min(max(int(math.log(top, 1024)), 0), len(_BINARY) - 1) if top >= 1 else 0
        return f"{_number(value / 1024**power, step / 1024**power)} {_BINARY[power]}"
    return _number(value, step)


def _number(value: float, step: float) -> str:
    if value == 0:
        return "0"
    places = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if round(step, places) != round(step, 10):
        places += 1
    return f"{round(value, places) + 0.0:,.{places}f}"


def stack_ends(series: Sequence[Series]) -> list[float]:
    """Highest and lowest end of the bars that stand on each other at one x."""
    ends: dict[tuple[X, bool], float] = {}
    for one in series:
        for x, y in zip(one.x, one.y, strict=True):
            if y is not None:
                ends[x, y > 0] = ends.get((x, y > 0), 0.0) + y
    return list(ends.values())
