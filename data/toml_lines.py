"""Where in a TOML text a key stands, for error messages. A scan by line: enough to point, not a parser."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _parts(dotted: str) -> list[str]:
    return [p.strip().strip("\"'") for p in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted)]


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """1-based line of the deepest part of `path` that the text has, or None.

    `path` is pydantic's location: names, and indices of arrays of tables.
    """
    wanted = tuple(path)
    counts: dict[tuple, int] = {}
    here: tuple[str | int, ...] = ()
    best: tuple[int, int] | None = None  # (matched parts, line)
    for number, line in enumerate(text.splitlines(), start=1):
        found: tuple[str | int, ...] | None = None
        if header := _HEADER.match(line):
            here = _table(_parts(header.group(2)), header.group(1) == "[[", counts)
            found = here
        elif key := _KEY.match(line):
            found = (*here, *_parts(key.group(1)))
        if found and wanted[: len(found)] == found and (best is None or len(found) > best[0]):
            best = (len(found), number)
    return best[1] if best else None


def _table(names: list[str], is_array: bool, counts: dict[tuple, int]) -> tuple[str | int, ...]:
    """Full path of a table header, with the index of every array of tables on the way."""
    path: tuple[str | int, ...] = ()
    for position, name in enumerate(names):
        path = (*path, name)
        last = position == len(names) - 1
        if last and is_array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
