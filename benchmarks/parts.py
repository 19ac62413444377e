"""The parts of a run in their order; one that fails is named, and the others still count."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import build, counters, engagement, ingest, pages, postgres, prometheus
from benchmarks.measure import Row, say
from benchmarks.size import MOST_LINES, MOST_PULLED, Size

PARTS = ("ingest", "facts", "engagement", "pages at size", "counters", "postgres", "prometheus", "pages")


@dataclass
class Outcome:
    """Rows of the table, what did not take part and why, and which parts ended in an error."""

    rows: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def measure(size: Size, parts: Sequence[str], work: Path, after: Callable[[Outcome], None]) -> Outcome:
    """Run the parts; `after` each is told the outcome so far. An error of one is printed and noted."""
    outcome = Outcome()
    ways: dict[str, Callable[[], list[Row]]] = {
        "ingest": lambda: ingest.run(size.limited(events=MOST_LINES), work),
        "facts": lambda: build.run(size, work),
        "engagement": lambda: _engagement(size, work, outcome),
        "pages at size": lambda: pages.at_size(size, _filled(size, work)),
        "counters": lambda: _counters(size, work, outcome),
        "postgres": lambda: _postgres(size, work, outcome),
        "prometheus": lambda: _prometheus(size.limited(samples=MOST_PULLED), work, outcome),
        "pages": lambda: pages.run(size, work),
    }
    for name in PARTS:
        if name in parts:
            try:
                outcome.rows += ways[name]()
            except Exception as error:
                traceback.print_exc()
                say(f"{name}: failed; going on with the next part")
                outcome.failed.append(f"{name} ({type(error).__name__})")
            after(outcome)
        if not set(PARTS[PARTS.index(name) + 1 :]) & {"engagement", "pages at size"} & set(parts):
            shutil.rmtree(build.folder(work), ignore_errors=True)
    return outcome


def _filled(size: Size, work: Path) -> Path:
    """The folder of the run, with a beta of its size in it: the one that `facts` left, else a new one."""
    if not build.folder(work).exists() or build.served(work) is None:
        shutil.rmtree(build.folder(work), ignore_errors=True)
        build.fill(size, work)
    return work


def _engagement(size: Size, work: Path, outcome: Outcome) -> list[Row]:
    outcome.left_out += [f"{peer} ({why})" for peer, why in engagement.left_out(size).items()]
    return engagement.run(size, _filled(size, work))


def _counters(size: Size, work: Path, outcome: Outcome) -> list[Row]:
    outcome.left_out += [f"{peer} for counters ({why})" for peer, why in counters.left_out(size).items()]
    try:
        counters.prepare(size, work)
        return counters.run(size, work)
    finally:
        counters.clean(work)


def _postgres(size: Size, work: Path, outcome: Outcome) -> list[Row]:
    absent = postgres.missing()
    if absent:
        outcome.left_out.append(f"the PostgreSQL pull ({' and '.join(absent)} not installed)")
        return []
    return postgres.run(size, work)


def _prometheus(size: Size, work: Path, outcome: Outcome) -> list[Row]:
    absent = prometheus.missing()
    if absent:
        outcome.left_out.append(f"the Prometheus pull ({' and '.join(absent)} not installed)")
        return []
    try:
        counters.prepare(size, work)
        return prometheus.run(size, work)
    finally:
        counters.clean(work)
