"""The event log of the demo: what testers do, and the requests their apps send."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from data.demo import plan
from data.demo.lives import Lives
from data.demo.people import People

TYPES = (
    "screen_view", "post_view", "content_view", "content_like", "content_watch", "content_comment", "content_share",
    "post_created", "custom_feed_view", "feature_used", "migration_started", "feedback_submitted",
    "beta_tester_activated", "api_call", "app_error", "weekly_update_sent",
)  # fmt: skip
CODE = {name: i for i, name in enumerate(TYPES)}
ACTIVE = TYPES[:12]  # what a person does on purpose; the app's own calls, errors and pushes are no activity
_BROWSING = ("post_view", "content_view", "content_like", "content_watch", "content_comment", "content_share",
             "screen_view", "post_created")  # fmt: skip
_BROWSING_SHARE = (0.27, 0.25, 0.13, 0.12, 0.05, 0.04, 0.11, 0.03)

FEED, POST, NEW_POST, MOVE, IMPORT = range(5)
ROUTES = (
    ("GET", "/api/feed"),
    ("GET", "/api/posts/:id"),
    ("POST", "/api/posts"),
    ("POST", "/api/games/:id/moves"),
    ("POST", "/api/migration/import"),
)
_ROUTE_OF = {"screen_view": FEED, "content_view": FEED, "content_watch": FEED, "post_view": POST, "content_like": POST,
             "content_comment": POST, "content_share": POST, "post_created": NEW_POST}  # fmt: skip


@dataclass
class Rows:
    """Events as parallel arrays. `extra` is the feature, route, or number of the thing meant; -1 = none."""

    ts: np.ndarray  # ms
    person: np.ndarray
    type: np.ndarray
    extra: np.ndarray
    request: np.ndarray = field(default_factory=lambda: np.empty(0, int))  # place in Traffic, -1 = no request

    def __post_init__(self) -> None:
        if not len(self.request):
            self.request = np.full(len(self.ts), -1)

    def __len__(self) -> int:
        return len(self.ts)

    def take(self, where: np.ndarray) -> Rows:
        return Rows(*(getattr(self, f.name)[where] for f in fields(self)))

    def of(self, *types: str) -> np.ndarray:
        return np.isin(self.type, [CODE[t] for t in types])


def joined(*parts: Rows) -> Rows:
    return Rows(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Rows)))


def in_order(rows: Rows) -> Rows:
    """Sorted by time, then person and type: the order in which a server would number them."""
    return rows.take(np.lexsort((rows.extra, rows.type, rows.person, rows.ts)))


def like(ts: np.ndarray, person: np.ndarray, kind: str, extra: np.ndarray | int = -1) -> Rows:
    """Events of one type."""
    n = len(ts)
    return Rows(np.asarray(ts, np.int64), np.asarray(person), np.full(n, CODE[kind]), np.broadcast_to(extra, n).copy())


def build(people: People, lives: Lives) -> Rows:
    """Everything people and their apps did, unsorted; feedback is added by its own module."""
    rng = plan.rng("log")
    acts, session = _acts(rng, people, lives)
    moved = acts.take((acts.type == CODE["feature_used"]) & (acts.extra == plan.FEATURES.index("tiktok_migration")))
    migrations = like(moved.ts + 2000, moved.person, "migration_started")
    feeds = acts.take((acts.type == CODE["feature_used"]) & (acts.extra == plan.LIMITED_FEATURE))
    views = like(feeds.ts + 1500, feeds.person, "custom_feed_view")
    fourth = np.flatnonzero(lives.is_first)
    starts = np.searchsorted(session, fourth) + 3  # after the fourth act of the first session
    activated = like(acts.ts[starts] + 700, acts.person[starts], "beta_tester_activated")
    return joined(acts, migrations, views, activated, _calls(rng, acts, migrations), _refreshes(rng, people, lives),
                  _pushes(people), _errors(rng, acts))  # fmt: skip


def _acts(rng: np.random.Generator, people: People, lives: Lives) -> tuple[Rows, np.ndarray]:
    """Acts of every session, 5 to 155 s apart, and the session each belongs to."""
    many = np.clip(6 + rng.poisson(4.5, len(lives.person)), 6, 20)
    many = np.where(people.counts[lives.person], many, many + 8)
    session = np.repeat(np.arange(len(many)), many)
    first = np.concatenate([[0], np.cumsum(many)[:-1]])
    gap = 5000 + np.minimum(np.rint(rng.exponential(35_000, len(session))).astype(np.int64), 150_000)
    gap[first] = 0
    passed = np.cumsum(gap)
    ts = lives.start[session] + passed - passed[first][session]
    codes = np.array([CODE[t] for t in _BROWSING])
    kind = codes[np.searchsorted(np.cumsum(_BROWSING_SHARE), rng.random(len(session)), side="right").clip(max=7)]
    kind[first] = CODE["screen_view"]
    extra = np.full(len(session), -1)
    person = lives.person[session]
    for f, chance in enumerate(plan.FEATURE_PER_SESSION):  # the second to fifth act may be a feature's
        uses = people.adopts[lives.person, f] & (rng.random(len(many)) < chance)
        at = first[uses] + f + 1
        kind[at], extra[at] = CODE["feature_used"], f
    return Rows(ts, person, kind, extra), session


def _calls(rng: np.random.Generator, acts: Rows, migrations: Rows) -> Rows:
    """The requests behind the acts: most acts send one, every import does."""
    route = np.full(len(TYPES), FEED)
    for name, r in _ROUTE_OF.items():
        route[CODE[name]] = r
    to = route[acts.type]
    playing = (acts.type == CODE["feature_used"]) & (acts.extra == plan.FEATURES.index("core_gameplay"))
    to = np.where(playing, MOVE, to)
    sends = rng.random(len(acts)) < 0.8
    after = rng.integers(20, 400, len(acts))
    calls = like(acts.ts[sends] + after[sends], acts.person[sends], "api_call", to[sends])
    return joined(calls, like(migrations.ts + 300, migrations.person, "api_call", IMPORT))


def _refreshes(rng: np.random.Generator, people: People, lives: Lives) -> Rows:
    """Background refreshes on days without use: requests of an app nobody looks at."""
    days = np.arange(plan.DAYS)
    idle = (days[None, :] > plan.day_of(np.maximum(people.first, plan.DAY_STARTS[0]))[:, None]) & ~lives.active
    idle &= (people.first >= 0)[:, None] & (rng.random(idle.shape) < 0.15)
    person, day = np.nonzero(idle)
    ts = plan.wall(day, rng.integers(5 * 3600, 23 * 3600, len(day)))
    return like(ts, person, "api_call", FEED)


def _pushes(people: People) -> Rows:
    """The weekly mail, every Monday at 09:00 to everybody who accepted: sent by the server, no activity."""
    parts = []
    for day in range(7, plan.DAYS, 7):
        at = plan.day_start(day) + 9 * plan.HOUR_MS
        person = np.flatnonzero(people.accepted < at)
        parts.append(like(np.full(len(person), at), person, "weekly_update_sent", day // 7))
    return joined(*parts)


def _errors(rng: np.random.Generator, acts: Rows) -> Rows:
    """app_error events; `extra` is the place in ERRORS. On the day of the spike one component fails for many."""
    usual = rng.random(len(acts)) < 0.0012
    kind = rng.integers(1, len(ERRORS), len(acts))
    spike = (acts.ts >= plan.local_ms(plan.SPIKE[0])) & (acts.ts < plan.local_ms(plan.SPIKE[1]))
    spike &= rng.random(len(acts)) < 0.18
    a, b = acts.take(usual), acts.take(spike)
    return joined(like(a.ts + 900, a.person, "app_error", kind[usual]), like(b.ts + 950, b.person, "app_error", 0))


# component, type, message, fatal; the first is the planted one
ERRORS = (
    ("migration", "import_failed", "TikTok import stopped: unexpected field in archive", False),
    ("feed", "timeout", "feed did not load in time", False),
    ("game", "sync_lost", "game state out of step with server", False),
    ("media", "decode", "video could not be decoded", True),
)
