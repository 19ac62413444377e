"""The published demo tells the story it is meant to tell; its draw is not a freak of the seed."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from data.demo import truth_operations, truth_people, world
from data.demo.plan import Scale


@pytest.fixture(scope="module")
def made() -> world.World:
    return world.build(Scale())


@pytest.fixture(scope="module")
def days(made: world.World) -> dict[int, set[int]]:
    return truth_people.days_of_testers(made)


def interval(hits: int, n: int) -> tuple[float, float]:
    found = binomtest(hits, n).proportion_ci(method="wilson")
    return found.low, found.high


def test_realised_retention_agrees_with_the_design(made: world.World, days: dict[int, set[int]]) -> None:
    cells = [
        (wave, k, c) for wave, row in truth_people.retention(made, days)["by_wave"].items() for k, c in row.items()
    ]
    judged = [(wave, k, c) for wave, k, c in cells if c["mature"] >= 20]
    assert len(judged) >= 20
    for wave, k, c in judged:
        low, high = interval(c["returned"], c["mature"])
        assert low <= c["design_probability"] <= high, (wave, k)


def test_realised_activation_agrees_with_the_design(made: world.World) -> None:
    activation = truth_people.programme(made, [])["activation"]
    for wave, told in activation["by_wave"].items():
        low, high = interval(told["activated_48h"], told["accepted"])
        assert low <= activation["design_probability"][wave] <= high
    assert activation["by_week_of_acceptance"]["4"]["accepted"] >= 20  # week 4 has somebody to judge by


def test_staff_would_lift_retention(made: world.World, days: dict[int, set[int]]) -> None:
    told = truth_people.retention(made, days)
    assert told["with_excluded_d7"] - told["by_wave"]["pooled"]["d7"]["value"] > 0.015


def test_the_weeks_tell_their_story(made: world.World, days: dict[int, set[int]]) -> None:
    operations, people = truth_operations.weeks(made), truth_people.weeks(made, days)
    first, second, third, last = (w["p95_s"] for w in operations)
    assert first < 0.2  # on target
    assert min(second, third) > 0.25  # the slow feed
    assert 0.2 < last < 0.25  # mended in part
    errors = [w["error_ratio"] for w in operations]
    assert errors[2] > 0.01 > 2 * max(errors[0], errors[1], errors[3])  # the incident
    assert [w["open_critical_bugs_at_end"] for w in people] == [0, 1, 1, 0]
    assert people[0]["csat"] > people[1]["csat"] < people[3]["csat"]


def test_growth_of_the_beta_shows_in_the_database(made: world.World) -> None:
    used = [w["resources"]["db_connections_used_mean"] for w in truth_operations.weeks(made)]
    assert used[0] < used[1] < used[2]
