"""The servers that other tests stand on do start, hold what they were given and stop."""

from __future__ import annotations

import json
import urllib.request

import pytest

from tests.support import servers

pytestmark = pytest.mark.real


def test_postgres_gives_each_test_its_own_database(postgres_server: servers.Postgres, database: str) -> None:
    servers.run(database, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)")
    with postgres_server.database() as other:
        assert servers.query(other, "SELECT count(*) FROM pg_tables WHERE tablename = 't'") == [(0,)]
    assert servers.query(database, "SELECT sum(a) FROM t") == [(3,)]


def test_prometheus_holds_back_filled_samples(prometheus_of) -> None:
    url = prometheus_of("# TYPE a counter\na_total 1 1772409600\na_total 5 1772409615\n# EOF\n")
    with urllib.request.urlopen(f"{url}/api/v1/query?query=a_total&time=1772409620") as response:
        assert json.load(response)["data"]["result"][0]["value"][1] == "5"


def test_prometheus_starts_empty_too_and_is_gone_afterwards() -> None:
    with servers.prometheus() as url:
        assert servers.answers(f"{url}/-/ready")
    assert not servers.answers(f"{url}/-/ready")


def test_a_server_that_cannot_start_says_why() -> None:
    with (
        pytest.raises(RuntimeError, match="unknown long flag"),
        servers.prometheus(flags=("--no-such-flag",)),
    ):
        pass


def test_chromium_draws_a_page(browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>hello</h1>")
    assert page.inner_text("h1") == "hello"
    page.close()
