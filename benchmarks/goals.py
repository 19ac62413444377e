"""The goals in one table: what was asked, what was measured, and why a goal is missed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Row

WHY = Path(__file__).resolve().parent / "why.toml"  # written by people: per goal what stands in the way, what was tried


@dataclass(frozen=True)
class Goal:
    """One goal and the rows that speak for it. It is met when all of them meet it."""

    key: str
    what: str
    asked: str
    part: tuple[str, ...]
    begins: tuple[str, ...]  # of the rows' `what`; "" = every row with a goal
    measured: Callable[[Sequence[Row]], str]

    def rows(self, rows: Iterable[Row]) -> list[Row]:
        return [r for r in rows if r.part in self.part and r.goal and r.what.startswith(self.begins)]


def _slowest(rows: Sequence[Row]) -> str:
    times = [row for row in rows if row.product_ms is not None]
    worst = max(times, key=lambda row: row.product_ms or 0)
    return f"slowest {worst.product_ms:,.0f} ms ({worst.what}), {len(times)} in all"


def _notes(rows: Sequence[Row]) -> str:
    return "; ".join(f"{row.what}: {row.note}" if len(rows) > 1 else row.note for row in rows)


def _memory(rows: Sequence[Row]) -> str:
    return "; ".join(f"{row.memory_mb['product']:,.0f} MB ({row.note.split(';')[0]})" for row in rows)


def _ratio(rows: Sequence[Row]) -> str:
    return "; ".join(f"{row.what}: {next(iter(row.ratios.values())):.1f}x" for row in rows)


_PAGES = ("pages", "pages at size")
GOALS = (
    Goal("questions", "every engagement question", "<= 50 ms, and >= 20x the best peer on raw events",
         ("engagement",), ("",), _slowest),
    Goal("build", "first full build from raw events", "<= 2x DuckDB's plain load",
         ("facts",), ("first full build",), _notes),
    Goal("refresh", "facts with one new day, late events included", "<= 2 % of the full build at 100 M, exact",
         ("facts",), ("facts with one new day",), _notes),
    Goal("ingest", "strict ingest with quarantine, JSON lines", "<= 1.5x DuckDB's plain load, <= 1 GB",
         ("ingest",), ("JSON lines",), _notes),
    Goal("postgres", "PostgreSQL pull", ">= 200,000 rows/s, or ADBC's own pace", ("postgres",), ("",), _notes),
    Goal("prometheus", "Prometheus pull", ">= 15x prometheus-api-client per CPU-second by remote read, >= 5x by JSON",
         ("prometheus",), ("pull",), _ratio),
    Goal("counters", "counters and quantiles", "<= 100 ms from facts at 50 M samples", ("counters",), ("",), _slowest),
    Goal("pages", "any page's script, warm", "<= 100 ms", _PAGES, ("page ",), _slowest),
    Goal("viewers", "20 viewers at once on 2 cores", "p95 <= 1 s, no error when snapshots change", _PAGES,
         ("20 viewers",), _notes),
    Goal("report", "report, cold command", "<= 10 s", _PAGES, ("report command",), _slowest),
    Goal("memory", "memory of the dashboard process", "<= 1 GB at 100 M events", _PAGES, ("process of",), _memory),
)  # fmt: skip


def verdict(rows: Sequence[Row]) -> bool | None:
    """None: not measured, or no row at the size the goal is stated for."""
    told = [row.met for row in rows if row.met is not None]
    return all(told) if told else None


def best(rows: Sequence[Row]) -> str:
    """Smallest ratio to each peer over the rows: above 1 the product is faster."""
    peers = dict.fromkeys(peer for row in rows for peer in row.ratios)
    lowest = {peer: min(row.ratios[peer] for row in rows if peer in row.ratios) for peer in peers}
    return ", ".join(f"{peer} {ratio:.3g}x" for peer, ratio in lowest.items()) or "-"


def table(rows: Sequence[Row]) -> list[str]:
    """Markdown lines: every goal, then for each missed one why and what was tried."""
    out = ["| goal | asked | measured | smallest ratio to peers | met |", "|" + " --- |" * 5]
    words = {True: "yes", False: "**no**", None: "not at this size"}
    missed = []
    for goal in GOALS:
        own = goal.rows(rows)
        if not own:
            out.append(f"| {goal.what} | {goal.asked} | not measured in this run | - | - |")
            continue
        met = verdict(own)
        measured = goal.measured(own).replace("|", "\\|")
        out.append(f"| {goal.what} | {goal.asked} | {measured} | {best(own)} | {words[met]} |")
        if met is False:
            missed.append(goal)
    why = reasons()
    out += ["", "## Goals missed: why, and what was tried", ""]
    out += [f"- **{goal.what}**: {why.get(goal.key, _UNTOLD)}" for goal in missed] or ["None of those measured."]
    return out


_UNTOLD = "not looked into; `python -m benchmarks --profile` writes where the time goes."


def reasons() -> dict[str, str]:
    """Goal -> why it is missed and what was tried, as people wrote it. An unknown goal is an error."""
    found = tomllib.loads(WHY.read_text(encoding="utf-8")) if WHY.is_file() else {}
    unknown = sorted(set(found) - {goal.key for goal in GOALS})
    if unknown:
        raise ValueError(f'{WHY.name}: no goal is named "{unknown[0]}"; goals are {", ".join(g.key for g in GOALS)}')
    return {key: " ".join(text.split()) for key, text in found.items()}
