# ruff: noqa: E501 - the table of KPIs is read as a table
"""A Review made by hand, for tests of pages, charts and reports: 27 KPIs x 4 weeks, no snapshot needed.

`review()` is week 4 of a finished beta; `review(week=3, as_of=...)` leaves week 3 running. Among the data are a KPI
without data, one that failed, one below its sample, a value above the last bucket and a hostile marker note.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from kpis.model import (
    Change,
    Count,
    DayValue,
    Decision,
    DefaultTarget,
    Evidence,
    Gap,
    HistogramQuantile,
    HistogramShare,
    Kpi,
    KpiValue,
    Marker,
    MeanPerTester,
    MedianDuration,
    Programme,
    ProgrammeVerdict,
    Proportion,
    RatioOfSums,
    Review,
    SourceHealth,
    State,
    Status,
    Unit,
    WeekReview,
)

LAUNCH = date(2026, 3, 2)
AS_OF = datetime(2026, 4, 2, 6, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script> ![x](https://evil.example/p.png) [go](javascript:alert(1)) :red[loud] $\\href{x}$ "
    "=HYPERLINK(1) #let x = 1 \u202egnp.exe"
)
R, C, S, H, P = Unit.RATIO, Unit.COUNT, Unit.SECONDS, Unit.HOURS, Unit.PER_TESTER
BUCKETS = "http_request_duration_seconds_bucket"

# id, title, family, unit, better, measure, target, floor, proposed, sample word, n, W1..W4
_TABLE = [
    ("wau", "Weekly active testers", "engagement", C, "higher", Count("measures/wau"), 250, 200, True, "testers", 398, (148, 236, 281, 274)),
    ("dau", "Daily active testers", "engagement", C, "higher", Count("measures/dau"), 90, 60, True, "testers", 398, (61.4, 92.1, 108.7, 103.3)),
    ("stickiness", "Stickiness (DAU / WAU)", "engagement", R, "higher", RatioOfSums("measures/stickiness", False), 0.35, 0.25, True, "testers", 274, (0.415, 0.390, 0.387, 0.377)),
    ("activation", "Activated within 48 hours", "engagement", R, "higher", Proportion("measures/activation"), 0.6, 0.5, True, "testers", 140, (0.62, 0.66, 0.71, 0.69)),
    ("retention_d1", "Day-1 retention", "engagement", R, "higher", Proportion("measures/retention"), 0.4, 0.3, True, "testers", 150, (0.47, 0.49, 0.46, 0.44)),
    ("retention_d7", "Day-7 retention", "engagement", R, "higher", Proportion("measures/retention"), 0.3, 0.2, True, "testers", 142, (None, 0.34, 0.31, 0.24)),
    ("retention_d14", "Day-14 retention", "engagement", R, "higher", Proportion("measures/retention"), 0.25, 0.15, True, "testers", 88, (None, None, 0.27, 0.25)),
    ("retention_w1", "Week-1 retention", "engagement", R, "higher", Proportion("measures/retention_bracket"), 0.5, 0.4, True, "testers", 142, (None, 0.61, 0.57, 0.52)),
    ("sessions_per_tester", "Sessions per active tester", "engagement", P, "higher", MeanPerTester("measures/sessions"), 4, 3, True, "testers", 274, (4.9, 4.6, 4.7, 4.4)),
    ("feature_adoption", "Core gameplay adoption", "engagement", R, "higher", Proportion("measures/adoption"), 0.6, 0.4, True, "testers", 274, (0.52, 0.58, 0.63, 0.66)),
    ("error_ratio", "Requests answered with a 5xx", "reliability", R, "lower", RatioOfSums("measures/error_ratio"), 0.01, 0.05, False, "requests", 812_345, (0.0042, 0.0391, 0.0038, 0.0061)),
    ("error_free_testers", "Error-free testers", "reliability", R, "higher", Proportion("measures/error_free"), 0.9, 0.8, True, "testers", 274, (0.953, 0.871, 0.962, 0.948)),
    ("migration_success", "Migrations that succeed", "reliability", R, "higher", RatioOfSums("measures/migration"), 0.9, 0.8, False, "migrations", 46, (0.912, 0.934, 0.921, 0.935)),
    ("latency_p95", "API latency p95", "performance", S, "lower", HistogramQuantile((BUCKETS,), 0.95), 0.2, 1.0, False, "requests", 812_345, (0.162, 0.171, 0.418, 0.402)),
    ("latency_p99", "API latency p99", "performance", S, "lower", HistogramQuantile((BUCKETS,), 0.99), 0.5, 2.0, False, "requests", 812_345, (0.412, 0.466, 1.31, 1.24)),
    ("requests_within_200ms", "Requests within 200 ms", "performance", R, "higher", HistogramShare((BUCKETS,), 0.2), 0.95, 0.9, False, "requests", 812_345, (0.968, 0.962, 0.884, 0.887)),
    ("migration_p95", "Migration duration p95", "performance", S, "lower", HistogramQuantile(("beta_migration_duration_bucket",), 0.95, 0.001), 30, 60, False, "migrations", 46, (24.1, 26.4, 25.2, 60.0)),
    ("cpu_busy", "CPU busy", "resources", R, "lower", RatioOfSums("measures/cpu", False), 0.7, 0.85, False, "samples", 40_300, (0.31, 0.38, 0.52, 0.51)),
    ("memory_used", "Memory used", "resources", R, "lower", RatioOfSums("measures/memory", False), 0.75, 0.9, False, "samples", 40_300, (0.48, 0.55, 0.61, 0.63)),
    ("db_connections_used", "Database connections used", "resources", R, "lower", RatioOfSums("measures/db", False), 0.8, 0.95, True, "samples", 40_300, (0.22, 0.61, 0.37, 0.39)),
    ("redis_memory_used", "Redis memory used", "resources", R, "lower", RatioOfSums("measures/redis", False), 0.8, 0.9, False, "samples", 40_300, (None, None, None, None)),
    ("feedback_per_tester", "Feedback per active tester", "feedback", P, "higher", MeanPerTester("measures/feedback"), 0.3, 0.15, True, "testers", 274, (0.41, 0.36, 0.44, 0.33)),
    ("csat", "Satisfied testers (ratings 4-5)", "feedback", R, "higher", Proportion("measures/csat"), 0.75, 0.6, True, "ratings", 88, (0.81, 0.62, 0.72, 0.74)),
    ("open_critical_bugs", "Open critical bugs", "feedback", C, "lower", Count("measures/critical_bugs"), 0, 2, True, "bugs", 61, (1, 4, 2, 1)),
    ("time_to_resolve", "Median time to resolve", "feedback", H, "lower", MedianDuration("measures/resolve"), 72, 120, True, "feedback items", 131, (41.5, 77.2, 60.1, 66.8)),
    ("invitations_accepted", "Invitations accepted", "programme", R, "higher", Proportion("measures/invitations"), 0.7, 0.5, True, "invitations", 160, (0.78, 0.74, 0.71, 0.76)),
    ("seats_used", "Seats used", "programme", R, "higher", RatioOfSums("measures/seats"), 0.4, 0.3, True, "seats", 1000, (0.148, 0.291, 0.398, 0.398)),
]  # fmt: skip

_SMALL = {"migration_success", "migration_p95"}  # below their minimum sample
KPI_IDS = tuple(row[0] for row in _TABLE)


def kpi(row: tuple) -> Kpi:
    key, title, family, unit, better, measure, target, floor, proposed, word, _, _ = row
    complements = {"error_free_testers": "Testers who met an error", "requests_within_200ms": "Requests over 200 ms"}
    return Kpi(
        id=key, title=title, question=f"How do we stand on {title.lower()}?",
        definition=f"{title}, counted over {word} of one programme week in the programme's time zone; "
        "staff, test accounts and bots are left out. Lands in the week in which its last day is over.",
        family=family, owner="Product" if family in ("engagement", "feedback", "programme") else "Engineering",
        unit=unit, better=better, measure=measure, target=DefaultTarget(target, floor, proposed),
        min_sample=100 if key in _SMALL else 20, sample_word=word,
        caveats=("Pooled over cohorts whose target day is over.",) if "retention" in key else (),
        complement=complements.get(key),
    )  # fmt: skip


def status_of(value: float | None, low: float, high: float, k: Kpi, n: int) -> tuple[Status, str]:
    """A plausible verdict for made-up data; the real rules live in kpis.verdicts."""
    if value is None:
        return Status.CANNOT_TELL, "No data for this week."
    if n < k.min_sample:
        return Status.CANNOT_TELL, f"{n} {k.sample_word}; {k.min_sample} are needed for a verdict."
    sign = 1 if k.better == "higher" else -1
    worst, best = (low, high) if sign > 0 else (high, low)
    target, floor = k.target.target, k.target.floor
    if sign * worst >= sign * target:
        return Status.ON_TARGET, "The whole interval is on the good side of the target."
    if sign * best < sign * floor:
        return Status.MISSED, "The whole interval is on the wrong side of the floor."
    if sign * worst >= sign * floor:
        return Status.WITHIN_FLOOR, "Between floor and target."
    return Status.CANNOT_TELL, "The interval spans the floor; about 90 more testers would decide it."


def values(k: Kpi, row: tuple, as_of: datetime) -> list[KpiValue]:
    found = []
    for week, value in enumerate(row[11], start=1):
        start = LAUNCH + timedelta(days=7 * (week - 1))
        days_in = min(max((as_of.date() - start).days, 0), 7)
        state = State.COMPLETE if days_in == 7 else State.RUNNING if days_in else State.FUTURE
        v = None if state is State.FUTURE else value
        n = 0 if v is None else row[10] * days_in // 7
        half = 0.0 if v is None else 1.96 * math.sqrt(v * (1 - v) / n) if k.unit is R and n else 0.06 * v
        low, high = (None, None) if v is None else (max(v - half, 0.0), v + half)
        status, reason = (
            (Status.CANNOT_TELL, f"{days_in} of 7 days; a running week has no verdict.")
            if state is not State.COMPLETE
            else status_of(v, low or 0.0, high or 0.0, k, n)
        )
        above = k.id == "migration_p95" and v == 60.0
        found.append(
            KpiValue(
                kpi_id=k.id, title=k.title, family=k.family, unit=k.unit, better=k.better, week=week, start=start,
                end=start + timedelta(days=6), state=state, value=v,
                numerator=None if v is None or k.unit is not R else round(v * n), denominator=n if k.unit is R else None,
                n=n, low=low, high=None if above else high,
                interval="Wilson 95 %" if k.unit is R else "bucket bounds" if k.unit is S else "bootstrap 95 %",
                target=k.target.target, floor=k.target.floor, target_proposed=k.target.proposed, status=status,
                reason=reason, not_yet_measurable=37 if "retention" in k.id and week == 4 else 0,
                measurable_on=date(2026, 4, 5) if "retention" in k.id and week == 4 else None,
                coverage=0.94 if k.family in ("reliability", "performance", "resources") and week == 3 else 1.0,
                as_of=as_of, revision=1, sample_word=k.sample_word, days_in=days_in,
                flags=("only reaches > 60 s",) if above else ("resets: 2",) if k.id == "error_ratio" else (),
            )
        )  # fmt: skip
    return found


def day_values(k: Kpi, row: tuple, as_of: datetime) -> tuple[DayValue, ...]:
    """28 days around the weekly values with a weekday wave; a scraping hole on days 17-18 for Prometheus KPIs."""
    found = []
    for d in range(28):
        weekly = row[11][d // 7]
        hole = k.family in ("reliability", "performance", "resources") and d in (16, 17)
        value = None
        if weekly is not None and not hole and LAUNCH + timedelta(days=d) < as_of.date():
            value = weekly * (1 + 0.12 * math.sin(2 * math.pi * d / 7) + 0.03 * math.cos(5 * d))
            value = round(value) if k.unit is C else min(value, 1.0) if k.unit is R else value
        found.append(DayValue(LAUNCH + timedelta(days=d), value, 0 if value is None else row[10] // 7))
    return tuple(found)


def changes(vs: list[KpiValue]) -> list[Change]:
    found = []
    for v in vs:
        before = next((w for w in vs if w.kpi_id == v.kpi_id and w.week == v.week - 1), None)
        both = before and before.value is not None and v.value is not None and v.state is State.COMPLETE
        if not both:
            found.append(Change(v.kpi_id, v.week, None, None, None, False, None, "not comparable"))
            continue
        delta = v.value - before.value
        clear = before.value != 0 and abs(delta / before.value) > 0.25
        better = (delta > 0) == (v.better == "higher") if clear else None
        words = f"{'rose' if delta > 0 else 'fell'} clearly" if clear else "no clear change"
        found.append(Change(v.kpi_id, v.week, delta, delta * 0.6, delta * 1.4, clear, better, words))
    return found


MARKERS = (
    Marker(1, datetime(2026, 3, 2, 8, tzinfo=UTC), None, "wave", "Wave 1 invited"),
    Marker(2, datetime(2026, 3, 9, 8, tzinfo=UTC), None, "wave", "Wave 2 invited"),
    Marker(3, datetime(2026, 3, 12, 14, tzinfo=UTC), datetime(2026, 3, 12, 16, 30, tzinfo=UTC), "incident",
           "Database connections exhausted", "pool limit raised from 20 to 60"),
    Marker(4, datetime(2026, 3, 16, 8, tzinfo=UTC), None, "wave", "Wave 3 invited"),
    Marker(5, datetime(2026, 3, 17, 9, tzinfo=UTC), None, "release", "v0.9.4", HOSTILE),
    Marker(6, datetime(2026, 3, 25, 11, tzinfo=UTC), None, "release", "v0.9.5"),
)  # fmt: skip

_LISTS = {
    1: ("Initial deployment", "System monitoring", "Critical bug fixes", "Initial user onboarding"),
    2: ("Feature usage analysis", "Performance optimisation", "User feedback collection", "Iterative improvements"),
    3: ("Feature usage analysis", "Performance optimisation", "User feedback collection", "Iterative improvements"),
    4: ("Comprehensive review", "Scaling assessment", "Feature prioritisation", "Full programme evaluation"),
}
_PROOF = (("seats_used",), ("cpu_busy", "latency_p95"), ("open_critical_bugs",), ("activation", "feedback_per_tester"))
_HEADLINES = {
    1: "Week 1: deployed and measured: 148 testers active, 1 critical bug open",
    2: "Week 2: the incident of 12 March pushed the error ratio to 3.9 %",
    3: "Week 3: API latency p95 more than doubled after v0.9.4",
    4: "Week 4: day-7 retention slipped to 24 %; latency stays above its target",
}


def week_reviews(vs: list[KpiValue]) -> tuple[WeekReview, ...]:
    found = []
    for week, items in _LISTS.items():
        first = next(v for v in vs if v.week == week)
        evidence = []
        for item, ids in zip(items, _PROOF, strict=True):
            seen = [next(v for v in vs if v.kpi_id == i and v.week == week) for i in ids]
            evidence.append(Evidence(item, "; ".join(f"{v.title}: {v.reason}" for v in seen), seen[0].status, ids))
        inside = tuple(m for m in MARKERS if first.start <= m.at.date() <= first.end)
        headline = _HEADLINES[week] if first.state is State.COMPLETE else f"Week {week}: {first.days_in} of 7 days"
        found.append(
            WeekReview(week, first.start, first.end, first.state, first.days_in, headline, tuple(evidence), inside)
        )
    return tuple(found)


def _health() -> tuple[SourceHealth, ...]:
    end = datetime(2026, 4, 2, 5, 59, tzinfo=UTC)
    return (
        SourceHealth("product", "postgres", "beta_analytics", True, "fresh: covers to 2026-04-02 05:59", end, end,
                     182_340, 181_950, 212, 3, 4, 171, 96),
        SourceHealth("product", "postgres", "beta_users", True, "fresh: covers to 2026-04-02 05:59", end, end,
                     412, 412, 0, 0, 0, 0, 0),
        SourceHealth("metrics", "prometheus", "app/app:3000", False,
                     "unreachable since 2026-04-01 22:10: connection refused", end - timedelta(hours=8),
                     end - timedelta(hours=8), 8_061_220, 8_061_220, 0, 0, 0, 0, 0,
                     ("storage retention is 15 days, the programme lasts 28",)),
    )  # fmt: skip


def review(week: int = 4, as_of: datetime = AS_OF, **changed: object) -> Review:
    """A whole Review. Keyword arguments replace fields, e.g. review(notices=())."""
    kpis = [kpi(row) for row in _TABLE]
    vs = [v for k, row in zip(kpis, _TABLE, strict=True) for v in values(k, row, as_of)]
    gap = Gap("metrics", "app/app:3000", datetime(2026, 3, 18, 2, tzinfo=UTC), datetime(2026, 3, 19, 20, tzinfo=UTC),
              "app/app:3000 of metrics: silent for 42 hours, 2026-03-18 03:00 to 2026-03-19 21:00")  # fmt: skip
    verdict = ProgrammeVerdict(
        Decision.CONDITIONS,
        "Week 4: go with conditions, because API latency p95 is 402 ms against a target of 200 ms.",
        (),
        ("API latency p95: 402 ms, target 200 ms, floor 1 s", "API latency p99: 1.24 s, target 500 ms, floor 2 s"),
        ("Day-7 retention: 24 % (18 to 32 %); 37 more testers become measurable by 5 April",),
    )
    made = Review(
        programme=Programme("TikTokToe closed beta", LAUNCH, 4, "Europe/Berlin", 1000, True, 398, 14),
        week=week, snapshot_id="beta-20260402T060000Z-0a1b2c3d", as_of=as_of, settings_hash="0" * 64,
        kpis=tuple(kpis), values=tuple(vs),
        days={k.id: day_values(k, row, as_of) for k, row in zip(kpis, _TABLE, strict=True)},
        changes=tuple(changes(vs)), verdict=verdict, weeks=week_reviews(vs), markers=MARKERS, health=_health(),
        gaps=(gap,), notices=("Demo: simulated testers, not a real beta.",),
        exclusion_effects=("14 staff and test accounts left out; day-7 retention would read 29 % instead of 24 %.",),
        failures={"redis_memory_used": "no series redis_memory_max_bytes in this snapshot"},
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]
