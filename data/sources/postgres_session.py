"""Connections to PostgreSQL that see one state, write nothing and tell no secret when they fail.

A keeper connection exports its REPEATABLE READ state; tables are read in that state by a second connection,
which is opened anew after a failed table (a failed statement ends its transaction).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa

from data import privacy, sql
from data.ahead import ahead
from data.errors import SourceError
from data.settings import PostgresSource

CONNECT = {"connect_timeout": "10", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
FAILURES = (adbc.Error, pa.ArrowException, OSError)
_STATE = re.compile(r"[0-9A-F-]+")
_BATCH = "adbc.postgresql.batch_size_hint_bytes"
BATCH_BYTES = 16_000_000
_BLOCK = 64  # bytes of a SHA-256 block


class Session:
    """One read of a database: `settled_at` is the instant before which no open transaction began."""

    def __init__(self, spec: PostgresSource, dsn: str, key: bytes) -> None:
        self._spec = spec
        self._dsn = dsn
        self._pads = pads(bytes.fromhex(privacy.keyed_hash(key, "invitee")))
        self._worker: Any = None
        self.role = "the role"
        self._keeper = self._connect(None)
        self._state, self.role, self.settled_at = self._look()

    def _look(self) -> tuple[str, str, datetime]:
        try:
            with self._keeper.cursor() as cursor:
                cursor.execute(sql.text("sources/postgres/keep"))
                return cursor.fetchone()
        except FAILURES as error:
            self.close()
            raise self.explain(error, None) from None

    def _connect(self, state: str | None) -> Any:
        try:
            con = adbc.connect(with_options(self._dsn))
        except FAILURES as error:
            raise SourceError(unreachable(str(error), self._spec.dsn_env, self._dsn)) from None
        try:
            with con.cursor() as cursor:
                cursor.execute(sql.text("sources/postgres/begin"))
                if state:
                    if not _STATE.fullmatch(state):
                        raise SourceError("PostgreSQL exported a state of unknown form")
                    # The one statement that PostgreSQL takes no parameter for; the form is checked above.
                    cursor.execute(f"SET TRANSACTION SNAPSHOT '{state}'")
                timeout = str(round(self._spec.statement_timeout_s * 1000))
                cursor.execute(sql.text("sources/postgres/configure"), [timeout, self._spec.schema_name, *self._pads])
                cursor.fetchall()
        except FAILURES as error:
            raise self.explain(error, None) from None
        return con

    def batches(self, table: str, since: tuple[str, str] | None = None) -> Iterator[pa.RecordBatch]:
        """Rows of `queries/sources/postgres/<table>.sql` as a stream. `since`: highest id, instant to re-read from."""
        done = False
        try:
            if self._worker is None:
                self._worker = self._connect(self._state)
            with self._worker.cursor() as cursor:
                if since is not None:
                    cursor.execute(sql.text("sources/postgres/since"), list(since))
                    cursor.fetchall()
                cursor.adbc_statement.set_options(**{_BATCH: str(BATCH_BYTES)})
                cursor.execute(sql.text(f"sources/postgres/{table}"))
                with cursor.fetch_record_batch() as reader:
                    yield from ahead(reader, "postgres")
            done = True
        except FAILURES as error:
            raise self.explain(error, table) from None
        finally:
            if not done:  # its transaction has failed, or rows are still on their way
                self._drop_worker()

    def _drop_worker(self) -> None:
        worker, self._worker = self._worker, None
        _close(worker)

    def close(self) -> None:
        self._drop_worker()
        _close(self._keeper)

    def explain(self, error: BaseException, table: str | None) -> SourceError:
        """What a failed statement means and what would help, without the address or its password."""
        text, state = str(error), getattr(error, "sqlstate", None) or ""
        if "statement timeout" in text:  # while rows are streamed, errors carry no SQLSTATE
            state = "57014"
        elif not state and any(sign in text for sign in _BROKEN):
            state = "57P01"
        words = next((w for code, w in _WORDS.items() if state.startswith(code)), None)
        if words is None:
            line = text.rsplit("ERROR:", maxsplit=1)[-1].strip().split("\n", maxsplit=1)[0]
            words = redact(line, self._dsn)[:300].replace("{", "(").replace("}", ")")
        schema = self._spec.schema_name
        where = f"{schema}.{table}" if table else "PostgreSQL"
        named = _named(text) or table
        return SourceError(
            f"{where}: "
            + words.format(named=named, schema=schema, role=self.role, limit=f"{self._spec.statement_timeout_s:g}")
        )


_WORDS = {
    "42P01": (
        'there is no table {named} in schema "{schema}" that the role may see; correct tables or schema, or '
        "GRANT USAGE ON SCHEMA {schema} TO {role}"
    ),
    "42703": 'column "{named}" is missing; the table is of another version than the query in queries/sources/postgres',
    "42501": "no permission; GRANT SELECT ON {schema}.{named} TO {role}",
    "42883": "a function is missing or a column has another type; PostgreSQL 11 is the oldest that works",
    "57014": "not read within {limit} s; raise statement_timeout_s",
    "57P": "the connection broke before all rows were read; refresh again",
    "08": "the connection broke before all rows were read; refresh again",
}
_BROKEN = ("server closed", "terminat", "no connection to", "could not receive data", "SSL SYSCALL", "connection is in")


def _named(text: str) -> str | None:
    """Table or column that PostgreSQL's message names."""
    found = re.search(r'(?:relation|column|table) "?([\w.]+)"?', text)
    return found[1].rsplit(".", maxsplit=1)[-1] if found else None


def _close(connection: Any) -> None:
    """Let go of a connection; one that is broken already is as good as closed."""
    if connection is None:
        return
    try:
        connection.close()
    except FAILURES:
        return


def with_options(dsn: str) -> str:
    """The address with timeouts for connecting and for dead networks, where it sets none of its own."""
    missing = {k: v for k, v in CONNECT.items() if k not in dsn}
    if "://" in dsn:
        extra = "&".join(f"{k}={v}" for k, v in missing.items())
        return f"{dsn}{'&' if '?' in dsn else '?'}{extra}" if extra else dsn
    return " ".join([dsn, *(f"{k}={v}" for k, v in missing.items())])


def unreachable(text: str, variable: str, dsn: str) -> str:
    """A sentence for a failed connection. A malformed address, with its password anywhere, is not repeated."""
    found = re.search(r"connection to server (?:at|on socket) .*", text)
    if found:
        return f"PostgreSQL: {redact(found[0].strip(), dsn)}; is it running, and is {variable} right?"
    if "could not translate host name" in text:
        return f"PostgreSQL: the host in {variable} cannot be resolved"
    if "timeout" in text:
        return f"PostgreSQL: no answer in time; is the host in {variable} reachable from here?"
    return f"PostgreSQL: {variable} is no valid address; write postgresql://user:password@host:5432/database"


def redact(text: str, dsn: str) -> str:
    """The text without the address and without its password in any spelling."""
    secrets = {dsn, *re.findall(r"password\s*=\s*('(?:[^'\\]|\\.)*'|[^\s&]+)", dsn)}
    try:
        password = urlsplit(dsn).password
    except ValueError:
        password = None
    secrets |= {password, unquote(password)} if password else set()
    for secret in sorted((s.strip("'") for s in secrets), key=len, reverse=True):
        if secret:
            text = text.replace(secret, "***")
    return text


def pads(key: bytes) -> tuple[str, str]:
    """Inner and outer key blocks of HMAC-SHA256 in hexadecimal: with them SQL's sha256() makes an HMAC."""
    block = key.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block).hex(), bytes(b ^ 0x5C for b in block).hex()
