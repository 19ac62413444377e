"""OpenMetrics text, series by series as `promtool tsdb dump-openmetrics` writes it, with a TYPE line per family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np


@dataclass
class Series:
    """One series: integers are written as such, `decimals` > 0 divides by its power of ten."""

    metric: str
    labels: dict[str, str]
    times: np.ndarray  # seconds, ascending
    values: np.ndarray  # integers
    decimals: int = 0

    @property
    def key(self) -> tuple:
        return self.metric, tuple(sorted((k, _order(k, v)) for k, v in self.labels.items()))


def _order(label: str, value: str) -> tuple[float, str]:
    return (float(value) if label == "le" else 0.0, value)


FAMILY_ENDS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}


def family(metric: str, kind: str) -> str:
    """Name of the family a sample belongs to: the format leaves `_total`, `_bucket` ... to the samples."""
    for end in FAMILY_ENDS.get(kind, ()):
        if metric.endswith(end):
            return metric.removesuffix(end)
    return metric


def text(series: Iterable[Series], types: dict[str, str]) -> Iterator[bytes]:
    """The file in pieces: families in order of name, `# TYPE` before each, `# EOF` at the end.

    `types` gives counter | gauge | histogram | unknown per metric name.
    """
    stamps: dict[int, list[str]] = {}
    last = None
    for one in sorted(series, key=lambda s: (family(s.metric, types[s.metric]), s.key)):
        name = family(one.metric, types[one.metric])
        if name != last:
            yield f"# TYPE {name} {types[one.metric]}\n".encode()
            last = name
        ends = stamps.setdefault(id(one.times), [f" {t}\n" for t in one.times.tolist()])
        labels = ",".join(f'{k}="{v}"' for k, v in sorted(one.labels.items()))
        head = f"{one.metric}{{{labels}}} "
        values = map(str, one.values.tolist()) if not one.decimals else _decimals(one.values, one.decimals)
        yield "".join([head + v + e for v, e in zip(values, ends, strict=True)]).encode()
    yield b"# EOF\n"


def _decimals(values: np.ndarray, decimals: int) -> Iterator[str]:
    unit = 10**decimals
    for v in values.tolist():
        whole, rest = divmod(abs(v), unit)
        yield f"{'-' if v < 0 else ''}{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".")
