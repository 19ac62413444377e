"""Reliability, Bottlenecks and Resources: what each says on facts made by hand, and on none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operations.world import INF, World, at
from tests.pages.conftest import open_page, said
from tests.support import dashboards

PAGES = ("reliability", "bottlenecks", "resources")
MISSING = {
    "reliability": ("No request counter with a status label was scraped", "availability is not known"),
    "bottlenecks": ("No request duration was measured", "Scrape a request histogram"),
    "resources": ("Cannot tell what saturates first", "Add their exporters to Prometheus"),
}


@pytest.mark.parametrize("page", PAGES)
def test_nothing_scraped_is_said_with_what_follows_and_what_mends_it(page: str, folder: Path) -> None:
    app = open_page(page)
    assert not app.exception and not app.error
    text = said(app)
    for words in MISSING[page]:
        assert words in text
    assert "nan" not in text.lower().split()


def beta() -> World:
    """Four weeks of an app: /slow gets slower on day 10 with release 1.1; an outage of the database on day 17."""
    world = World()
    keys = [(on, hour) for on in range(1, 29) for hour in (9, 15)]
    slow = {k: {0.2: 95 if k[0] < 10 else 30, 0.8: 100, INF: 100} for k in keys}
    waited = {k: 5.0 if k[0] < 10 else 50.0 for k in keys}
    world.histogram("http_request_duration_seconds", slow, waited, path="/slow")
    world.histogram(
        "http_request_duration_seconds", {key: {0.2: 99, 0.8: 100, INF: 100} for key in keys}, 4, path="/ok"
    )
    hours = {(d, h): 200.0 + d for d in range(1, 29) for h in (9, 15)}
    world.counter("http_requests_total", hours, path="/slow", status="200")
    world.counter("http_requests_total", {(17, 15): 120}, path="/slow", status="500")
    world.gauge("pg_stat_activity_count", {k: 99.0 if k == (17, 15) else 20.0 for k in hours})
    world.gauge("pg_settings_max_connections", dict.fromkeys(hours, 100.0))
    world.counter("node_cpu_seconds_total", dict.fromkeys(hours, 300.0), mode="user")
    world.counter("node_cpu_seconds_total", dict.fromkeys(hours, 700.0), mode="iowait")
    world.tables["dim_release"] = [dict(name="1.1", at_us=at(10, 1), found=True, note="")]
    return world


@pytest.fixture
def shown(folder: Path) -> Path:
    dashboards.write(folder, {t: rows for t, rows in beta().tables.items() if rows}, name="0002")
    return folder


def tables(app) -> dict[str, list[dict]]:
    """Rows of every table by its accessible name."""
    return {e.proto.alt: e.value.to_dict("records") for e in app.dataframe}


def test_bottlenecks_name_the_route_the_day_and_the_release(shown: Path) -> None:
    app = open_page("bottlenecks", week="2")
    assert not app.exception
    # a number and its per cent sign, a day and its month are never parted by the end of a line
    assert app.title[0].value.replace("\\", "").startswith("/slow takes 90\u00a0% of the waiting time of week 2; ")
    assert "slower since 11\u00a0Mar (release 1.1)" in app.title[0].value.replace("\\", "")
    text, found = said(app), tables(app)
    assert "mostly by slower routes" in text
    assert "Apdex of week 2: 0." in text and "at T = 200 ms" in text
    assert found["Releases with all requests before and after"][0]["Slowed most"].startswith("/slow")
    assert [r["Route"] for r in found["All routes before and after 1.1"]] == ["/slow", "/ok"]
    assert "association" in text
    grown = {r["Route"]: r for r in found["Growth of waiting time by route"]}
    assert (grown["/ok"]["by slower"], grown["/ok"]["Mean by mix"]) == ("0 ms", "0 ms")
    assert grown["/slow"]["by slower"].startswith("+") and "because the mix of routes changed" in text
    assert (
        'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{path="/slow"}[5m])))' in text
    )


def test_reliability_tells_one_story_with_its_detectors(shown: Path) -> None:
    app = open_page("reliability", week="3")
    assert not app.exception
    text, found = said(app), tables(app)
    assert "18\u00a0Mar" in app.title[0].value and "1 incident detected" in app.title[0].value
    assert "connections exhausted, with error spike" in text
    assert {r["What"] for r in found["Detectors that fired"]} == {"5xx ratio", "Database connections"}
    assert found["Requests answered with a 5xx by route"][0]["5xx"] == "120"
    assert "The error budget" in text


def test_errors_of_the_week_or_of_the_day_outside_the_limits(shown: Path) -> None:
    """The week holds requests of seven days, the day only its own; both name the same failing route."""
    app = open_page("reliability", week="3")
    period = app.selectbox("period-3")
    assert period.options[:2] == ["week 3", "Wed 18 Mar, outside the limits"] and len(period.options) == 1 + 7
    whole = tables(app)["Requests answered with a 5xx by route"][0]
    period.select_index(1).run()
    assert not app.exception
    day = tables(app)["Requests answered with a 5xx by route"][0]
    assert "5xx by route, Wed 18 Mar, outside the limits" in said(app)
    assert (day["5xx"], day["Requests"]) == ("120", "554") and whole["5xx"] == "120"
    assert int(whole["Requests"].replace(",", "")) == sum(2 * (200 + on) for on in range(15, 22)) + 120


@pytest.mark.parametrize("page", PAGES)
def test_the_numbers_on_the_charts_are_explained(page: str, shown: Path) -> None:
    app = open_page(page, week="3")
    labels = [e.label.replace("\\", "") for e in app.expander]
    assert any("Events: ①" in label and "1.1" in label for label in labels), labels


def test_resources_show_use_saturation_and_what_was_found(shown: Path) -> None:
    app = open_page("resources", week="3")
    assert not app.exception
    found = tables(app)
    use = {r["Resource"]: r for r in found["Use of every resource in the week"]}
    assert use["CPU"]["Mean"] == "30 %" and use["Database connections"]["Highest hour"] == "99 %"
    beside = {r["Signal"]: r["Week"] for r in found["Saturation, errors and rates of the week"]}
    assert beside == {"waiting for disk (iowait)": "70 %", "taken by the host (steal)": "0 %"}
    families = {r["Feeds"]: r["Found as"] for r in found["Metric families found and missing"]}
    assert families["Request durations"] == "http_request_duration_seconds_bucket"
    assert families["Redis memory"] == "–"


def test_the_first_week_has_nothing_to_compare_with(shown: Path) -> None:
    app = open_page("bottlenecks", week="1")
    assert not app.exception
    assert "Growth of waiting time by route" not in tables(app)


def test_routes_are_ranked_by_what_their_slow_tail_costs(folder: Path) -> None:
    """The route that takes most time is within its target; the other one is rarely asked and slow."""
    world = beta()
    bulk = {(on, 9): {0.2: 9000, 0.8: 9000, INF: 9000} for on in range(1, 29)}
    world.histogram("http_request_duration_seconds", bulk, 900, path="/bulk")
    dashboards.write(folder, {t: rows for t, rows in world.tables.items() if rows}, name="0002")
    app = open_page("bottlenecks", week="3")
    assert [r["Route"] for r in tables(app)["Routes by share of waiting time"]] == ["/bulk", "/slow", "/ok"]
    app.segmented_control(key="rank").set_value("Over target").run()
    assert not app.exception
    assert next(r["Route"] for r in tables(app)["Routes by share of waiting time"]) == "/slow"
    assert app.title[0].value.startswith("/bulk takes"), "the title stays with the time that is lost"
