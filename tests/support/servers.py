"""Real servers for tests: Debian's PostgreSQL, Prometheus and Chromium, and the dashboard itself.

Each starter binds 127.0.0.1 on a free port, keeps its data in a new temporary folder and is a context
manager that stops the process and removes the folder. The kernel stops them too when the tests are killed.
"""

from __future__ import annotations

import ctypes
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as adbc

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


@contextmanager
def process(command: list[str], log: Path, ready: Callable[[], bool], **popen: Any) -> Iterator[subprocess.Popen]:
    """Run a server until the block ends; raises with the end of its log when it is not ready within 60 s."""
    with log.open("ab") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, preexec_fn=_die_with_parent, **popen)  # noqa: PLW1509
    try:
        deadline = time.monotonic() + 60
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                text = log.read_text(errors="replace")[-3000:]
                raise RuntimeError(f"{command[0]} did not start (status {child.poll()}):\n{text}")
            time.sleep(0.03)
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def answers(url: str) -> bool:
    """True when an HTTP GET of the address gives status 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


# PostgreSQL ---------------------------------------------------------------------------------------------------------
@dataclass
class Postgres:
    """A running server. `database()` gives the address of a new, empty database."""

    port: int
    admin: str
    log: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def dsn(self, database: str = "postgres", user: str | None = None, password: str | None = None) -> str:
        secret = f":{password}" if password else ""
        return f"postgresql://{user or self.admin}{secret}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Address of a new database, dropped at the end. `template`: name of a database to copy."""
        name = f"beta_{next(self._numbers)}"
        run(self.dsn(), f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.dsn(name)
        finally:
            run(self.dsn(), f"DROP DATABASE {name} WITH (FORCE)")


def run(dsn: str, *statements: str) -> None:
    """Execute statements one after the other, each committed."""
    with adbc.connect(dsn, autocommit=True) as con, con.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def query(dsn: str, statement: str) -> list[tuple]:
    """Rows of one statement."""
    with adbc.connect(dsn, autocommit=True) as con, con.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def postgres_bin() -> Path:
    """Folder of the newest PostgreSQL that Debian installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda f: int(f.parts[4]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed; run `make test` once, or apt-get install postgresql")
    return found[-1].parent


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start an empty PostgreSQL. As root it runs as Debian's user postgres, which PostgreSQL insists on."""
    folder = Path(tempfile.mkdtemp(prefix="beta-pg-"))
    as_user: dict[str, Any] = {}
    admin = getpass.getuser()
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = dict(user=account.pw_uid, group=account.pw_gid, extra_groups=[])
        admin = "postgres"
    env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    binaries, cluster, port = postgres_bin(), folder / "data", free_port()
    try:
        initdb = [binaries / "initdb", "-D", cluster, "-U", admin, "-A", "trust", "-E", "UTF8", "--no-sync"]
        made = subprocess.run(initdb, capture_output=True, text=True, cwd=folder, env=env, check=False, **as_user)
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr[-2000:]}")
        options = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off",
            "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "64MB", "log_statement": "all",
            "max_connections": 60, "autovacuum": "off",
        }  # fmt: skip
        command = [str(binaries / "postgres"), "-D", str(cluster)]
        command += [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        log = folder / "log"
        log.touch()
        accepting = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

        def ready() -> bool:
            return subprocess.run(accepting, env=env, check=False).returncode == 0

        with process(command, log, ready, cwd=folder, env=env, **as_user):
            yield Postgres(port, admin, log)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# Prometheus ---------------------------------------------------------------------------------------------------------
@contextmanager
def prometheus(
    openmetrics: str | Path | None = None, *, retention: str = "10y", flags: tuple[str, ...] = ()
) -> Iterator[str]:
    """Start Prometheus on back-filled samples (OpenMetrics text or file) and give its address.

    It scrapes nothing. Blocks of 744 h make back-filling four weeks quick.
    """
    folder = Path(tempfile.mkdtemp(prefix="beta-prom-"))
    try:
        storage = folder / "data"
        storage.mkdir()
        if openmetrics is not None:
            file = openmetrics if isinstance(openmetrics, Path) else folder / "samples.om"
            if isinstance(openmetrics, str):
                file.write_text(openmetrics, encoding="utf-8")
            backfill = [
                "promtool",
                "tsdb",
                "create-blocks-from",
                "--max-block-duration=744h",
                "openmetrics",
                file,
                storage,
            ]
            made = subprocess.run(backfill, capture_output=True, text=True, check=False)
            if made.returncode:
                raise RuntimeError(f"promtool failed: {made.stderr[-2000:]}")
        (folder / "prometheus.yml").write_text("global: {}\n")
        port = free_port()
        command = [
            "prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={storage}",
            f"--storage.tsdb.retention.time={retention}", f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn", *flags,
        ]  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        with process(command, folder / "log", lambda: answers(f"{url}/-/ready"), cwd=folder):
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# The dashboard and the browser --------------------------------------------------------------------------------------
@contextmanager
def dashboard(settings: Path, *, env: dict[str, str] | None = None) -> Iterator[str]:
    """Start the dashboard on a settings file and give its address."""
    folder, port = Path(tempfile.mkdtemp(prefix="beta-st-")), free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", "dashboard.py", f"--server.port={port}", "--server.headless=true",
        "--server.address=127.0.0.1", "--server.fileWatcherType=none",
    ]  # fmt: skip
    environment = {**os.environ, "BETA_SETTINGS": str(settings), **(env or {})}
    url = f"http://127.0.0.1:{port}"
    try:
        log = folder / "log"
        with process(command, log, lambda: answers(f"{url}/_stcore/health"), cwd=ROOT, env=environment):
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium, headless, as a playwright Browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        executable = shutil.which("chromium") or "/usr/bin/chromium"
        browser = play.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGS))
        try:
            yield browser
        finally:
            browser.close()
