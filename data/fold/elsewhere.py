"""The fold on an engine outside the build: hand over, work, seal, take.

What a `Worker` does between is all that differs from engine to engine. Whatever fails before the manifest is
whole leaves nothing that the publish step would take.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import duckdb

from data import sql
from data.errors import SnapshotError
from data.fold import landing
from data.fold.dialects import Texts, texts
from data.fold.landing import Manifest, Run
from data.fold.tables import INPUTS, OUTPUTS, Control


class Worker(Protocol):
    """One engine outside. `name` is its dialect too."""

    name: str

    def work(self, run: Run, texts: Texts) -> Control:
        """Read `run.inputs/<input>/*.parquet`, write `run.out/<table>/*.parquet` for every output.

        Returns what the engine counted itself. Raises SnapshotError in one sentence when it cannot.
        """


class Elsewhere:
    """An engine whose results land as Parquet in `folder`."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        self.name = worker.name
        self._worker, self._folder = worker, folder

    def fold(self, con: duckdb.DuckDBPyConnection, parameters: dict[str, int]) -> None:
        """As `tables.Engine`. Nothing of the run stays, whatever happens; a killed one is cleared by the next."""
        run = landing.begin(self._folder)
        try:
            hand_over(con, run, parameters)
            control = self._worker.work(run, texts(self.name, parameters))
            landing.seal(run, self.name, control)
            take(con, run)
        except duckdb.Error as error:
            raise SnapshotError(
                f"fold on {self.name}: {str(error).splitlines()[0]}; the last good snapshot stays"
            ) from error
        finally:
            landing.drop(run)


def hand_over(con: duckdb.DuckDBPyConnection, run: Run, parameters: dict[str, int]) -> None:
    """Write the inputs as Parquet, several files each where they are large."""
    for name in INPUTS:
        text = sql.text(f"fold/hand/{name}")
        named = {key: value for key, value in parameters.items() if f"${key}" in text}
        con.execute(text, {"folder": str(run.inputs / name), **named})


def take(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Read a whole landing into `folded_<name>`. Raises SnapshotError when it does not add up."""
    manifest = landing.read(run)
    for name in OUTPUTS:
        con.execute(sql.text(f"fold/take/{name}"), {"files": manifest.files(run, name)})
    _add_up(con, manifest)


def _add_up(con: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Compare what was taken with what the engine counted and with itself."""
    found = con.execute(sql.text("fold/taken")).fetchall()
    told = manifest.control
    wanted = {
        "rows of event": told.events, "times of event": told.time_sum, "testers of event": told.tester_sum,
        "events of tester_day": told.events, "active events of tester_day": told.active_events,
        "events of run": told.active_events, "keys of tester_day that are there twice": 0,
        "keys of run that are there twice": 0, "long runs without their events": 0,
    }  # fmt: skip
    for what, value in found:
        if value != wanted.pop(what):
            raise SnapshotError(
                f"fold on {manifest.engine}: {what} do not add up with what the engine counted; "
                "the last good snapshot stays"
            )
    if wanted:
        raise SnapshotError(f"fold on {manifest.engine}: {sorted(wanted)[0]} was not compared")
