"""Where the semantics agree, our answer and a real Prometheus' own answer are the same number."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from data import settings, warehouse
from data.demo import folder
from data.demo.plan import Scale
from data.refresh import refresh
from kpis.operations import routes
from kpis.operations.histograms import quantile

SMALL = Scale(testers=60, background_per_day=1500, scrape_s=1800)
pytestmark = pytest.mark.real


def ask(url: str, expression: str, at: float) -> float:
    found = requests.get(f"{url}/api/v1/query", params={"query": expression, "time": at}, timeout=60).json()
    return float(found["data"]["result"][0]["value"][1])


def test_quantiles_and_error_ratio_equal_the_servers(tmp_path: Path, prometheus_of) -> None:
    """Cumulative counters that start with the demo and never reset in week 3: differences of instants need no
    extrapolation, so the server can be asked for exactly what we count."""
    folder.write(tmp_path / "demo", SMALL)
    chosen = settings.load(tmp_path / "demo" / "beta.toml")
    refresh(chosen)
    snapshot = warehouse.latest(chosen)
    days = routes.weeks(snapshot)[3]
    start, end = (us / 1e6 for us in routes.instants(snapshot)[3])
    url = prometheus_of(tmp_path / "demo" / "metrics.om")
    window = f"@ {end - 0.001:.3f}", f"@ {start - 0.001:.3f}"

    def grown(selector: str, by: str) -> str:
        last, first = (f"sum by ({by}) (last_over_time({selector}[4h] {at}))" for at in window)
        return f"({last} - {first})"

    ours = routes.distributions(snapshot, [days])[0][""]
    for q in (0.5, 0.95, 0.99):
        theirs = ask(url, f"histogram_quantile({q}, {grown('http_request_duration_seconds_bucket', 'le')})", end)
        assert quantile(*ours, q).value == pytest.approx(theirs, rel=1e-9)
    total = ask(url, grown("http_requests_total", ""), end)
    bad = ask(url, grown('http_requests_total{status=~"5.."}', ""), end)
    counted = routes.failures(snapshot, days)
    assert sum(n for n, _ in counted.values()) == pytest.approx(total)
    assert sum(b for _, b in counted.values()) == pytest.approx(bad)
