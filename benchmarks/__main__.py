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
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks import curves, generate, profile, table
from benchmarks.measure import say
from benchmarks.parts import PARTS, Outcome, measure
from benchmarks.size import SIZES, Size

HERE = Path(__file__).resolve().parent


def main(argv: Sequence[str] | None = None) -> int:
    """Run the parts asked for. Returns the exit status."""
    args = _arguments(argv)
    size, parts = args.size, args.only
    home = HERE / "work"
    home.mkdir(exist_ok=True)
    free = shutil.disk_usage(home).free / 1e6
    say(f"needs up to {size.disk_mb:,} MB in {home.relative_to(HERE.parent)}, removed at the end; {free:,.0f} MB free")
    if free < size.disk_mb:
        print("error: not enough disk; ask for a smaller --size, or fewer --events or --samples", file=sys.stderr)
        return 1
    files: list[Path] = []

    def write(outcome: Outcome) -> None:
        if not args.profile:
            files[:] = [*table.write(args.out, size, outcome, keep=args.keep), *curves.write(args.out)]

    try:
        with _workshop(home, size, args.out if args.profile else None) as work:
            outcome = measure(size, parts, work, write)
    except KeyboardInterrupt:
        say("interrupted; " + ("what was measured before is written" if files else "nothing was written"))
        return 130
    if args.profile:
        say("profiles written: " + ", ".join(sorted(file.name for file in args.out.glob("profile-*.txt"))))
        return 0
    print(files[1].read_text(encoding="utf-8"))
    say("written: " + ", ".join(file.name for file in files))
    differ = [row.what for row in outcome.rows if row.exact is False]
    if differ:
        print(f"error: answers differ: {'; '.join(differ)}", file=sys.stderr)
    if outcome.failed:
        print(f"error: not measured to the end: {', '.join(outcome.failed)}", file=sys.stderr)
    return 1 if differ or outcome.failed else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="1m", help="events and samples (default: %(default)s)")
    parser.add_argument("--events", type=int, help="so many events in place of the size's")
    parser.add_argument("--samples", type=int, help="so many samples in place of the size's")
    parser.add_argument("--only", default=",".join(PARTS), metavar="LIST", help="comma list of: %(default)s")
    parser.add_argument("--rounds", type=int, help="rounds of what takes seconds, in place of the size's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE / "results", metavar="DIR", help="folder of the tables")
    parser.add_argument("--keep", action="store_true", help="keep the other parts of an earlier table of the same size")
    parser.add_argument("--profile", action="store_true", help="write where the time goes, and no table")
    args = parser.parse_args(argv)
    args.only = [part.strip() for part in args.only.split(",") if part.strip()]
    asked = {name: getattr(args, name) for name in ("events", "samples", "rounds") if getattr(args, name) is not None}
    args.size = replace(SIZES[args.size], seed=args.seed, **asked)
    if "rounds" in asked:
        args.size = replace(args.size, quick_rounds=2 * args.rounds + 1)
    unknown = [part for part in args.only if part not in PARTS]
    if unknown:
        parser.error(f'no part is named "{unknown[0]}"; parts are {", ".join(PARTS)}')
    if min(args.size.events, args.size.samples) < 10_000 or args.size.rounds < 1:
        parser.error("at least 10,000 events and samples and one round")
    return args


@contextmanager
def _workshop(home: Path, size: Size, profiles: Path | None) -> Iterator[Path]:
    """A folder for the run, removed at the end however it comes; what every process of the run is to know is set."""
    before, handler = dict(os.environ), signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    work = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=home))
    # compiled once and kept, as installed packages are: some machines forbid it, and each start would compile anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(work / "compiled")
    generate.over(size.days)
    if profiles is not None:
        profile.start(profiles)
    try:
        yield work
    finally:
        os.environ.clear()
        os.environ.update(before)
        signal.signal(signal.SIGTERM, handler)
        _remove(work)


def _remove(folder: Path) -> None:
    """Remove a folder into which a process that is ending may still write."""
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
