"""Check what a refresh needs: settings, environment, sources, storage, and the state of the last one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never, cast

from data import lock, refresh, sources, status, warehouse
from data import settings as config
from data.cli import Result
from data.errors import BetaError, SettingsError, SnapshotError
from data.fold import engines
from data.settings import JsonlSource, OpenMetricsSource, PostgresSource, PrometheusSource, Settings
from data.sources import files
from data.sources.walk import FileSource

HELP = "check settings, sources and storage, and say what to do"
STALE = timedelta(days=2)
PATIENCE_S = 10.0


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, how it is (ok, warn, fail), what was found and what to do."""

    check: str
    state: str
    found: str
    do: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--offline", action="store_true", help="do not ask the sources")


def run(args: argparse.Namespace) -> Result:
    findings = list(examine(args.settings, ask=not args.offline))
    rows = [{"check": f.check, "state": f.state, "found": f.found, "do": f.do} for f in findings]
    bad = [f.check for f in findings if f.state == "fail"]
    words = f"{len(bad)} of {len(rows)} checks failed: {', '.join(bad)}" if bad else None
    return Result(data=rows, rows=rows, failed=words)


def examine(file: str | None, *, ask: bool = True) -> Iterator[Finding]:
    """All findings, the settings first: nothing else can be looked at without them."""
    try:
        settings = config.load(file)
    except SettingsError as error:
        yield Finding("settings", "fail", str(error), "correct the file and run this again")
        return
    p = settings.programme
    yield Finding("settings", "ok", f"{settings.file}: {p.name}, {p.weeks} weeks from {p.launch}, {p.timezone}")
    yield _storage(settings)
    yield from _variables(settings)
    yield from _engine(settings)
    if ask:
        for spec in settings.sources:
            yield _reached(spec, settings)
    yield _last_refresh(settings)
    yield from _snapshot(settings)


def _storage(settings: Settings) -> Finding:
    try:
        with lock.hold(settings.storage):
            probe = settings.storage / ".probe"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
            refresh.storage_key(settings)
    except OSError as error:
        return Finding(
            "storage", "fail", f"{settings.storage}: {error.strerror}", "free space, or give this user rights"
        )
    except SnapshotError as error:
        busy = "another refresh" in str(error)
        return Finding("storage", "warn" if busy else "fail", str(error), "" if busy else "give this user the folder")
    except SettingsError as error:
        return Finding("pseudonym key", "fail", str(error), "restore the key, else every pseudonym changes")
    return Finding("storage", "ok", f"{settings.storage} can be written")


def _variables(settings: Settings) -> Iterator[Finding]:
    names = [s.dsn_env for s in settings.sources if isinstance(s, PostgresSource)]
    names += [s.token_env for s in settings.sources if isinstance(s, PrometheusSource) and s.token_env]
    for name in dict.fromkeys(names):
        try:
            config.secret(name)
        except SettingsError as error:
            yield Finding(f"environment {name}", "fail", str(error), f"export {name}=...")
        else:
            yield Finding(f"environment {name}", "ok", "is set")


def _engine(settings: Settings) -> Iterator[Finding]:
    """Has the engine outside, if there is one, what it needs on this side?"""
    name = settings.fold.engine
    if name == "duckdb":
        return
    try:
        engines.engine_of(settings)
    except BetaError as error:
        yield Finding(f"fold on {name}", "fail", str(error), "mend it, or leave [fold] out: DuckDB folds here")
    else:
        yield Finding(f"fold on {name}", "ok", "its client is installed; a refresh asks the engine itself")


def _reached(spec: config.Source, settings: Settings) -> Finding:
    """Ask a source the least that shows it can be read."""
    name = f"source {spec.name}"
    try:
        found = _asked(spec, settings)
    except BetaError as error:
        return Finding(name, "fail", str(error), "mend it, or refresh without it: its last good data stay in")
    return Finding(name, "ok", found)


def _asked(spec: config.Source, settings: Settings) -> str:
    match spec:
        case JsonlSource() | OpenMetricsSource():
            source = cast(FileSource, sources.build(spec, settings))
            count = len(files.find(spec.path, settings.base, source.endings, spec.name))
            return f"{count} {'file' if count == 1 else 'files'} at {spec.path}"
        case PostgresSource():
            from data.sources.postgres_session import Session as Postgres

            Postgres(spec, config.secret(spec.dsn_env), refresh.storage_key(settings)).close()
            return "answers"
        case PrometheusSource():
            from data.sources.prometheus_http import Session as Prometheus

            token = config.secret(spec.token_env) if spec.token_env else None
            with Prometheus(spec.url, token=token, verify=spec.verify_tls, deadline_s=PATIENCE_S) as session:
                session.request("GET", f"{spec.url}/api/v1/status/buildinfo")
            return "answers"
        case _:
            assert_never(spec)


def _last_refresh(settings: Settings) -> Finding:
    last = status.read(settings)
    if last.ok is None:
        return Finding("last refresh", "warn", "none yet", "run `python -m data refresh`")
    if last.ok:
        return Finding("last refresh", "ok", f"as of {last.as_of:%Y-%m-%d %H:%M} UTC")
    return Finding("last refresh", "warn", "; ".join(last.problems), "mend the cause and refresh again")


def _snapshot(settings: Settings) -> Iterator[Finding]:
    try:
        snapshot = warehouse.latest(settings)
    except SnapshotError as error:
        yield Finding("snapshot", "warn", str(error), "run `python -m data refresh`")
        return
    now = config.now(settings)
    old = now - snapshot.as_of > STALE
    found = f"{snapshot.id}, as of {snapshot.as_of:%Y-%m-%d %H:%M} UTC"
    yield Finding("snapshot", "warn" if old else "ok", found, "refresh: it is more than two days old" if old else "")
    for row in snapshot.rows("doctor/quarantine"):
        what = f"{row['rows']} × {row['reason']} (first: {row['item']}, line {row['first_line']})"
        yield Finding(f"refused by {row['source']}", "warn", what, "see Data health; correct them at the source")
    for row in snapshot.rows("doctor/coverage"):
        days = f"{row['days']} programme days, {row['covered']:.1%} of them covered"
        gap = "" if row["longest_s"] is None else f"; longest gap {timedelta(seconds=round(row['longest_s']))}"
        since = "" if row["gap_from_us"] is None else f" from {_utc(row['gap_from_us'])}"
        thin = row["covered"] < 0.9
        do = "weeks under 90 % get no verdict: load what is missing" if thin else ""
        yield Finding(f"coverage of {row['source']}: {row['item']}", "warn" if thin else "ok", days + gap + since, do)
    snapshot.close()


def _utc(us: int) -> str:
    return f"{datetime.fromtimestamp(us / 1e6, tz=UTC):%Y-%m-%d %H:%M} UTC"
