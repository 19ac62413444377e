"""Releases: those declared in the settings and those the series show by themselves, with what was taken back.

A version's run is the time in which its build_info was scraped. A run that ends while an older version goes on, or
comes back, was taken back: its interval is [at, until). A version that comes back later is a release again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from data.warehouse import Snapshot

HOUR_US = 3_600_000_000
NEAR_US = 2 * HOUR_US  # a found version this close to a declared release is that release


@dataclass(frozen=True)
class Release:
    """A release. `until_us` is set for one that was rolled back: it ran in [at, until]."""

    name: str
    at_us: int
    found: bool
    note: str = ""
    until_us: int | None = None


@dataclass(frozen=True)
class Run:
    """A version while it was scraped. `first`: its first run of all."""

    job: str
    version: str
    start_us: int
    end_us: int
    first: bool


@dataclass(frozen=True)
class Restart:
    """A scrape target began again at this instant: `series` counters fell (0: only its start time moved)."""

    target: str
    at_us: int
    series: int


def releases(snapshot: Snapshot) -> tuple[Release, ...]:
    """Declared and found releases in time order; a version seen near a declared release is that one, not two."""
    found = runs(snapshot.rows("operations/versions"))
    known = [
        Release(r["name"], r["at_us"], r["found"], r["note"] or "", _until(r, found))
        for r in snapshot.rows("operations/releases")
    ]
    again = [
        Release(f"{r.version} again", r.start_us, True, "came back in build_info", taken_back(r, found))
        for r in found
        if not r.first and _newest(r, found) and not any(abs(r.start_us - k.at_us) <= NEAR_US for k in known)
    ]
    return tuple(sorted([*known, *again], key=lambda r: (r.at_us, r.name)))


def runs(rows: Sequence[dict]) -> tuple[Run, ...]:
    """Runs from hours (job, version, hour_us, last_us): one ends where a job is scraped without the version."""
    hours: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        hours[row["job"]][row["hour_us"]][row["version"]] = row["last_us"]
    out: list[Run] = []
    for job, by_hour in sorted(hours.items()):
        open_runs: dict[str, tuple[int, int]] = {}
        seen: set[str] = set()
        for hour in sorted(by_hour):
            present = by_hour[hour]
            for gone in [v for v in open_runs if v not in present]:
                out.append(Run(job, gone, *open_runs.pop(gone), gone not in seen))
                seen.add(gone)
            for version, last in present.items():
                open_runs[version] = (open_runs.get(version, (hour, 0))[0], last)
        out += [Run(job, v, *span, v not in seen) for v, span in open_runs.items()]
    return tuple(sorted(out, key=lambda r: (r.start_us, r.job, r.version)))


def taken_back(run: Run, found: Sequence[Run]) -> int | None:
    """End of a run that an older version outlived, or came back after; None for one that was not taken back."""
    first = {(r.job, r.version): r.start_us for r in reversed(found)}
    for other in found:
        older = other.job == run.job and first[other.job, other.version] < first[run.job, run.version]
        if older and other.start_us <= run.end_us + NEAR_US and other.end_us > run.end_us + HOUR_US:
            return run.end_us
    return None


def _newest(run: Run, found: Sequence[Run]) -> bool:
    """Is no version of the job newer than this one at its start? (Going back is no release.)"""
    first = {(r.job, r.version): r.start_us for r in reversed(found)}
    mine = first[run.job, run.version]
    return not any(mine < at <= run.start_us for (job, _), at in first.items() if job == run.job)


def _until(release: dict, found: Sequence[Run]) -> int | None:
    """When a declared or found release was taken back, by the first run of its version."""
    named = [r for r in found if r.first and r.version in (release["name"], *release["name"].split())]
    near = [r for r in found if r.first and abs(r.start_us - release["at_us"]) <= NEAR_US]
    chosen = (named or near)[:1]
    return taken_back(chosen[0], found) if chosen else None


def restarts(snapshot: Snapshot) -> tuple[Restart, ...]:
    """Every restart seen as counter resets, or else as a new process start time, in time order."""
    fallen = [
        Restart(f"{r['job']}/{r['instance']}", r["ts_ms"] * 1000, r["series"])
        for r in snapshot.rows("operations/restarts")
    ]
    started = [
        Restart(f"{r['job']}/{r['instance']}", r["at_us"], 0)
        for r in snapshot.rows("operations/process_starts")
        if not any(f.target == f"{r['job']}/{r['instance']}" and abs(f.at_us - r["at_us"]) < HOUR_US for f in fallen)
    ]
    return tuple(sorted([*fallen, *started], key=lambda r: (r.at_us, r.target)))
