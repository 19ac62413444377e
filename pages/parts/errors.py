"""Errors of a week or a day: what testers met, by route, by type and component. On the Reliability page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kpis.operations import findings, reliability, routes
from kpis.operations import tables_errors as rows
from pages.parts import tables
from pages.parts.frame import View
from pages.parts.text import inert, plain


def of_a_period(view: View, outside: tuple[date, ...]) -> None:
    """Errors of the chosen period: the week, one of its days, or a day outside the limits of routine variation."""
    review, week, zone = view.review, view.review.week, view.review.programme.timezone
    st.subheader("Errors that testers met", anchor=False)
    periods = view.ask(reliability.periods, week, outside)
    place = st.selectbox("Errors of", range(len(periods)), format_func=lambda i: periods[i].name, key=f"period-{week}")
    period = periods[place]
    file = period.name.partition(",")[0].replace(" ", "-")
    free = review.value("error_free_testers")
    if place == 0 and free.value is not None:
        st.markdown(inert(findings.error_free(free)))
    met = rows.error_rows(view.ask(reliability.errors_met, period.start_us, period.end_us), zone)
    if met:
        tables.show(
            met,
            "Failed requests and application errors by place",
            csv=f"errors-{file}",
            height="content" if len(met) <= 12 else 470,
        )
    else:
        st.write(f"No tester met a failed request or an application error in {period.name}.")

    failures = rows.failure_rows(view.ask(routes.failures, period.day_range))
    if failures:
        st.markdown(f"**5xx by route, {period.name}**")
        tables.show(failures, "Requests answered with a 5xx by route", height="content", csv=f"failures-{file}")
        st.page_link(
            "pages/bottlenecks.py", label=f"Bottlenecks: the series of {plain(failures[0]['Route'], 60)}",
            query_params={"week": str(week), "route": failures[0]["Route"]},
        )  # fmt: skip

    kinds = view.ask(reliability.error_kinds, period.day_range)
    if kinds:
        st.markdown(f"**Errors by type and component, {period.name}**")
        tables.show(rows.kind_rows(kinds), "Errors counted by the application", height="content")
