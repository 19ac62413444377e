"""What PostgreSQL's driver says may hold the password in any spelling; what is printed never does."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

import pyarrow as pa
import pytest

from data import sql
from data.raw import RawStore
from data.sources.postgres import Postgres, items
from data.sources.postgres_events import convert
from data.sources.postgres_session import pads, redact, with_options
from data.sources.times import Window
from tests.sources_live.support import LAUNCH_S, run, settings, state

NEVER = re.compile(r"\b(at_jwt|at_refresh_jwt|invitation_code|userAgent|handle|email|token)\b")
TEXTS = (
    "path", "method", "status", "loose_status", "duration", "feature", "platform", "component", "error_type",
    "properties", "bad_time",
)  # fmt: skip


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://me:hunter2@127.0.0.1:9/beta",
        "postgresql://me:hunter2@127.0.0.1:9:9/beta",
        "postgresql:/me:hunter2@127.0.0.1/beta",
        "postgresql://me:hun@hunter2@nowhere.invalid/beta",
        "postgresql://me@127.0.0.1:9/beta?password=hunter2",
        "host=127.0.0.1 port=9 password=hunter2",
        "host=127.0.0.1 port=9 password='hunter2' nonsense",
        "hunter2",
    ],
)
def test_a_bad_address_is_one_sentence_without_the_password(tmp_path: Path, monkeypatch, dsn: str) -> None:
    monkeypatch.setenv("BETA_PG_DSN", dsn)
    config = settings(tmp_path, {"kind": "postgres", "name": "app"})
    store = RawStore(tmp_path / "raw.duckdb")
    failed = Postgres(config.sources[0], config).load(store, run(config, 1, LAUNCH_S + 86_400))
    assert len(failed) == 1
    assert "BETA_PG_DSN" in failed[0]
    assert "hunter2" not in failed[0] + "".join(s["error"] for s in state(store).values())


def test_a_missing_variable_is_named(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("BETA_PG_DSN", raising=False)
    config = settings(tmp_path, {"kind": "postgres", "name": "app"})
    failed = Postgres(config.sources[0], config).load(RawStore(tmp_path / "raw.duckdb"), run(config, 1, LAUNCH_S))
    assert failed == ["app: environment variable BETA_PG_DSN is not set; export it before starting"]


def test_redaction_knows_both_spellings_of_a_password() -> None:
    dsn = "postgresql://me:p%40ss@h/db"
    assert redact("refused p@ss and p%40ss", dsn) == "refused *** and ***"
    assert redact("refused 'a b'", "host=h password='a b'") == "refused '***'"


def test_options_are_added_where_the_address_has_none() -> None:
    assert "connect_timeout=10" in with_options("postgresql://h/db")
    assert with_options("postgresql://h/db?connect_timeout=3").count("connect_timeout") == 1
    assert with_options("host=h dbname=db").startswith("host=h dbname=db connect_timeout=10 ")


@pytest.mark.parametrize("name", sql.names("sources/postgres"))
def test_no_query_names_a_secret_column(name: str) -> None:
    code = "\n".join(line for line in sql.text(name).splitlines() if not line.startswith("--"))
    assert NEVER.findall(code) == []


def test_pads_make_plain_sha256_an_hmac() -> None:
    key, text = bytes(range(32)), "ada@example.org"
    inner, outer = (bytes.fromhex(p) for p in pads(key))
    digest = hashlib.sha256(outer + hashlib.sha256(inner + text.encode()).digest()).hexdigest()
    assert digest == hmac.new(key, text.encode(), "sha256").hexdigest()


def test_both_flag_tables_are_one_item() -> None:
    tables = ("beta_user_features", "beta_users", "beta_feature_flags")
    assert items(tables) == [("beta_users",), ("beta_user_features", "beta_feature_flags")]


def test_a_refused_value_refuses_every_row_that_holds_it_and_no_other() -> None:
    n = 6
    batch = pa.record_batch(
        {
            "id": pa.array(range(1, n + 1), pa.int64()),
            "user_id": ["a", "null", None, "null", " a ", "b"],
            "event": ["x"] * n,
            "ts_us": pa.array([100] * 5 + [None], pa.timestamp("us", "UTC")),
            **{c: pa.array([None] * n, pa.string()) for c in TEXTS},
        }
    )  # fmt: skip
    made = convert(batch, "t", Window(0, 1000))
    assert made.table["event_key"].to_pylist() == ["t:1", "t:3", "t:5"]
    assert made.table["user_id"].to_pylist() == ["a", None, "a"]
    assert [reason for reason, _ in made.refused] == ["placeholder_id", "placeholder_id", "schema"]
    assert made.last_id == n
