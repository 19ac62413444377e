"""What a closed week keeps: every value and what it was made from, as canonical JSON under a sha256.

Canonical: sorted keys, no spaces, numbers as Python writes them, infinities as texts. The same review gives the same
bytes, so the hash can be checked years later with `sha256sum closing.json`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from data.errors import DefinitionError, SnapshotError
from data.warehouse import Snapshot
from kpis import catalogue
from kpis.model import Change, DayValue, Evidence, KpiValue, ProgrammeVerdict, Review

FORMAT = 1
RULES = ("programme", "engagement", "performance", "people", "targets", "criteria", "waves", "plan")
_ELSEWHERE = ("storage", "as_of", "name", "demo")  # of [programme]: no number depends on them

_VALUES = TypeAdapter(tuple[KpiValue, ...])
_CHANGES = TypeAdapter(tuple[Change, ...])
_DAYS = TypeAdapter(dict[str, tuple[DayValue, ...]])
_EVIDENCE = TypeAdapter(tuple[Evidence, ...])
_VERDICT = TypeAdapter(ProgrammeVerdict)


@dataclass(frozen=True)
class Closing:
    """One closing that stands, read back: `content` as frozen, its parts as the review holds them."""

    week: int
    at: datetime
    author: str
    snapshot_id: str
    sha256: str
    files: tuple[tuple[str, str], ...]
    content: dict[str, Any]
    values: tuple[KpiValue, ...]
    days: dict[str, tuple[DayValue, ...]]
    changes: tuple[Change, ...]
    evidence: tuple[Evidence, ...]
    verdict: ProgrammeVerdict


def freeze(review: Review, snapshot: Snapshot) -> dict[str, Any]:
    """Everything of the review's week that a later reader may compare with, as plain JSON values."""
    week = next(w for w in review.weeks if w.week == review.week)
    days = {kpi: tuple(d for d in found if week.start <= d.day <= week.end) for kpi, found in review.days.items()}
    return {
        "format": FORMAT,
        "programme": review.programme.name,
        "week": week.week,
        "start": week.start.isoformat(),
        "end": week.end.isoformat(),
        "snapshot": review.snapshot_id,
        "as_of": review.as_of.isoformat(),
        "content_hash": snapshot.meta.get("content_hash", ""),
        "settings_hash": review.settings_hash,
        "settings": rules(snapshot.settings),
        "definitions": definitions(review),
        "values": _VALUES.dump_python(tuple(v for v in review.values if v.week == week.week), mode="json"),
        "days": _DAYS.dump_python(days, mode="json"),
        "changes": _CHANGES.dump_python(tuple(c for c in review.changes if c.week == week.week), mode="json"),
        "headline": week.headline,
        "evidence": _EVIDENCE.dump_python(week.evidence, mode="json"),
        "verdict": asdict(review.verdict),
        "failures": dict(review.failures),
        "counts": counts(snapshot, week.end),
    }  # fmt: skip


def counts(snapshot: Snapshot, until: date) -> dict[str, Any]:
    """Rows per day up to a day, and people: what late data, merges and exclusions move."""
    days = [
        {k: v.isoformat() if isinstance(v, date) else int(v) for k, v in row.items()}
        for row in snapshot.rows("programme/day_counts")
        if row["day"] <= until
    ]
    return {"days": days, **snapshot.row("programme/totals")}


def rules(settings: Mapping[str, Any]) -> dict[str, str]:
    """A short hash of every table of the settings that decides a number."""
    found = {}
    for name in RULES:
        part = settings.get(name)
        if name == "programme" and isinstance(part, Mapping):
            part = {k: v for k, v in part.items() if k not in _ELSEWHERE}
        found[name] = digest(canonical(part))[:16]
    return found


def definitions(review: Review) -> dict[str, dict[str, Any]]:
    """Revision and fingerprint of every KPI. A made-up KPI without a query file has no fingerprint."""
    found: dict[str, dict[str, Any]] = {}
    for kpi in review.kpis:
        try:
            found[kpi.id] = {"revision": kpi.revision, "fingerprint": catalogue.fingerprint(catalogue.get(kpi.id))}
        except DefinitionError:
            found[kpi.id] = {"revision": kpi.revision, "fingerprint": ""}
    return found


def canonical(content: Any) -> bytes:
    """The one spelling of a content."""
    return json.dumps(
        _finite(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _finite(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {str(k): _finite(v) for k, v in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(v) for v in content]
    if isinstance(content, float) and not math.isfinite(content):
        return "NaN" if math.isnan(content) else "Infinity" if content > 0 else "-Infinity"
    return content


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def thaw(row: Mapping[str, Any]) -> Closing:
    """A row of the programme store as a Closing. Raises SnapshotError when its content is not what was hashed."""
    content, week = row["frozen"], row["week"]
    if digest(canonical(content)) != row["frozen_sha256"]:
        raise SnapshotError(
            f"week {week}: its closing was altered after {row['closed_at'][:10]} (sha256 differs); restore "
            "programme.sqlite from a backup, or reopen the week with a reason"
        )
    if content.get("format") != FORMAT:
        raise SnapshotError(f"week {week}: its closing has format {content.get('format')}; this version reads {FORMAT}")
    return Closing(
        week=week, at=datetime.fromisoformat(row["closed_at"]), author=row["author"], snapshot_id=row["snapshot_id"],
        sha256=row["frozen_sha256"], files=tuple(sorted(row["files"].items())), content=content,
        values=_VALUES.validate_python(content["values"]), days=_DAYS.validate_python(content["days"]),
        changes=_CHANGES.validate_python(content["changes"]), evidence=_EVIDENCE.validate_python(content["evidence"]),
        verdict=_VERDICT.validate_python(content["verdict"]),
    )  # fmt: skip
