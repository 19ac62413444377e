"""Facts from the raw store: queries, run in order into a new database or into a copy of the previous snapshot.

A builder expects a connection whose search path finds the raw tables and, once they were begun, the fact tables. With
a previous snapshot that fits, only what is new is read; the result is the same as without it, row by row.
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

from data import calendar, facts_events, facts_people, facts_samples, facts_settings, sql
from data.errors import QueryError
from data.event_parts import EventTable, Store
from data.fold.tables import Engine
from data.settings import JsonlSource, PostgresSource, Settings
from data.warehouse import SCHEMA_VERSION

FACTS_VERSION = 6  # of the meaning of facts: another one forbids copying from older snapshots
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Plan:
    """What to build: the settings, the instant it is true at, and how a person's id is written."""

    settings: Settings
    as_of_us: int
    name: Callable[[str], str]  # real id -> the name that facts may hold
    every_event_active: bool = False
    previous: Path | None = None
    engine: Engine | None = None  # where events are folded; None: here
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
            "slow_us": round(p.slow_ms * 1000),
            "lateness_us": round(self.settings.programme.lateness_hours * calendar.HOUR_US),
        }


_PEOPLE = ("drop_tester", "put_tester", "fct_invitation", "fct_feedback", "fct_flag")
_HEALTH = (
    "stage_beat", "stage_target", "stage_feed", "stage_feed_rows", "fct_gap", "fct_source_day", "fct_load",
    "fct_quarantine", "found_releases",
)  # fmt: skip
# Brought up to date in place, in a copy of the previous snapshot; every other table is filled anew.
IN_PLACE = (
    "dim_tester", "fct_tester_day", "fct_session", "fct_tester_platform", "fct_tester_start", "fct_event_quarter",
    "fct_event_part", "fct_day_print", "fct_tester_week", "fct_active_day",
)  # fmt: skip


class Builder:
    """One build. Every step is a query of queries/facts, run by its name."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        plan: Plan,
        store: Store | None = None,
        begin: Callable[[Path | None], None] | None = None,
    ) -> None:
        """`store`: where events go (default: the table). `begin`: called once with the previous snapshot that the
        facts start from, or None; it makes the fact tables, which are there already by default."""
        self.con, self._plan = con, plan
        self.store = store or EventTable()
        self.parameters = plan.parameters
        self._begin = begin or (lambda previous: None)
        self.engine = plan.engine
        self.kept: dict[str, Any] | None = None

    def numbers(self) -> dict[str, int]:
        """The parameters that are whole numbers: what a fold elsewhere may be told."""
        return {name: value for name, value in self.parameters.items() if type(value) is int}

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
        self.con.register(source, table)
        self.run(name)
        self.con.unregister(source)

    def stage(self, table: str, query: str) -> None:
        """Keep the result of a query in a temporary table."""
        self._execute(query, {}, f"CREATE OR REPLACE TEMP TABLE {table} AS\n")

    def add(self, table: str, query: str) -> None:
        """Add the result of a query to a table of the same columns."""
        self._execute(query, {}, f"INSERT INTO {table}\n")

    def _execute(self, name: str, more: Mapping[str, Any], before: str = "") -> duckdb.DuckDBPyConnection:
        text = before + sql.text(name)
        values = {**self.parameters, **more}
        bound = {k: values[k] for k in _PARAMETER.findall(text)}
        try:
            return self.con.execute(text, bound or None)
        except duckdb.Error as error:
            raise QueryError(f"{name}: {str(error).splitlines()[0]}") from error

    def build(self) -> None:
        """All facts, then meta; the checks are run apart."""
        plan = self._plan
        facts_people.stage(self, plan.settings.people, plan.name)
        self.kept = kept = self._previous()
        self._begin(None if kept is None else plan.previous)
        since = facts_events.since_of(self, kept)
        facts_settings.fill(self.con, plan.settings, plan.as_of_us, self.run("bounds", **since)[0])
        self.run("stage_quarter")
        facts_events.build(self, kept)
        facts_samples.build(self, kept)
        roster = has_roster(plan.settings) or self.run("roster_rows")[0][0] > 0
        self.run("stage_profile", roster_is_events=not roster)
        self.run("stage_dim_tester", "stage_changed_tester")
        self.run("stage_activated" if kept is None else "stage_activated_since", *_PEOPLE)
        self.run("count_every_day" if kept is None else "count_moved_day", "drop_active_day")
        self.add("fct_active_day", "facts/active_days")
        facts_settings.routes(self.con, [row[0] for row in self.run("series_routes")])
        self.run("dim_series", "stage_target_series")
        facts_samples.beats(self, kept)
        self.run("stage_none_late" if kept is None else "stage_late")
        self.run(*_HEALTH, **since)
        load_id = self.run("last_load")[0][0]
        facts_settings.meta(
            self.con, plan.settings, as_of_us=plan.as_of_us,
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
        """Run queries/checks, and after a full build queries/checks_rebuilt.

        Raises QueryError with the first check that returns rows, and its first row.
        """
        for name in (*sql.names("checks"), *(sql.names("checks_rebuilt") if self.kept is None else ())):
            folder, _, query = name.partition("/")
            rows = self.run(query, folder=folder)
            if rows:
                columns = [c[0] for c in self.con.description]
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
            self.con.execute("ATTACH $file AS previous (READ_ONLY)", {"file": str(self._plan.previous)})
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
            and self.store.holds(self)
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
    same = all(old["programme"][key] == new["programme"][key] for key in ("timezone", "lateness_hours"))
    return same and all(old[part] == new[part] for part in ("engagement", "performance"))
