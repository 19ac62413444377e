"""A real PostgreSQL gives exactly its rows, in one state, and keeps its secrets."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import orjson
import pytest

from data.privacy import keyed_hash
from data.raw import RawStore, Run
from data.settings import Settings
from data.sources.postgres import Postgres
from tests.sources_live.support import KEY, LAUNCH_S, instant, ledger, run, settings, state
from tests.support import postgres_tables, servers

pytestmark = pytest.mark.real
ALL = (
    "beta_users", "beta_invitations", "beta_feedback", "beta_analytics", "at_protocol_analytics", "analytics_events",
    "beta_feature_flags", "beta_user_features",
)  # fmt: skip
AS_OF = LAUNCH_S + 30 * 86_400
DAY3 = LAUNCH_S + 3 * 86_400
TOKEN = "eyJhbGciOi-planted-token"
EMAIL = "Ada.Lovelace@planted.example"
CODE = "CODE-PLANTED-77"
AGENT = "Mozilla/5.0 planted agent"


@pytest.fixture(scope="module")
def template(postgres_server: servers.Postgres) -> Iterator[str]:
    """Name of a database that each test copies."""
    with postgres_server.database() as dsn:
        fill(dsn)
        yield dsn.rsplit("/", maxsplit=1)[1]


@pytest.fixture
def beta(postgres_server: servers.Postgres, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of a database with the application's tables and a few rows in each."""
    with postgres_server.database(template) as dsn:
        monkeypatch.setenv("BETA_PG_DSN", dsn)
        yield dsn


def fill(database: str) -> None:
    postgres_tables.create(database)
    device = {"deviceInfo": {"platform": "iOS"}, "profile_completion": 80, "email": EMAIL}
    postgres_tables.insert(database, "beta_users", [
        dict(did="did:plc:ada", handle="ada.example", status="active", joined_at=instant(DAY3), invited_by=None,
             metadata={**device, "wave": "2"}, at_jwt=TOKEN, at_refresh_jwt=TOKEN, invitation_code=CODE),
        dict(did="did:plc:bob", handle=None, status="pending", joined_at=None, invited_by="did:plc:ada",
             metadata=None, at_jwt=None, at_refresh_jwt=None, invitation_code=None),
    ])  # fmt: skip
    postgres_tables.insert(database, "beta_invitations", [
        dict(inviter_did="did:plc:ada", invitee_email=f"  {EMAIL} ", invitation_code=CODE, status="accepted",
             accepted_by_did="did:plc:bob", metadata={"wave": "2"}, created_at=instant(DAY3),
             accepted_at=instant(DAY3 + 60), expires_at=instant(DAY3 + 7 * 86_400)),
    ])  # fmt: skip
    postgres_tables.insert(database, "beta_feedback", [
        dict(user_id="did:plc:ada", type="bug", title="Crash", description=f"Write to {EMAIL}", priority="high",
             rating=4, status="new", created_at=instant(DAY3), updated_at=instant(DAY3)),
    ])  # fmt: skip
    call = {
        "path": "/posts/3kabc77xyz2ab?x=1",
        "method": "get",
        "statusCode": 503,
        "duration": 12.5,
        "userAgent": AGENT,
    }
    postgres_tables.insert(database, "beta_analytics", [
        dict(user_id="did:plc:ada", event_type="api_call", event_data=call, client_timestamp=instant(DAY3 - 5.25),
             server_timestamp=instant(DAY3 + 0.000123)),
        dict(user_id="did:plc:bob", event_type="feature_used", event_data={"feature": "core_gameplay", "email": EMAIL},
             client_timestamp=None, server_timestamp=instant(DAY3 + 1)),
        dict(user_id=None, event_type="app_error",
             event_data={"type": "Timeout", "component": "feed", "fatal": True, "message": EMAIL, "token": TOKEN},
             client_timestamp=None, server_timestamp=instant(DAY3 + 2)),
    ])  # fmt: skip
    postgres_tables.insert(database, "at_protocol_analytics", [
        dict(user_id="did:plc:ada", event_type="post_created", event_data={}, client_timestamp=None,
             server_timestamp=instant(DAY3 + 3), repo="did:plc:ada", uri="at://did:plc:ada/x"),
    ])  # fmt: skip
    postgres_tables.insert(database, "analytics_events", [
        dict(id="11111111-2222-3333-4444-555555555555", event_name="post_view", properties={"platform": "Web"},
             user_id="99999999-2222-3333-4444-555555555555", timestamp=instant(DAY3 + 4)),
    ])  # fmt: skip
    postgres_tables.insert(database, "beta_feature_flags", [
        dict(name="core_gameplay", enabled=True, user_percentage=100),
        dict(name="social_features", enabled=True, user_percentage=50),
    ])  # fmt: skip
    postgres_tables.insert(database, "beta_user_features", [
        dict(user_id="did:plc:ada", feature_id=2, enabled=True, created_at=instant(DAY3)),
    ])  # fmt: skip


def source(folder: Path, tables: tuple[str, ...] = ALL, **options) -> tuple[Postgres, Settings]:
    config = settings(folder, {"kind": "postgres", "name": "app", "tables": tables, **options})
    return Postgres(config.sources[0], config), config


def load(folder: Path, load_id: int = 1, tables: tuple[str, ...] = ALL, as_of: float = AS_OF, **options) -> list[str]:
    postgres, config = source(folder, tables, **options)
    store = RawStore(folder / "raw.duckdb")
    try:
        return postgres.load(store, run(config, load_id, as_of))
    finally:
        store.close()


def rows(folder: Path, query: str) -> list[tuple]:
    store = RawStore(folder / "raw.duckdb")
    try:
        return store.cursor().execute(query).fetchall()
    finally:
        store.close()


def test_every_row_arrives_as_it_is(beta: str, tmp_path: Path) -> None:
    assert load(tmp_path) == []
    us = 1_000_000
    events = rows(tmp_path, """
        SELECT event_key, user_id, event, ts_us, client_ts_us, route, method, status, duration_ms, feature, platform,
            component, error_type, properties
        FROM raw_event ORDER BY ts_us""")  # fmt: skip
    assert events == [
        ("beta_analytics:1", "did:plc:ada", "api_call", DAY3 * us + 123, DAY3 * us - 5_250_000, "/posts/:id", "GET",
         503, 12.5, None, None, None, None, None),
        ("beta_analytics:2", "did:plc:bob", "feature_used", (DAY3 + 1) * us, None, None, None, None, None,
         "core_gameplay", None, None, None, None),
        ("beta_analytics:3", None, "app_error", (DAY3 + 2) * us, None, None, None, None, None, None, None, "feed",
         "Timeout", '{"fatal":true}'),
        ("at_protocol_analytics:1", "did:plc:ada", "post_created", (DAY3 + 3) * us, *[None] * 10),
        ("analytics_events:11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555", "post_view",
         (DAY3 + 4) * us, None, None, None, None, None, None, "web", None, None, None),
    ]  # fmt: skip
    testers = rows(
        tmp_path, "SELECT user_id, status, wave, platform, invited_by, joined_us, metadata FROM raw_tester ORDER BY 1"
    )
    assert testers[0][:6] == ("did:plc:ada", "active", "2", "ios", None, DAY3 * us)
    assert testers[1] == ("did:plc:bob", "pending", None, None, "did:plc:ada", None, None)
    invitations = rows(tmp_path, "SELECT * EXCLUDE (invitee_hash, source, load_id) FROM raw_invitation")
    assert invitations == [
        ("1", "did:plc:ada", "accepted", "did:plc:bob", "2", DAY3 * us, (DAY3 + 60) * us, (DAY3 + 7 * 86_400) * us)
    ]
    feedback = rows(tmp_path, "SELECT feedback_key, user_id, type, description, rating, status FROM raw_feedback")
    assert feedback == [("1", "did:plc:ada", "bug", "Write to [e-mail]", 4, "new")]
    # Half of the testers have social_features: that is not everyone.
    assert rows(tmp_path, "SELECT user_id, feature, enabled FROM raw_flag ORDER BY ALL") == [
        ("*", "core_gameplay", True), ("*", "social_features", False), ("did:plc:ada", "social_features", True),
    ]  # fmt: skip


def test_the_address_is_hashed_on_the_server_with_a_key_derived_from_ours(beta: str, tmp_path: Path) -> None:
    load(tmp_path)
    derived = bytes.fromhex(keyed_hash(KEY, "invitee"))
    expected = hmac.new(derived, EMAIL.lower().encode(), "sha256").hexdigest()
    assert rows(tmp_path, "SELECT invitee_hash FROM raw_invitation") == [(expected,)]


def test_no_secret_leaves_the_server(beta: str, tmp_path: Path, postgres_server: servers.Postgres) -> None:
    before = len(postgres_server.log.read_text())
    assert load(tmp_path) == []
    stored = b"".join(f.read_bytes() for f in tmp_path.iterdir())
    for secret in (TOKEN, EMAIL, EMAIL.lower(), CODE, AGENT, "ada.example"):
        assert secret.encode() not in stored
    asked = postgres_server.log.read_text()[before:]
    assert "FROM beta_users" in asked
    code = "\n".join(line.partition("-- ")[0] for line in asked.splitlines())
    assert re.findall(r"\b(at_jwt|at_refresh_jwt|invitation_code|userAgent|handle)\b", code) == []
    assert KEY.hex() not in asked


def test_the_same_pull_twice_adds_nothing(beta: str, tmp_path: Path) -> None:
    load(tmp_path)
    assert load(tmp_path, 2) == []
    assert rows(tmp_path, "SELECT sum(accepted), sum(conflicting) FROM load_ledger WHERE load_id = 2") == [(0, 0)]
    assert rows(tmp_path, "SELECT count(*) FROM raw_event") == [(5,)]


def test_a_row_that_commits_late_arrives_with_the_next_pull(beta: str, tmp_path: Path) -> None:
    new = "INSERT INTO beta_analytics (user_id, event_type, server_timestamp) VALUES ('did:plc:{}', 'post_view', '{}')"
    with adbc.connect(beta) as slow, slow.cursor() as cursor:
        cursor.execute(new.format("slow", instant(AS_OF - 120)))  # takes id 4
        servers.run(beta, new.format("quick", instant(AS_OF - 60)))  # takes id 5 and is committed first
        load(tmp_path)
        assert rows(tmp_path, "SELECT user_id FROM raw_event WHERE event = 'post_view' AND event_key LIKE 'beta%'") == [
            ("did:plc:quick",)
        ]
        slow.commit()
    assert load(tmp_path, 2, as_of=AS_OF + 300) == []
    got = rows(
        tmp_path,
        "SELECT event_key, user_id FROM raw_event WHERE user_id LIKE '%:slow' OR user_id LIKE '%:quick' ORDER BY 1",
    )
    assert got == [("beta_analytics:4", "did:plc:slow"), ("beta_analytics:5", "did:plc:quick")]


def test_rows_after_a_frozen_as_of_arrive_when_it_moves_on(beta: str, tmp_path: Path) -> None:
    load(tmp_path, as_of=DAY3 - 86_400)
    assert rows(tmp_path, "SELECT count(*) FROM raw_event") == [(0,)]
    load(tmp_path, 2)
    assert rows(tmp_path, "SELECT count(*) FROM raw_event") == [(5,)]


def test_changes_and_deletions_at_the_source_are_seen(beta: str, tmp_path: Path) -> None:
    load(tmp_path)
    servers.run(
        beta,
        "UPDATE beta_users SET status = 'inactive' WHERE did = 'did:plc:ada'",
        "DELETE FROM beta_users WHERE did = 'did:plc:bob'",
        f"UPDATE beta_feedback SET status = 'in_progress', updated_at = '{instant(DAY3 + 3600)}'",
        "DELETE FROM beta_user_features",
    )
    assert load(tmp_path, 2) == []
    servers.run(beta, f"UPDATE beta_feedback SET status = 'resolved', updated_at = '{instant(DAY3 + 7200)}'")
    assert load(tmp_path, 3) == []
    assert rows(tmp_path, "SELECT user_id, status, gone FROM raw_tester ORDER BY 1") == [
        ("did:plc:ada", "inactive", False), ("did:plc:bob", "pending", True),
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT status, since_us FROM raw_feedback_status ORDER BY 2") == [
        ("new", DAY3 * 1_000_000), ("in_progress", (DAY3 + 3600) * 1_000_000), ("resolved", (DAY3 + 7200) * 1_000_000),
    ]  # fmt: skip
    assert rows(tmp_path, "SELECT count(*) FROM raw_flag WHERE user_id <> '*'") == [(0,)]


def test_feedback_and_invitations_deleted_at_the_source_are_gone(beta: str, tmp_path: Path) -> None:
    more = ("('extra', 'new', '{at}', '{at}')", "('later', 'new', '{at}', '{at}')")
    for values in more:
        servers.run(
            beta,
            "INSERT INTO beta_feedback (title, status, created_at, updated_at) VALUES "
            + values.format(at=instant(DAY3 + 60)),
        )
    assert load(tmp_path) == []
    held = rows(tmp_path, "SELECT title FROM raw_feedback WHERE title IN ('extra', 'later') ORDER BY 1")
    assert held == [("extra",), ("later",)]
    (invitations,) = rows(tmp_path, "SELECT count(*) FROM raw_invitation")[0]
    assert invitations > 0
    servers.run(beta, "DELETE FROM beta_feedback WHERE title = 'extra'", "DELETE FROM beta_invitations")
    assert load(tmp_path, 2) == []
    assert rows(tmp_path, "SELECT title FROM raw_feedback WHERE title IN ('extra', 'later')") == [("later",)]
    assert rows(tmp_path, "SELECT count(*) FROM raw_invitation") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM raw_feedback_status ANTI JOIN raw_feedback USING (feedback_key)") == [
        (0,)
    ]
    said = f"beta_invitations holds no row any more; {invitations} that it held before are gone"
    assert said in state(RawStore(tmp_path / "raw.duckdb"))["beta_invitations"]["warnings"]


def test_a_listing_with_a_refused_row_takes_nothing_out_in_any_load(beta: str, tmp_path: Path) -> None:
    bad = "INSERT INTO beta_feedback (title, status, created_at, updated_at) VALUES ('bad', 'new', '{0}', '{0}')"
    servers.run(beta, bad.format(instant(AS_OF + 9 * 86_400)), bad.format(instant(DAY3)).replace("bad", "good"))
    assert load(tmp_path) == []
    servers.run(beta, "DELETE FROM beta_feedback WHERE title = 'good'")
    for load_id in (2, 3):  # the refused row is a duplicate by now
        assert load(tmp_path, load_id) == []
        assert rows(tmp_path, "SELECT title FROM raw_feedback WHERE title IN ('good', 'bad')") == [("good",)]
        said = state(RawStore(tmp_path / "raw.duckdb"))["beta_feedback"]["warnings"]
        assert "1 refused, so nothing that is no longer listed was taken out" in said
    servers.run(beta, "DELETE FROM beta_feedback WHERE title = 'bad'")
    assert load(tmp_path, 4) == []
    assert rows(tmp_path, "SELECT title FROM raw_feedback WHERE title IN ('good', 'bad')") == []


def test_a_listing_that_cannot_be_read_to_its_end_takes_nothing_out(beta: str, tmp_path: Path) -> None:
    assert load(tmp_path) == []
    before = rows(tmp_path, "SELECT * FROM raw_feedback"), rows(tmp_path, "SELECT * FROM raw_invitation")
    servers.run(beta, "ALTER TABLE beta_feedback RENAME COLUMN title TO heading", "DROP TABLE beta_invitations")
    assert len(load(tmp_path, 2)) == 2
    assert (rows(tmp_path, "SELECT * FROM raw_feedback"), rows(tmp_path, "SELECT * FROM raw_invitation")) == before


def test_an_impossible_time_costs_its_row_only_and_once(beta: str, tmp_path: Path) -> None:
    times = {"infinity": "future", "-infinity": "too_old", "4000-01-01 BC": "time", "294276-01-01": "time",
             "1969-01-01": "too_old"}  # fmt: skip
    for n, time in enumerate(times):
        servers.run(
            beta,
            f"INSERT INTO beta_analytics (user_id, event_type, server_timestamp) VALUES ('did:x', 'seen', '{time}')",
            f"INSERT INTO beta_users (did, status, joined_at) VALUES ('did:plc:x{n}', 'active', '{time}')",
        )
    assert load(tmp_path) == []
    assert load(tmp_path, 2) == []
    assert rows(tmp_path, "SELECT count(*) FROM raw_event") == [(5,)]
    assert rows(tmp_path, "SELECT count(*) FROM raw_tester") == [(2,)]
    refused = rows(tmp_path, "SELECT reason, load_id FROM quarantine WHERE item = 'beta_analytics' ORDER BY ALL")
    assert refused == [(reason, 1) for reason in sorted(times.values())]
    assert rows(tmp_path, "SELECT count(*), max(load_id) FROM quarantine WHERE item = 'beta_users'") == [(5, 1)]


def test_odd_event_data_follows_the_rules_for_files(beta: str, tmp_path: Path) -> None:
    odd = [
        {"duration": -1},
        {"duration": "fast"},
        {"statusCode": 99},
        [1, 2],
        '"text"',
        {"status": 204, "duration": "7"},
    ]
    postgres_tables.insert(beta, "beta_analytics", [
        dict(user_id="did:plc:o", event_type="api_call", event_data=d, server_timestamp=instant(DAY3 + 100 + i))
        for i, d in enumerate(odd)
    ] + [dict(user_id="null", event_type="api_call", event_data={}, server_timestamp=instant(DAY3 + 200)),
         dict(user_id="did:plc:o", event_type=" ", event_data={}, server_timestamp=instant(DAY3 + 201))])  # fmt: skip
    assert load(tmp_path) == []
    assert rows(tmp_path, "SELECT reason, count(*) FROM quarantine GROUP BY ALL ORDER BY 1") == [
        ("placeholder_id", 1), ("schema", 1), ("type", 1), ("value", 2),
    ]  # fmt: skip
    kept = rows(tmp_path, "SELECT status, duration_ms FROM raw_event WHERE user_id = 'did:plc:o' ORDER BY ts_us")
    assert kept == [(None, None), (None, None), (204, 7.0)]


def test_listed_properties_arrive_as_the_json_they_were(beta: str, tmp_path: Path) -> None:
    given = [
        {"screen": 'a "b" \\ c, {d}', "week": 3, "path": "/x"},
        {"version": None, "success": False},
        {"release": None},
        {"screen": {"deep": None, "kept": [1, None, {"x": None}]}, "fatal": 1.50},
        ["screen", "week"],
        {"feedbackId": "f-1", "feedback_id": "", "app_version": "ü", "appVersion": "1.2"},
    ]
    servers.run(beta, "DELETE FROM beta_analytics")
    postgres_tables.insert(beta, "beta_analytics", [
        dict(id=n, event_type="page", event_data=data, server_timestamp=instant(DAY3 + n))
        for n, data in enumerate(given)
    ])  # fmt: skip
    assert load(tmp_path, tables=("beta_analytics",)) == []
    found = rows(tmp_path, "SELECT properties FROM raw_event ORDER BY ts_us")
    assert [text and orjson.loads(text) for (text,) in found] == [
        {"screen": 'a "b" \\ c, {d}', "week": 3},
        {"success": False},
        None,
        {"screen": {"kept": [1, None, {}]}, "fatal": 1.5},
        None,
        {"feedbackId": "f-1", "feedback_id": "", "app_version": "ü", "appVersion": "1.2"},
    ]


def test_all_tables_are_read_in_one_state(beta: str, tmp_path: Path) -> None:
    postgres, config = source(tmp_path)
    store = RawStore(tmp_path / "raw.duckdb")
    meanwhile = []

    def progress(label: str, done: int, total: int | None) -> None:
        if not meanwhile:  # the roster has just been read
            meanwhile.append(label)
            servers.run(
                beta,
                f"""
                INSERT INTO beta_feedback (user_id, type, status, created_at, updated_at)
                VALUES ('did:plc:new', 'general', 'new', '{instant(DAY3)}', '{instant(DAY3)}')""",
            )

    one = run(config, 1, AS_OF)
    assert postgres.load(store, Run(1, one.as_of_us, config, KEY, progress)) == []
    assert meanwhile == ["app beta_users"]
    seen = "SELECT count(*) FROM raw_feedback WHERE user_id = 'did:plc:new'"
    assert store.cursor().execute(seen).fetchone() == (0,)
    postgres.load(store, run(config, 2, AS_OF))
    assert store.cursor().execute(seen).fetchone() == (1,)


def test_a_connection_that_drops_midway_leaves_nothing_of_its_table(beta: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("data.sources.postgres_session.BATCH_BYTES", 100_000)
    servers.run(beta, f"""
        INSERT INTO beta_analytics (user_id, event_type, event_data, server_timestamp)
        SELECT 'did:plc:u' || i % 50, 'api_call', '{{"path": "/a"}}', timestamptz '{instant(DAY3)}' + i * interval '1 s'
        FROM generate_series(1, 60000) AS i""")  # fmt: skip
    postgres, config = source(tmp_path, ("beta_users", "beta_analytics", "beta_feedback"))
    store = RawStore(tmp_path / "raw.duckdb")
    hit = []

    def progress(label: str, done: int, total: int | None) -> None:
        if label == "app beta_analytics" and not hit:
            hit.append(done)
            servers.run(
                beta,
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE '%sources/postgres/beta_analytics%'
                    AND pid <> pg_backend_pid()""",
            )

    one = run(config, 1, AS_OF)
    failed = postgres.load(store, Run(1, one.as_of_us, config, KEY, progress))
    assert hit[0] < 60_000
    assert failed == ["app: public.beta_analytics: the connection broke before all rows were read; refresh again"]
    assert store.cursor().execute("SELECT count(*) FROM raw_event").fetchone() == (0,)
    assert state(store)["beta_analytics"]["watermark"] is None
    assert state(store)["beta_feedback"]["error"] is None  # the others went on
    assert postgres.load(store, run(config, 2, AS_OF)) == []
    assert store.cursor().execute("SELECT count(*) FROM raw_event").fetchone() == (60_003,)
    assert {r["status"] for r in ledger(store) if r["item"] == "beta_analytics"} == {"failed", "ok"}


def test_a_locked_table_fails_by_its_time_limit_and_the_others_go_on(beta: str, tmp_path: Path) -> None:
    with adbc.connect(beta) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE beta_feedback IN ACCESS EXCLUSIVE MODE")
        failed = load(tmp_path, statement_timeout_s=0.2)
        other.rollback()
    assert failed == ["app: public.beta_feedback: not read within 0.2 s; raise statement_timeout_s"]
    assert rows(tmp_path, "SELECT count(*) FROM raw_event") == [(5,)]


def test_a_missing_table_or_column_or_grant_is_named(beta: str, tmp_path: Path, monkeypatch, postgres_server) -> None:
    database = beta.rsplit("/", maxsplit=1)[1]
    servers.run(
        beta,
        "DROP TABLE beta_user_features",
        "ALTER TABLE beta_invitations DROP COLUMN accepted_at",
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'hunter2'",
        # Column by column is enough, and keeps the tokens out of reach.
        "GRANT SELECT (id, did, status, joined_at, last_active_at, invited_by, metadata) ON beta_users TO reader",
        "GRANT SELECT ON beta_invitations, beta_analytics TO reader",
    )
    monkeypatch.setenv("BETA_PG_DSN", postgres_server.dsn(database, "reader", "hunter2"))
    failed = load(
        tmp_path,
        tables=("beta_users", "beta_invitations", "beta_feedback", "beta_user_features", "beta_analytics", "beta_user"),
    )
    assert len(failed) == 4
    assert failed[0].startswith(
        'app: public.beta_invitations: column "accepted_at" is missing; the table is of another '
    )
    assert failed[1] == "app: public.beta_feedback: no permission; GRANT SELECT ON public.beta_feedback TO reader"
    assert failed[2].startswith('app: beta_user: is no table this source knows (did you mean "beta_users"?)')
    assert failed[3].startswith(
        'app: public.beta_user_features: there is no table beta_user_features in schema "public"'
    )
    assert failed[3].endswith("GRANT USAGE ON SCHEMA public TO reader")
    assert rows(tmp_path, "SELECT count(*) FROM raw_tester") == [(2,)]
    assert rows(tmp_path, "SELECT count(*) FROM raw_event") == [(3,)]
    servers.run(beta, "DROP OWNED BY reader", "DROP ROLE reader")


def test_the_session_can_write_nothing(beta: str) -> None:
    from data.settings import PostgresSource
    from data.sources.postgres_session import Session

    session = Session(PostgresSource(kind="postgres", name="app"), beta, KEY)
    with pytest.raises(adbc.Error, match="read-only transaction"), session._keeper.cursor() as cursor:
        cursor.execute("UPDATE beta_users SET status = 'gone'")
    session.close()


def test_a_database_that_is_down_is_one_sentence_and_changes_nothing(beta: str, tmp_path: Path, monkeypatch) -> None:
    load(tmp_path)
    monkeypatch.setenv("BETA_PG_DSN", "postgresql://reader:hunter2@127.0.0.1:9/beta")
    failed = load(tmp_path, 2)
    assert len(failed) == 1
    assert failed[0].startswith(
        'app: PostgreSQL: connection to server at "127.0.0.1", port 9 failed: Connection refused'
    )
    assert "is BETA_PG_DSN right?" in failed[0]
    assert rows(tmp_path, "SELECT count(*) FROM raw_event") == [(5,)]
    assert rows(tmp_path, "SELECT count(*) FROM source_state WHERE error IS NOT NULL AND watermark IS NULL") == [(4,)]
    assert rows(tmp_path, "SELECT count(*) FROM source_state WHERE error LIKE '%hunter2%'") == [(0,)]
