"""Where the time goes: with `--profile` every measured function runs under cProfile, and its queries are timed by name.

A profiled run is for reading, not for comparing: its times are larger, so it writes no table.
"""

from __future__ import annotations

import cProfile
import io
import os
import pstats
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

FOLDER = "BETA_BENCH_PROFILE"  # where profiles are written; read by every process of the run at its start
TOP = 40


def start(folder: Path) -> None:
    """Profile every function that is measured from now on."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER] = str(folder.resolve())


def profiled(function: Callable[..., Any], arguments: tuple) -> Any:
    """The function's value; its profile is written when the run is to be profiled."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return function(*arguments)
    queries = Queries()
    profile = cProfile.Profile()
    try:
        with queries:
            return profile.runcall(function, *arguments)
    finally:
        name = f"profile-{function.__module__.rpartition('.')[2]}-{function.__name__.strip('_')}"
        _free(Path(folder), name).write_text(_text(profile, queries), encoding="utf-8")


def _free(folder: Path, name: str) -> Path:
    """A file for each of several calls: the second of a function is often another case."""
    number = len(list(folder.glob(f"{name}-*.txt"))) + 1
    return folder / f"{name}-{number}.txt"


def _text(profile: cProfile.Profile, queries: Queries) -> str:
    out = io.StringIO()
    out.write("# Queries of DuckDB by their name, slowest first: seconds, calls\n\n")
    for name, (seconds, calls) in sorted(queries.seconds.items(), key=lambda item: -item[1][0])[:TOP]:
        out.write(f"{seconds:10.3f} {calls:7,}  {name}\n")
    for title, order in (("own time", "tottime"), ("time with all it calls", "cumulative")):
        out.write(f"\n# Functions by {title}\n")
        pstats.Stats(profile, stream=out).strip_dirs().sort_stats(order).print_stats(TOP)
    return out.getvalue()


class Queries:
    """While it is entered, connections opened with duckdb.connect note how long each query took."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, int]] = {}

    def __enter__(self) -> Queries:
        self._connect = duckdb.connect
        duckdb.connect = lambda *args, **kwargs: _Timed(self._connect(*args, **kwargs), self)
        return self

    def __exit__(self, *_: object) -> None:
        duckdb.connect = self._connect

    def add(self, text: str, seconds: float) -> None:
        before, calls = self.seconds.get(_name(text), (0.0, 0))
        self.seconds[_name(text)] = (before + seconds, calls + 1)


def _name(text: str) -> str:
    """`facts/x` of a query that says `-- name: facts/x`; else its beginning."""
    first = text.lstrip().split("\n", 1)[0]
    return first.removeprefix("-- name:").strip() if first.startswith("-- name:") else " ".join(text.split())[:70]


class _Timed:
    """A connection whose queries are timed; everything else is the connection's own."""

    def __init__(self, con: Any, queries: Queries) -> None:
        self._con, self._queries = con, queries

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        begin = time.perf_counter()
        try:
            done = self._con.execute(query, *args, **kwargs)
        finally:
            self._queries.add(str(query), time.perf_counter() - begin)
        return self if done is self._con else done

    def cursor(self) -> Any:
        return _Timed(self._con.cursor(), self._queries)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)
