"""A plain event file as a snapshot, in memory: the same reader, facts and checks, without any settings file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from pydantic import ValidationError

from data import calendar, schema, settings, sources, sql
from data.errors import SettingsError, SourceError
from data.facts import Builder, Plan
from data.raw import RawStore, Run
from data.settings import Mapping as EventMapping
from data.settings import Settings
from data.warehouse import Snapshot

SOURCE = "events"
EARLIEST, LATEST = date(1980, 1, 1), datetime(2100, 1, 1, tzinfo=UTC)
MOST_WEEKS = 52


def open_events(
    path: str | Path,
    *,
    timezone: str = "UTC",
    as_of: datetime | None = None,
    before: datetime | None = None,
    active_events: Iterable[str] | None = None,
    merge: str | Path | Mapping[str, str] | None = None,
    exclude: str | Path | Iterable[str] | None = None,
    shape: str | EventMapping = "plain",
    from_date: date | None = None,
    week_start: str = "monday",
) -> Snapshot:
    """Snapshot of an event file: JSON lines of {user, event, ts, properties}, or another export's `shape`.

    Everybody in the file is a tester (`meta.roster` is "events"), accepted at the first event, and `tester_id`
    is the user's own id. `as_of` defaults to the end of the last event's local day; events after it stay in
    unless they are at or after `before`. `active_events` None: every event counts as activity. `merge` is a CSV
    file of alias,user or a mapping; `exclude` a file with one id a line or the ids. `from_date` sets the launch
    day that weeks are counted from (default: the first event's). A mapping as `shape` says where user, event and
    time stand, and which properties to keep word for word.

    Lines that were refused are counted in fct_load and fct_quarantine. Raises SourceError when the file cannot
    be read or holds no event, SettingsError for an unknown zone or shape.
    """
    file = Path(path)
    if not file.exists():
        raise SourceError(f"{file}: no such event file")
    active = None if active_events is None else tuple(active_events)
    config = _settings(file, timezone, shape, week_start, active, _ids(exclude))
    store = RawStore(Path(":memory:"))
    run = Run(1, calendar.us(LATEST), config, key=b"")
    failed = sources.build(config.sources[0], config).load(store, run)
    if failed:
        raise SourceError(failed[0])
    con = store.cursor()
    _merge(con, _links(merge))
    schema.create(con, "facts")
    everything = {"as_of_us": run.as_of_us, "previous_load": -1, "previous_as_of_us": run.as_of_us}
    first_us, last_us = con.execute(sql.text("facts/bounds"), everything).fetchall()[0]
    if first_us is None:
        raise SourceError(f"{file}: holds no event of a named user; each line needs user, event and ts")
    launch = from_date or calendar.local_day(first_us, config.zone)
    end = calendar.local_day(last_us, config.zone) + timedelta(days=1)
    instant = as_of or calendar.instant(calendar.day_start(end, config.zone))
    plan = Plan(
        _dated(config, launch, end),
        calendar.us(instant),
        name=str,
        every_event_active=active is None,
        horizon_us=run.as_of_us if before is None else calendar.us(before),
    )
    builder = Builder(con, plan)
    builder.build()
    builder.check()
    return Snapshot(con, file.name)


def _settings(
    file: Path,
    zone: str,
    shape: str | EventMapping,
    week_start: str,
    active: tuple[str, ...] | None,
    exclude: tuple[str, ...],
) -> Settings:
    """Settings that a file without settings stands for; the launch day is not known yet."""
    form = {"shape": shape} if isinstance(shape, str) else {"shape": "custom", "mapping": shape}
    source = {"kind": "jsonl", "name": SOURCE, "path": file.name, **form}
    programme = {"name": file.stem, "launch": EARLIEST, "timezone": zone, "week_start": week_start}
    content = {
        "programme": programme,
        "engagement": {"active_events": active or ("*",), "activation_event": (active or ("*",))[0]},
        "people": {"exclude_ids": exclude, "min_cohort": 1},
        "sources": [source],
        "file": file.resolve().parent / settings.DEFAULT_NAME,
    }
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{first['loc'][-1]}: {first['msg'].removeprefix('Value error, ')}") from None


def _dated(config: Settings, launch: date, end: date) -> Settings:
    """The settings with the launch day and the number of weeks that the events reach over."""
    weeks = min(MOST_WEEKS, max(1, -(-(end - launch).days // 7)))
    programme = config.programme.model_copy(update={"launch": launch, "weeks": weeks})
    return config.model_copy(update={"programme": programme})


def _ids(exclude: str | Path | Iterable[str] | None) -> tuple[str, ...]:
    if exclude is None:
        return ()
    if isinstance(exclude, str | Path):
        return tuple(line.strip() for line in _text(Path(exclude)).splitlines() if line.strip())
    return tuple(exclude)


def _links(merge: str | Path | Mapping[str, str] | None) -> dict[str, str]:
    """alias -> user; a first line "alias,user" is a header."""
    if merge is None:
        return {}
    if not isinstance(merge, str | Path):
        return dict(merge)
    links: dict[str, str] = {}
    for number, row in enumerate(csv.reader(_text(Path(merge)).splitlines()), start=1):
        if not row or (number == 1 and [c.strip().lower() for c in row] in (["alias", "user"], ["alias", "user_id"])):
            continue
        if len(row) != 2 or not all(c.strip() for c in row):
            raise SourceError(f"{merge}:{number}: needs two columns, alias,user")
        links[row[0].strip()] = row[1].strip()
    return links


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from None


def _merge(con: duckdb.DuckDBPyConnection, links: Mapping[str, str]) -> None:
    if links:
        con.register("new_identity", pa.table({"alias": list(links), "canonical": list(links.values())}))
        con.execute(sql.text("facts/identity_add"))
        con.unregister("new_identity")
