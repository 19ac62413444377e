"""Releases: those declared in the settings and those the series show by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from data.warehouse import Snapshot

NEAR_US = 2 * 3_600_000_000  # a found version this close to a declared release is that release


@dataclass(frozen=True)
class Release:
    """A release. `until_us` is set for one that was rolled back: it ran in [at, until]."""

    name: str
    at_us: int
    found: bool
    note: str = ""
    until_us: int | None = None


@dataclass(frozen=True)
class Restart:
    """Counters of a scrape target began again at this instant."""

    target: str
    at_us: int
    series: int


def releases(snapshot: Snapshot) -> tuple[Release, ...]:
    """Declared and found releases in time order; a version seen near a declared release is that one, not two."""
    declared = [Release(r["name"], r["at_us"], False, r["note"] or "") for r in _rows(snapshot) if not r["found"]]
    versions = _versions(snapshot)
    found = [
        Release(v["version"], v["first_us"], True, "seen in build_info", until_us=_rolled_back(v, versions))
        for v in versions[1:]
        if not any(_same(v, d) for d in declared)
    ]
    return tuple(sorted([*declared, *found], key=lambda r: (r.at_us, r.name)))


def _rows(snapshot: Snapshot) -> list[dict]:
    return snapshot.rows("operations/releases")


def _versions(snapshot: Snapshot) -> list[dict]:
    return snapshot.rows("operations/versions")


def _same(version: dict, declared: Release) -> bool:
    near = abs(version["first_us"] - declared.at_us) <= NEAR_US
    return near or version["version"] in declared.name.split()


def _rolled_back(version: dict, versions: list[dict]) -> int | None:
    """End of a version that an older one outlived: it was taken back."""
    outlived = any(v["first_us"] < version["first_us"] and v["last_us"] > version["last_us"] for v in versions)
    return version["last_us"] if outlived else None


def restarts(snapshot: Snapshot) -> tuple[Restart, ...]:
    """Every restart seen as counter resets, in time order."""
    return tuple(
        Restart(f"{r['job']}/{r['instance']}", r["ts_ms"] * 1000, r["series"])
        for r in snapshot.rows("operations/restarts")
    )
