"""Catalogue: what every number means, who owns it, what is aimed at, and the query behind it."""

from __future__ import annotations

import streamlit as st

from kpis.model import Kpi
from kpis.words import show, status_mark
from pages.parts import frame, queries
from pages.parts.text import inert

view = frame.view()
review = view.review

st.title(f"{len(review.kpis)} KPIs, each with its definition, owner, target and query", anchor=False)
areas = list(dict.fromkeys(k.family for k in review.kpis))
words = st.text_input("Search", key="q", bind="query-params", max_chars=80, placeholder="retention, latency, owner …")
area = st.pills("Area", areas, key="area", bind="query-params", label_visibility="collapsed")


def matches(kpi: Kpi) -> bool:
    text = " ".join((kpi.id, kpi.title, kpi.question, kpi.definition, kpi.owner, kpi.family, *kpi.caveats)).casefold()
    return (area is None or kpi.family == area) and all(w in text for w in words.casefold().split())


def entry(kpi: Kpi) -> None:
    value = review.value(kpi.id)
    box = st.expander(
        f"**{inert(kpi.title)}** · {kpi.family} · {inert(show(value.value, kpi.unit))} · {status_mark(value.status)}",
        key=f"kpi-{kpi.id}", on_change="rerun",
    )  # fmt: skip
    if not box.open:
        return
    with box:
        st.markdown(f"**{inert(kpi.question)}**")
        st.markdown(inert(kpi.definition))
        facts = [f"id `{kpi.id}`", f"owner {inert(kpi.owner)}", f"unit {kpi.unit}", f"{kpi.better} is better"]
        facts += [f"at least {kpi.min_sample:,} {inert(kpi.sample_word)}", f"revision {kpi.revision}"]
        st.markdown(" · ".join(facts))
        st.markdown(target(kpi))
        for caveat in kpi.caveats:
            st.markdown(f"- {inert(caveat)}")
        queries.show(kpi.measure)


def target(kpi: Kpi) -> str:
    value = review.value(kpi.id)
    if value.target is None:
        return "No target."
    floor = f", floor {inert(show(value.floor, kpi.unit))}" if value.floor is not None else ""
    mark = " :yellow-badge[proposed, not yet agreed]" if value.target_proposed else " :gray-badge[set by the team]"
    return f"Target {inert(show(value.target, kpi.unit))}{floor}{mark}"


found = [k for k in review.kpis if matches(k)]
if not found:
    st.info(f"No KPI matches “{inert(words, 80)}”. Clear the search to see all {len(review.kpis)}.")
for each in found:
    entry(each)
