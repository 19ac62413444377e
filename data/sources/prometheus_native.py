"""Native histograms as plain counters: the server's own expressions give count and sum on a regular grid."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data import sql

Series = tuple[dict[str, str], np.ndarray, np.ndarray]
PARTS = ("count", "sum")


def expression(part: str, selector: str) -> str:
    """Text of `queries/prometheus/native/<part>.promql` for a selector."""
    lines = (sql.ROOT / "prometheus" / "native" / f"{part}.promql").read_text(encoding="utf-8").splitlines()
    return " ".join(line for line in lines if not line.startswith("#")).replace("$selector", selector)


def grow(name: str, selector: str, ask: Callable[[str], list[Series]]) -> list[Series]:
    """Series `<name>_count` and `<name>_sum`; the expressions drop the metric name, so it is put back."""
    return [
        ({**labels, "__name__": f"{name}_{part}"}, ts, values)
        for part in PARTS
        for labels, ts, values in ask(expression(part, selector))
    ]
