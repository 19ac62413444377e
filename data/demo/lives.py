"""Days and sessions: who comes back on which day, and when they sit down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo import plan
from data.demo.people import People

# Sittings start in windows so far apart that two of them can never be one session (30 minutes idle).
WINDOWS = ((7 * 3600, 3 * 3600), (12 * 3600, 3 * 3600), (18 * 3600, 13_500))
MIDNIGHT = 23 * 3600 + 3480  # 23:58, so that the session ends on the next day


@dataclass
class Lives:
    """`chance[i, d]` is the design probability that person i is active on day d (1 on the first, 0 before)."""

    chance: np.ndarray
    active: np.ndarray  # (people, days) bool: as drawn
    person: np.ndarray  # one place per session, as all below
    day: np.ndarray
    start: np.ndarray  # ms
    is_first: np.ndarray


def build(people: People) -> Lives:
    """Draw every person's active days by the return process, then the sessions of those days."""
    rng = plan.rng("lives")
    chance = _chances(people)
    active = rng.random(chance.shape) < chance
    return _sessions(rng, people, chance, active)


def _chances(people: People) -> np.ndarray:
    days = np.arange(plan.DAYS)
    came = people.first >= 0
    first_day = np.where(came, plan.day_of(np.maximum(people.first, plan.DAY_STARTS[0])), plan.DAYS + 1)
    own = days[None, :] - first_day[:, None]
    d1, decay = np.array(plan.RETENTION_D1)[people.wave - 1], np.array(plan.RETENTION_DECAY)[people.wave - 1]
    curve = np.round(d1[:, None] * np.maximum(own, 1) ** -decay[:, None], 6)
    chance = np.minimum(curve * people.factor[:, None] * np.array(plan.WEEKDAYS)[days % 7], 0.97)
    chance[~people.counts] = 0.97  # people who work on it are there nearly every day
    chance = np.where(own == 0, 1.0, np.where(own > 0, chance, 0.0))
    return chance


def _sessions(rng: np.random.Generator, people: People, chance: np.ndarray, active: np.ndarray) -> Lives:
    person, day = np.nonzero(active)
    first_day = plan.day_of(np.maximum(people.first, plan.DAY_STARTS[0]))[person]
    is_first = day == first_day
    many = np.searchsorted([0.62, 0.90], rng.random(len(person)), side="right") + 1
    many = np.where(is_first, 1, np.where(people.counts[person], many, 3))
    order = np.argsort(rng.random((len(person), len(WINDOWS))), axis=1)
    tomorrow = np.zeros(len(person), bool)
    inside = day + 1 < plan.DAYS
    tomorrow[inside] = active[person[inside], day[inside] + 1]
    night = tomorrow & ~is_first & (rng.random(len(person)) < 0.03)
    parts = []
    for k, (opens, length) in enumerate(WINDOWS):
        second = opens + rng.integers(0, length, len(person))
        if k == len(WINDOWS) - 1:
            second = np.where(night, MIDNIGHT, second)
        chosen = (order[:, k] < many) & ~is_first
        parts.append((person[chosen], day[chosen], plan.wall(day[chosen], second[chosen]), is_first[chosen]))
    parts.append((person[is_first], day[is_first], people.first[person[is_first]], is_first[is_first]))
    columns = [np.concatenate(c) for c in zip(*parts, strict=True)]
    columns[2] = columns[2] + rng.integers(0, 1000, len(columns[2])) * ~columns[3]
    by_time = np.lexsort((columns[0], columns[2]))
    return Lives(chance, active, *(c[by_time] for c in columns))
