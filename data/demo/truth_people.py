"""What is true about people in the demo, counted from the simulation's own books.

Plain sets and loops over what was drawn, on purpose: none of the product's queries or measures is used.
Definitions are the product's: local days, excluded accounts and unknown users left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from data.demo import log, plan
from data.demo.feedback import CRITICAL
from data.demo.plan import HOUR_MS, iso
from data.demo.world import World

RETENTION_DAYS = (1, 3, 7, 14, 21)


def days_of_testers(world: World) -> dict[int, set[int]]:
    """Active local days per tester who counts."""
    acts = world.rows.take(world.rows.of(*log.ACTIVE))
    counts = np.append(world.people.counts, False)
    days: dict[int, set[int]] = {}
    for person, day in zip(acts.person.tolist(), plan.day_of(acts.ts).tolist(), strict=True):
        if counts[person]:
            days.setdefault(person, set()).add(day)
    return days


def weeks(world: World, days: dict[int, set[int]]) -> list[dict[str, Any]]:
    """Activity, sessions, features, feedback and errors of each programme week."""
    dau = [sum(d in mine for mine in days.values()) for d in range(plan.DAYS)]
    lives = world.lives
    counts = world.people.counts
    session_week = plan.day_of(lives.start) // 7
    bad = _people_with_errors(world)
    out = []
    for w in range(plan.WEEKS):
        span = range(7 * w, 7 * w + 7)
        active = {p for p, mine in days.items() if not mine.isdisjoint(span)}
        sessions = int((counts[lives.person] & (session_week == w)).sum())
        wau = len(active)
        out.append(
            {
                "week": w + 1,
                "wau": wau,
                "dau": dau[7 * w : 7 * w + 7],
                "stickiness": sum(dau[7 * w : 7 * w + 7]) / 7 / wau,
                "sessions": sessions,
                "sessions_per_active_tester": sessions / wau,
                "error_free_testers": len(active - bad[w]),
                "feature_users": _feature_users(world, w, active),
                **_feedback(world, w, wau),
            }
        )
    return out


def _people_with_errors(world: World) -> list[set[int]]:
    """Who met a failed request (5xx) or an app_error, per week."""
    rows = world.rows
    week = plan.day_of(rows.ts) // 7
    failed = rows.of("app_error")
    calls = rows.of("api_call")
    failed[calls] |= world.traffic.failed[rows.request[calls]]
    return [set(rows.person[failed & (week == w)].tolist()) for w in range(plan.WEEKS)]


def _feature_users(world: World, w: int, active: set[int]) -> dict[str, dict[str, float]]:
    """Users of each feature among the week's active testers who have it switched on."""
    rows = world.rows
    used = rows.of("feature_used") & (plan.day_of(rows.ts) // 7 == w)
    out = {}
    for f, feature in enumerate(plan.FEATURES):
        may = {p for p in active if f != plan.LIMITED_FEATURE or world.people.flagged[p]}
        users = set(rows.person[used & (rows.extra == f)].tolist()) & may
        out[feature] = {"users": len(users), "eligible": len(may), "share": len(users) / len(may) if may else None}
    return out


def _feedback(world: World, w: int, wau: int) -> dict[str, Any]:
    items = [i for i in world.feedback if world.people.counts[i.person]]
    mine = [i for i in items if int(plan.day_of(np.array(i.created))) // 7 == w]
    rated = [i.rating for i in mine if i.rating is not None]
    end = plan.day_start(7 * w + 7)
    critical = [i for i in items if i.type == "bug" and i.priority == "critical" and i.created < end]
    return {
        "feedback": len(mine),
        "feedback_per_active_tester": len(mine) / wau,
        "feedback_by_type": {t: sum(i.type == t for i in mine) for t in ("general", "bug", "feature")},
        "ratings": len(rated),
        "good_ratings": sum(r >= 4 for r in rated),
        "csat": sum(r >= 4 for r in rated) / len(rated) if rated else None,
        "critical_bugs": sum(i.created >= plan.day_start(7 * w) for i in critical),
        "open_critical_bugs_at_end": sum(i.resolved is None or i.resolved >= end for i in critical),
        "hours_to_resolve": [
            {"type": i.type, "hours": round((i.resolved - i.created) / HOUR_MS, 3) if i.resolved else None}
            for i in mine
        ],
    }


def retention(world: World, days: dict[int, set[int]]) -> dict[str, Any]:
    """Return on day N and in week 1 after the own first day: per wave, pooled, and by the day the target falls on."""
    out: dict[str, Any] = {"by_wave": {}, "by_target_day": {}, "with_excluded_d7": _with_excluded(world)}
    for wave in (1, 2, 3, "pooled"):
        members = {p: d for p, d in days.items() if wave in ("pooled", int(world.people.wave[p]))}
        cells = {f"d{n}": _returned(world, members, n, n) for n in RETENTION_DAYS}
        cells["w1_bracket"] = _returned(world, members, 7, 13)
        out["by_wave"][str(wave)] = cells
    for n in RETENTION_DAYS:
        table = {}
        for target in range(plan.DAYS):
            due = [d for d in days.values() if min(d) + n == target]
            if due:
                table[plan.local_date(target)] = [sum(target in d for d in due), len(due)]
        out["by_target_day"][f"d{n}"] = table
    return out


def _returned(world: World, members: dict[int, set[int]], first: int, last: int) -> dict[str, Any]:
    """Testers back between own day `first` and `last`, of those for whom that is over at as_of."""
    mature = {p: d for p, d in members.items() if min(d) + last < plan.DAYS}
    back = sum(any(min(d) + n in d for n in range(first, last + 1)) for d in mature.values())
    chance = world.lives.chance
    design = [1 - np.prod([1 - chance[p, min(d) + n] for n in range(first, last + 1)]) for p, d in mature.items()]
    return {
        "returned": back,
        "mature": len(mature),
        "not_yet": len(members) - len(mature),
        "value": back / len(mature) if mature else None,
        "design_probability": round(float(np.mean(design)), 4) if mature else None,
    }


def _with_excluded(world: World) -> float:
    """Pooled D7 as it would read with staff and test accounts left in."""
    acts = world.rows.take(world.rows.of(*log.ACTIVE))
    days: dict[int, set[int]] = {}
    for person, day in zip(acts.person.tolist(), plan.day_of(acts.ts).tolist(), strict=True):
        if person < len(world.people.did):
            days.setdefault(person, set()).add(day)
    mature = [d for d in days.values() if min(d) + 7 < plan.DAYS]
    return sum(min(d) + 7 in d for d in mature) / len(mature)


def programme(world: World, invitations: list[dict[str, Any]]) -> dict[str, Any]:
    """Invitations, activation within 48 hours and seats, per wave and week of acceptance."""
    people = world.people
    rows = world.rows
    done = rows.of("beta_tester_activated")
    at = dict(zip(rows.person[done].tolist(), rows.ts[done].tolist(), strict=True))
    testers = np.flatnonzero(people.counts).tolist()
    week = (plan.day_of(people.accepted) // 7).tolist()
    mature = [p for p in testers if people.accepted[p] + 48 * HOUR_MS <= plan.AS_OF_MS]
    quick = {p for p in mature if p in at and 0 <= at[p] - people.accepted[p] <= 48 * HOUR_MS}

    def share(group: list[int]) -> dict[str, Any]:
        good = len(quick.intersection(group))
        return {"activated_48h": good, "accepted": len(group), "value": good / len(group) if group else None}

    status: dict[str, dict[str, int]] = {}
    for row in invitations:
        book = status.setdefault(row["metadata"]["wave"], {})
        book[row["status"]] = book.get(row["status"], 0) + 1
    return {
        "testers": len(testers),
        "excluded": len(people.did) - len(testers),
        "invitations": len(invitations),
        "invitations_by_wave": status,
        "activation": {
            "by_wave": {str(w): share([p for p in mature if people.wave[p] == w]) for w in (1, 2, 3)},
            "by_week_of_acceptance": {
                str(w + 1): share([p for p in mature if week[p] == w]) for w in range(plan.WEEKS)
            },
            "pooled": share(mature),
            "design_probability": dict(zip("123", plan.ACTIVATED_48H, strict=True)),
            "ever_activated": len(set(at).intersection(testers)),
        },
        "seats_taken_at_end_of_week": [
            sum(people.accepted[p] < plan.day_start(7 * w + 7) for p in testers) for w in range(plan.WEEKS)
        ],
        "critical_bugs_planted": len(CRITICAL),
        "joined_after_first_event": {
            "did": people.did[world.early],
            "accepted_at": iso(people.accepted[world.early]),
        },
    }
