"""Fixtures for all tests: real servers, started at their first use and once per test process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import servers

# A slow machine is no failure; continuous integration looks at the same examples each time, people at new ones.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("house")
# A worker of pytest has no main file, and Spark's client takes a process without one for a run of its own doctests.
vars(sys.modules["__main__"]).setdefault("__file__", __file__)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """A running PostgreSQL; use `database` unless roles or the log are needed."""
    with servers.postgres() as server:
        yield server


@pytest.fixture
def database(postgres_server: servers.Postgres) -> Iterator[str]:
    """Address (DSN) of a new, empty database."""
    with postgres_server.database() as dsn:
        yield dsn


@pytest.fixture(scope="session")
def prometheus_of() -> Iterator[Callable[..., str]]:
    """Function: OpenMetrics text or file -> address of a Prometheus that holds it, for the rest of the session."""
    with ExitStack() as stack:
        yield lambda samples=None, **options: stack.enter_context(servers.prometheus(samples, **options))


@pytest.fixture(scope="session")
def dashboard_of() -> Iterator[Callable[..., str]]:
    """Function: settings file -> address of a running dashboard, for the rest of the session."""
    with ExitStack() as stack:
        yield lambda settings, **options: stack.enter_context(servers.dashboard(Path(settings), **options))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium as a playwright Browser; `browser.new_page()` per test."""
    with servers.chromium() as running:
        yield running
