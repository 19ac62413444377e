"""What shifted, and when: dated steps of routes and resources, detected incidents, releases and restarts."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from data import settings, warehouse
from data.cli import Result
from kpis import review
from kpis.operations import incidents, release_effects, releases, shifts, stories, suspects
from kpis.words import signed

HELP = "change points matched to releases and incidents; incidents nobody declared"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=("steps", "incidents", "releases"), help="one kind only")


def run(args: argparse.Namespace) -> Result:
    snapshot = warehouse.latest(settings.load(args.settings))
    found: dict[str, list[dict]] = {}
    if args.only in (None, "steps"):
        found["steps"] = [_step(s) for s in shifts.find(snapshot, review.build(snapshot).markers)]
    if args.only in (None, "incidents"):
        found["incidents"] = [_incident(i) for i in incidents.detect(snapshot)]
        found["stories"] = [_story(snapshot, s) for s in stories.stories(snapshot)]
    if args.only in (None, "releases"):
        found["releases"] = [
            {"name": r.name, "at": _time(r.at_us), "found": r.found, "rolled_back": _time(r.until_us), "note": r.note}
            for r in releases.releases(snapshot)
        ]
        found["release_effects"] = [_effect(e) for e in release_effects.effects(snapshot)]
        found["restarts"] = [
            {"target": r.target, "at": _time(r.at_us), "series": r.series} for r in releases.restarts(snapshot)
        ]
    told = {kind: part for kind, part in found.items() if kind not in ("stories", "release_effects")}
    rows = [{"kind": kind, "when": _when(row), "what": _what(row)} for kind, part in told.items() for row in part]
    return Result(data=found, rows=rows, lines=() if rows else ("nothing shifted, no incident was detected",))


def _time(us: int | None) -> str | None:
    return None if us is None else datetime.fromtimestamp(us / 1e6, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _step(shift: shifts.Shift) -> dict:
    step = shift.step
    return {
        "series": shift.series, "what": shift.what, "day": step.day.isoformat(), "size": step.size, "low": step.low,
        "high": step.high, "p_value": step.p_value, "earliest": step.earliest.isoformat(),
        "latest": step.latest.isoformat(),
        "near": [{"number": m.number, "kind": m.kind, "title": m.title} for m in shift.near],
    }  # fmt: skip


def _incident(found: incidents.Incident) -> dict:
    return {
        "detector": found.detector, "what": found.what, "start": _time(found.start_us), "end": _time(found.end_us),
        "peak": found.peak, "peak_words": found.peak_words, "routes": list(found.routes),
        "testers_touched": found.testers, "testers_active": found.active,
    }  # fmt: skip


def _story(snapshot: warehouse.Snapshot, found: stories.Story) -> dict:
    return {
        "title": found.title, "start": _time(found.start_us), "end": _time(found.end_us),
        "detectors": [p.detector for p in found.parts], "routes": list(found.routes),
        "testers_touched": found.testers, "testers_active": found.active,
        "moved_most": [
            {"name": s.name, "score": s.score, "before": s.before, "during": s.during}
            for s in suspects.suspects(snapshot, found.start_us, found.end_us)
        ],
    }  # fmt: skip


def _effect(found: release_effects.Effect) -> dict:
    """Before and after one release; seconds and shares, all routes ranked by what their slowdown costs."""

    def pair(values: tuple[float | None, float | None]) -> dict:
        return {"before": values[0], "after": values[1]}

    return {
        "name": found.release.name, "mean": pair(found.mean), "p95": pair(found.p95),
        "error_ratio": pair(found.error_ratio),
        "routes": [
            {"route": r.route, "mean": pair((r.before.mean, r.after.mean)), "p95": pair((r.p95_before, r.p95_after)),
             "seconds_added_a_day": r.cost}
            for r in found.routes
        ],
    }  # fmt: skip


def _when(row: dict) -> str:
    return row.get("day") or row.get("at") or f"{row['start']} to {row['end']}"


def _what(row: dict) -> str:
    if "size" in row:
        near = "; ".join(
            m["title"] if m["title"].startswith(m["kind"]) else f"{m['kind']} {m['title']}" for m in row["near"]
        )
        size, low, high = (signed(100 * row[key]) for key in ("size", "low", "high"))
        return f"{row['series']}: {size} % ({low} to {high} %){f', near {near}' if near else ''}"
    if "detector" in row:
        touched = f"{row['testers_touched']} of {row['testers_active']} active testers touched"
        return f"{row['what']}: {row['peak_words']}, {touched}"
    return row.get("name") or f"{row['target']}: {row['series']} counters began again"
