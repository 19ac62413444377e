"""What a review says about its sources: health per item, gaps, and the notices every page must show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from data.warehouse import Snapshot
from kpis import rejections, words
from kpis.model import Gap, SourceHealth

STALE_AFTER = timedelta(hours=36)
SHOWN_REASONS = 3


def instant(us: int | None) -> datetime | None:
    return None if us is None else datetime.fromtimestamp(us / 1e6, tz=UTC)


def zone(snapshot: Snapshot) -> ZoneInfo:
    return ZoneInfo(snapshot.meta.get("timezone") or "UTC")


def _local(us: int | None, tz: ZoneInfo) -> str:
    moment = instant(us)
    return f"{moment.astimezone(tz):%Y-%m-%d %H:%M}" if moment else "never"


def health(snapshot: Snapshot) -> tuple[SourceHealth, ...]:
    """One entry per source item, with a sentence about what it last did and what it left out."""
    tz = zone(snapshot)
    rejected: dict[tuple[str, str], list[str]] = {}
    for q in snapshot.rows("review/quarantine"):
        place = f", first at line {q['first_line']}" if q["first_line"] is not None else ""
        rejected.setdefault((q["source"], q["item"]), []).append(
            f"{words.count(q['rows'], 'row')} ({rejections.words(q['reason'])}){place}"
        )
    found = []
    for r in snapshot.rows("review/health"):
        reasons = rejected.get((r["source"], r["item"]), [])
        numbers = {k: int(r[k]) for k in
                   ("read", "accepted", "duplicates", "conflicting", "quarantined", "blank", "late")}  # fmt: skip
        found.append(
            SourceHealth(
                source=r["source"], kind=r["kind"], item=r["item"], ok=not r["error"],
                sentence=_sentence(r, tz), last_success=instant(r["last_success_us"]),
                covers_to=instant(r["covers_to_us"]), warnings=(*_warnings(r["warnings"]), *_rejections(reasons)),
                **numbers,
            )
        )  # fmt: skip
    return tuple(found)


def _sentence(row: dict, tz: ZoneInfo) -> str:
    if row["error"]:
        since = "never loaded" if row["last_success_us"] is None else f"last good {_local(row['last_success_us'], tz)}"
        return f"failed ({since}): {row['error']}"
    if row["last_success_us"] is None:
        return "not loaded yet"
    if row["covers_to_us"]:
        return f"covers to {_local(row['covers_to_us'], tz)}"
    return f"loaded, {words.count(row['accepted'], 'row')}" if row["accepted"] else "loaded, no rows yet"


def _warnings(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    try:
        listed = json.loads(text)
    except ValueError:
        return (text,)
    return tuple(str(w) for w in listed) if isinstance(listed, list) else (str(listed),)


def _rejections(reasons: Sequence[str]) -> tuple[str, ...]:
    if not reasons:
        return ()
    more = f" and {len(reasons) - SHOWN_REASONS} more reasons" if len(reasons) > SHOWN_REASONS else ""
    return ("rejected: " + "; ".join(reasons[:SHOWN_REASONS]) + more,)


def gaps(snapshot: Snapshot) -> tuple[Gap, ...]:
    """Interruptions of sources and scrape targets, in time order."""
    tz, found = zone(snapshot), []
    for row in snapshot.rows("review/gaps"):
        start, end = instant(row["from_us"]), instant(row["to_us"])
        assert start and end
        text = (
            f"{row['item']} of {row['source']}: silent for {words.length(end - start)}, "
            f"{_local(row['from_us'], tz)} to {_local(row['to_us'], tz)}"
        )
        found.append(Gap(row["source"], row["item"], start, end, text))
    return tuple(found)


def notices(snapshot: Snapshot, sources: Sequence[SourceHealth], problems: Sequence[str]) -> tuple[str, ...]:
    """What every page must say: demo, failed refresh, failed and stale sources."""
    found = []
    if snapshot.meta.get("demo", "").lower() in ("true", "1"):
        found.append("Demo: simulated testers and series, not a real beta.")
    found.extend(problems)
    found.extend(
        f"{s.source}, {s.item}: {s.sentence}" for s in sources
        if not s.ok and not any(s.source in p for p in problems)
    )  # fmt: skip
    found.extend(_stale(snapshot))
    return tuple(found)


def _stale(snapshot: Snapshot) -> list[str]:
    """Sources of events or samples whose newest row is old at as_of, or at the programme's end if that is earlier."""
    ends = [w["end_us"] for w in snapshot.rows("measures/weeks")]
    until = min(int(snapshot.meta["as_of_us"]), max(ends, default=0))
    newest: dict[str, int] = {}
    for r in snapshot.rows("review/health"):
        if r["target"] in ("raw_event", "raw_sample") and r["covers_to_us"] is not None:
            newest[r["source"]] = max(newest.get(r["source"], 0), r["covers_to_us"])
    tz = zone(snapshot)
    found = []
    for source, to in sorted(newest.items()):
        missing = timedelta(microseconds=until - to)
        if missing > STALE_AFTER:
            found.append(f"{source} is stale: nothing newer than {_local(to, tz)}, {words.length(missing)} missing.")
    return found
