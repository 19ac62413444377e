"""Pulling samples from a real Prometheus into DuckDB, by three roads, per processor second of client and server."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from prometheus_api_client import PrometheusConnect

from benchmarks import counters, generate
from benchmarks.measure import Row, child, say
from benchmarks.size import Size
from data import calendar, settings
from data.raw import RawStore, Run
from data.settings import PrometheusSource
from data.sources.prometheus import Prometheus

PART = "prometheus"
METRICS = ("http_requests_total", "http_request_duration_seconds_bucket")


def missing() -> list[str]:
    """Programs that this part needs and that are not installed."""
    return [name for name in ("prometheus", "promtool") if shutil.which(name) is None]


def run(size: Size, work: Path) -> list[Row]:
    samples = counters.folder(work) / "samples.om"
    end_ms = generate.START_US // 1000 + max(3, size.samples // generate.SERIES) * generate.STEP_MS
    roads = {"remote read": (pulled, True), "JSON": (pulled, False), "prometheus-api-client": (client, None)}
    rates: dict[str, list[float]] = {road: [] for road in roads}
    found: dict[str, tuple] = {}
    with server(samples, work / "prometheus") as (url, pid):
        for number in range(size.rounds):
            say(f"prometheus: round {number + 1} of {size.rounds}")
            for road, (function, remote) in roads.items():
                before = _server_cpu_s(pid)
                done = child(function, url, str(work / "pull.duckdb"), end_ms, remote)
                used = done.cpu_s + _server_cpu_s(pid) - before
                rates[road].append(done.value[0] / used)
                found[road] = done.value
    (work / "pull.duckdb").unlink(missing_ok=True)
    return [_row(road, rates, found) for road in ("remote read", "JSON")]


def _row(road: str, rates: dict[str, list[float]], found: dict[str, tuple]) -> Row:
    client_rates = rates["prometheus-api-client"]
    factor = median(a / b for a, b in zip(rates[road], client_rates, strict=True))
    goal = 15 if road == "remote read" else 5
    return Row(
        PART, f"pull of {found[road][0]:,} samples by {road}, rows in DuckDB", None,
        ratios={"prometheus-api-client": factor}, exact=found[road] == found["prometheus-api-client"],
        goal=f">= {goal}x prometheus-api-client per CPU-second", met=factor >= goal,
        note=f"{median(rates[road]):,.0f} samples per CPU-second of client and server, strict, ledger and"
        f" de-duplication included; the client library with a plain insert {median(client_rates):,.0f}",
    )  # fmt: skip


def pulled(url: str, database: str, end_ms: int, remote: bool) -> tuple:
    """The product's pull into a new raw store. Returns samples, and a print of the values."""
    Path(database).unlink(missing_ok=True)
    launch = {"launch": generate.LAUNCH, "name": "Benchmark"}
    spec = PrometheusSource(kind="prometheus", name="server", url=url, matchers=('{__name__=~"http_.*"}',))
    known = settings.Settings.model_validate(
        {
            "programme": launch,
            "engagement": {"active_events": ["x"], "activation_event": "x"},
            "sources": [spec.model_dump(by_alias=True)],
        }
    )
    source = Prometheus(spec, known)
    source.remote_read = remote
    store = RawStore(Path(database))
    failed = source.load(store, Run(1, end_ms * 1000, known, b"k" * 32))
    if failed:
        raise RuntimeError(failed[0])
    row = store.cursor().execute("SELECT count(*), sum(value), sum(ts_ms % 1000003) FROM raw_sample").fetchall()[0]
    store.close()
    return row


def client(url: str, database: str, end_ms: int, _: Any) -> tuple:
    """The client library as its documentation shows it, a day at a time, rows inserted as they come."""
    Path(database).unlink(missing_ok=True)
    con = duckdb.connect(database)
    con.execute("CREATE TABLE sample (metric VARCHAR, labels VARCHAR, ts_ms BIGINT, value DOUBLE)")
    server = PrometheusConnect(url=url)
    start, end = calendar.instant(generate.START_US), calendar.instant(end_ms * 1000 - 1000)
    chunk = min(timedelta(days=1), end - start)  # it refuses one that is longer than the range
    for metric in METRICS:
        found = server.get_metric_range_data(metric, start_time=start, end_time=end, chunk_size=chunk)
        for one in found:
            times, values = zip(*one["values"], strict=True)
            block = pa.table(
                {
                    "ts_ms": np.rint(np.array(times, dtype=float) * 1000).astype(np.int64),
                    "value": np.array(values, dtype=float),
                }
            )
            con.register("block", block)
            labels = str(sorted(one["metric"].items()))
            con.execute("INSERT INTO sample SELECT $metric, $labels, ts_ms, value FROM block",
                        {"metric": metric, "labels": labels})  # fmt: skip
    # borders of chunks come twice
    row = con.execute(
        "SELECT count(*), sum(value), sum(ts_ms % 1000003) FROM (SELECT DISTINCT * FROM sample)"
    ).fetchall()
    con.close()
    return row[0]


@contextmanager
def server(samples: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """A Prometheus that holds the samples and scrapes nothing: its address and process number."""
    storage = folder / "data"
    storage.mkdir(parents=True)
    say("prometheus: back-filling")
    blocks = ["promtool", "tsdb", "create-blocks-from", "--max-block-duration=744h", "openmetrics"]
    made = subprocess.run([*blocks, samples, storage], capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"promtool: {made.stderr[-500:]}")
    (folder / "prometheus.yml").write_text("global: {}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={storage}",
               "--storage.tsdb.retention.time=10y", f"--web.listen-address=127.0.0.1:{port}",
               "--log.level=warn"]  # fmt: skip
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
    try:
        _wait(url, process, log)
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{url}/-/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"prometheus did not start: {log.read_text()[-500:]}") from None
        time.sleep(0.05)


def _server_cpu_s(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
