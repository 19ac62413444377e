"""PromQL of a team's own, from a real Prometheus to a chart in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import settings, warehouse
from data.demo import folder
from data.demo.plan import Scale
from data.refresh import refresh
from kpis.operations import own, routes

SMALL = Scale(testers=60, background_per_day=1500, scrape_s=900)
FILE = """# name: failed_share_ratio
# What: 5xx over all answers of the two hours before each point
# Unit: ratio
# Type: gauge
# Step: 1h
sum by (path) (increase(http_requests_total{status=~"5.."}[2h])) / sum by (path) (increase(http_requests_total[2h]))
"""
SOURCE = """[[sources]]
name = "metrics"
kind = "prometheus"
url = "{url}"
matchers = ['{{__name__=~"http_requests_total|node_.*|up"}}']
expressions = ["own/*.promql"]

"""
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def beta(tmp_path_factory: pytest.TempPathFactory, prometheus_of) -> Path:
    """The demo with a Prometheus in place of its metrics file, and an expression beside it."""
    home = tmp_path_factory.mktemp("own") / "demo"
    folder.write(home, SMALL)
    (home / "own").mkdir()
    (home / "own" / "failed.promql").write_text(FILE, "utf-8")
    text = (home / "beta.toml").read_text("utf-8")
    start = text.index('[[sources]]\nname = "metrics"')
    end = text.index("[[waves]]")
    source = SOURCE.format(url=prometheus_of(home / "metrics.om"))
    (home / "beta.toml").write_text(text[:start] + source + text[end:], "utf-8")
    assert not refresh(settings.load(home / "beta.toml")).errors
    return home / "beta.toml"


def test_an_expression_is_drawn_and_listed_on_resources(beta: Path, dashboard_of, browser) -> None:
    (found,) = own.read(warehouse.latest(settings.load(beta)))
    assert (found.name, found.form, found.counter) == ("failed_share_ratio", "percent", False)
    paths = set(routes.failures(warehouse.latest(settings.load(beta)), (0, 10**6)))
    assert paths and {name for name, _ in found.lines} <= {f"path={p}" for p in paths}
    assert all(v is None or 0 <= v <= 1 for _, values in found.lines for v in values)

    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(60_000)
    page.goto(f"{dashboard_of(beta)}/resources?week=3")
    page.get_by_role("heading", name="PromQL of your own").wait_for()
    page.get_by_text("failed_share_ratio: highest day").wait_for()
    page.get_by_text("and 1 of your own PromQL").click()
    page.close()
