"""The query behind a measure, as it can be run by hand."""

from __future__ import annotations

import streamlit as st

from data import sql
from data.errors import QueryError
from kpis.measures import run
from kpis.model import HistogramQuantile, HistogramShare, Measure
from pages.parts import notices
from pages.parts.text import inert


def show(measure: Measure) -> None:
    """SQL of the measure with its bound values; for histograms also the PromQL that comes nearest."""
    if isinstance(measure, HistogramQuantile | HistogramShare):
        st.caption(
            "Computed from the increases of raw scraped buckets: restarts handled, gaps left out. "
            "In Prometheus itself the nearest expression is:"
        )
        st.code(promql(measure), language="promql", wrap_lines=True)
    for name in run.queries(measure):
        try:
            text = sql.text(name)
        except QueryError as error:
            notices.failed(error)
            continue
        st.caption(inert(f"queries/{name}.sql{_given(measure)}"))
        st.code(text, language="sql", wrap_lines=True)


def _given(measure: Measure) -> str:
    """Bound parameters in words."""
    given = getattr(measure, "given", ())
    return " with " + ", ".join(f"${k} = {v}" for k, v in given) if given else ""


def promql(measure: HistogramQuantile | HistogramShare) -> str:
    """One week of a histogram measure in PromQL."""
    metric = measure.metric[0]
    buckets = metric if metric.endswith("_bucket") else f"{metric}_bucket"
    if isinstance(measure, HistogramQuantile):
        return f"histogram_quantile({measure.q:g}, sum by (le) (increase({buckets}[7d])))"
    count = buckets.removesuffix("_bucket") + "_count"
    bound = measure.bound / measure.scale
    return f'sum(increase({buckets}{{le="{bound:g}"}}[7d]))\n/\nsum(increase({count}[7d]))'
