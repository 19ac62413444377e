"""The same beta in files, or in a real PostgreSQL and a real Prometheus: the same facts and the same values."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import connect, settings, warehouse
from data.demo import folder
from data.demo.plan import Scale
from data.refresh import refresh
from data.warehouse import Snapshot
from kpis import compute
from tests.support import postgres_tables

SMALL = Scale(testers=60, background_per_day=1500, scrape_s=1800)
pytestmark = pytest.mark.real


def objects(file: Path) -> Iterator[dict]:
    """Objects of a JSONL file that a database could hold: broken lines are left out."""
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    for line in raw.splitlines():
        try:
            found = json.loads(line.decode("utf-8"))
        except (ValueError, UnicodeDecodeError):
            continue
        if isinstance(found, dict):
            yield found


def accepted_events(demo: Path) -> list[dict]:
    """The events that the file source accepted, the first of each id."""
    con = connect.connect(demo / "local" / "raw.duckdb", read_only=True)
    kept = {key for (key,) in con.execute("SELECT event_key FROM raw_event").fetchall()}
    con.close()
    first: dict[str, dict] = {}
    for file in sorted((demo / "events").iterdir()):
        for found in objects(file):
            if found.get("id") in kept:
                first.setdefault(found["id"], found)
    assert len(first) == len(kept)
    return list(first.values())


def into_postgres(dsn: str, demo: Path, events: list[dict]) -> None:
    """Rosters, flags and events as the application would have stored them."""
    users = [{k: t.get(k) for k in ("did", "handle", "status", "joined_at", "last_active_at", "metadata")}
             | {"at_jwt": "eyJ.secret"} for t in objects(demo / "testers.jsonl")]  # fmt: skip
    invitations = [
        {k: i.get(k) for k in ("id", "inviter_did", "invitee_email", "status", "accepted_by_did", "metadata",
                               "created_at", "accepted_at", "expires_at")} for i in objects(demo / "invitations.jsonl")
    ]  # fmt: skip
    postgres_tables.insert(dsn, "beta_users", users)
    postgres_tables.insert(dsn, "beta_invitations", invitations)
    analytics = [
        {
            "user_id": e["user"],
            "event_type": e["event"],
            "event_data": e.get("properties") or {},
            "server_timestamp": e["ts"],
        }
        for e in events
    ]
    postgres_tables.insert(dsn, "beta_analytics", analytics)
    names = sorted({f["feature"] for f in objects(demo / "flags.jsonl")})
    postgres_tables.insert(
        dsn, "beta_feature_flags", [{"name": n, "enabled": True, "user_percentage": 50} for n in names]
    )
    flags = [
        {"user_id": f["user_id"], "feature_id": names.index(f["feature"]) + 1, "enabled": f["enabled"],
         "created_at": f["created_at"]} for f in objects(demo / "flags.jsonl")
    ]  # fmt: skip
    postgres_tables.insert(dsn, "beta_user_features", flags)


def feedback_states(demo: Path) -> list[list[dict]]:
    """Feedback as it stood after each item's first, second ... line."""
    lines: dict[int, list[dict]] = {}
    for item in objects(demo / "feedback.jsonl"):
        lines.setdefault(item["id"], []).append(item)
    rounds = max(len(v) for v in lines.values())
    return [[v[min(n, len(v) - 1)] for v in lines.values()] for n in range(rounds)]


def live_settings(target: Path, demo: Path, url: str) -> Path:
    """The demo's settings with a PostgreSQL and a Prometheus in place of its files (merges stay a file)."""
    text = (demo / "beta.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition("[[sources]]")
    after = rest[rest.index("[[waves]]") :]
    types = next(line for line in rest.splitlines() if line.startswith("types"))
    sources = f"""[[sources]]
name = "app"
kind = "postgres"
dsn_env = "PARITY_DSN"
tables = [
    "beta_users", "beta_invitations", "beta_feedback", "beta_analytics", "beta_feature_flags", "beta_user_features",
]

[[sources]]
name = "identities"
kind = "jsonl"
table = "identities"
path = "{demo / "identities.jsonl"}"

[[sources]]
name = "prometheus"
kind = "prometheus"
url = "{url}"
{types}

"""
    target.mkdir()
    file = target / "beta.toml"
    file.write_text(head + sources + after, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def from_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    demo = tmp_path_factory.mktemp("parity") / "demo"
    folder.write(demo, SMALL)
    chosen = settings.load(demo / "beta.toml")
    assert not refresh(chosen).errors
    return demo, warehouse.latest(chosen)


@pytest.fixture(scope="module")
def from_servers(from_files, tmp_path_factory, postgres_server, prometheus_of) -> Iterator[Snapshot]:
    demo, _ = from_files
    url = prometheus_of(demo / "metrics.om")
    file = live_settings(tmp_path_factory.mktemp("live") / "beta", demo, url)
    with postgres_server.database() as dsn, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARITY_DSN", dsn)
        postgres_tables.create(dsn)
        into_postgres(dsn, demo, accepted_events(demo))
        chosen = settings.load(file)
        for state in feedback_states(demo):
            postgres_tables.replace_feedback(dsn, state)
            assert not refresh(chosen).errors
        yield warehouse.latest(chosen)


FACTS = {
    "tester days": "SELECT t.tester_id, f.day_n, f.events, f.active_events, f.sessions, f.session_seconds, f.requests, "
    "f.failed_requests FROM fct_tester_day f JOIN dim_tester t USING (tester_key)",
    "testers": "SELECT tester_id, on_roster, excluded_reason, wave, accepted_us, first_active_day_n, activated_us "
    "FROM dim_tester",
    "feedback": "SELECT type, priority, rating, status, created_us, resolved_us FROM fct_feedback",
    "invitations": "SELECT wave, status, created_us, accepted_us FROM fct_invitation",
    "counters": "SELECT s.metric, s.labels, c.hour_us, c.day_n, c.increase, c.gap_increase, c.resets, c.samples "
    "FROM fct_counter_hour c JOIN dim_series s USING (series_id)",
    "gauges": "SELECT s.metric, s.labels, g.hour_us, g.samples, g.value_min, g.value_max, g.last_value "
    "FROM fct_gauge_hour g JOIN dim_series s USING (series_id)",
}


@pytest.mark.parametrize("name", FACTS)
def test_same_facts(from_files, from_servers: Snapshot, name: str) -> None:
    def rows(snapshot: Snapshot) -> list[tuple]:
        return sorted(snapshot._con.cursor().execute(FACTS[name]).fetchall(), key=str)

    ours, theirs = rows(from_files[1]), rows(from_servers)
    if name in ("tester days", "testers"):  # pseudonyms are made with each storage's own key
        ours, theirs = ([r[1:] for r in side] for side in (ours, theirs))
        ours, theirs = sorted(ours, key=str), sorted(theirs, key=str)
    assert len(ours) == len(theirs) and ours == theirs


def test_same_values(from_files, from_servers: Snapshot) -> None:
    def plain(snapshot: Snapshot) -> list[tuple]:
        return [
            (v.kpi_id, v.week, v.value, v.numerator, v.denominator, v.n, v.low, v.high, v.status)
            for v in compute.values(snapshot)
        ]

    for ours, theirs in zip(plain(from_files[1]), plain(from_servers), strict=True):
        assert ours == theirs
