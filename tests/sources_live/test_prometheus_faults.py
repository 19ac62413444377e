"""Whatever a server behind the address does, the last good samples stay and one sentence says what happened."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from data.raw import RawStore
from data.sources import prometheus_http, prometheus_sockets
from data.sources.prometheus import Prometheus
from tests.sources_live import fault_server as fault
from tests.sources_live.support import LAUNCH_S, run, samples, settings, state

QUERY = "/api/v1/query"
AS_OF = LAUNCH_S + 3600
GOOD = [("up", '{"job":"app"}', LAUNCH_S * 1000 + 500, 1.0), ("up", '{"job":"app"}', LAUNCH_S * 1000 + 15_500, 0.0)]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses between attempts are noted, not slept."""
    pauses: list[float] = []
    monkeypatch.setattr(prometheus_http.time, "sleep", pauses.append)
    return pauses


def pull(folder: Path, url: str, load_id: int = 1, as_of: float = AS_OF, **options) -> list[str]:
    config = settings(folder, {"kind": "prometheus", "name": "metrics", "url": url, "matchers": ["up"], **options})
    store = RawStore(folder / "raw.duckdb")
    try:
        return Prometheus(config.sources[0], config).load(store, run(config, load_id, as_of))
    finally:
        store.close()


def kept(folder: Path) -> list[tuple]:
    store = RawStore(folder / "raw.duckdb")
    try:
        return samples(store)
    finally:
        store.close()


def state_of(folder: Path) -> dict:
    store = RawStore(folder / "raw.duckdb")
    try:
        return state(store)["up"]
    finally:
        store.close()


CASES = {
    "bad query": (fault.error(400, "bad_data", "parse error: unexpected end"), "bad_data: parse error: unexpected end"),
    "many to many": (fault.error(422, "execution", "many-to-many matching"), "execution: many-to-many matching"),
    "error in a 200": (fault.error(200, "internal", "head is gone"), "internal: head is gone (status 200)"),
    "asks to wait an hour": (fault.raw(b"slow down", 429, Retry_After="3600"), "(status 429) and asks to wait 3600 s"),
    "bad gateway": (fault.raw(b"<html>Bad gateway</html>", 502), "answered with a web page (status 502)"),
    "login page": (fault.raw(b"<!DOCTYPE html><form>", 200), "is url a login page or a proxy"),
    "null": (fault.raw(b"null"), "answered JSON that is not Prometheus' API"),
    "empty": (fault.raw(b""), "answered no JSON (status 200): nothing"),
    "half a JSON": (fault.raw(b'{"status":"success","data":{"resultType":"mat'), "answered no JSON (status 200)"),
    "cut short": (fault.cut(b'{"status":'), "the connection broke before the answer was complete"),
    "unpacks to far more": (fault.packed(3_000_000), "answer is larger than 1 MB"),
    "redirect": (fault.raw(b"", 302, Location="http://169.254.169.254/?token=abc"), "redirects to 169.254.169.254;"),
    "refused token": (fault.raw(b"", 401), "refused the token (status 401)"),
    "no data": (fault.raw(b'{"status":"success"}'), "answered success without data"),
    "a vector of numbers": (fault.data({"resultType": "scalar", "result": [1, "2"]}), "something else than a matrix"),
    "numbers for texts": (fault.matrix([[LAUNCH_S, 5]]), "something else than a matrix of samples"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_one_sentence_and_the_last_good_samples_stay(tmp_path: Path, monkeypatch, name: str) -> None:
    monkeypatch.setattr(prometheus_http, "MAX_BYTES", 1_000_000)
    answer, says = CASES[name]
    with fault.serve() as server:
        assert pull(tmp_path, server.url) == []
        before = state_of(tmp_path)
        server.faults[QUERY] = answer
        failed = pull(tmp_path, server.url, 2, AS_OF + 600)
        assert len(failed) == 1
        assert says in failed[0]
        assert failed[0].startswith("metrics: up: Prometheus at http://127.0.0.1:")
        assert "token=abc" not in failed[0]
        after = state_of(tmp_path)
        assert (after["watermark"], after["last_success_us"]) == (before["watermark"], before["last_success_us"])
        assert says in after["error"]
        assert kept(tmp_path) == GOOD
        server.faults.clear()
        assert pull(tmp_path, server.url, 3, AS_OF + 600) == []
        assert state_of(tmp_path)["error"] is None


@pytest.mark.parametrize("make", [fault.drip, fault.slow_header])
def test_a_slow_drip_ends_at_the_total_deadline(tmp_path: Path, make) -> None:
    stop = threading.Event()
    with fault.serve() as server:
        server.faults[QUERY] = make(stop)
        failed = pull(tmp_path, server.url, deadline_s=0.6)
        stop.set()
    assert failed[0].endswith("not done within 0.6 s; raise deadline_s or name fewer series in matchers")
    assert kept(tmp_path) == []


def test_a_short_busy_spell_is_sat_out(tmp_path: Path, no_waiting: list[float]) -> None:
    answers = [fault.raw(b"busy", 429, Retry_After="2"), fault.raw(b"starting", 503)]
    with fault.serve() as server:

        def answer(handler: fault.Handler) -> None:
            (answers.pop(0) if answers else server.normal[QUERY])(handler)

        server.faults[QUERY] = answer
        assert pull(tmp_path, server.url) == []
    assert kept(tmp_path) == GOOD
    assert no_waiting == [2.0, 0.6]


def test_a_timeout_of_the_server_is_answered_with_smaller_questions(tmp_path: Path) -> None:
    with fault.serve() as server:

        def answer(handler: fault.Handler) -> None:
            window = server.seen[-1][1]["query"][0].rpartition("[")[2]
            small = int(window.removesuffix("ms]")) < 24 * 3_600_000
            (server.normal[QUERY] if small else fault.error(503, "timeout", "query timed out in evaluation"))(handler)

        server.faults[QUERY] = answer
        assert pull(tmp_path, server.url) == []
    assert kept(tmp_path) == GOOD
    assert len([path for path, *_ in server.seen if path == QUERY]) == 3


def test_warnings_of_the_server_are_kept(tmp_path: Path) -> None:
    with fault.serve() as server:
        server.faults[QUERY] = fault.matrix([[LAUNCH_S + 1, "2"]], warnings=["store 2 is down"])
        assert pull(tmp_path, server.url) == []
    assert "Prometheus warns: store 2 is down; figures may be partial" in state_of(tmp_path)["warnings"]


def test_samples_outside_the_window_are_trimmed_whatever_the_border_rule(tmp_path: Path) -> None:
    start, end = LAUNCH_S - 86_400, AS_OF
    with fault.serve() as server:
        server.faults[QUERY] = fault.matrix([[start - 0.001, "9"], [start, "1"], [end - 0.001, "2"], [end, "9"]])
        assert pull(tmp_path, server.url) == []
        _, asked, _ = next(s for s in server.seen if s[0] == QUERY)
    assert [row[2:] for row in kept(tmp_path)] == [(start * 1000, 1.0), (end * 1000 - 1, 2.0)]
    # Left-open borders (3.x) need the window to begin one millisecond earlier.
    assert asked["time"] == [f"{end - 1}.999"]
    assert asked["query"] == [f'{{__name__="up",__name__="up"}}[{(end - start) * 1000}ms]']


def test_the_token_is_sent_and_never_shown(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("BETA_PROM_TOKEN", "s3cr3t-token")
    with fault.serve() as server:
        assert pull(tmp_path, server.url, token_env="BETA_PROM_TOKEN") == []
        assert {h["Authorization"] for _, _, h in server.seen} == {"Bearer s3cr3t-token"}
        assert {h["Accept-Encoding"] for _, _, h in server.seen} == {"identity"}
        server.faults[QUERY] = fault.cut(b"x")
        failed = pull(tmp_path, server.url, 2, AS_OF + 60, token_env="BETA_PROM_TOKEN")
    assert "s3cr3t" not in failed[0] + str(state_of(tmp_path))
    monkeypatch.delenv("BETA_PROM_TOKEN")
    assert pull(tmp_path, server.url, 3, token_env="BETA_PROM_TOKEN") == [
        "metrics: environment variable BETA_PROM_TOKEN is not set; export it before starting"
    ]


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "100.100.100.200", "::ffff:169.254.1.1", "224.0.0.1"]
)
def test_addresses_of_metadata_services_are_forbidden(address: str) -> None:
    assert prometheus_sockets.forbidden(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "192.168.0.5", "8.8.8.8"])
def test_addresses_of_metrics_servers_are_not(address: str) -> None:
    assert not prometheus_sockets.forbidden(address)


def test_the_address_is_checked_after_the_name_is_resolved(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(prometheus_sockets, "forbidden", lambda address: address == "127.0.0.1")
    with fault.serve() as server:
        failed = pull(tmp_path, server.url.replace("127.0.0.1", "localhost"))
        assert server.seen == []
    assert "its name leads to a link-local or metadata address, which is refused" in failed[0]


def test_an_unknown_host_is_one_sentence(tmp_path: Path) -> None:
    failed = pull(tmp_path, "http://nowhere.invalid:9090")
    assert failed == ["metrics: Prometheus at http://nowhere.invalid:9090: its name cannot be resolved; check url"]
