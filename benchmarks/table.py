"""The table: Markdown for people, JSON for machines; machine class and versions, no names of hosts or folders."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson

from benchmarks import goals
from benchmarks.measure import AGAIN, QUICK_MS, THREADS, Row
from benchmarks.parts import Outcome
from benchmarks.size import Size

PACKAGES = ("duckdb", "polars", "pandas", "chdb", "pyarrow", "numpy", "streamlit", "prometheus-api-client")
TITLES = {
    "ingest": "Strict ingest",
    "facts": "Facts: first build and refresh",
    "engagement": "Engagement questions",
    "counters": "Counters and histograms",
    "postgres": "PostgreSQL pull",
    "prometheus": "Prometheus pull",
    "pages": "Pages, viewers and report, on the demo beta",
    "pages at size": "Pages, viewers and report, at this size",
}


def machine() -> dict[str, Any]:
    """Class of the machine: processor, cores this process may use, memory, system."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1_048_576),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": round(os.getloadavg()[2], 1),  # of the last 15 minutes: above the cores, others were at work
    }


def versions() -> dict[str, str]:
    """Versions of Python, the engines and the libraries; what is not installed is left out."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    if shutil.which("prometheus"):
        told = subprocess.run(["prometheus", "--version"], capture_output=True, text=True, check=False)
        words = (told.stdout + told.stderr).split()
        found["prometheus"] = words[2] if len(words) > 2 else "?"
    return found


def write(folder: Path, size: Size, outcome: Outcome, *, keep: bool) -> list[Path]:
    """Write bench-<events>.json and .md. Returns the files. With `keep`, parts not run now stay as they were there."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"bench-{_short(size.events)}"
    files = [stem.with_suffix(".json"), stem.with_suffix(".md")]
    old = _earlier(files[0], {row.part for row in outcome.rows}) if keep and files[0].is_file() else []
    rows = sorted([*old, *outcome.rows], key=lambda row: list(TITLES).index(row.part))
    failed = [f"{name}: it ended in an error" for name in outcome.failed]
    content = {
        "events": size.events, "samples": size.samples, "seed": size.seed, "threads": THREADS, "machine": machine(),
        "versions": versions(), "left_out": [*outcome.left_out, *failed],
        "earlier": list(dict.fromkeys(row.part for row in old)), "rows": [row.as_json() for row in rows],
    }  # fmt: skip
    files[0].write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    files[1].write_text(markdown(content, rows), encoding="utf-8")
    return files


def _earlier(file: Path, parts: set[str]) -> list[Row]:
    """Rows of an earlier table but those of the parts."""
    return [Row(**row) for row in orjson.loads(file.read_bytes())["rows"] if row["part"] not in parts]


def markdown(content: dict[str, Any], rows: Sequence[Row]) -> str:
    """The whole table as Markdown."""
    host = content["machine"]
    sampled = any(row.part in ("counters", "prometheus") for row in rows)
    samples = f" and {content['samples']:,} samples" if sampled else ""
    busy = f", load average {host['load_average']}" if "load_average" in host else ""
    found = ", ".join(f"{name} {number}" for name, number in content["versions"].items())
    out = [
        f"# Benchmark, {content['events']:,} events{samples}", "",
        f"{host['processor']}, {host['cores']} cores, {host['memory_gb']} GB, {host['system']}{busy}; "
        f"{content['threads']} threads for every engine. {found}.", "",
        f"Times are medians; what answers within {QUICK_MS} ms is asked {AGAIN + 1} times a round. x = median over "
        "paired rounds of the peer's time divided by the product's: above 1 the product is faster. Peers answer "
        "engagement questions from raw events in their own memory, with ids as integers and days given; reading, JSON "
        "and time zones are not charged to them.", "",
    ]  # fmt: skip
    out += [f"Left out: {text}." for text in content["left_out"]]
    if content.get("earlier"):
        out.append(f"From an earlier run: {', '.join(TITLES[part] for part in content['earlier'])}.")
    out += ["", "## Goals", "", *goals.table(rows)]
    for part, title in TITLES.items():
        own = [row for row in rows if row.part == part]
        if own:
            out += ["", f"## {title}", "", *_table(own)]
    return "\n".join(out) + "\n"


def _table(rows: Sequence[Row]) -> Iterable[str]:
    peers = list(dict.fromkeys(peer for row in rows for peer in (*row.peers_ms, *row.ratios)))
    memory = any(row.memory_mb for row in rows)
    head = ["what", "product", *peers, *(["peak memory"] if memory else []), "exact", "goal", "met", "remarks"]
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        cells = [row.what, _ms(row.product_ms), *(_peer(row, peer) for peer in peers)]
        if memory:
            cells.append(", ".join(f"{who} {mb:,.0f} MB" for who, mb in row.memory_mb.items()) or "-")
        verdict = {True: "yes", False: "**no**", None: "-"}
        cells += [verdict[row.exact], row.goal or "-", verdict[row.met], row.note or "-"]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _ms(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value / 1000:,.1f} s" if value >= 10_000 else f"{value:,.0f} ms" if value >= 20 else f"{value:.1f} ms"


def _peer(row: Row, peer: str) -> str:
    if peer not in row.ratios:
        return "-"
    took = f"{_ms(row.peers_ms[peer])}, " if peer in row.peers_ms else ""
    return f"{took}{row.ratios[peer]:.3g}x"


def _short(count: int) -> str:
    """1000000 -> 1m, 20000 -> 20k."""
    for unit, letter in ((1_000_000, "m"), (1000, "k")):
        if count >= unit:
            return f"{count / unit:g}{letter}"
    return str(count)


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text().splitlines() if path.is_file() else []
