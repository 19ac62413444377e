"""The dashboard under test: dashboard.py on a settings file and a published snapshot in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from data.warehouse import Snapshot
from kpis import review as reviews
from kpis.model import Review
from pages.parts import cached, warm
from tests.support import dashboards
from tests.support.reviews import review

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fresh_caches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the test before: its snapshots had the same names, and their questions would be asked again here."""
    monkeypatch.setattr(cached, "ASKED", warm.Asked())
    monkeypatch.setattr(cached, "WARMERS", {})
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def no_discovery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reruns go through dashboard.py, as in a server after its first run; AppTest would start with the page's file."""
    start = PagesManager.__init__

    def without(self: PagesManager, *args: object, **options: object) -> None:
        start(self, *args, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", without)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with beta.toml and one empty snapshot; BETA_SETTINGS points at it."""
    monkeypatch.setenv("BETA_SETTINGS", str(dashboards.write(tmp_path)))
    return tmp_path


@pytest.fixture
def made_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Function: show `tests.support.reviews.review(**changed)` instead of the review of the snapshot."""

    def install(make: Callable[..., Review] = review, **changed: object) -> None:
        def build(snapshot: Snapshot, week: int | None = None, *rest: object, **options: object) -> Review:
            return make(**({"week": week} if week else {}) | changed)

        monkeypatch.setattr(reviews, "build", build)

    install()
    return install


def open_page(name: str = "scorecard", **query: str) -> AppTest:
    """Run one page of the dashboard."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if name != "scorecard":
        app.switch_page(f"pages/{name}.py").run()
    return app


def said(app: AppTest) -> str:
    """All texts of a page as Markdown reads them, escapes and no-break spaces taken back."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.error, app.warning, app.info, app.code)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "").replace("\u00a0", " ")
