"""The questions in SQL on `events (tester, ts_us, day, active, feature)`, day counted from 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.answers import Answer
from benchmarks.generate import DAYS, FEATURES

IDLE_US = 1_800_000_000
Rows = Callable[[str], list[tuple]]


@dataclass(frozen=True)
class Dialect:
    """What differs: numbers 0..n-1 as a table, the value before and after (NULL where there is none), the week."""

    numbers: str
    lag: str
    lead: str
    frame: str
    week: str


DUCKDB = Dialect("(SELECT range AS n FROM range({}))", "lag({})", "lead({})", "", "day // 7")
CLICKHOUSE = Dialect(
    "(SELECT toInt32(number) AS n FROM numbers({}))", "lagInFrame(toNullable({}))", "leadInFrame(toNullable({}))",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", "intDiv(day, 7)",
)  # fmt: skip

DAILY = "SELECT day, count(DISTINCT tester) FROM events WHERE active = 1 GROUP BY day"
ROLLING = """
SELECT d.day + n.n AS until, count(DISTINCT d.tester)
FROM (SELECT DISTINCT tester, day FROM events WHERE active = 1) AS d CROSS JOIN {numbers} AS n
WHERE d.day + n.n BETWEEN 6 AND {last} GROUP BY until
"""
TRIANGLE = """
WITH visits AS (SELECT DISTINCT tester, {unit} AS unit FROM events WHERE active = 1),
firsts AS (SELECT tester, min(unit) AS cohort FROM visits GROUP BY tester)
SELECT f.cohort, v.unit - f.cohort AS col, count(*)
FROM visits AS v INNER JOIN firsts AS f ON f.tester = v.tester GROUP BY f.cohort, col
"""
AFTER = """
WITH spans AS (
    SELECT tester, min(day) AS cohort, max(day) - min(day) AS furthest FROM events WHERE active = 1 GROUP BY tester
)
SELECT s.cohort, n.n AS col, count(*) FROM spans AS s CROSS JOIN {numbers} AS n
WHERE n.n <= s.furthest GROUP BY s.cohort, col
"""
LIFECYCLE = """
WITH visits AS (SELECT DISTINCT tester, day FROM events WHERE active = 1),
around AS (SELECT day, {before} AS before, {after} AS following FROM visits),
states AS (
    SELECT day AS seen, CASE WHEN before IS NULL THEN 1 WHEN before = day - 1 THEN 2 ELSE 3 END AS state FROM around
    UNION ALL
    SELECT day + 1 AS seen, 4 AS state FROM around WHERE following IS NULL OR following <> day + 1
)
SELECT seen, sum(CASE WHEN state = 1 THEN 1 ELSE 0 END), sum(CASE WHEN state = 2 THEN 1 ELSE 0 END),
       sum(CASE WHEN state = 3 THEN 1 ELSE 0 END), sum(CASE WHEN state = 4 THEN 1 ELSE 0 END)
FROM states WHERE seen <= {last} GROUP BY seen
"""
ADOPTION = """
WITH used AS (
    SELECT tester, feature, count(DISTINCT day) AS days FROM events WHERE feature > 0 GROUP BY tester, feature
)
SELECT feature, count(*), sum(CASE WHEN days >= 2 THEN 1 ELSE 0 END) FROM used GROUP BY feature
"""
ACTIVE = "SELECT count(DISTINCT tester) FROM events WHERE active = 1"
SESSIONS = """
WITH steps AS (SELECT day, ts_us, {before} AS before FROM events WHERE active = 1)
SELECT day, count(*) FROM steps WHERE before IS NULL OR ts_us - before > {idle} GROUP BY day
"""


def questions(run: Rows, dialect: Dialect) -> dict[str, Callable[[], Answer]]:
    """The questions by the name the product answers them under."""
    last = DAYS - 1
    by_day = f" OVER (PARTITION BY tester ORDER BY day {dialect.frame})"
    by_time = f" OVER (PARTITION BY tester ORDER BY ts_us {dialect.frame})"
    triangle, weekly = TRIANGLE.format(unit="day"), TRIANGLE.format(unit=dialect.week)
    rolling = ROLLING.format(numbers=dialect.numbers.format(7), last=last)
    after = AFTER.format(numbers=dialect.numbers.format(DAYS))
    before, following = dialect.lag.format("day") + by_day, dialect.lead.format("day") + by_day
    states = LIFECYCLE.format(last=last, before=before, after=following)
    sessions = SESSIONS.format(before=dialect.lag.format("ts_us") + by_time, idle=IDLE_US)
    return {
        "daily active testers": lambda: pairs(run(DAILY)),
        "weekly active testers, rolling": lambda: pairs(run(rolling), first=6),
        "daily retention triangle": lambda: cells(run(triangle)),
        "daily retention, on or after": lambda: cells(run(after)),
        "weekly retention": lambda: cells(run(weekly)),
        "lifecycle by day": lambda: quadruples(run(states)),
        "adoption of 40 features": lambda: features(run(ADOPTION), run(ACTIVE)[0][0]),
        "sessions by day": lambda: pairs(run(sessions)),
    }


def pairs(rows: Iterable[tuple], first: int = 0) -> Answer:
    """Day -> count, 0 on days without a row."""
    return dict.fromkeys(range(first, DAYS), 0) | {int(day): int(count) for day, count in rows}


def quadruples(rows: Iterable[tuple]) -> Answer:
    """Day -> four counts, 0 on days without a row."""
    return dict.fromkeys(range(DAYS), (0, 0, 0, 0)) | {int(day): tuple(map(int, counts)) for day, *counts in rows}


def cells(rows: Iterable[tuple]) -> Answer:
    return {(int(cohort), int(col)): int(count) for cohort, col, count in rows}


def features(rows: Iterable[tuple], active: int) -> Answer:
    """Features nobody used are there too."""
    found = {FEATURES[feature - 1]: (int(active), int(users), int(again)) for feature, users, again in rows}
    return {name: found.get(name, (int(active), 0, 0)) for name in FEATURES}
