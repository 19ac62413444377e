"""Hiding small cohorts so that neither the totals nor a filter tell who came back.

A cohort of fewer than `floor` testers is hidden. Averages stay those of everybody, therefore in every column with a
small cohort the hidden part must be at least two cohorts and `floor` testers: the smallest other cohorts are hidden
until it is, and an average that cannot be protected even so is left out. Under a filter (a wave, a platform) the rest
of the cohort, which is the unfiltered table minus the shown one, is protected in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpis.engagement.averages import Average
from kpis.engagement.cells import CohortRow


def hidden_rows(
    sizes: Sequence[int], wholes: Sequence[int], known: Sequence[set[int]], floor: int
) -> tuple[set[int], set[int]]:
    """Rows to hide, and columns whose average must go.

    sizes, wholes: cohort sizes under the filter and without it. known: per column, the rows that are measurable.
    """
    small = {i for i, n in enumerate(sizes) if 0 < n < floor or (n and 0 < wholes[i] - n < floor)}
    hidden = set(small)

    def safe(rows: set[int]) -> bool:
        secret = hidden & rows
        return not small & rows or (len(secret) >= 2 and sum(sizes[i] for i in secret) >= floor)

    for rows in known:
        if safe(rows):
            continue
        spare = sorted((sizes[i], i) for i in rows - hidden if sizes[i])
        while not safe(rows) and spare:
            hidden.add(spare.pop(0)[1])
    return hidden, {column for column, rows in enumerate(known) if not safe(rows)}


def mask(
    rows: Sequence[CohortRow], wholes: Sequence[CohortRow], average: Average, floor: int
) -> tuple[tuple[CohortRow, ...], Average]:
    """The rows with small cohorts hidden (size and cells None), and the average without unprotected columns.

    wholes: the rows of the same question without a filter (the same rows when there is none).
    """
    seen = zip(*(row.cells.retained for row in rows), strict=True)
    known = [{i for i, retained in enumerate(column) if retained is not None} for column in seen]
    hidden, lost = hidden_rows([r.size for r in rows], [r.size for r in wholes], known, floor)
    shown = (replace(row, size=None, cells=row.cells.hidden()) if i in hidden else row for i, row in enumerate(rows))
    return tuple(shown), _without(average, lost)


def _without(average: Average, lost: set[int]) -> Average:
    def drop(values: tuple) -> tuple:
        return tuple(None if col in lost else value for col, value in enumerate(values))

    columns = {name: drop(getattr(average, name)) for name in ("values", "n", "not_yet", "low", "high")}
    return replace(average, **columns)
