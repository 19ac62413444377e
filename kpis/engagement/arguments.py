"""The options the engagement commands share, and opening what they are asked about."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from data import settings as config
from data.calendar import instant
from data.cli import Result
from data.errors import QueryError
from data.event_file import open_events
from data.settings import Mapping, TimeField
from data.warehouse import Snapshot, latest
from kpis.engagement.periods import parse_until
from kpis.engagement.scope import EventChoice, Scope, parse_filter

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
FILE_ONLY = ("merge", "exclude", "active_events", "map")


def add_source(parser: argparse.ArgumentParser) -> None:
    """Where the events are, which range, which testers."""
    file = parser.add_argument_group("instead of the settings")
    file.add_argument(
        "--events", metavar="FILE", help="JSON lines of {user, event, ts, properties}; no settings needed"
    )
    file.add_argument("--merge", metavar="FILE", help="CSV of alias,user: ids that are one person")
    file.add_argument("--exclude", metavar="FILE", help="one user id a line to leave out")
    file.add_argument("--active-events", metavar="a,b", help="events that count as activity (default: all)")
    file.add_argument("--map", metavar="user=U,event=E,ts=T", help="where these stand in the file's lines")
    about = parser.add_argument_group("range and testers")
    about.add_argument("--from", dest="start", metavar="DATE", help="first day (default: launch, or the first event)")
    about.add_argument(
        "--until",
        metavar="INSTANT",
        help="as of: what is known before this instant; a bare date = to the end of that day",
    )
    about.add_argument("--timezone", metavar="ZONE", help="IANA zone of days, weeks and months")
    about.add_argument("--week-start", choices=("monday", "sunday"))
    about.add_argument("--wave", help="only testers of this wave")
    about.add_argument("--platform", help="only testers of this platform")


def add_activity(parser: argparse.ArgumentParser) -> None:
    """Which events count as activity."""
    parser.add_argument("--event", metavar="NAME", help='"*" = any (default: the events that count as activity)')
    parser.add_argument("--filter", metavar="property=value", action="append", default=[])


def opened(args: argparse.Namespace, properties: Iterable[str] = ()) -> tuple[Snapshot, Scope]:
    """The snapshot and scope a command is about: an event file, or the newest snapshot of the settings.

    properties: names of properties the question looks at; of a file, only these are kept.
    """
    if args.events is None:
        given = [name for name in FILE_ONLY if getattr(args, name)]
        if given:
            raise QueryError(f"--{given[0].replace('_', '-')} goes with --events; otherwise the settings say it")
        snapshot = latest(config.load(args.settings))
        zone = _zone(args.timezone or snapshot.meta["timezone"])
        until_us = parse_until(args.until, zone) if args.until else None
    else:
        zone = _zone(args.timezone or "UTC")
        until_us = parse_until(args.until, zone) if args.until else None
        at = None if until_us is None else instant(until_us)
        snapshot = open_events(
            args.events,
            timezone=zone.key,
            as_of=at,
            before=at,
            active_events=names(args.active_events) if args.active_events else None,
            merge=args.merge,
            exclude=args.exclude,
            week_start=args.week_start or "monday",
            shape=_mapping(args.map, properties),
        )
    start = _date(args.start) if args.start else None
    return snapshot, Scope(start, until_us, zone.key, args.week_start, args.wave, args.platform)


def answer(
    args: argparse.Namespace, snapshot: Snapshot, data: dict[str, Any], rows: Sequence[dict[str, Any]], *lines: str
) -> Result:
    """A command's result; notes of the data, and what was refused of a file, are said in every format."""
    if args.events is not None:
        refused = snapshot.rows("engagement/refused")
        if refused:
            reasons = ", ".join(f"{r['reason']} {r['lines']}" for r in refused)
            count = sum(r["lines"] for r in refused)
            note = f"{count} {'line' if count == 1 else 'lines'} of the file refused: {reasons}"
            data["notes"] = [*data["notes"], note]
    return Result(data=data, rows=rows, lines=[*(f"note: {n}" for n in data["notes"]), *lines])


def activity(args: argparse.Namespace) -> EventChoice:
    return choice(args.event, args.filter)


def choice(name: str | None, filters: list[str]) -> EventChoice:
    """An event with its property filters, all of which must hold."""
    return EventChoice(name, tuple(parse_filter(f) for f in filters))


def filtered(*filters: list[str]) -> set[str]:
    """Names of the properties that filters look at."""
    return {parse_filter(f)[0] for some in filters for f in some}


def names(text: str) -> tuple[str, ...]:
    """Comma-separated names; empty ones are dropped."""
    return tuple(n.strip() for n in text.split(",") if n.strip())


def seconds(text: str) -> float:
    """A duration such as 30m, 24h, 7d or 90s; a bare number counts seconds. For argparse."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*", text)
    if not match:
        raise argparse.ArgumentTypeError(f'"{text}" is no duration such as 30m, 24h or 7d')
    return float(match[1]) * SECONDS[match[2] or "s"]


def brackets(text: str) -> tuple[tuple[int, int], ...]:
    """`1-3,4-7,14` as pairs of first and last column. For argparse."""
    pairs = []
    for part in names(text):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if not match:
            raise argparse.ArgumentTypeError(f'"{text}" is no list of brackets such as 1-3,4-7')
        pairs.append((int(match[1]), int(match[2] or match[1])))
    return tuple(pairs)


def min_cohort(args: argparse.Namespace, snapshot: Snapshot) -> int:
    """The privacy floor: the option, else the settings'; a plain file has none."""
    if args.min_cohort is not None:
        return args.min_cohort
    return 1 if args.events is not None else snapshot.settings.get("people", {}).get("min_cohort", 1)


def _mapping(text: str | None, properties: Iterable[str]) -> Mapping:
    """How a file's lines are read; parts not named are found under their usual names."""
    if text is None:
        return Mapping(keep=tuple(properties))
    given = dict(parse_filter(part) for part in names(text))
    if given.keys() - {"user", "event", "ts", "properties"} or not {"user", "event", "ts"} <= given.keys():
        raise QueryError(f'--map "{text}" needs user=, event= and ts=, and may have properties=')
    parts = {"user": (given["user"],), "event": (given["event"],), "time": TimeField(path=given["ts"])}
    if "properties" in given:
        parts["properties"] = given["properties"]
    return Mapping(keep=tuple(properties), **parts)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise QueryError(f'--timezone "{name}" is no IANA time zone such as Europe/Berlin') from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QueryError(f'--from "{text}" is no date such as 2026-03-02') from None
