"""The one way numbers get in: pull -> raw -> facts -> checks -> publish. The only writer.

One of two modules that read the clock and the environment, once per run. A source that fails does not
stop the others; its last good data stay in and the result says so.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from data import calendar, lock, snapshots, sources, status
from data.errors import BetaError, SourceError
from data.facts import Plan
from data.fold import engines
from data.fold.tables import Engine
from data.privacy import KEY_ENV, load_key, pseudonym
from data.programme import kept_snapshots
from data.raw import RawStore, Run
from data.settings import Settings, now

Progress = Callable[[str, int, "int | None"], None]  # label, done, total


@dataclass(frozen=True)
class RefreshResult:
    """What a refresh did. `errors` are the sentences of sources that failed; the snapshot is published all the same."""

    snapshot_file: Path
    as_of: datetime
    load_id: int
    errors: tuple[str, ...] = ()

    @property
    def snapshot_id(self) -> str:
        return self.snapshot_file.stem


def refresh(
    settings: Settings, as_of: datetime | None = None, progress: Progress | None = None, *, rebuild: bool = False
) -> RefreshResult:
    """Pull every source, build the facts, check them and publish a snapshot.

    `rebuild` builds all facts anew in place of copying what did not change. Raises SnapshotError when another
    refresh runs or the disk is full, QueryError when a check fails: then nothing was published and
    `status.json` says why.
    """
    instant = (as_of or now(settings)).astimezone(UTC)
    tell = progress or _silent
    with lock.hold(settings.storage), _interruptible() as signals:
        try:
            engine = engines.engine_of(settings)  # before any work: what is missing for it is told at once
            load_id, errors, key = _load(settings, calendar.us(instant), tell)
            tell("facts", 0, None)
            file = _publish(settings, calendar.us(instant), key, engine, rebuild=rebuild)
        except BaseException as error:
            # DuckDB passes an interrupt on as an error of its own
            why = KeyboardInterrupt() if signals else error
            _note(settings, instant, [_reason(why)], None)
            if why is not error:
                raise why from error
            raise
        tell("published", 1, 1)
        _note(settings, instant, errors, file.stem)
    return RefreshResult(file, instant, load_id, tuple(errors))


def rebuild_only(settings: Settings, as_of: datetime | None = None) -> RefreshResult:
    """Facts anew from the raw store as it is, without asking any source. The caller holds the lock."""
    instant = (as_of or now(settings)).astimezone(UTC)
    key = load_key(settings.storage, os.environ.get(KEY_ENV))
    file = _publish(settings, calendar.us(instant), key, engines.engine_of(settings), rebuild=True)
    _note(settings, instant, [], file.stem)
    return RefreshResult(file, instant, 0)


def storage_key(settings: Settings) -> bytes:
    """The pseudonym key of this installation."""
    return load_key(settings.storage, os.environ.get(KEY_ENV))


def _load(settings: Settings, as_of_us: int, tell: Progress) -> tuple[int, list[str], bytes]:
    """Load every source. Returns the load's number, a sentence per failure and the pseudonym key."""
    key = storage_key(settings)
    store = RawStore(settings.storage / "raw.duckdb")
    errors: list[str] = []
    try:
        run = Run(store.next_load_id(), as_of_us, settings, key, tell)
        for spec in settings.sources:
            tell(spec.name, 0, None)
            try:
                failed = sources.build(spec, settings).load(store, run)
            except SourceError as error:
                failed = [str(error)]
            errors += [f"{spec.name}: {_once(spec.name, sentence)}" for sentence in failed]
            tell(spec.name, 1, 1)
        return run.load_id, errors, key
    finally:
        store.close()


def _reason(error: BaseException) -> str:
    """Why nothing was published, for status.json."""
    if isinstance(error, KeyboardInterrupt):
        return "it was interrupted; the last good snapshot stays"
    if isinstance(error, BetaError):
        return str(error)
    return f"unexpected {type(error).__name__}; see what the refresh printed"


def _once(name: str, sentence: str) -> str:
    """The sentence without the source's name in front, which the caller puts there."""
    return sentence.removeprefix(f"{name}: ")


def _publish(settings: Settings, as_of_us: int, key: bytes, engine: Engine | None, *, rebuild: bool) -> Path:
    plan = Plan(
        settings,
        as_of_us,
        lambda person: pseudonym(key, person),
        previous=None if rebuild else snapshots.newest(settings),
        engine=engine,
    )
    return snapshots.publish(
        settings, plan, settings.storage / "raw.duckdb", protected=kept_snapshots(settings.storage)
    )


def _note(settings: Settings, as_of: datetime, errors: list[str], snapshot: str | None) -> None:
    """Write status.json in one step. `snapshot` is None when nothing was published: the last one stays named."""
    last = snapshots.newest(settings)
    note = {
        "as_of": as_of.isoformat(),
        "ok": not errors,
        "errors": errors,
        "snapshot": snapshot or (last.stem if last else None),
    }
    file = settings.storage / status.FILE
    fresh = file.with_suffix(".new")
    try:
        fresh.write_bytes(orjson.dumps(note, option=orjson.OPT_INDENT_2))
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)  # a full disk: the refresh's own error says so already


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """SIGTERM ends the run like Ctrl-C: transactions roll back, the lock is let go. Yields the signals that came."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return

    def stop(number: int, frame: Any) -> None:
        came.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _silent(label: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""
