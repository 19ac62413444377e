"""Event lists as snapshots, quickly: one open database, emptied and filled again for every example."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from data import connect, schema
from data.warehouse import SCHEMA_VERSION, Snapshot

EPOCH_DAY = 719_163  # date.toordinal() of 1970-01-01
NOBODY = 999_999  # a key without a tester
IDLE_US, CAP_US = 1_800_000_000, 86_400_000_000
ROSTER = {"on_roster": False, "excluded_reason": None, "wave": "unknown", "platform": "unknown"}


@dataclass(frozen=True)
class Event:
    user: str
    name: str
    ts_us: int
    properties: dict[str, str] = field(default_factory=dict, hash=False)


class World:
    """A snapshot's tables in memory, refilled by `of`."""

    TABLES = ("meta", "dim_tester", "dim_event", "fct_event", "fct_tester_day", "fct_session", "dim_feature",
              "fct_flag")  # fmt: skip

    def __init__(self) -> None:
        self._con = connect.connect(threads=1)
        schema.create(self._con, "facts")

    def of(
        self,
        events: Sequence[Event],
        zone: str = "UTC",
        *,
        active: set[str] | None = None,
        features: Sequence[str] = (),
        flags: Sequence[tuple[str, str, int | None]] = (),
        **people: dict,
    ) -> Snapshot:
        """A snapshot of these events. active: names that count as activity (None = all). people: columns by user.

        features: names of events that are features too. flags: user, feature, since; "" = nobody.
        """
        users = sorted({e.user for e in events})
        names = sorted({e.name for e in events})
        as_of = max((e.ts_us for e in events), default=0) + 1
        meta = {"schema_version": SCHEMA_VERSION, "as_of_us": as_of, "timezone": zone, "week_start": "monday",
                "roster": "events", "launch": "2026-03-02", "settings_json": "{}"}  # fmt: skip
        is_active = {n: active is None or n in active for n in names}
        rows = {
            "meta": [{"key": k, "value": str(v)} for k, v in meta.items()],
            "dim_tester": [
                {"tester_key": i, "tester_id": u, **ROSTER, **_first_activity(events, u, zone, is_active),
                 **people.get(u, {})} for i, u in enumerate(users)
            ],
            "dim_event": [{"event_id": i, "event": n, "is_active": is_active[n]} for i, n in enumerate(names)],
            "fct_event": [
                {"tester_key": users.index(e.user), "event_id": names.index(e.name), "ts_us": e.ts_us,
                 "day_n": day_number(e.ts_us, zone), "properties": json.dumps(e.properties)} for e in events
            ],
            "fct_tester_day": _tester_days(events, users, zone, is_active, features),
            "fct_session": _sessions(events, users, zone, is_active),
            "dim_feature": [{"feature_id": i, "feature": f, "feature_bit": 1 << i} for i, f in enumerate(features)],
            "fct_flag": [
                {"tester_key": users.index(u) if u else NOBODY, "feature_id": features.index(f), "since_us": since}
                for u, f, since in flags
            ],
        }  # fmt: skip
        self._con.execute("BEGIN")
        for table in self.TABLES:
            self._con.execute(f"DELETE FROM {table}")
            if rows[table]:
                self._con.register("filling", pa.Table.from_pylist(rows[table]))
                self._con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM filling")
                self._con.unregister("filling")
        self._con.execute("COMMIT")
        return Snapshot(self._con, "world")


def day_number(ts_us: int, zone: str) -> int:
    """Local day of an instant, counted from 1970-01-01."""
    return datetime.fromtimestamp(ts_us // 1_000_000, ZoneInfo(zone)).toordinal() - EPOCH_DAY


def _first_activity(events: Sequence[Event], user: str, zone: str, is_active: dict[str, bool]) -> dict[str, int | None]:
    first = min((e.ts_us for e in events if e.user == user and is_active[e.name]), default=None)
    return {"first_active_us": first, "first_active_day_n": None if first is None else day_number(first, zone)}


def _tester_days(
    events: Sequence[Event], users: list[str], zone: str, is_active: dict[str, bool], features: Sequence[str]
) -> list[dict]:
    days: dict[tuple[str, int], list[Event]] = {}
    for e in events:
        days.setdefault((e.user, day_number(e.ts_us, zone)), []).append(e)
    zeros = dict.fromkeys(
        ("sessions", "session_seconds", "requests", "failed_requests", "slow_requests", "request_ms",
         "app_errors"), 0
    )  # fmt: skip
    return [
        {
            "tester_key": users.index(user), "day_n": day, "events": len(own),
            "active_events": sum(is_active[e.name] for e in own),
            "feature_mask": sum(1 << i for i, f in enumerate(features) if any(e.name == f for e in own)),
            "first_us": min(e.ts_us for e in own), "last_us": max(e.ts_us for e in own), **zeros,
        }
        for (user, day), own in days.items()
    ]  # fmt: skip


def _sessions(events: Sequence[Event], users: list[str], zone: str, is_active: dict[str, bool]) -> list[dict]:
    """Active events in order: one over 30 minutes after the last, or 24 hours after the first, begins a session."""
    found: list[dict] = []
    for user in users:
        last = None
        for at in sorted(e.ts_us for e in events if e.user == user and is_active[e.name]):
            if last is None or at - last["end_us"] > IDLE_US or at - last["start_us"] > CAP_US:
                last = {"tester_key": users.index(user), "start_us": at, "day_n": day_number(at, zone), "events": 0,
                        "run_us": at}  # fmt: skip
                found.append(last)
            last |= {"end_us": at, "events": last["events"] + 1}
    return found
