"""TikTokToe's PostgreSQL as a source: an allow-list of columns, all tables in one state, nothing written.

Rosters are read whole each time (small, and their rows change); events from the highest id on, plus an
overlap, because a slow transaction commits rows with ids and times that were passed already.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import datetime, timedelta

import orjson
import pyarrow as pa

from data import calendar, privacy
from data import settings as config
from data.errors import SourceError, nearest
from data.raw import RawStore, Run
from data.raw_listing import incomplete
from data.raw_load import Load
from data.settings import PostgresSource, Settings
from data.sources import postgres_events as events
from data.sources import records, times
from data.sources.postgres_session import Session

ROSTERS = {  # table -> kind of record, raw table
    "beta_users": ("testers", "raw_tester"),
    "beta_invitations": ("invitations", "raw_invitation"),
    "beta_feedback": ("feedback", "raw_feedback"),
    "beta_feature_flags": ("flags", "raw_flag"),
    "beta_user_features": ("flags", "raw_flag"),
}
BY_ID = ("beta_analytics", "at_protocol_analytics")
BY_TIME = ("analytics_events",)  # its ids are UUIDs
ALWAYS = "-infinity"


class Postgres:
    """One database of the settings; each table is an item with its own watermark, the two flag tables are one."""

    kind = "postgres"

    def __init__(self, spec: PostgresSource, settings: Settings) -> None:
        self.name = spec.name
        self._spec = spec
        self._settings = settings

    def load(self, store: RawStore, run: Run) -> list[str]:
        """Read what is new of every table. Returns one sentence per failed item, or one for the whole source."""
        failed: list[str] = []
        session: Session | None = None
        reason = ""
        try:
            session = Session(self._spec, config.secret(self._spec.dsn_env), run.key)
        except (SourceError, config.SettingsError) as error:
            reason = str(error)
            failed.append(f"{self.name}: {reason}")
        try:
            for tables in items(self._spec.tables):
                try:
                    with store.load(run, self.name, self.kind, " + ".join(tables), _target(tables[0])) as load:
                        if session is None:
                            raise SourceError(reason)
                        _Table(self._spec, session, run, load).read(tables)
                except SourceError as error:
                    if session is not None:
                        failed.append(f"{self.name}: {error}")
        finally:
            if session is not None:
                session.close()
        return failed


def items(tables: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Tables that are loaded together: both flag tables fill one listing, so that a flag that is gone is seen."""
    flags = tuple(t for t in tables if ROSTERS.get(t, ("",))[0] == "flags")
    return [(t,) for t in tables if t not in flags] + ([flags] if flags else [])


def _target(table: str) -> str:
    return ROSTERS[table][1] if table in ROSTERS else "raw_event"


class _Table:
    """Reading one item into its load."""

    def __init__(self, spec: PostgresSource, session: Session, run: Run, load: Load) -> None:
        self._spec = spec
        self._session = session
        self._run = run
        self._load = load
        self._span = times.window(run.settings, run.as_of_us)
        self._known: set[str] | None = None
        self._done = 0
        self._refused = 0  # rows, those that an earlier load refused too

    def read(self, tables: tuple[str, ...]) -> None:
        for table in tables:
            if table in ROSTERS:
                self._roster(table)
            elif table in BY_ID or table in BY_TIME:
                self._events(table)
            else:
                known = (*ROSTERS, *BY_ID, *BY_TIME)
                raise SourceError(
                    f"{table}: is no table this source knows{nearest(table, known)}; tables may name {', '.join(known)}"
                )
        if tables[0] in ROSTERS:
            if self._refused:
                self._load.warnings.append(incomplete(self._refused))
            else:
                self._load.complete()
        first = calendar.day_start(self._run.settings.programme.launch, self._run.settings.zone)
        if first < self._run.as_of_us:
            self._load.extend_covers(first, self._run.as_of_us)

    def _roster(self, table: str) -> None:
        """Every row of a small table, checked like the rows of a file."""
        converter = records.Converter(ROSTERS[table][0], self._run.key, self._span)
        with closing(self._session.batches(table)) as batches:
            for batch in batches:
                rows = batch.to_pylist()
                made = converter.convert(rows)
                for i, reason in made.refused.items():
                    self._refuse(reason, privacy.mask(orjson.dumps(rows[i]).decode()).encode())
                filled = made.table
                if "invitee_hash" in batch.schema.names:  # hashed by the server already
                    at = filled.schema.get_field_index("invitee_hash")
                    filled = filled.set_column(at, "invitee_hash", batch["invitee_hash"].take(pa.array(made.rows)))
                self._load.rows(filled)
                self._tell(table, batch.num_rows)
        if table == "beta_users" and self._done == 0:
            self._load.warnings.append(f"{self._spec.schema_name}.{table} holds no row")

    def _events(self, table: str) -> None:
        """New rows of an event table, and once more those younger than the overlap before the last read."""
        mark = self._load.watermark or {}
        after, since = mark.get("after_id", -1), mark.get("since", ALWAYS)
        with closing(self._session.batches(table, (str(after), since))) as batches:
            for batch in batches:
                made = events.convert(batch, table, self._span)
                for reason, content in made.refused:
                    self._refuse(reason, content)
                self._load.rows(made.table)
                after = max(after, made.last_id if made.last_id is not None else -1)
                self._tell(table, batch.num_rows)
        self._load.watermark = {"after_id": after, "since": self._next_since(table).isoformat()}

    def _next_since(self, table: str) -> datetime:
        """From when rows are read again: the overlap before as_of or before the oldest open transaction.

        Rows later than as_of were refused; a later as_of wants them. A table without a serial id is ordered
        by time alone: there late rows are waited for as long as the programme allows.
        """
        overlap = timedelta(minutes=self._spec.overlap_minutes)
        if table in BY_TIME:
            overlap = max(overlap, timedelta(hours=self._run.settings.programme.lateness_hours))
        return min(self._session.settled_at, calendar.instant(self._run.as_of_us)) - overlap

    def _refuse(self, reason: str, content: bytes) -> None:
        """Quarantine a row once: the overlap shows it again, and then it is a duplicate."""
        self._refused += 1
        if self._known is None:
            place = {"source": self._load.source, "item": self._load.item}
            self._known = {row[0] for row in self._load.execute("raw/refused_before", place)}
        if hashlib.sha256(content).hexdigest() in self._known:
            self._load.counts.read += 1
            self._load.counts.duplicates += 1
        else:
            self._load.refuse(reason, content)

    def _tell(self, table: str, rows: int) -> None:
        self._done += rows
        self._run.progress(f"{self._load.source} {table}", self._done, None)
