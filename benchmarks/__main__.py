"""`python -m benchmarks`: generate, measure the product beside its peers, write one table. Exit 1 when answers differ.

Every part runs in processes of its own. Nothing here is a test of speed: a busy machine gives slower times, but both
sides of a ratio are measured in turn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import build, counters, engagement, ingest, pages, prometheus, table
from benchmarks.measure import Row, say
from benchmarks.size import Size

HERE = Path(__file__).resolve().parent
PARTS = ("ingest", "facts", "engagement", "counters", "prometheus", "pages")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the parts asked for. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="events to generate (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=1_000_000, help="samples to generate (default: %(default)s)")
    parser.add_argument("--only", default=",".join(PARTS), metavar="LIST", help="comma list of: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of what takes seconds (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE / "results", metavar="DIR", help="folder of the tables")
    args = parser.parse_args(argv)
    parts = [part.strip() for part in args.only.split(",") if part.strip()]
    unknown = [part for part in parts if part not in PARTS]
    if unknown or args.events < 10_000 or args.samples < 10_000 or args.rounds < 1:
        wrong = f'no part is named "{unknown[0]}"' if unknown else "at least 10,000 events and samples and one round"
        parser.error(f"{wrong}; parts are {', '.join(PARTS)}")
    size = Size(args.events, args.samples, args.seed, args.rounds, 2 * args.rounds + 1)
    home = HERE / "work"
    home.mkdir(exist_ok=True)
    free = shutil.disk_usage(home).free / 1e6
    say(f"needs up to {size.disk_mb:,} MB in {home.relative_to(HERE.parent)}, removed at the end; {free:,.0f} MB free")
    if free < size.disk_mb:
        print("error: not enough disk; ask for fewer --events or --samples", file=sys.stderr)
        return 1
    work = Path(tempfile.mkdtemp(dir=home))
    # compiled once and kept, as installed packages are: some machines forbid it, and each start would compile anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(work / "compiled")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is below tidies up
    try:
        rows, left_out = measure(size, parts, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    files = table.write(args.out, size, rows, left_out)
    print(files[1].read_text(encoding="utf-8"))
    say("written: " + ", ".join(file.name for file in files))
    differ = [row.what for row in rows if row.exact is False]
    if differ:
        print(f"error: answers differ: {'; '.join(differ)}", file=sys.stderr)
    return 1 if differ else 0


def measure(size: Size, parts: Sequence[str], work: Path) -> tuple[list[Row], list[str]]:
    """Rows of the parts in order, and what was left out because it is not installed."""
    rows: list[Row] = []
    left_out: list[str] = []
    if "ingest" in parts:
        rows += ingest.run(size, work)
    if "facts" in parts:
        rows += build.run(size, work)
    elif "engagement" in parts:
        build.fill(size, work)
    if "engagement" in parts:
        left_out += [f"{peer} ({engagement.OPTIONAL[peer]} is not installed)" for peer in engagement.missing()]
        rows += engagement.run(size, work)
    if "pages" in parts:
        if not build.folder(work).exists():
            build.fill(size, work)
        rows += pages.at_size(size, work)
    shutil.rmtree(build.folder(work), ignore_errors=True)
    if "counters" in parts or "prometheus" in parts:
        counters.prepare(size, work)
    if "counters" in parts:
        rows += counters.run(size, work)
    if "prometheus" in parts:
        absent = prometheus.missing()
        if absent:
            left_out.append(f"the Prometheus pull ({' and '.join(absent)} not installed)")
        else:
            rows += prometheus.run(size, work)
    counters.clean(work)
    if "pages" in parts:
        rows += pages.run(size, work)
    return rows, left_out


if __name__ == "__main__":
    sys.exit(main())
