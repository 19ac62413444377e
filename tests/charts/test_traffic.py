"""Charts of traffic: names of lines stand where they can be read."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.charts import traffic
from kpis.operations.histograms import Quantile
from tests.support.reviews import review


def at(seconds: float) -> Quantile:
    return Quantile(seconds, seconds, seconds, False, False, 100)


@pytest.mark.parametrize(("p50", "under"), [(0.09, False), (0.3, True)])
def test_the_name_of_a_p50_near_zero_does_not_stand_on_the_axis(p50: float, under: bool) -> None:
    days = ((1, 2), (date(2026, 3, 2), date(2026, 3, 3)))
    found = {n: (at(p50), at(0.4), at(0.5)) for n in days[0]}
    below = {s.name: s.below for s in traffic.quantile_days(review(), found, days, 0.2).series}
    assert below == {"p99": False, "p95": True, "p50": under}


def test_quantiles_of_no_day_are_a_chart_without_points() -> None:
    chart = traffic.quantile_days(review(), {}, ((1,), (date(2026, 3, 2),)), 0.2)
    assert {s.y for s in chart.series} == {(None,)}
