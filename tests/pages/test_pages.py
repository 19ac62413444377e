"""Every page runs on a whole review, on an empty snapshot, and says what is missing where something is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpis.model import Decision, ProgrammeVerdict
from pages.parts import warm
from tests.pages.conftest import open_page, said
from tests.support import dashboards
from tests.support.reviews import review

PAGES = ("scorecard", "week_review", "report", "catalogue", "data_health")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_the_review_with_notices_and_foot_line(page: str, made_up: Callable[..., None]) -> None:
    app = open_page(page)
    assert not app.exception
    text = said(app)
    assert "Demo] simulated testers" in text
    assert "Snapshot beta-20260402T060000Z-0a1b2c3d" in text
    assert "Europe/Berlin" in text
    assert len(app.title) == 1


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_snapshot_is_explained_without_a_traceback(page: str, folder: Path) -> None:
    app = open_page(page)
    assert not app.exception
    assert not app.error
    assert len(said(app)) > 200


@pytest.mark.parametrize("page", PAGES)
def test_a_failed_refresh_is_said_on_every_page(page: str, folder: Path) -> None:
    note = {"as_of": "2026-04-02T06:00:00+00:00", "ok": False, "errors": ["metrics: connection refused"]}
    (folder / "store" / "status.json").write_text(json.dumps(note), encoding="utf-8")
    assert "metrics: connection refused" in said(open_page(page))


def test_the_landing_page_answers_first_and_loads_no_plotly(made_up: Callable[..., None]) -> None:
    app = open_page()
    assert app.title[0].value.startswith("◆ Week 4: go with conditions, because API latency p95 is 402\u00a0ms")
    assert len(app.metric) == 6
    assert not app.get("plotly_chart")
    assert "1 more" not in said(app)


@pytest.mark.parametrize(("decision", "mark"), [("go", "●"), ("no-go", "▲"), ("cannot tell", "○")])
def test_the_verdict_has_a_shape_besides_its_words(decision: str, mark: str, made_up: Callable[..., None]) -> None:
    made_up(verdict=ProgrammeVerdict(Decision(decision), "Week 4: so it is.", tuple("abcdef"), (), ()))
    app = open_page()
    assert app.title[0].value == f"{mark} Week 4: so it is."
    assert [e.label for e in app.expander] == ["2 more"]


def test_cards_show_points_no_clear_change_and_the_complement(made_up: Callable[..., None]) -> None:
    cards = {m.label: m for m in open_page().metric}
    assert cards["Requests answered with a 5xx"].delta == r"\+0.23 points"
    assert cards["API latency p95"].delta == "no clear change"
    assert cards["API latency p95"].value == "402\u00a0ms"
    assert cards["Open critical bugs"].delta == "−50\u00a0%"


def test_a_card_tells_none_due_from_no_data(made_up: Callable[..., None]) -> None:
    reason = "nothing to measure: no testers in this week"
    first = review(1)
    made_up(
        lambda **_: replace(
            first, values=tuple(replace(v, reason=reason) if v.value is None else v for v in first.values)
        )
    )
    assert "none due" in [m.value for m in open_page().metric]


def test_only_signals_are_listed_as_changes(made_up: Callable[..., None]) -> None:
    text = said(open_page())
    assert "**Migration duration p95** rose clearly" in text
    assert "**CPU busy**" not in text


def test_details_open_with_chart_query_and_definition(made_up: Callable[..., None]) -> None:
    app = open_page()
    app.button(key="details-latency_p95").click().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    text = said(app)
    assert "histogram_quantile(0.95, sum by (le)" in text
    assert "definition revision 1" in text
    assert app.get("plotly_chart")[0].proto.alt.startswith("API latency p95: days of week 4")


def test_a_link_to_a_week_shows_that_week(made_up: Callable[..., None]) -> None:
    app = open_page(week="2")
    assert app.segmented_control(key="week").value == 2
    assert "What changed in week 2" in said(app)


@pytest.mark.parametrize("bad", ["99", "x", "-1", "1;DROP"])
def test_a_link_to_no_week_shows_the_newest(bad: str, made_up: Callable[..., None]) -> None:
    app = open_page(week=bad)
    assert not app.exception
    assert app.segmented_control(key="week").value == 4


def test_the_week_stays_when_the_page_changes(made_up: Callable[..., None]) -> None:
    app = open_page()
    app.segmented_control(key="week").set_value(1).run()
    app.switch_page("pages/week_review.py").run()
    assert app.title[0].value.startswith("Week 1:")


def test_a_running_week_is_marked_and_has_no_change(made_up: Callable[..., None]) -> None:
    made_up(lambda week=3, **_: review(week, datetime(2026, 3, 19, 12, tzinfo=UTC)))
    app = open_page()
    assert ":gray-badge[▨ 3 of 7 days]" in said(app)
    assert {m.delta for m in app.metric} == {"▨ 3 of 7 days"}
    assert app.segmented_control(key="week").options == ["1", "2", "3"], "week 4 has not begun"


def test_a_failed_kpi_shows_on_its_own_place_only(made_up: Callable[..., None]) -> None:
    app = open_page("data_health")
    assert "Redis memory used has no value: no series redis_memory_max_bytes" in said(app)
    rows = open_page().dataframe[0].value
    assert list(rows.loc[rows["KPI"] == "Redis memory used", "W4"]) == ["failed"]
    assert list(rows.loc[rows["KPI"] == "Memory used", "W4"]) == ["63 %"]


def test_two_weeks_side_by_side(made_up: Callable[..., None]) -> None:
    app = open_page("week_review")
    assert len(app.get("plotly_chart")) == 12
    rows = app.dataframe[0].value
    assert list(rows.loc[rows["KPI"] == "Day-7 retention", "Difference"]) == ["−7 points"]
    app.selectbox[0].set_value(4).run()
    assert "Choose two different weeks." in said(app)


def test_the_catalogue_is_searched_and_filtered(made_up: Callable[..., None]) -> None:
    app = open_page("catalogue")
    assert len(app.expander) == 27
    app.text_input(key="q").set_value("LATENCY p99").run()
    assert [e.label.split("**")[1] for e in app.expander] == ["API latency p99"]
    app.text_input(key="q").set_value("[.*(").run()
    assert not app.exception
    assert not app.expander
    assert "No KPI matches" in said(app)


def test_the_report_page_lists_what_to_say_before_sending(made_up: Callable[..., None]) -> None:
    app = open_page("report")
    assert app.title[0].value == "Week 4: 5 of 6 checks need a word before this report is sent"
    assert len(app.get("download_button")) == 4
    assert "/beta.toml --week 4 --out out" in said(app)


def test_no_snapshot_names_the_command_that_mends_it(folder: Path) -> None:
    for file in (folder / "store" / "snapshots").iterdir():
        file.unlink()
    app = open_page()
    assert not app.exception
    assert app.title[0].value == "There are no numbers to show yet"
    assert app.code[0].value == f"python -m data refresh --settings {folder / 'beta.toml'}"


def test_a_wrong_settings_file_is_named_with_its_line(folder: Path) -> None:
    file = folder / "beta.toml"
    file.write_text(dashboards.SETTINGS.replace("Europe/Berlin", "Europe/Berln"), encoding="utf-8")
    app = open_page()
    assert not app.exception
    assert app.title[0].value == "The settings file needs a correction"
    assert '(did you mean "Europe/Berlin"?)' in said(app)
    assert "beta.toml:4" in said(app)


def test_no_settings_file_at_all(folder: Path) -> None:
    (folder / "beta.toml").unlink()
    assert "no such settings file; copy beta.example.toml" in said(open_page())


def test_a_newer_snapshot_is_shown_at_the_next_rerun(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "PATIENCE_S", 60)  # a busy machine may need longer than a page waits
    app = open_page()
    assert "Snapshot beta-0001" in said(app)
    dashboards.write(folder, name="0002")
    app.run()
    assert "Snapshot beta-0002" in said(app)


def test_a_damaged_newest_snapshot_is_a_sentence(folder: Path) -> None:
    (folder / "store" / "snapshots" / "beta-9999.duckdb").write_bytes(b"not a database" * 100)
    app = open_page()
    assert not app.exception
    assert "cannot be opened as a database" in said(app)
