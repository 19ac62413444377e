"""Feedback, Testers, Launch and what is written on Week review: who may see and do what, and that it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.programme import ProgrammeStore
from tests.pages.conftest import open_page, said
from tests.support import dashboards, facts
from tests.support.reviews import HOSTILE

PAGES = ("feedback", "testers", "launch", "week_review")
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT = "2026-04-02T06:00:00+00:00"


def tables() -> dict[str, list[dict]]:
    """Six testers with one bug each in week 4, hostile in its text; nobody is active."""
    at = facts.us(START + timedelta(days=22))
    return {
        "dim_tester": [
            dict(tester_key=i, tester_id=f"t-{i:010x}", on_roster=True, wave="1", platform="ios",
                 accepted_us=at - 10**12)
            for i in range(6)
        ],
        "fct_feedback": [
            dict(feedback_key=f"f{i}", tester_key=i, type="feature", title=HOSTILE, description="secret words",
                 created_us=at, day_n=at // 86_400_000_000) for i in range(6)
        ],
    }  # fmt: skip


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Function: a page on that snapshot, seen by a role."""

    def show(page: str, role: str, **query: str) -> AppTest:
        settings = dashboards.write(tmp_path, tables())
        settings.write_text(settings.read_text() + f'\n[access]\ndefault_role = "{role}"\n', encoding="utf-8")
        monkeypatch.setenv("BETA_SETTINGS", str(settings))
        return open_page(page, **query)

    return show


def store(tmp_path: Path) -> ProgrammeStore:
    return ProgrammeStore(tmp_path / "store")


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


@pytest.mark.parametrize("page", PAGES)
def test_a_viewer_reads_but_sees_no_form_no_pseudonym_and_no_text(page: str, opened: Callable[..., AppTest]) -> None:
    app = opened(page, "viewer")
    assert not app.exception and not app.error
    assert not app.button and not app.text_input
    shown = said(app) + repr([d.value.to_dict() for d in app.dataframe])
    assert "t-0000000001" not in shown and "secret words" not in shown


@pytest.mark.parametrize(("page", "words"), [("testers", "t-0000000001"), ("feedback", "secret words")])
def test_a_manager_sees_whom_to_ask_and_the_texts(page: str, words: str, opened: Callable[..., AppTest]) -> None:
    assert words in repr([d.value.to_dict() for d in opened(page, "manager").dataframe])


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_snapshot_is_explained(page: str, folder: Path) -> None:
    app = open_page(page)
    assert not app.exception and not app.error
    assert len(app.title) == 1


def test_a_note_is_written_shown_inert_and_taken_back(opened: Callable[..., AppTest], tmp_path: Path) -> None:
    app = opened("week_review", "manager")
    app.text_area[0].input(f"Mended {HOSTILE}")
    next(t for t in app.text_input if t.label == "Your name").input("Ann")
    press(app, "Save")
    assert [e["author"] for e in store(tmp_path).entries(4)] == ["Ann"]
    shown = next(m.value for m in app.markdown if "Mended" in m.value)
    assert "![" not in shown.replace("\\", "~") and ":red[" not in shown
    press(app, "Take back")
    assert store(tmp_path).entries() == []


def test_a_note_without_a_name_is_refused(opened: Callable[..., AppTest], tmp_path: Path) -> None:
    app = opened("week_review", "manager")
    app.text_area[0].input("Mended")
    press(app, "Save")
    assert app.error[0].value == "A text and a name are needed."
    assert store(tmp_path).entries() == []


def test_an_action_is_carried_over_until_it_is_done(opened: Callable[..., AppTest], tmp_path: Path) -> None:
    store(tmp_path).write(kind="action", week=2, text="Raise the pool", owner="Bo", due="2026-03-20", author="a", at=AT)
    app = opened("week_review", "manager", week="3")
    assert "Action from week 2] Raise the pool" in said(app)
    press(app, "Done")
    assert "Raise the pool" not in said(app)
    assert store(tmp_path).open_actions(4) == []


def test_a_week_is_closed_and_reopened_on_the_page(opened: Callable[..., AppTest], tmp_path: Path) -> None:
    app = opened("week_review", "manager", week="2")
    assert "points to know before closing" in said(app)
    next(t for t in app.text_input if t.key == "author-close").input("Ann")
    press(app, "Close week 2")
    assert "Week 2 was closed by Ann on" in said(app) and "■ closed" in said(app)
    archived = list((tmp_path / "store" / "archive" / "week-2").rglob("*.*"))
    assert {f.suffix for f in archived} == {".json", ".html", ".pdf", ".xlsx"}
    next(t for t in app.text_input if t.label.startswith("Reason")).input("short")
    next(t for t in app.text_input if t.key == "author-reopen").input("Ann")
    press(app, "Reopen week 2")
    assert "ten characters" in app.error[0].value
    next(t for t in app.text_input if t.label.startswith("Reason")).input("agreed too late")
    press(app, "Reopen week 2")
    assert store(tmp_path).closed(2) is None


def test_the_update_to_testers_can_be_taken_along_by_whom_may_read_it(
    opened: Callable[..., AppTest], tmp_path: Path
) -> None:
    store(tmp_path).write(kind="said_done", week=4, text="Feeds are cached", author="a", at=AT)
    store(tmp_path).write(kind="said_done", week=4, text="anna@example.org was right", author="a", at=AT)
    app = opened("launch", "viewer")
    assert "- Feeds are cached" in app.text_area[0].value and "anna@" not in app.text_area[0].value
    assert "is left out" in app.warning[0].value
