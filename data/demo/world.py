"""The whole simulation in order: people, their days, the log, feedback, requests, scrapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo import app_series, feedback, happenings, host_series, lives, log, people, plan, scrape, traffic
from data.demo.openmetrics import Series


@dataclass
class World:
    scale: plan.Scale
    people: people.People
    lives: lives.Lives
    rows: log.Rows
    feedback: list[feedback.Item]
    traffic: traffic.Traffic
    happenings: dict[str, np.ndarray]
    series: list[Series]
    types: dict[str, str]
    early: int  # the tester whose first event is older than the acceptance


def build(scale: plan.Scale) -> World:
    """Simulate a demo of this size. About five seconds for the published one."""
    crowd = people.build(scale)
    days = lives.build(crowd)
    rows = log.build(crowd, days)
    early = _joins_late(crowd, rows)
    items = feedback.build(crowd, days, _session_ends(days, rows))
    said = log.like(
        np.array([i.created for i in items]),
        np.array([i.person for i in items]),
        "feedback_submitted",
        np.arange(1, len(items) + 1),
    )
    rows = log.in_order(log.joined(rows, said, _orphan(len(crowd.did))))
    requests = traffic.build(rows, _active_per_day(rows), scale)
    targets = scrape.targets(scale)
    counted = happenings.build(targets["app-1"], rows, requests, crowd)
    series = app_series.build(targets, rows, requests, counted)
    series += host_series.build(targets, rows, requests, scale.scrape_s)
    return World(scale, crowd, days, rows, items, requests, counted, series, host_series.types(series), early)


def _session_ends(days: lives.Lives, rows: log.Rows) -> np.ndarray:
    """Time of the last act of each session, ms (acts of a person lie between two of its sessions' starts)."""
    acts = rows.take(rows.of(*log.ACTIVE[:10]))
    key = acts.person * 10**13 + acts.ts
    key.sort()
    order = np.lexsort((days.start, days.person))
    follows = np.full(len(order), 9 * 10**12)
    same = days.person[order][1:] == days.person[order][:-1]
    follows[order[:-1][same]] = days.start[order[1:][same]]
    return key[np.searchsorted(key, days.person * 10**13 + follows) - 1] % 10**13


def _joins_late(crowd: people.People, rows: log.Rows) -> int:
    """One tester's acceptance was recorded after the first events: move it between the second and third act."""
    came = [i for i in range(len(crowd.did)) if crowd.first[i] >= 0 and crowd.wave[i] == 1 and not crowd.reason[i]]
    person = came[10]
    mine = np.sort(rows.ts[(rows.person == person) & rows.of(*log.ACTIVE[:10])])
    crowd.accepted[person] = (mine[1] + mine[2]) // 2
    return person


def _orphan(person: int) -> log.Rows:
    """A user on no roster: twelve views on two days of week 2."""
    starts = np.array([plan.local_ms("2026-03-10 12:40"), plan.local_ms("2026-03-12 20:15")])
    ts = (starts[:, None] + 35_000 * np.arange(6)[None, :]).ravel()
    return log.like(ts, np.full(len(ts), person), "post_view")


def _active_per_day(rows: log.Rows) -> np.ndarray:
    """Distinct people per local day, everybody counted: what the servers feel."""
    acts = rows.take(rows.of(*log.ACTIVE))
    pairs = np.unique(plan.day_of(acts.ts) * 100_000 + acts.person)
    return np.bincount(pairs // 100_000, minlength=plan.DAYS)[: plan.DAYS]
