"""Timing: paired rounds, medians, ratios of pairs; child processes for memory and processor time of their own."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.profile import profiled

THREADS = 2  # of every engine, so that all have the same
QUICK_MS, AGAIN = 100, 4


@dataclass(frozen=True)
class Row:
    """One line of the table. Times are medians in ms; ratios are medians over paired rounds, peer / product."""

    part: str
    what: str
    product_ms: float | None
    peers_ms: Mapping[str, float] = field(default_factory=dict)
    ratios: Mapping[str, float] = field(default_factory=dict)
    memory_mb: Mapping[str, float] = field(default_factory=dict)  # peak of the process, the product's under "product"
    exact: bool | None = None  # None: nothing to compare
    goal: str = ""
    met: bool | None = None  # None: no goal, or not at the size it is stated for
    note: str = ""
    curve: str = ""  # name of the cost curve that time and memory are a point of

    def as_json(self) -> dict[str, Any]:
        return {name: dict(v) if isinstance(v, Mapping) else v for name, v in vars(self).items()}


@dataclass(frozen=True)
class Timed:
    """Times in ms by contestant, one a round, and what each answered in the first round."""

    ms: Mapping[str, list[float]]
    answers: Mapping[str, Any]

    def median(self, name: str) -> float:
        return median(self.ms[name])

    def ratio(self, name: str, to: str = "product") -> float:
        """Median over the rounds of name / to."""
        return median(a / b for a, b in zip(self.ms[name], self.ms[to], strict=True))

    def row(self, part: str, what: str, **more: Any) -> Row:
        """A row with every contestant but the product as a peer."""
        peers = [name for name in self.ms if name != "product"]
        return Row(
            part, what, self.median("product"), {n: self.median(n) for n in peers}, {n: self.ratio(n) for n in peers},
            **more,
        )  # fmt: skip


def rounds(contestants: Mapping[str, Callable[[], Any]], count: int, *, warm: bool = True) -> Timed:
    """Run all contestants in turn, `count` times; with `warm` once before, unmeasured.

    Whoever answers within QUICK_MS answers AGAIN times more in the round, and the median is the round's time: of two
    rounds after peers that fill memory for seconds, one time of some ms says more of them than of the question.
    """
    answers = {name: run() for name, run in contestants.items()} if warm else {}
    ms: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(count):
        for name, run in contestants.items():
            took, answer = _timed(run)
            again = [_timed(run)[0] for _ in range(AGAIN if took < QUICK_MS else 0)]
            ms[name].append(median([took, *again]))
            answers.setdefault(name, answer)
    return Timed(ms, answers)


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = run()
    return (time.perf_counter() - start) * 1000, answer


@dataclass(frozen=True)
class Child:
    """What a function in a process of its own returned, and what it used."""

    value: Any
    wall_ms: float
    cpu_s: float
    peak_mb: float


def child(function: Callable[..., Any], *arguments: Any) -> Child:
    """Run a module-level function in a new process. An error in there is raised here."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_in_child, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        done, value = ours.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"{function.__qualname__}: the process ended with status {process.exitcode}") from None
    except BaseException:  # stopped by a signal: the child must not go on
        process.kill()
        raise
    finally:
        process.join()
    if not done:
        raise RuntimeError(f"{function.__qualname__}: {value}")
    return Child(*value)


def _in_child(pipe: Any, function: Callable[..., Any], arguments: tuple) -> None:
    os.dup2(2, 1)  # DuckDB takes a started process for an interactive one and draws bars; the table stands alone
    start, before = time.perf_counter(), _cpu_s()
    try:
        value = profiled(function, arguments)
    except Exception as error:
        pipe.send((False, f"{type(error).__name__}: {error}"))
        raise
    pipe.send((True, (value, (time.perf_counter() - start) * 1000, _cpu_s() - before, peak_mb())))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    """Largest resident memory of this process so far; ru_maxrss would begin with the parent's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(text: str) -> None:
    """Progress for the person who waits."""
    print(text, file=sys.stderr, flush=True)
