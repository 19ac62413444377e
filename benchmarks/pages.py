"""Pages and the report, on the demo beta and on the beta of the run's size: scripts, memory, viewers, the command."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks import build, counters, generate, viewers
from benchmarks.measure import Row, child, say
from benchmarks.size import GOAL_EVENTS, Size

PART, AT_SIZE = "pages", "pages at size"
ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_S = 600
LANDING = "scorecard"
MOST_SAMPLES = 10_000_000  # beside the events of a beta of the run's size


def run(size: Size, work: Path) -> list[Row]:
    """Every page on the demo beta, which has something of everything."""
    place = work / "demo"
    say("pages: demo beta and its first refresh")
    made = child(_demo, str(place))
    where = f"demo beta of {made.value:,} events"
    rows = _pages_of(size, PART, place / "beta.toml", where)
    rows += _viewers(size, PART, place, work, where, (_again, str(place)))
    rows.append(_report(size, PART, place, where))
    shutil.rmtree(place)
    return rows


def at_size(size: Size, work: Path) -> list[Row]:
    """Every page on the beta that `build` left, with samples beside its events."""
    place = build.folder(work)
    samples = min(size.samples, MOST_SAMPLES)
    say(f"pages at size: {samples:,} samples beside the events")
    with (place / "beta.toml").open("a") as settings_file:
        settings_file.write(counters.SOURCE)
    generate.write_samples(samples, size.seed, place / "samples.om")
    child(build.refresh, str(place), generate.DAYS)
    (place / "samples.om").unlink()
    where = f"{size.events:,} events, {samples:,} samples"
    rows = _pages_of(size, AT_SIZE, place / "beta.toml", where)
    rows += _viewers(size, AT_SIZE, place, work, where, (_an_hour_later, str(place)))
    rows.append(_report(size, AT_SIZE, place, where))
    return rows


def _demo(place: str) -> int:
    """Write the demo beta and refresh it. Returns its events."""
    from data import refresh, settings
    from data.demo import folder

    made = folder.write(Path(place))
    refresh.refresh(settings.load(Path(place) / "beta.toml"))
    return made.events


def _again(place: str, number: int) -> None:
    """One more snapshot of the demo beta, some minutes later."""
    from data import refresh, settings

    known = settings.load(Path(place) / "beta.toml")
    refresh.refresh(known, settings.now(known) + timedelta(minutes=number))


def _an_hour_later(place: str, number: int) -> None:
    """One more snapshot of the beta of the run's size."""
    from data import refresh, settings

    known = settings.load(Path(place) / "beta.toml")
    refresh.refresh(known, generate.end_of(generate.DAYS) + timedelta(hours=number))


def _pages_of(size: Size, part: str, beta: Path, where: str) -> list[Row]:
    names = sorted((f.stem for f in (ROOT / "pages").glob("*.py")), key=lambda name: (name != LANDING, name))
    say(f"{part}: {len(names)} pages")
    viewed = child(_scripts, str(beta), names, size.quick_rounds).value
    slowest = max(names, key=lambda name: viewed[name][1])
    rows = []
    for name in names:
        cold, warm = viewed[name]
        rows.append(
            Row(part, f"page {name}, script warm", warm, goal="<= 100 ms", met=warm <= 100,
                note=f"first view after a refresh: {cold:,.0f} ms; {where}",
                curve="slowest page" if part == AT_SIZE and name == slowest else "")
        )  # fmt: skip
    return rows


def _scripts(beta: str, names: list[str], count: int) -> dict[str, tuple[float, float]]:
    """Page -> ms of the first view and the median of the views after it, server side, no browser."""
    os.environ["BETA_SETTINGS"] = beta
    os.chdir(ROOT)
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import AppTest

    PagesManager.uses_pages_directory = False  # as in a server after its first run
    logging.disable(logging.WARNING)  # a script run without a browser is warned about every time
    found = {}
    for name in names:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=TIMEOUT_S)
        if name == LANDING:
            cold = _ms(app)
        else:
            app.run()
            app.switch_page(f"pages/{name}.py")
            cold = _ms(app)
        found[name] = (cold, median(_ms(app) for _ in range(count)))
        if app.exception or len(app.title) != 1:
            raise RuntimeError(f"{name}: {app.exception[0].message if app.exception else 'shows no title'}")
    return found


def _ms(app: object) -> float:
    start = time.perf_counter()
    app.run()  # type: ignore[attr-defined]
    return (time.perf_counter() - start) * 1000


def _viewers(size: Size, part: str, place: Path, work: Path, where: str, swap: tuple) -> list[Row]:
    seconds, bursts = (20.0, 12) if size.rounds > 1 or size.events >= GOAL_EVENTS else (0.5, 1)
    say(f"{part}: {viewers.VIEWERS} viewers")
    with viewers.dashboard(place / "beta.toml", work / "dashboard.log") as served:
        seen = child(viewers.watch, served.port, seconds, bursts, size.seed, swap).value
        return viewers.rows(part, seen, served.peak_mb, where, stated=size.events >= GOAL_EVENTS * 10)


def _report(size: Size, part: str, place: Path, where: str) -> Row:
    """The command as a person types it: a new process, all four files. The first run compiles and is not counted."""
    took = []
    for number in range(size.rounds + 1):
        say(f"{part}: cold report, run {number + 1} of {size.rounds + 1}")
        command = [sys.executable, "-m", "kpis", "report", "--week", "4", "--out", place / "out"]
        start = time.perf_counter()
        done = subprocess.run([*command, "--settings", place / "beta.toml"], cwd=ROOT, capture_output=True, check=False)
        took.append((time.perf_counter() - start) * 1000)
        if done.returncode:
            raise RuntimeError(f"report: {done.stderr.decode(errors='replace')[-500:]}")
        shutil.rmtree(place / "out")
    ms = median(took[1:])
    return Row(
        part, "report command, cold, HTML, PDF, XLSX and JSON", ms, goal="<= 10 s", met=ms <= 10_000,
        note=f"process start and imports included; {where}", curve="report" if part == AT_SIZE else "",
    )  # fmt: skip
