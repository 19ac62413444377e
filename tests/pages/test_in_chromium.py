"""The dashboard in a real browser: the first request, a phone, texts that try to reach out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import dashboards, facts, servers
from tests.support.reviews import HOSTILE

pytestmark = pytest.mark.real
PAGES = (
    "data_health",
    "",
    "week_review",
    "report",
    "catalogue",
    "feedback",
    "testers",
    "launch",
)  # not the landing page first
AT = facts.us(datetime(2026, 3, 12, 14, tzinfo=UTC))
LINK = "https://evil.example/pixel www.evil.example a@evil.example"


def hostile_tables() -> dict[str, list[dict]]:
    load = dict.fromkeys(("read", "accepted", "duplicates", "conflicting", "quarantined", "blank", "late"), 0)
    return {
        "dim_release": [dict(name=f"{HOSTILE} {LINK}", at_us=AT, found=False, note=HOSTILE)],
        "dim_incident": [dict(name=f"{HOSTILE} {LINK}", from_us=AT, to_us=AT + 10**9, note=LINK)],
        "fct_load": [dict(source=HOSTILE, kind="jsonl", item=LINK, error=f"{HOSTILE} {LINK}", warnings="[]", **load)],
        "fct_quarantine": [dict(source=HOSTILE, item=LINK, reason=HOSTILE, rows=1)],
        "fct_gap": [dict(source=HOSTILE, item=LINK, from_us=AT, to_us=AT + 10**10)],
    }


def test_pages_on_a_phone_keep_hostile_texts_inert(tmp_path: Path, dashboard_of: Callable[..., str]) -> None:
    url = dashboard_of(dashboards.write(tmp_path, hostile_tables()))
    with servers.chromium() as browser:
        phone = browser.new_page(viewport={"width": 390, "height": 844})
        asked: list[str] = []
        phone.on("request", lambda request: asked.append(request.url))
        for page in PAGES:
            phone.goto(f"{url}/{page}?week=3")
            phone.get_by_text("Snapshot beta-0001").wait_for(timeout=120_000)
            assert phone.locator("h1").count() == 1
            if page in ("data_health", "week_review"):
                phone.get_by_text("evil").first.wait_for(state="attached")  # shown as text, not dropped
            assert phone.locator('a[href*="evil"], img[src*="evil"], a[href^="mailto"]').count() == 0, page
            wide = phone.locator('[data-testid="stMain"]').evaluate("m => m.scrollWidth - m.clientWidth")
            assert wide <= 0, f"{page or 'scorecard'} scrolls sideways by {wide} px"
        outside = [a for a in asked if not a.startswith((url, "data:", "blob:"))]
        assert not outside
