"""The tables of TikTokToe's database as its own application makes them, secret columns included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import orjson
import pyarrow as pa

from tests.support import servers

TABLES = """
CREATE TABLE beta_users (
    id serial PRIMARY KEY, did text UNIQUE NOT NULL, handle text, invited_by text, invitation_code text,
    status text NOT NULL DEFAULT 'pending', joined_at timestamptz, last_active_at timestamptz, metadata jsonb,
    invitations_sent int DEFAULT 0, invitations_accepted int DEFAULT 0, max_invitations int DEFAULT 5,
    at_jwt text, at_refresh_jwt text
);
CREATE TABLE beta_invitations (
    id serial PRIMARY KEY, inviter_did text, invitee_email text, invitation_code text UNIQUE,
    status text NOT NULL DEFAULT 'pending', accepted_by_did text, metadata jsonb,
    created_at timestamptz DEFAULT now(), accepted_at timestamptz, expires_at timestamptz
);
CREATE TABLE beta_feedback (
    id serial PRIMARY KEY, user_id text, type text, title text, description text, priority text, rating int,
    status text NOT NULL DEFAULT 'new', metadata jsonb, created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);
CREATE TABLE beta_analytics (
    id serial PRIMARY KEY, user_id text, event_type text NOT NULL, event_data jsonb, client_timestamp timestamptz,
    server_timestamp timestamptz DEFAULT now()
);
CREATE TABLE at_protocol_analytics (
    id serial PRIMARY KEY, user_id text, event_type text NOT NULL, event_data jsonb, client_timestamp timestamptz,
    server_timestamp timestamptz DEFAULT now(), repo text, collection text, rkey text, cid text, uri text
);
CREATE TABLE analytics_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), event_name text, properties jsonb, user_id uuid, session_id uuid,
    "timestamp" timestamptz DEFAULT now()
);
CREATE TABLE beta_feature_flags (
    id serial PRIMARY KEY, name text UNIQUE NOT NULL, enabled boolean DEFAULT false, user_percentage int DEFAULT 0
);
CREATE TABLE beta_user_features (
    id serial PRIMARY KEY, user_id text, feature_id int, enabled boolean DEFAULT true,
    created_at timestamptz DEFAULT now()
)
"""


def _types(statement: str) -> tuple[str, dict[str, str]]:
    """Name of a table and the type of each of its columns."""
    name, body = re.search(r"CREATE TABLE (\w+) \((.*)\)", statement, re.DOTALL).groups()
    columns = (part.split()[:2] for part in re.sub(r"\(\w*\)", "", body).split(","))
    return name, {column.strip('"'): kind.replace("serial", "int") for column, kind in columns}


_COLUMNS = dict(_types(t) for t in TABLES.split(";"))


def create(dsn: str) -> None:
    """Make all tables in an empty database."""
    servers.run(dsn, *TABLES.split(";"))


def insert(dsn: str, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows (all with the same columns) in bulk. Dictionaries become jsonb; times are text or datetimes."""
    rows = list(rows)
    if not rows:
        return
    names = list(rows[0])
    texts = pa.table({n: pa.array([_text(r[n]) for r in rows], pa.string()) for n in names})
    casts = ", ".join(f'CAST("{n}" AS {_COLUMNS[table][n]})' for n in names)
    columns = ", ".join(f'"{n}"' for n in names)
    with adbc.connect(dsn) as con, con.cursor() as cursor:
        cursor.adbc_ingest("incoming", texts, mode="create", temporary=True)
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {casts} FROM incoming")
        con.commit()


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def replace_feedback(dsn: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Let beta_feedback stand as these rows, as updates of the application would leave it."""
    names = [n for n in _COLUMNS["beta_feedback"] if n != "metadata"]
    servers.run(dsn, "DELETE FROM beta_feedback")
    insert(dsn, "beta_feedback", [{n: row.get(n) for n in names} for row in rows])
