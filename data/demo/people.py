"""Who takes part: testers in three waves, staff and test accounts, their invitations, flags and second names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from data.demo import plan
from data.demo.plan import DAY_MS, HOUR_MS, Scale, iso

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass
class People:
    """Parallel arrays, one place per account: testers first, then accounts that must not count."""

    did: list[str]
    wave: np.ndarray  # 1..3; 1 for excluded accounts too
    reason: list[str]  # '' or staff | test | bot
    platform: list[str]
    invited: np.ndarray  # ms
    accepted: np.ndarray  # ms
    first: np.ndarray  # start of the first session, ms; -1 = never came
    factor: np.ndarray  # on the chance to return
    adopts: np.ndarray  # (people, features) bool
    flagged: np.ndarray  # the limited feature is on
    aliases: list[tuple[str, str]]  # alias, canonical
    alias_of: dict[int, str]  # person -> name used in the first days

    @property
    def counts(self) -> np.ndarray:
        """True for testers, False for staff, test accounts and bots."""
        return np.array([not r for r in self.reason])


def _names(rng: np.random.Generator, n: int) -> list[str]:
    picks = rng.integers(0, len(LETTERS), size=(n, 24))
    return ["did:plc:" + "".join(LETTERS[i] for i in row) for row in picks.tolist()]


def build(scale: Scale) -> People:
    """Draw the accounts of a demo of this size."""
    rng = plan.rng("people")
    wave = np.repeat([1, 2, 3], scale.waves())
    n = len(wave)
    invited, accepted = _acceptance(rng, wave)
    first = _first_sessions(rng, wave, accepted)
    others = plan.STAFF + len(plan.TEST_ACCOUNTS)
    did = _names(rng, n)
    did += [f"did:plc:staff{i:02d}demo" for i in range(1, plan.STAFF + 1)] + [a for a, _ in plan.TEST_ACCOUNTS]
    shares = [s for s, _ in plan.KINDS_OF_TESTER]
    kinds = np.searchsorted(np.cumsum(shares), rng.random(n), side="right").clip(max=len(shares) - 1)
    factor = np.array([f for _, f in plan.KINDS_OF_TESTER])[kinds]
    edges = np.cumsum([s for _, s in plan.PLATFORMS])
    platform = np.searchsorted(edges, rng.random(n + others), side="right").clip(max=len(edges) - 1)
    flagged = np.concatenate([rng.permutation(n) < n // 2, np.ones(others, bool)])
    adopts = rng.random((n + others, len(plan.FEATURES))) < np.array(plan.FEATURE_ADOPTERS)
    adopts[n:] = True
    adopts[:, plan.LIMITED_FEATURE] &= flagged
    hired = np.full(others, plan.local_ms("2026-02-24 10:00"))
    start = plan.wall(np.zeros(others, int), 8 * 3600 + 300 * np.arange(others))
    people = People(
        did=did,
        wave=np.concatenate([wave, np.ones(others, int)]),
        reason=[""] * n + ["staff"] * plan.STAFF + [r for _, r in plan.TEST_ACCOUNTS],
        platform=[plan.PLATFORMS[i][0] for i in platform.tolist()],
        invited=np.concatenate([invited, hired]),
        accepted=np.concatenate([accepted, hired + HOUR_MS]),
        first=np.concatenate([first, start]),
        factor=np.concatenate([factor, np.full(others, 1.0)]),
        adopts=adopts,
        flagged=flagged,
        aliases=[],
        alias_of={},
    )
    _second_names(people)
    return people


def _acceptance(rng: np.random.Generator, wave: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """When each tester was invited and accepted: at the earliest on launch morning, never after six days."""
    opened = np.array([plan.local_ms(f"{d} 10:00") for d in plan.WAVE_INVITED])[wave - 1]
    again = np.arange(len(wave)) >= len(wave) - round(plan.AGAIN_SHARE * (wave == 3).sum())
    opened = np.where(again, plan.local_ms(f"{plan.AGAIN} 10:00"), opened)
    invited = opened + rng.integers(0, 5 * HOUR_MS, len(wave))
    may = np.maximum(invited, plan.local_ms("2026-03-02 08:00"))
    delay = np.rint(rng.exponential(13 * HOUR_MS, len(wave))).astype(np.int64)
    return invited, may + 60_000 + np.minimum(delay, 3 * DAY_MS + delay % DAY_MS)


def _first_sessions(rng: np.random.Generator, wave: np.ndarray, accepted: np.ndarray) -> np.ndarray:
    """Start of the first session: within 38 hours, or on the third to sixth day after, or never (-1)."""
    n = len(wave)
    delay = np.minimum(np.rint(rng.exponential(5 * HOUR_MS, n)), 28 * HOUR_MS).astype(np.int64)
    soon = accepted + 5 * 60_000 + delay
    day, second = plan.day_of(soon), plan.second_of_day(soon)
    morning = 7 * 3600 + 900 + rng.integers(0, 7200, n)
    night = (second >= 22 * 3600) | (second < 7 * 3600)
    soon = np.where(night, plan.wall(day + (second >= 22 * 3600), morning), soon)
    later_day = plan.day_of(accepted) + rng.integers(3, 7, n)
    later = plan.wall(np.minimum(later_day, plan.DAYS - 1), rng.integers(9 * 3600, 21 * 3600, n))
    chance = np.array(plan.ACTIVATED_48H)[wave - 1]
    draw = rng.random(n)
    return np.where(draw < chance, soon, np.where(draw < chance + plan.ACTIVATED_LATER, later, -1))


def _second_names(people: People) -> None:
    """A few testers first came under another name; one of them under a chain of two."""
    came = [i for i in range(len(people.did)) if people.first[i] >= 0 and people.wave[i] == 1 and not people.reason[i]]
    for number, person in enumerate(came[3 : 3 + plan.MERGES - 1], start=1):
        alias = f"did:plc:alias{number:02d}demo"
        people.aliases.append((alias, people.did[person]))
        people.alias_of[person] = alias
    person = came[3]
    people.aliases.append(("did:plc:alias09demo", people.alias_of[person]))
    people.alias_of[person] = "did:plc:alias09demo"


def invitations(people: People, scale: Scale) -> list[dict[str, Any]]:
    """Rows of invitations: those accepted, and about a sixth that expired, were revoked or still wait."""
    rng = plan.rng("invitations")
    rows: list[tuple[int, int, int, str, str | None]] = []  # created, accepted, wave, status, did
    for i in np.flatnonzero(people.counts).tolist():
        rows.append((int(people.invited[i]), int(people.accepted[i]), int(people.wave[i]), "accepted", people.did[i]))
    lost = [round(w / plan.ACCEPTANCE) - w for w in scale.waves()]
    for wave, count in enumerate(lost, start=1):
        opened = plan.local_ms(f"{plan.WAVE_INVITED[wave - 1]} 10:00")
        for k in range(count):
            status = "revoked" if k % 13 == 5 else "expired"
            rows.append((opened + int(rng.integers(0, 5 * HOUR_MS)), 0, wave, status, None))
    for k in range(6):  # places offered again in the last days: not yet expired at as_of
        rows.append((plan.local_ms("2026-03-28 11:00") + k * 60_000, 0, 3, "pending", None))
    rows.sort()
    return [
        {
            "id": number,
            "inviter_did": "did:plc:staff01demo",
            "invitee_email": f"person{number:04d}@example.{('com', 'org')[number % 2]}",
            "status": status,
            "accepted_by_did": did,
            "metadata": {"wave": str(wave)},
            "created_at": iso(created),
            "accepted_at": iso(accepted) if accepted else None,
            "expires_at": iso(created + 7 * DAY_MS),
        }
        for number, (created, accepted, wave, status, did) in enumerate(rows, start=1)
    ]


def roster(people: People, last_active: np.ndarray) -> list[dict[str, Any]]:
    """Rows of testers; inactive = nothing in the last 14 days. `last_active` in ms, -1 = never."""
    quiet = plan.AS_OF_MS - 14 * DAY_MS
    return [
        {
            "did": did,
            "handle": f"{people.reason[i] or 'tester'}{i + 1:03d}.tiktoktoe.example",
            "invited_by": "did:plc:staff01demo",
            "status": "active" if last_active[i] >= quiet else "inactive",
            "joined_at": iso(people.accepted[i]),
            "last_active_at": iso(last_active[i]) if last_active[i] >= 0 else None,
            "metadata": {
                "wave": str(people.wave[i]),
                "platform": people.platform[i],
                "profile_completion": 40 + i % 61,
            },
        }
        for i, did in enumerate(people.did)
    ]


def flags(people: People) -> list[dict[str, Any]]:
    """Rows of the limited feature: on for half of the testers, written off for every tenth of the others."""
    feature = plan.FEATURES[plan.LIMITED_FEATURE]
    return [
        {"user_id": did, "feature": feature, "enabled": bool(people.flagged[i]), "created_at": iso(people.accepted[i])}
        for i, did in enumerate(people.did)
        if people.flagged[i] or i % 10 == 0
    ]
