"""A real Spark for tests: a standalone cluster of one master and two workers on loopback, and Spark Connect on it.

The whole of Spark lives in `.venv-spark`, apart from the client of the tests' own environment. Everything
runs in one new folder and is stopped and deleted at the end.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from tests.support import servers

HOME = Path(".venv-spark/lib")
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"


@dataclass
class Cluster:
    """A running cluster. `url` is for the client; `landing` a folder that all its parts can write to."""

    url: str
    landing: Path
    workers: list[Popen]
    server: Popen

    def executors(self) -> list[int]:
        """Process ids of the executors, one a worker, that run now."""
        return [child for worker in self.workers for child in children(worker.pid)]


def children(pid: int) -> list[int]:
    """Ids of the processes that a process started and that still run."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def home() -> Path:
    """Folder of the whole of Spark. Raises with what to do when it is not there."""
    found = sorted((servers.ROOT / HOME).glob("python*/site-packages/pyspark"))
    if not found:
        raise RuntimeError("Spark is not installed; run `make test` once (it fills .venv-spark)")
    return found[-1]


def java() -> Path:
    """Home of Debian's Java 17, which Spark 4 runs on."""
    found = sorted(Path("/usr/lib/jvm").glob("java-17-openjdk-*/bin/java"))
    if not found:
        raise RuntimeError("Java 17 is not installed; run `make test` once, or apt-get install openjdk-17-jre-headless")
    return found[-1].parent.parent


def listens(port: int) -> bool:
    """True when something on loopback takes connections at the port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@contextmanager
def _launched(
    name: str, arguments: list[str], folder: Path, env: dict[str, str], ready: Callable[[], bool]
) -> Iterator[Popen]:
    """One of Spark's programs in a process group of its own, so that what it starts ends with it."""
    script = home() / "bin" / ("spark-submit" if name == "connect" else "spark-class")
    command = [str(script), *arguments]
    with servers.process(command, folder / f"{name}.log", ready, cwd=folder, env=env, start_new_session=True) as child:
        try:
            yield child
        finally:
            left = children(child.pid)
            child.send_signal(signal.SIGKILL)
            for pid in left:
                stop(pid)


def stop(pid: int) -> None:
    """kill -9, where the process is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start master, two workers of one core and 512 MB, and the Connect server; about half a minute."""
    folder = Path(tempfile.mkdtemp(prefix="beta-spark-"))
    env = {
        "PATH": os.defpath, "JAVA_HOME": str(java()), "SPARK_HOME": str(home()), "TZ": "America/New_York",
        "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder / "scratch"), "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOG_DIR": str(folder), "HOME": str(folder), "LC_ALL": "C.UTF-8",
        "SPARK_NO_DAEMONIZE": "1",
    }  # fmt: skip
    port, web, grpc = servers.free_port(), servers.free_port(), servers.free_port()
    master = f"spark://127.0.0.1:{port}"
    try:
        with ExitStack() as stack:
            begin = ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port)]
            stack.enter_context(
                _launched("master", [*begin, "--webui-port", str(web)], folder, env, lambda: listens(port))
            )
            workers = []
            for n in (1, 2):
                own = servers.free_port()
                begin = ["org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--port", str(own), "-c", "1"]
                begin += [
                    "-m",
                    "768m",
                    "-d",
                    str(folder / f"work{n}"),
                    "--webui-port",
                    str(servers.free_port()),
                    master,
                ]
                workers.append(
                    stack.enter_context(_launched(f"worker{n}", begin, folder, env, lambda own=own: listens(own)))
                )
            options = {
                "spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": grpc,
                "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
                "spark.executor.memory": "512m", "spark.executor.cores": 1, "spark.ui.enabled": "false",
                "spark.sql.shuffle.partitions": 4, "spark.sql.warehouse.dir": folder / "warehouse",
                "spark.sql.catalogImplementation": "in-memory", "spark.task.maxFailures": 8,
            }  # fmt: skip
            begin = ["--master", master, "--class", CONNECT]
            begin += [part for key, value in options.items() for part in ("--conf", f"{key}={value}")]
            env["SPARK_DAEMON_MEMORY"] = "640m"  # the server counts as a daemon: its own option for memory is not read
            server = stack.enter_context(_launched("connect", begin, folder, env, lambda: listens(grpc)))
            (folder / "landing").mkdir()
            yield Cluster(f"sc://127.0.0.1:{grpc}", folder / "landing", workers, server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
