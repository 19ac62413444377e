"""Queries as text: one statement a file under queries/, found by its path without the ending."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from data.errors import QueryError, nearest

ROOT = Path(__file__).resolve().parent.parent / "queries"


@lru_cache
def text(name: str) -> str:
    """Text of `queries/<name>.sql`. Raises QueryError with the nearest name when there is none."""
    file = ROOT / f"{name}.sql"
    if not file.is_file():
        raise QueryError(f'there is no query "{name}"{nearest(name, names())}')
    return file.read_text(encoding="utf-8")


@lru_cache
def names(folder: str = "") -> tuple[str, ...]:
    """All query names below a folder of queries/, sorted."""
    return tuple(sorted(str(f.relative_to(ROOT).with_suffix("")) for f in (ROOT / folder).rglob("*.sql")))
