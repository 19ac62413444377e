"""A tech lead's walk in a real browser: from the red latency card to route, release and resource in three clicks."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.real
WAIT = 60_000


@pytest.fixture(scope="module")
def url(demo: Path, dashboard_of) -> str:
    return dashboard_of(demo / "beta.toml")


def test_from_the_latency_card_to_route_release_resource_and_promql(browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(WAIT)
    page.goto(f"{url}/?week=3")
    card = page.locator(".st-key-card-latency_p95")
    card.get_by_text("missed").first.wait_for()

    card.get_by_role("link", name="Bottlenecks").click()  # 1
    title = page.get_by_role("heading", name="takes").first
    title.wait_for()
    said = title.inner_text().replace("\u00a0", " ")
    assert "/api/feed" in said and "11 Mar" in said and "release 1.3.0" in said, said

    page.get_by_text("PromQL of this route").click()  # 2
    code = page.locator("code", has_text="histogram_quantile(0.95").first
    code.wait_for()
    assert 'http_request_duration_seconds_bucket{path="/api/feed"}' in code.inner_text()

    page.get_by_role("link", name="Resources: will it hold at launch?").click()  # 3
    page.get_by_role("heading", name="saturates first").wait_for()
    assert "CPU" in page.get_by_role("heading", name="saturates first").inner_text()
    assert "week=3" in page.url
    page.close()


def test_a_link_to_a_page_works_on_a_server_that_has_shown_nothing_yet(browser, demo: Path) -> None:
    from tests.support import servers

    with servers.dashboard(demo / "beta.toml") as fresh:
        page = browser.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{fresh}/bottlenecks?week=2")
        page.get_by_role("heading", name="of week 2").first.wait_for()
        page.get_by_text("simulated testers").first.wait_for()
        assert page.get_by_role("link", name="Scorecard").count() >= 1
        page.close()
