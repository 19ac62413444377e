"""Many viewers of one real dashboard process, each a websocket session that speaks the browser's own protocol.

A browser per viewer would be measured in place of the server: twenty of them need more than two cores. What a
browser adds to draw a page is not part of these times.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.measure import Row, child
from tests.support import servers

VIEWERS = 20
THINK_S = (1.0, 3.0)  # between two clicks of a viewer
LIMIT_S = 300
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard on 127.0.0.1."""

    port: int
    pid: int

    @property
    def peak_mb(self) -> float:
        """Largest resident memory of the process so far."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


@contextmanager
def dashboard(beta: Path, log: Path) -> Iterator[Dashboard]:
    """The dashboard as `make run` starts it, on a settings file, until the block ends."""
    port = servers.free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", f"--server.port={port}"]
    environment = {**os.environ, "BETA_SETTINGS": str(beta)}
    health = f"http://127.0.0.1:{port}/_stcore/health"
    with servers.process(command, log, lambda: servers.answers(health), cwd=ROOT, env=environment) as process:
        yield Dashboard(port, process.pid)


class Viewer:
    """One session. `errors` holds what a person would have seen of exceptions and refusals."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.pages: dict[str, str] = {}
        self.errors: list[str] = []

    async def open(self, page: str = "") -> float:
        """Open a page ("" is the landing page). Returns ms until its script has ended."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        ask = BackMsg()
        ask.rerun_script.page_script_hash = self.pages.get(page, "")
        ask.rerun_script.context_info.timezone = "UTC"
        start = time.perf_counter()
        await self._socket.send(ask.SerializeToString())
        while True:
            told = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(), LIMIT_S))
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self.pages = {p.url_pathname: p.page_script_hash for p in told.navigation.app_pages}
            elif kind == "delta":
                self._look(told.delta.new_element)
            elif kind == "script_finished":
                if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    self.errors.append(f"{page or 'landing page'}: ended with {told.script_finished}")
                return (time.perf_counter() - start) * 1000

    def _look(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)


@dataclass
class Seen:
    """Ms of every page that was opened, by phase, and the errors that were shown."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def watch(port: int, seconds: float, bursts: int, seed: int, swap: tuple) -> Seen:
    """Let the viewers work: all at the same instant, then each at their own pace, then so while snapshots change.

    `swap`: a module-level function that publishes a new snapshot, its arguments but the last, which counts from 1.
    """
    return asyncio.run(_watch(port, seconds, bursts, seed, swap))


async def _watch(port: int, seconds: float, bursts: int, seed: int, swap: tuple) -> Seen:
    from websockets.asyncio.client import connect

    seen = Seen()
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    sockets = [await connect(address, max_size=None, subprotocols=["streamlit"]) for _ in range(VIEWERS)]
    viewers = [Viewer(socket) for socket in sockets]
    first = viewers[0]
    seen.ms["start"] = [await first.open()]
    names = list(first.pages)
    seen.ms["first"] = [await first.open(name) for name in names]
    for viewer in viewers[1:]:
        await viewer.open()
    seen.ms["at once"] = []
    for number in range(bursts):
        opened = (viewer.open(names[(n + number) % len(names)]) for n, viewer in enumerate(viewers))
        seen.ms["at once"] += await asyncio.gather(*opened)
    seen.ms["clicking"] = await _clicking(viewers, names, seconds, seed)
    changes = asyncio.create_task(_changes(seconds, *swap))
    seen.ms["while snapshots change"] = await _clicking(viewers, names, seconds, seed + 1, changes)
    seen.ms["refreshes"] = await changes
    seen.errors = [error for viewer in viewers for error in viewer.errors]
    for socket in sockets:
        await socket.close()
    return seen


async def _clicking(
    viewers: list[Viewer], names: list[str], seconds: float, seed: int, until: asyncio.Task | None = None
) -> list[float]:
    """Every viewer opens a page, looks at it and opens the next, for so long and until a task has ended."""
    end = time.monotonic() + seconds
    took: list[float] = []

    async def one(number: int, viewer: Viewer) -> None:
        own = random.Random(seed * 1000 + number)
        await asyncio.sleep(own.uniform(0, THINK_S[1]))
        more = True
        while more:
            took.append(await viewer.open(own.choice(names)))
            await asyncio.sleep(own.uniform(*THINK_S))
            more = time.monotonic() < end or (until is not None and not until.done())

    await asyncio.gather(*(one(number, viewer) for number, viewer in enumerate(viewers)))
    return took


async def _changes(seconds: float, function: Any, *arguments: Any) -> list[float]:
    """Publish new snapshots for so long, one at least. Returns ms of each."""
    end, took = time.monotonic() + seconds, []
    while not took or time.monotonic() < end:
        done = await asyncio.to_thread(child, function, *arguments, len(took) + 1)
        took.append(done.wall_ms)
        await asyncio.sleep(seconds / 4)
    return took


def rows(part: str, seen: Seen, peak_mb: float, where: str, *, stated: bool) -> list[Row]:
    """Rows of the table from what the viewers saw."""
    goal = f"{VIEWERS} viewers at once: p95 <= 1 s"
    told = {
        "at once": f"{VIEWERS} viewers open a page at the same instant",
        "clicking": f"{VIEWERS} viewers, each a page every {THINK_S[0]:g} to {THINK_S[1]:g} s",
        "while snapshots change": f"{VIEWERS} viewers clicking while snapshots are published under them",
    }
    found = []
    for phase, what in told.items():
        times = seen.ms[phase]
        cuts = quantiles(times, n=20, method="inclusive")
        note = f"p50 {cuts[9]:,.0f} ms, p95 {cuts[18]:,.0f} ms, slowest {max(times):,.0f} ms of {len(times):,} pages"
        if phase == "while snapshots change":
            shown = "; ".join(sorted(set(seen.errors)))
            note += f"; {len(seen.ms['refreshes'])} snapshots, the refresh on the same cores"
            note += f"; errors shown: {shown or 'none'}"
        met = cuts[18] <= 1000 if phase != "while snapshots change" else not seen.errors
        wanted = goal if phase != "while snapshots change" else "no error"
        found.append(Row(part, what, cuts[18], goal=wanted, met=met, note=note))
    first = max(seen.ms["first"])
    note = f"{where}; first page after the start {seen.ms['start'][0]:,.0f} ms, slowest first view {first:,.0f} ms"
    found.append(
        Row(part, "process of the dashboard, every page viewed by many", None, memory_mb={"product": peak_mb},
            goal="<= 1 GB at 100 M events", met=peak_mb <= 1000 if stated or peak_mb > 1000 else None, note=note,
            curve="dashboard" if part != "pages" else "")
    )  # fmt: skip
    return found
