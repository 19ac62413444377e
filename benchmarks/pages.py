"""Pages and the report on the demo beta: the script of every page, warm, and the cold report command."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.measure import Row, child, say
from benchmarks.size import Size

PART = "pages"
ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_S = 120
LANDING = "scorecard"


def run(size: Size, work: Path) -> list[Row]:
    place = work / "demo"
    say("pages: demo beta and its first refresh")
    made = child(_demo, str(place))
    names = sorted((f.stem for f in (ROOT / "pages").glob("*.py")), key=lambda name: (name != LANDING, name))
    say(f"pages: {len(names)} pages")
    viewed = child(_pages, str(place / "beta.toml"), names, size.quick_rounds)
    rows = []
    for name in names:
        cold, warm = viewed.value[name]
        rows.append(
            Row(PART, f"page {name}, script warm", warm, goal="<= 100 ms", met=warm <= 100,
                note=f"first view after a refresh: {cold:,.0f} ms")
        )  # fmt: skip
    rows.append(Row(PART, "process of the dashboard, every page viewed", None,
                    memory_mb={"product": viewed.peak_mb}, goal="<= 1 GB at 100 M events",
                    note="on the demo beta; the goal is stated for 100 M events"))  # fmt: skip
    rows.append(_report(size, place))
    note = f"{made.value:,} events in the demo; generating it is not counted"
    shutil.rmtree(place)
    return [*rows[:-1], Row(**{**vars(rows[-1]), "note": f"{rows[-1].note}; {note}"})]


def _demo(place: str) -> int:
    """Write the demo beta and refresh it. Returns its events."""
    from data import refresh, settings
    from data.demo import folder

    made = folder.write(Path(place))
    refresh.refresh(settings.load(Path(place) / "beta.toml"))
    return made.events


def _pages(beta: str, names: list[str], count: int) -> dict[str, tuple[float, float]]:
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


def _report(size: Size, place: Path) -> Row:
    """The command as a person types it: a new process, all four files. The first run compiles and is not counted."""
    took = []
    for number in range(size.rounds + 1):
        say(f"pages: cold report, run {number + 1} of {size.rounds + 1}")
        command = [sys.executable, "-m", "kpis", "report", "--week", "4", "--out", place / "out"]
        start = time.perf_counter()
        done = subprocess.run([*command, "--settings", place / "beta.toml"], cwd=ROOT, capture_output=True, check=False)
        took.append((time.perf_counter() - start) * 1000)
        if done.returncode:
            raise RuntimeError(f"report: {done.stderr.decode(errors='replace')[-500:]}")
        shutil.rmtree(place / "out")
    ms = median(took[1:])
    return Row(PART, "report command, cold, HTML, PDF, XLSX and JSON", ms, goal="<= 10 s", met=ms <= 10_000,
               note="process start and imports included")  # fmt: skip
