"""PromQL of a user's own as a source: each file is worked out by the server on a regular grid and stored as samples.

The samples get the name `computed:<name>`, which no scraped metric can be taken for by chance. Counts of the
product never come from here: what `rate` and `increase` see differs between server versions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np

from data.errors import SourceError
from data.raw import RawStore, Run
from data.raw_load import Load
from data.sources import files
from data.sources.prometheus_http import TooMuch
from data.sources.prometheus_plan import COMPUTED, duration_ms

POINTS = 10_000  # of one question; Prometheus refuses more than 11,000 a series
SHORTEST_STEP_MS = 1000
_HEADER = re.compile(r"#\s*(name|What|Unit|Type|Step):\s*(.*?)\s*$")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_STEP = re.compile(r"(\d+(ms|[ywdhms]))+")
Series = tuple[dict[str, str], np.ndarray, np.ndarray]  # labels, ts_ms, values
Ask = Callable[[str, int, int, int], Sequence[Series]]  # text, first_ms, last_ms, step_ms


@dataclass(frozen=True)
class Expression:
    """One file: PromQL, and what its header says of it. `step_ms` is the distance of the grid's points."""

    name: str
    what: str
    unit: str | None
    type: Literal["gauge", "counter"]
    step_ms: int
    text: str

    @property
    def metric(self) -> str:
        return COMPUTED + self.name

    @property
    def mark(self) -> str:
        """Changes whenever stored values would no longer be what the file says."""
        return hashlib.sha256(f"{self.type}\n{self.unit}\n{self.step_ms}\n{self.text}".encode()).hexdigest()[:16]


def parse(content: str, taken: Mapping[str, str]) -> Expression:
    """Expression of a file's content. Raises SourceError that says which header line is wrong and what is right.

    taken: names that are in use, and the file of each.
    """
    head = {m[1]: m[2] for m in map(_HEADER.match, content.splitlines()) if m}
    missing = [k for k in ("name", "What", "Type", "Step") if not head.get(k)]
    if missing:
        raise SourceError(f'no line "# {missing[0]}: ..."; a file begins with name, What, Unit, Type and Step')
    if not _NAME.fullmatch(head["name"]):
        raise SourceError(f'name "{head["name"]}" must be small letters, digits and underscores')
    if head["Type"] not in ("gauge", "counter"):
        raise SourceError(f'Type "{head["Type"]}" must be gauge or counter')
    step = duration_ms(head["Step"]) if _STEP.fullmatch(head["Step"]) else None
    if step is None or step < SHORTEST_STEP_MS:
        raise SourceError(f'Step "{head["Step"]}" must be a duration of a second or more, such as 5m')
    if head["name"] in taken:
        raise SourceError(f'name "{head["name"]}" is that of {taken[head["name"]]} too; give it another')
    text = "\n".join(line for line in content.splitlines() if not line.lstrip().startswith("#")).strip()
    if not text:
        raise SourceError("holds no expression below its header")
    kind = cast(Literal["gauge", "counter"], head["Type"])
    return Expression(head["name"], head["What"], head.get("Unit") or None, kind, step, text)


def grid(first_ms: int, end_ms: int, step_ms: int, points: int = POINTS) -> Iterator[tuple[int, int]]:
    """(first, last) of questions of at most `points` points, which are the multiples of the step in [first, end).

    The points lie at the same instants whenever the pull begins, so that two pulls share them at their seam.
    """
    at = -(-first_ms // step_ms) * step_ms
    stop = -(-end_ms // step_ms) * step_ms  # first point that is not asked for
    while at < stop:
        after = min(at + points * step_ms, stop)
        yield at, after - step_ms
        at = after


@dataclass(frozen=True)
class Window:
    """What of the programme is to be read: from its first millisecond to now, again for `overlap_ms` at a seam."""

    first_ms: int
    as_of_ms: int
    overlap_ms: int

    def start(self, watermark: dict | None, step_ms: int) -> int:
        if watermark is None or watermark["from_ms"] > self.first_ms:
            return self.first_ms
        return max(self.first_ms, watermark["to_ms"] - max(self.overlap_ms, 2 * step_ms))


@dataclass(frozen=True)
class Job:
    """What one source has to read, and how. `others`: its items that are no expressions. `warnings`: of the server."""

    source: str
    kind: str
    others: Collection[str]
    patterns: Sequence[str]
    folder: Path
    window: Window
    ask: Ask
    warnings: list[str]


def found(patterns: Sequence[str], base: Path, source: str) -> tuple[list[tuple[str, str]], list[str]]:
    """(place, content) of every file that the settings name, and a sentence for each that cannot be read."""
    contents: dict[Path, tuple[str, str]] = {}
    failed = []
    for pattern in patterns:
        try:
            for file in files.find(pattern, base, (".promql",), source):
                contents[file.path] = (file.path.name, file.path.read_text(encoding="utf-8"))
        except SourceError as error:
            failed.append(str(error).replace("`path`", "`expressions`"))
        except (OSError, UnicodeDecodeError):
            failed.append(f"{pattern}: a file cannot be read as UTF-8 text")
    return list(contents.values()), failed


def load_one(load: Load, expression: Expression, window: Window, ask: Ask) -> None:
    """Read what is new of one expression. Raises SourceError in the server's own words."""
    old = load.watermark
    if old is not None and old["mark"] != expression.mark:
        raise SourceError(
            "the expression, its type, unit or step is another than when its values were stored; "
            "give the new one a name of its own"
        )
    start = window.start(old, expression.step_ms)
    for first, last in grid(start, window.as_of_ms, expression.step_ms):
        for labels, ts, values in _asked(ask, expression, first, last):
            _store(load, expression, labels, ts, values)
    load.watermark = {
        "from_ms": min(window.first_ms, start), "to_ms": window.as_of_ms, "mark": expression.mark
    }  # fmt: skip


def _asked(ask: Ask, expression: Expression, first: int, last: int) -> Iterator[Series]:
    """Series of one question, asked in halves where the server finds it too large."""
    step = expression.step_ms
    try:
        answer = ask(expression.text, first, last, step)
    except TooMuch:
        if first == last:
            raise
        middle = first + (last - first) // step // 2 * step
        yield from _asked(ask, expression, first, middle)
        yield from _asked(ask, expression, middle + step, last)
        return
    seen = set()
    for labels, ts, values in answer:
        kept = {k: v for k, v in labels.items() if k != "__name__"}
        key = tuple(sorted(kept.items()))
        if key in seen:
            raise SourceError("gives two series that differ in the metric's name only; add them up or take one")
        seen.add(key)
        yield kept, ts, values


def _store(load: Load, expression: Expression, labels: dict[str, str], ts: np.ndarray, values: np.ndarray) -> None:
    told = ~np.isnan(values)  # 0 / 0: there was nothing to take a share of
    load.blank(int((~told).sum()))
    if told.any():
        load.samples(expression.metric, labels, expression.type, ts[told], values[told], expression.unit)


def load_all(store: RawStore, run: Run, job: Job) -> list[str]:
    """Read every expression. One that fails is recorded, told in a sentence, and does not stop the others."""
    contents, failed = found(job.patterns, job.folder, job.source)
    taken: dict[str, str] = {}
    items = set(job.others)
    for file, content in contents:
        item = file
        try:
            try:
                expression = parse(content, taken)
                item = expression.metric
                taken[expression.name] = file
            finally:
                items.add(item)
                job.warnings.clear()
            with store.load(run, job.source, job.kind, item, "raw_sample") as load:
                load_one(load, expression, job.window, job.ask)
                load.warnings += job.warnings
        except SourceError as error:
            failed.append(f"{file}: {error}")
            if item == file:
                _record(store, run, Place(job.source, job.kind), file, error)
    store.forgive_absent(job.source, items)
    return [f"{job.source}: {sentence}" for sentence in failed]


@dataclass(frozen=True)
class Place:
    """Where items stand in the store: the source's name and kind."""

    source: str
    kind: str


def record_all(
    store: RawStore, run: Run, place: Place, patterns: Sequence[str], folder: Path, sentence: str
) -> None:  # fmt: skip
    """Note the failure of a server that could not be reached for each of its expressions."""
    taken: dict[str, str] = {}
    for file, content in found(patterns, folder, place.source)[0]:
        try:
            expression = parse(content, taken)
            taken[expression.name] = file
            _record(store, run, place, expression.metric, SourceError(sentence))
        except SourceError as error:
            _record(store, run, place, file, error)


def _record(store: RawStore, run: Run, place: Place, item: str, error: SourceError) -> None:
    """Note what stands in the way of an item, so that Data health shows it until it is mended."""
    try:
        with store.load(run, place.source, place.kind, item, "raw_sample"):
            raise error
    except SourceError:
        return
