"""A second, naive reading of a demo folder: what a careful person would count by hand."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.demo.conftest import rows

BERLIN = ZoneInfo("Europe/Berlin")
LAUNCH = date(2026, 3, 2)


def no_constant(text: str) -> None:
    raise ValueError(text)


def once(pairs: list[tuple]) -> dict:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("key twice")
    return dict(pairs)


def lines(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every line of every event file in order of file names, with the file's name below the folder."""
    for file in sorted((folder / "events").iterdir()):
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        yield from ((f"events/{file.name}", line) for line in content.removesuffix(b"\n").split(b"\n"))


def event(line: bytes) -> dict | None:
    """A line as an event, None when it is none."""
    try:
        found = json.loads(line.decode(), parse_constant=no_constant, object_pairs_hook=once)
        return found if "2026" <= found["ts"][:4] <= "2027" else None
    except (ValueError, KeyError, TypeError):
        return None


def events(folder: Path) -> list[dict]:
    """Accepted events, the first of each id, users by their canonical name."""
    canonical = {r["alias"]: r["canonical"] for r in rows(folder / "identities.jsonl")}
    found: dict[str, dict] = {}
    for _, line in lines(folder):
        row = event(line)
        if row is not None and row["id"] not in found:
            while row["user"] in canonical:
                row["user"] = canonical[row["user"]]
            found[row["id"]] = row
    return list(found.values())


def day(ts: str) -> int:
    """Local day of a time, 0 = launch."""
    return (datetime.fromisoformat(ts).astimezone(BERLIN).date() - LAUNCH).days


def counted(folder: Path) -> set[str]:
    """Ids of testers who count."""
    ids = {row["did"] for row in rows(folder / "testers.jsonl")}
    return {i for i in ids if not i.startswith(("did:plc:staff", "did:plc:testkonto", "did:plc:loadbot"))}


def sessions(times: list[datetime]) -> list[datetime]:
    """Starts of sessions by the 30 minute rule."""
    ordered = sorted(times)
    return [
        t
        for before, t in zip([None, *ordered], ordered, strict=False)
        if not before or t - before > timedelta(minutes=30)
    ]


def samples(folder: Path) -> dict[str, list[tuple[float, int]]]:
    """Samples per series as written: (value, second)."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for line in (folder / "metrics.om").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            series, value, second = line.rsplit(" ", 2)
            found[series].append((float(value), int(second)))
    return found


def growth(points: list[tuple[float, int]], start: datetime, end: datetime) -> float:
    """Reset-aware growth that ends in [start, end)."""
    total = 0.0
    for (before, _), (value, second) in pairwise(points):
        if start.timestamp() <= second < end.timestamp():
            total += value - before if value >= before else value
    return total
