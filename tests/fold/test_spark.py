"""The fold on a real Spark: master, two workers, Spark Connect; also when a worker or the client dies in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data import settings as config
from data.errors import SnapshotError
from data.fold.dialects import Texts
from data.fold.landing import Run
from data.fold.spark import Spark
from data.fold.tables import Control
from data.refresh import refresh
from data.warehouse import latest
from tests.fold.test_engines import equal
from tests.fold.test_refresh import EVENTS, beta, content_hash
from tests.fold.test_same_snapshot import across_a_change
from tests.support import servers, spark

ENGINE = 'engine = "spark"\nurl = "{url}"\nlanding = "{landing}"'


@pytest.fixture(scope="module")
def cluster() -> Iterator[spark.Cluster]:
    with spark.cluster() as running:
        yield running


@pytest.mark.parametrize("events", [0, 3000])
def test_spark_folds_as_duckdb_does(cluster: spark.Cluster, events: int) -> None:
    equal(Spark(cluster.url), cluster.landing / f"rows-{events}", events)


def test_the_same_settings_on_spark_give_the_same_hash(
    cluster: spark.Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BETA_PSEUDONYM_KEY", "one key for both")
    there = ENGINE.format(url=cluster.url, landing=cluster.landing)
    assert content_hash(beta(tmp_path / "spark", there)) == content_hash(beta(tmp_path / "duckdb", 'engine = "duckdb"'))


def test_a_day_of_23_hours_is_the_same_on_spark(cluster: spark.Cluster, tmp_path: Path) -> None:
    across_a_change("Europe/Berlin", Spark(cluster.url), tmp_path, cluster.landing / "berlin")


def test_a_client_killed_in_the_middle_publishes_nothing_and_the_next_refresh_does(
    cluster: spark.Cluster, tmp_path: Path
) -> None:
    file = beta(tmp_path, ENGINE.format(url=cluster.url, landing=cluster.landing))
    command = [sys.executable, "-m", "data", "refresh", "--settings", str(file)]
    with subprocess.Popen(command, cwd=servers.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
        _until(lambda: list(cluster.landing.glob("*/run-*/out/*")) or client.poll() is not None)
        client.send_signal(signal.SIGKILL)
    assert client.returncode == -signal.SIGKILL, "it was done before it could be killed"
    dead = {run.name for run in cluster.landing.glob("*/run-*")}
    settings = config.load(file)
    assert not (settings.storage / "snapshots").exists() or not list((settings.storage / "snapshots").iterdir())
    refresh(settings)
    rows = latest(settings)._con.execute("SELECT count(*) FROM fct_event").fetchall()
    assert rows == [(len(EVENTS),)]
    # the cluster may still have been writing for the dead client; that folder goes with the next refresh
    assert {run.name for run in cluster.landing.glob("*/run-*")} <= dead


def test_a_cluster_that_is_not_there_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql.connect.client import SparkConnectClient

    retries: list[int | None] = []
    retrying = SparkConnectClient._retrying

    def noted(client: SparkConnectClient) -> object:
        retries.extend(policy.max_retries for policy in client._retry_policies)
        return retrying(client)

    monkeypatch.setattr(SparkConnectClient, "_retrying", noted)
    url = f"sc://127.0.0.1:{servers.free_port()}"
    with pytest.raises(SnapshotError, match=r"fold on spark: .*the last good snapshot stays"):
        equal(Spark(url), tmp_path, 3000)
    assert set(retries) == {6}, "a call was made before it was said how often to try"


class Deadly(Spark):
    """Kills a worker of the cluster, and what it started, with kill -9 as soon as the first rows are being written."""

    def __init__(self, cluster: spark.Cluster) -> None:
        super().__init__(cluster.url)
        self._cluster = cluster
        self.killed: list[int] = []

    def work(self, run: Run, texts: Texts) -> Control:
        def strike() -> None:
            _until(lambda: list(run.out.glob("*/_temporary")) and self._cluster.executors())
            worker = next(w.pid for w in self._cluster.workers if spark.children(w.pid))
            for pid in (worker, *spark.children(worker)):
                os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)

        thread = threading.Thread(target=strike)
        thread.start()
        try:
            return super().work(run, texts)
        finally:
            thread.join()


def test_a_worker_killed_in_the_middle_is_made_up_for(cluster: spark.Cluster) -> None:
    """Spark gives its tasks to the other worker, and the rows are the same. The last test: one worker is left."""
    engine = Deadly(cluster)
    equal(engine, cluster.landing / "struck", 60_000)
    assert len(engine.killed) >= 2, "a worker and its executor"


def _until(done: Callable[[], object]) -> None:
    for _ in range(6000):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen within a minute")
