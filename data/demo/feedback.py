"""What testers write: ratings, bugs with their repair, wishes, and texts that try to break a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from data.demo import plan
from data.demo.lives import Lives
from data.demo.people import People
from data.demo.plan import DAY_MS, HOUR_MS, iso

TEXTS = {
    "bug": (("Import stops", "The import of my videos stops half-way."), ("Move lost", "My last move is gone."),
            ("Black video", "Sound but no picture on my phone."), ("Feed hangs", "The feed takes ages to load.")),
    "feature": (("Rematch", "A rematch button after a game, please."), ("Dark mode", "Dark mode would be nice."),
                ("Groups", "I want to play in groups of four.")),
    "general": (("Fun", "We play every evening."), ("Nice so far", "Works well for me."),
                ("Slow", "It got slow since last week."), ("Confusing", "I did not find my old posts.")),
}  # fmt: skip
HOSTILE = (
    ("html", "<script>alert('t')</script>", "<img src=x onerror=alert(1)><b>bold</b>"),
    ("markdown image", "![x](https://tracker.invalid/p.png)", "[win](javascript:alert(1)) | a | b |"),
    ("typst code", '#read("/etc/passwd")', '#import "x.typ": * $ sum_1 $ @ref <label> ```'),
    ("spreadsheet formula", '=HYPERLINK("https://evil.invalid","open")', "=cmd|' /C calc'!A0\t+1+1"),
    (
        "right-to-left mark",
        "\u202egnp.exe\u202c shown backwards",
        "zero\u200bwidth \u0645\u0631\u062d\u0628\u0627 \U0001f600",
    ),
    ("three kilobytes", "Long story", "Everything at once, again and again. " * 84),
)
# written at about this time, hours until mended: one waits for the release of week 4, none is open at its end
CRITICAL = (("2026-03-04 19:00", 30), ("2026-03-11 13:00", 290), ("2026-03-12 11:00", 22), ("2026-03-12 18:00", 16),
            ("2026-03-12 20:00", 14), ("2026-03-19 15:00", 5), ("2026-03-19 19:00", 40),
            ("2026-03-25 19:00", 50))  # fmt: skip
PER_SESSION = 0.05
GOOD_RATINGS = (0.72, 0.55, 0.58, 0.74, 0.74)  # chance of 4 or 5, per week


@dataclass
class Item:
    person: int
    created: int  # ms
    type: str
    title: str
    description: str
    priority: str
    rating: int | None
    steps: list[tuple[str, int]] = field(default_factory=list)  # status, ms

    @property
    def resolved(self) -> int | None:
        """When it was first resolved or closed, ms; None = open at as_of."""
        return next((at for status, at in self.steps if status in ("resolved", "closed")), None)


def build(people: People, lives: Lives, ends: np.ndarray) -> list[Item]:
    """Items in order of creation. `ends` = time of each session's last act, ms."""
    rng = plan.rng("feedback")
    tester = people.counts[lives.person]
    said = rng.random(len(ends)) < np.where(tester, PER_SESSION, 0.02)
    said &= ends + DAY_MS // 24 < plan.AS_OF_MS
    items = [_item(rng, people, int(lives.person[s]), int(ends[s]) + 20_000) for s in np.flatnonzero(said).tolist()]
    calm = np.flatnonzero(tester & ~said)
    for text, hours in CRITICAL:
        near = calm[np.argmin(np.abs(ends[calm] - plan.local_ms(text)))]
        calm = calm[calm != near]
        title, words = TEXTS["bug"][len(items) % 2]
        item = Item(int(lives.person[near]), int(ends[near]) + 20_000, "bug", title, words, "critical", None)
        item.steps = [("in_progress", item.created + HOUR_MS), ("resolved", item.created + hours * HOUR_MS)]
        items.append(item)
    items.sort(key=lambda i: (i.created, i.person))
    plain = [i for i in items if i.type == "general" and people.counts[i.person]]
    for k, (_, title, words) in enumerate(HOSTILE):
        target = plain[(k * len(plain)) // len(HOSTILE)]
        target.title, target.description = title, words
    return items


def _item(rng: np.random.Generator, people: People, person: int, created: int) -> Item:
    kind = ("general", "bug", "feature")[int(np.searchsorted([0.45, 0.82], rng.random(), side="right"))]
    title, words = TEXTS[kind][int(rng.integers(len(TEXTS[kind])))]
    week = int(plan.day_of(np.array(created))) // 7
    good = rng.random() < GOOD_RATINGS[week]
    rating = int(rng.integers(4, 6)) if good else int(rng.integers(1, 4))
    rated = rng.random() < (0.85 if kind == "general" else 0.4)
    priority = ("low", "medium", "high")[int(rng.integers(3))]
    item = Item(person, created, kind, title, words, priority, rating if rated else None)
    pace = {"bug": 40, "feature": 150, "general": 60}[kind]
    at = created
    for status, mean in (("in_progress", pace * 0.3), ("resolved", pace), ("closed", 24)):
        at += 600_000 + int(np.rint(rng.exponential(mean * HOUR_MS)))
        if at >= plan.AS_OF_MS or (status == "in_progress" and rng.random() < 0.15):
            break  # some are never taken up
        item.steps.append((status, at))
    return item


def lines(items: list[Item], people: People) -> list[dict[str, Any]]:
    """One row per item and status, in the order in which they were written."""
    rows: list[tuple[int, int, dict[str, Any]]] = []
    for number, item in enumerate(items, start=1):
        base = {"id": number, "user_id": people.did[item.person], "type": item.type, "title": item.title,
                "description": item.description, "priority": item.priority, "rating": item.rating}  # fmt: skip
        for status, at in [("new", item.created), *item.steps]:
            rows.append(
                (at, number, {**base, "status": status, "created_at": iso(item.created), "updated_at": iso(at)})
            )
    rows.sort(key=lambda r: r[:2])
    return [row for _, _, row in rows]
