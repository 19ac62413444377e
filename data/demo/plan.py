"""The plan of the demo beta: its seed, its calendar, its size and everything planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

SEED = 20260311  # a draw whose realised rates lie within the 95 % intervals of the design probabilities
ZONE = "Europe/Berlin"  # summer time starts on 29 March 2026, in week 4: a day of 23 hours
LAUNCH = date(2026, 3, 2)
WEEKS = 4
DAYS_AFTER = 3  # life goes on, so that week 4 is complete and settled at as_of
DAYS = 7 * WEEKS + DAYS_AFTER
DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000
INSTANCES = ("app-1", "app-2")
RESTART_LAG_MS = 6 * MINUTE_MS  # app-2 follows app-1 in a rolling release


@dataclass(frozen=True)
class Scale:
    """Size of a demo. The defaults are the published demo; tests use less."""

    testers: int = 400
    background_per_day: int = 30_000  # requests of people who are no testers
    scrape_s: int = 900  # 15 s in life; a quarter of an hour keeps four weeks of text near 80 MB

    def __post_init__(self) -> None:
        if self.testers < 40:
            raise ValueError("a demo needs at least 40 testers to hold what is planted in it")

    def waves(self) -> tuple[int, int, int]:
        """Testers who accept, per wave: 200, 130 and 70 of 400."""
        first, second = round(self.testers * 0.5), round(self.testers * 0.325)
        return first, second, self.testers - first - second


def local_ms(text: str) -> int:
    """Milliseconds since 1970 of a wall clock time in the programme's zone, e.g. `2026-03-11 10:00`."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


def iso(ms: int) -> str:
    """An instant as `2026-03-02T08:15:00.123Z`."""
    seconds, milli = divmod(int(ms), 1000)
    return f"{datetime.fromtimestamp(seconds, tz=UTC):%Y-%m-%dT%H:%M:%S}.{milli:03d}Z"


FIRST_DAY = -7  # days are numbered from launch; people are invited before it
DAY_STARTS = np.array(
    [local_ms(f"{LAUNCH + timedelta(days=d)} 00:00") for d in range(FIRST_DAY, DAYS + 2)], dtype=np.int64
)
_NOONS = np.array([local_ms(f"{LAUNCH + timedelta(days=d)} 12:00") for d in range(FIRST_DAY, DAYS + 2)], dtype=np.int64)


def day_of(ms: np.ndarray) -> np.ndarray:
    """Local day of instants, counted from launch (day 0)."""
    return np.searchsorted(DAY_STARTS, ms, side="right") - 1 + FIRST_DAY


def wall(day: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Instant (ms) of a wall clock second of a local day; right for times after 03:00, also on 29 March."""
    return _NOONS[np.asarray(day) - FIRST_DAY] + (np.asarray(second, dtype=np.int64) - 43_200) * 1000


def second_of_day(ms: np.ndarray) -> np.ndarray:
    """Wall clock second of instants (times after 03:00)."""
    return (ms - _NOONS[day_of(ms) - FIRST_DAY]) // 1000 + 43_200


def day_start(day: int) -> int:
    return int(DAY_STARTS[day - FIRST_DAY])


def local_date(day: int) -> str:
    return (LAUNCH + timedelta(days=int(day))).isoformat()


def rng(part: str) -> np.random.Generator:
    """An independent stream of random numbers for one part of the simulation."""
    return np.random.Generator(np.random.PCG64([SEED, *part.encode()]))


AS_OF_MS = day_start(DAYS)
METRICS_FROM_MS = local_ms("2026-03-01 20:00")  # scraped before launch, so week 1 has its baseline

# ---- people

WAVE_INVITED = ("2026-02-27", "2026-03-09", "2026-03-16")
AGAIN, AGAIN_SHARE = "2026-03-23", 0.4  # places still free are offered again in week 4, to part of wave 3
ACCEPTANCE = 400 / 480
ACTIVATED_48H = (0.84, 0.80, 0.82)  # per wave; 5 % more come later, the others never
ACTIVATED_LATER = 0.05
RETENTION_D1 = (0.56, 0.48, 0.52)  # on day N after the first: D1 * N ** -decay
RETENTION_DECAY = (0.148, 0.177, 0.161)
KINDS_OF_TESTER = ((0.35, 1.6), (0.30, 1.0), (0.35, 0.4))  # share, factor on the chance to return; mean 1
WEEKDAYS = (1.0, 0.97, 0.96, 0.98, 1.06, 1.08, 0.95)  # Monday first
PLATFORMS = (("android", 0.42), ("ios", 0.33), ("web", 0.25))
FEATURES = ("core_gameplay", "social_features", "custom_feeds", "tiktok_migration")
FEATURE_ADOPTERS = (0.92, 0.48, 0.40, 0.26)  # share of testers who take it up (of those who may)
FEATURE_PER_SESSION = (0.75, 0.40, 0.45, 0.22)
LIMITED_FEATURE = 2  # custom_feeds is switched on for half of the testers
STAFF = 10  # by pattern; with TEST_ACCOUNTS 14 people who must not count
TEST_ACCOUNTS = (("did:plc:testkonto01demo", "test"), ("did:plc:testkonto02demo", "test"),
                 ("did:plc:testkonto03demo", "test"), ("did:plc:loadbot01demo", "bot"))  # fmt: skip

# ---- software


@dataclass(frozen=True)
class Release:
    name: str
    at: str
    note: str

    @property
    def ms(self) -> int:
        return local_ms(self.at)


RELEASES = (
    Release("1.2.0", "2026-03-02 07:00", "launch build"),
    Release("1.3.0", "2026-03-11 10:00", "new ranking of the feed"),
    Release("1.3.1", "2026-03-13 09:00", "hotfix of the TikTok import"),
    Release("1.4.1", "2026-03-23 09:00", "feed ranking cached"),
)
BEFORE_LAUNCH = "1.1.9"
SLOW_ROUTE, SLOW_FACTOR, MENDED_FACTOR = "/api/feed", 2.2, 1.5
INCIDENT = ("2026-03-19 14:10", "2026-03-19 15:45")  # 95 minutes without a free database connection
INCIDENT_SLOWER, INCIDENT_FAILED = 5.0, 0.85
SPIKE = ("2026-03-12 09:00", "2026-03-12 21:00")
SPIKE_COMPONENT = "migration"
SPIKE_FAILED, SPIKE_ERRORS_PER_HOUR = 0.40, 40
GAP = ("2026-03-21 02:00", "2026-03-21 05:00")
GAP_JOB = "app"
FAILED = 0.002
MAX_CONNECTIONS = 120

# ---- what is wrong with the files

LATE, DUPLICATES, CONFLICTS, MERGES = 60, 40, 5, 4
MAX_LATE_DAYS = 6
GZIPPED_DAYS = range(7)  # the first week's files
ORPHAN = "did:plc:orphan7unknown7demo"
