"""Facts from the raw store: one list of queries, run in order into a new database.

`build(con, plan)` expects a connection whose search path finds the fact tables (empty) and the raw
tables. With `previous`, rows of testers and series that nothing new was loaded for are copied from the
previous snapshot; the result is the same as without it, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import orjson
import pyarrow as pa

from data import calendar, facts_people, facts_samples, facts_settings, sql
from data.errors import QueryError
from data.settings import JsonlSource, PostgresSource, Settings
from data.warehouse import SCHEMA_VERSION

FACTS_VERSION = 2  # of the meaning of facts: another one forbids copying from older snapshots
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Plan:
    """What to build: the settings, the instant it is true at, and how a person's id is written."""

    settings: Settings
    as_of_us: int
    name: Callable[[str], str]  # real id -> the name that facts may hold
    every_event_active: bool = False
    previous: Path | None = None
    horizon_us: int | None = None  # facts at or after this instant are left out; default: as_of

    @property
    def parameters(self) -> dict[str, Any]:
        """Values that the queries may bind by name."""
        e, p, zone = self.settings.engagement, self.settings.performance, self.settings.zone
        launch, after = facts_settings.programme_days(self.settings)
        start, end = calendar.day_start(launch, zone), calendar.day_start(after, zone)
        return {
            "as_of_us": self.as_of_us if self.horizon_us is None else self.horizon_us,
            "start_us": start,
            "limit_us": max(start, min(end, self.as_of_us)),
            "active_events": list(e.active_events),
            "every_event_active": self.every_event_active,
            "activation_event": e.activation_event,
            "error_events": list(e.error_events),
            "idle_us": round(e.session_idle_minutes * 60_000_000),
            "cap_us": round(e.session_cap_hours * calendar.HOUR_US),
            "request_event": p.request_event,
            "slow_ms": p.slow_ms,
            "lateness_us": round(self.settings.programme.lateness_hours * calendar.HOUR_US),
        }


_EVENTS = ("stage_event", "fct_event", "stage_run", "fct_session", "fct_tester_day")
_PEOPLE = ("dim_tester", "fct_invitation", "fct_feedback", "fct_flag")
_HEALTH = (
    "stage_beat", "stage_target", "stage_feed", "stage_feed_rows", "fct_gap", "fct_source_day", "fct_load",
    "fct_quarantine", "found_releases",
)  # fmt: skip
_KEPT_EVENTS = (
    "stage_event",
    "keep_event",
    "stage_run",
    "fct_session",
    "fct_tester_day",
    "keep_session",
    "keep_tester_day",
)


class Builder:
    """One build. Every step is a query of queries/facts, run by its name."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
        self._con, self._plan = con, plan
        self._parameters = plan.parameters

    def run(self, *names: str, folder: str = "facts", **more: Any) -> list[tuple]:
        """Run queries with the parameters their text names. Returns the rows of the last one."""
        rows: list[tuple] = []
        for name in names:
            rows = self._execute(f"{folder}/{name}", more).fetchall()
        return rows

    def arrays(self, name: str, **more: Any) -> dict[str, np.ndarray]:
        """Columns of one query, none of which is NULL anywhere."""
        return self._execute(f"facts/{name}", more).fetchnumpy()

    def put(self, name: str, source: str, table: pa.Table) -> None:
        """Run a query that reads an Arrow table by the name `source`."""
        self._con.register(source, table)
        self.run(name)
        self._con.unregister(source)

    def _execute(self, name: str, more: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        text = sql.text(name)
        values = {**self._parameters, **more}
        bound = {k: values[k] for k in _PARAMETER.findall(text)}
        try:
            return self._con.execute(text, bound or None)
        except duckdb.Error as error:
            raise QueryError(f"{name}: {str(error).splitlines()[0]}") from error

    def build(self) -> None:
        """All facts, then meta; the checks are run apart."""
        plan = self._plan
        facts_settings.fill(self._con, plan.settings, plan.as_of_us, self.run("bounds")[0])
        self.run("stage_quarter", "event_keys", "dim_event")
        facts_people.stage(self._con, plan.settings.people, plan.name)
        kept = self._previous()
        if kept is None:
            self.run("touch_all", *_EVENTS)
        else:
            self.run("touch_new", *_KEPT_EVENTS, **kept)
        facts_samples.build(self, kept)
        roster = has_roster(plan.settings) or self.run("roster_rows")[0][0] > 0
        self.run(*_PEOPLE, roster_is_events=not roster)
        facts_settings.routes(self._con, [row[0] for row in self.run("series_routes")])
        self.run("dim_series", "stage_target_series")
        facts_samples.beats(self, kept)
        self.run(*_HEALTH)
        load_id = self.run("last_load")[0][0]
        facts_settings.meta(
            self._con, plan.settings, as_of_us=plan.as_of_us,
            roster="roster" if roster else "events", load_id=load_id,
            schema_version=SCHEMA_VERSION, facts_version=FACTS_VERSION,
            content_hash=self.content_hash(),
            merged_ids=self.run("merged_ids")[0][0],
            store_print=self.run("store_print", load_id=load_id)[0][0], identity_print=self.run("identity_print")[0][0],
        )  # fmt: skip

    def content_hash(self) -> str:
        """sha256 over what the facts say, by names and values: the same however they were loaded."""
        parts = {n: self.run(n.rsplit("/", 1)[1], folder="facts/hash")[0] for n in sql.names("facts/hash")}
        rules = facts_settings.rules(self._plan.settings)
        return facts_settings.digest(orjson.dumps([parts, rules, self._plan.as_of_us], option=orjson.OPT_SORT_KEYS))

    def meta_value(self, key: str) -> str:
        """One value of the new meta."""
        return dict(self.run("own_meta"))[key]

    def check(self) -> None:
        """Run queries/checks. Raises QueryError with the first check that returns rows, and its first row."""
        for name in sql.names("checks"):
            rows = self.run(name.removeprefix("checks/"), folder="checks")
            if rows:
                columns = [c[0] for c in self._con.description]
                example = ", ".join(f"{c} = {v}" for c, v in zip(columns, rows[0], strict=True))
                raise QueryError(
                    f"{name}: {len(rows)} rows where none may be (first: {example}); nothing was published, "
                    "the last good snapshot stays"
                )

    def _previous(self) -> dict[str, Any] | None:
        """Parameters for copying from the previous snapshot, or None when it does not fit this raw store."""
        if self._plan.previous is None:
            return None
        try:
            self._con.execute("ATTACH $file AS previous (READ_ONLY)", {"file": str(self._plan.previous)})
        except duckdb.Error:  # damaged or of another version: the raw store has everything
            return None
        meta = dict(self.run("previous_meta"))
        load_id, as_of_us = int(meta.get("load_id", 0)), int(meta.get("as_of_us", 0))
        fits = (
            meta.get("schema_version") == str(SCHEMA_VERSION)
            and meta.get("facts_version") == str(FACTS_VERSION)
            and as_of_us <= self._plan.as_of_us
            and _same_rules(meta, self._plan.settings)
            and meta.get("store_print") == self.run("store_print", load_id=load_id)[0][0]
            and meta.get("identity_print") == self.run("identity_print")[0][0]
            and self.run("keys_moved")[0][0] == 0
        )
        return {"previous_load": load_id, "previous_as_of_us": as_of_us} if fits else None


def has_roster(settings: Settings) -> bool:
    """Does a source of the settings list the testers?"""
    return any(
        (isinstance(s, PostgresSource) and "beta_users" in s.tables)
        or (isinstance(s, JsonlSource) and s.table == "testers")
        for s in settings.sources
    )


def _same_rules(meta: Mapping[str, str], settings: Settings) -> bool:
    """Were the previous facts built by the same definitions? Targets, names and exclusions do not matter here."""
    old, new = orjson.loads(meta["settings_json"]), settings.model_dump(mode="json")
    zone = old["programme"]["timezone"] == new["programme"]["timezone"]
    return zone and all(old[part] == new[part] for part in ("engagement", "performance"))
