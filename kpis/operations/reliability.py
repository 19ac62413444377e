"""Is the error rate really changing? Limits, budget, kinds of errors and availability of a week."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from data.warehouse import Snapshot
from kpis.operations import budget, spellings, xmr
from kpis.operations.families import APP_ERRORS
from kpis.operations.routes import instants, weeks
from kpis.operations.shifts import days
from kpis.words import short_day

DEFAULT_OBJECTIVE = 0.99


@dataclass(frozen=True)
class Behaviour:
    """Daily error ratios with the limits of routine variation; `signals` are days outside them."""

    days: tuple[date, ...]
    values: tuple[float | None, ...]
    limits: xmr.Limits | None
    signals: tuple[date, ...]


@dataclass(frozen=True)
class Spent:
    """The programme's error budget: state now, and what each week spent of it."""

    objective: float
    whole: budget.Budget
    by_week: dict[int, float | None]
    burns: tuple[budget.Burn, ...]
    hours: tuple[int, ...]  # start of each hour, microseconds


@dataclass(frozen=True)
class Target:
    """One scrape target over a period: share of scrapes that found it up, and of scrapes that happened at all."""

    name: str
    up: float | None
    scraped: float | None


@dataclass(frozen=True)
class Period:
    """A week or a day whose errors are asked for: numbers of its local days, and its instants in microseconds."""

    name: str
    day_range: tuple[int, int]  # first, and the one after the last
    start_us: int
    end_us: int


def periods(snapshot: Snapshot, week: int, outside: tuple[date, ...]) -> tuple[Period, ...]:
    """The week, then the days outside the limits of routine variation, then the days of the week."""
    rows = snapshot.rows("operations/programme_days")
    parts = [
        Period(_named(r["local_date"], outside), (r["day_n"], r["day_n"] + 1), r["start_us"], r["end_us"])
        for r in sorted(rows, key=lambda r: (r["local_date"] not in outside, r["day_n"]))
        if r["local_date"] in outside or r["week"] == week
    ]
    start, end = instants(snapshot)[week]
    return Period(f"week {week}", weeks(snapshot)[week], start, end), *parts


def _named(day: date, outside: tuple[date, ...]) -> str:
    return f"{day:%a} {short_day(day)}{', outside the limits' if day in outside else ''}"


def behaviour(snapshot: Snapshot) -> Behaviour:
    """Error ratio of every programme day that is over; None on a day without traffic. Limits from the whole so far."""
    numbers, dates = days(snapshot)
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in snapshot.rows("operations/route_failures", **spellings.requests(snapshot)):
        if row["failed"] is not None:
            sums[row["day_n"]][0] += row["requests"]
            sums[row["day_n"]][1] += row["failed"]
    values = tuple(sums[n][1] / sums[n][0] if n in sums and sums[n][0] > 0 else None for n in numbers)
    found = xmr.limits(values)
    out = xmr.signals(values, found) if found else ()
    return Behaviour(tuple(dates), values, found, tuple(dates[i] for i in out))


def spent(snapshot: Snapshot, objective: float = DEFAULT_OBJECTIVE) -> Spent | None:
    """Error budget over the fixed programme; None when no request counter tells failures apart."""
    rows = snapshot.rows("operations/http_hours", **spellings.requests(snapshot))
    weeks = snapshot.rows("operations/weeks")
    first, last = weeks[0]["start_us"], weeks[-1]["end_us"]
    inside = [r for r in rows if first <= r["hour_us"] < last and r["failed"] is not None]
    if not inside:
        return None
    now = min(int(snapshot.meta["as_of_us"]), last)
    elapsed = max((now - first) / (last - first), 1e-9)
    dense = dict.fromkeys(range(first, inside[-1]["hour_us"] + 1, 3_600_000_000), (0.0, 0.0))
    for row in inside:
        old = dense.get(row["hour_us"], (0.0, 0.0))
        dense[row["hour_us"]] = (old[0] + row["requests"], old[1] + row["failed"])
    requests, failed = sum(n for n, _ in dense.values()), sum(b for _, b in dense.values())
    whole = budget.budget(requests, failed, objective, elapsed=elapsed)
    by_week = {
        w["week"]: _part(dense, w["start_us"], w["end_us"], whole.allowed) for w in weeks if w["state"] != "future"
    }  # fmt: skip
    ordered = sorted(dense)
    burns = budget.burns([dense[h][0] for h in ordered], [dense[h][1] for h in ordered], objective, 7 * len(weeks))
    return Spent(objective, whole, by_week, burns, tuple(ordered))


def _part(dense: dict[int, tuple[float, float]], start: int, end: int, allowed: float) -> float | None:
    """Share of the whole budget that the failures of a period took; None without traffic in it."""
    inside = [v for h, v in dense.items() if start <= h < end]
    if allowed <= 0 or sum(n for n, _ in inside) <= 0:
        return None
    return sum(b for _, b in inside) / allowed


def error_kinds(snapshot: Snapshot, day_range: tuple[int, int]) -> list[dict]:
    """Errors by type and component in a period, from the application's error counter, most first."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in snapshot.rows("operations/error_kinds", metrics=list(APP_ERRORS)):
        if day_range[0] <= row["day_n"] < day_range[1]:
            sums[row["error_type"], row["component"]] += row["errors"]
    rows = [{"type": t, "component": c, "errors": n} for (t, c), n in sums.items() if n > 0]
    return sorted(rows, key=lambda r: (-r["errors"], r["type"], r["component"]))


def errors_met(snapshot: Snapshot, start_us: int, end_us: int) -> list[dict]:
    """Failures that testers met: place, detail, how often, how many testers, first and last."""
    engagement = snapshot.settings.get("engagement", {})
    return snapshot.rows(
        "operations/error_testers", start_us=start_us, end_us=end_us,
        request_event=snapshot.settings.get("performance", {}).get("request_event", "api_call"),
        error_events=list(engagement.get("error_events", ["app_error"])),
    )  # fmt: skip


def availability(snapshot: Snapshot, day_range: tuple[int, int]) -> tuple[Target, ...]:
    """Every scrape target: up over scrapes, and scrapes over those expected from its interval."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    lengths = {r["day_n"]: (r["end_us"] - r["start_us"]) / 1000 for r in snapshot.rows("operations/programme_days")}
    for row in snapshot.rows("operations/availability"):
        if day_range[0] <= row["day_n"] < day_range[1] and row["day_n"] in lengths:
            entry = sums[f"{row['job']}/{row['instance']}"]
            entry[0] += row["up"]
            entry[1] += row["samples"]
            entry[2] = row["interval_ms"] or 0
    expected = sum(v for n, v in lengths.items() if day_range[0] <= n < day_range[1])
    return tuple(
        Target(name, up / n if n else None, min(1.0, n * interval / expected) if interval and expected else None)
        for name, (up, n, interval) in sorted(sums.items())
    )
