"""The Engagement page on real snapshots: its first line, its filters in the URL, what it hides and from whom."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import ROOT, said
from tests.pages.test_hostile import LIVE
from tests.support import dashboards
from tests.support.betas import Member, beta, tables
from tests.support.reviews import HOSTILE

MANAGER = '\n[access]\ndefault_role = "manager"\n'


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a snapshot of the small beta, written once."""
    folder = tmp_path_factory.mktemp("beta")
    dashboards.write(folder, tables(beta()))
    return folder


Show = Callable[..., AppTest]


@pytest.fixture
def show(usual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Function: the page on the small beta or on other testers, for a role, from a link."""

    def opened(members: list[Member] | None = None, role: str = "", **query: str) -> AppTest:
        if members is None:
            shutil.copytree(usual, tmp_path, dirs_exist_ok=True)
        else:
            dashboards.write(tmp_path, tables(members))
        (tmp_path / "beta.toml").write_text(dashboards.SETTINGS + role, encoding="utf-8")
        monkeypatch.setenv("BETA_SETTINGS", str(tmp_path / "beta.toml"))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        for key, value in query.items():
            app.query_params[key] = value
        app.switch_page("pages/engagement.py").run()
        assert not app.exception
        return app

    return opened


def cells(app: AppTest) -> str:
    """Everything that stands in a table."""
    return "\n".join(frame.value.to_csv() for frame in app.dataframe)


def test_the_first_line_answers_with_n_and_interval(show: Show) -> None:
    app = show()
    assert said(app).startswith("42 % of testers come back on day 7 (pooled, n 24; 95 %: 24 to 61 %)")
    assert len(app.title) == 1
    assert not app.error
    charts = app.get("plotly_chart")
    assert len(charts) == 5
    assert all(c.proto.alt for c in charts)
    assert "24 testers active so far" in said(app)


def test_filters_period_and_rule_are_in_the_url(show: Show) -> None:
    app = show(cohort="2", platform="ios", by="day", rule="on-or-after")
    assert said(app).startswith("33 % of testers of wave 2 on ios come back on day 7 or later (pooled, n 6; ")
    assert app.selectbox(key="cohort").value == "2"
    assert app.segmented_control(key="by").value == "day"
    assert app.get("plotly_chart")[0].proto.alt.startswith("Retention of 1 cohort by day, pooled: D1 ")


@pytest.mark.parametrize("bad", ["99", "<script>"])
def test_a_link_to_no_wave_shows_all(bad: str, show: Show) -> None:
    assert said(show(cohort=bad)).startswith("42 % of testers come back on day 7")


def test_choosing_a_wave_changes_every_number(show: Show) -> None:
    app = show()
    app.selectbox(key="cohort").set_value("1").run()
    assert not app.exception
    assert said(app).startswith("50 % of testers of wave 1 come back on day 7 (pooled, n 12; ")
    assert "12 testers of wave 1 active so far" in said(app)


def test_an_earlier_week_is_shown_as_known_at_its_end(show: Show) -> None:
    app = show(week="1")
    assert said(app).startswith("Too early for day 7 of testers: its first result comes on 10 Mar")
    assert "12 testers active so far, known to the end of 8 Mar" in said(app)


def test_a_small_group_shows_nothing_at_all(show: Show) -> None:
    few = [Member("3", "ios", date(2026, 3, 2), (7,))] * 3
    app = show(beta() + few, MANAGER, cohort="3")
    assert said(app).startswith("Too few testers of wave 3 to be shown")
    assert "5 testers on" in said(app)
    assert not app.dataframe
    assert not app.get("plotly_chart")


def test_who_went_silent_is_not_for_viewers(show: Show) -> None:
    app = show()
    assert "Silent" not in said(app)
    assert "t-0" not in cells(app) + said(app)
    assert len(app.get("download_button")) == 10


def test_who_went_silent_is_for_managers(show: Show) -> None:
    app = show(role=MANAGER)
    assert "Silent for a week: 20" in said(app), "four of wave 2 came on 29 March"
    assert "t-0001" in cells(app)
    assert len(app.get("download_button")) == 11


def test_hostile_names_of_waves_and_platforms_stay_texts(show: Show) -> None:
    members = [
        Member(HOSTILE if i % 2 else "1", HOSTILE if i % 3 else "ios", date(2026, 3, 2), (7,)) for i in range(60)
    ]
    app = show(members, MANAGER)
    app.selectbox(key="cohort").set_value(HOSTILE).run()
    app.selectbox(key="platform").set_value(HOSTILE).run()
    assert not app.exception
    assert "evil" in said(app), "the name is shown, not dropped"
    raw = [str(e.value) for kind in (app.title, app.subheader, app.markdown, app.caption) for e in kind]
    assert not [t for t in raw if LIVE.search(t)]
    assert "\u202e" not in "".join(raw) + cells(app)
    for box in app.selectbox:
        assert "\u202e" not in "".join(box.options)


def test_an_empty_snapshot_says_what_is_missing(show: Show) -> None:
    app = show([])
    assert said(app).startswith("No active testers yet: nobody could come back")
    assert "[engagement].active_events" in said(app)
    assert not app.error


def test_parts_without_data_say_so_and_the_rest_goes_on(show: Show) -> None:
    one_wave = [Member("1", "ios", date(2026, 3, 2), (7,)) for _ in range(6)]
    text = said(show(one_wave))
    assert text.startswith("100 % of testers come back on day 7")
    assert "There are no two groups of 5 testers or more to compare here." in text
    assert "Fewer than 5 testers are in one of the two groups" in text
    assert "evil" not in text


def test_two_groups_are_compared_from_the_url_with_their_planned_split(show: Show) -> None:
    app = show(compare="platform", a="web", b="ios", day="7", split="9:1")
    text = said(app)
    assert "No clear difference on day 7 between web and ios" in text
    assert "Sample ratio mismatch: 12 and 12 testers" in app.warning[0].value
    app.text_input(key="split").set_value("nonsense").run()
    assert not app.exception
    assert 'the planned split "nonsense" is no ratio such as 1:1' in app.error[0].value.replace("\\", "").replace(
        "\u2060", ""
    )
    assert not app.warning


def test_a_group_is_never_compared_with_itself(show: Show) -> None:
    app = show(compare="wave", a="2", b="2")
    assert "between wave 2 and wave 1" in said(app)
