"""Which testers the Engagement page is about, as known when, and whether a group is large enough to be shown.

A group is shown when it has the settings' floor of testers and no difference of groups gives a smaller one away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.calendar import us
from data.warehouse import Snapshot
from kpis.engagement.averages import Average
from kpis.engagement.compare import groups
from kpis.engagement.findings import WHOLE
from kpis.engagement.masking import hidden_rows
from kpis.engagement.retention import RetentionOptions, retention
from kpis.engagement.scope import EVERYBODY, Scope, resolve
from kpis.model import Review, State

CURVES = 4  # lines that can be told apart


def floor_of(snapshot: Snapshot) -> int:
    """Testers a group needs before it is shown."""
    return int((snapshot.settings.get("people") or {}).get("min_cohort", 5))


def scope_of(review: Review, wave: str | None, platform: str | None) -> Scope:
    """A group as known at the end of the review's week; in the newest week, as known to the snapshot."""
    begun = [w for w in review.weeks if w.state is not State.FUTURE]
    if not begun or begun[-1].week <= review.week:
        return Scope(wave=wave, platform=platform)
    end = next(w.end for w in begun if w.week == review.week) + timedelta(days=1)
    midnight = datetime.combine(end, time(), ZoneInfo(review.programme.timezone)).astimezone(UTC)
    return Scope(wave=wave, platform=platform, until_us=us(midnight))


def sizes(snapshot: Snapshot, scope: Scope = EVERYBODY) -> dict[tuple[str, str], int]:
    """(wave, platform) -> testers active before the scope's instant; its wave and platform do not narrow this."""
    until_us = scope.until_us if scope.until_us is not None else us(snapshot.as_of)
    roster = snapshot.meta.get("roster", "roster") == "roster"
    rows = snapshot.rows("engagement/group_sizes", roster_only=roster, until_us=until_us)
    return {(r["wave"], r["platform"]): r["testers"] for r in rows}


def choices(snapshot: Snapshot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Waves and platforms with active testers; numbered waves in the order of their numbers."""
    found = sizes(snapshot)
    waves = sorted({w for w, _ in found}, key=lambda w: (not w.isdecimal(), int(w) if w.isdecimal() else 0, w))
    return tuple(waves), tuple(sorted({p for _, p in found}))


def testers(snapshot: Snapshot, scope: Scope) -> int:
    """Testers of the group that were active before the scope's instant."""
    return sum(n for pair, n in sizes(snapshot, scope).items() if _within(pair, scope))


def too_small(snapshot: Snapshot, scope: Scope) -> bool:
    """Whether the group must be hidden: small itself, or the rest of a larger group that is shown would be."""
    floor, found = floor_of(snapshot), sizes(snapshot, scope)
    waves, platforms = _margin(found, 0), _margin(found, 1)
    if scope.wave is not None and scope.wave in small(waves, floor):
        return True
    if scope.platform is not None and scope.platform in small(platforms, floor):
        return True
    if scope.wave is None or scope.platform is None:
        return False
    of_wave = {p: n for (w, p), n in found.items() if w == scope.wave}
    of_platform = {w: n for (w, p), n in found.items() if p == scope.platform}
    return scope.platform in small(of_wave, floor) or scope.wave in small(of_platform, floor)


def small(found: Mapping[str, int], floor: int) -> set[str]:
    """Labels that must not be shown beside the total of all."""
    labels, counts = list(found), list(found.values())
    return {labels[i] for i in hidden_rows(counts, counts, [set(range(len(counts)))], floor)[0]}


def comparable(snapshot: Snapshot, scope: Scope) -> dict[str, tuple[str, ...]]:
    """What may be compared (wave, platform, flag:FEATURE) -> at least two groups that may be shown."""
    flagged = {r["feature"] for r in snapshot.rows("engagement/flagged_features")}
    declared = (snapshot.settings.get("engagement") or {}).get("features") or ()
    features = [f for f in declared if f in flagged]  # of others all testers are "off": there is one group
    floor, found = floor_of(snapshot), {}
    for by in ("wave", "platform", *(f"flag:{f}" for f in features)):
        counts = groups(snapshot, by, scope)
        hidden = small(counts, floor)
        labels = tuple(label for label in counts if label not in hidden and not _kept_back(snapshot, scope, by, label))
        if len(labels) > 1:
            found[by] = labels
    return found


def _kept_back(snapshot: Snapshot, scope: Scope, by: str, label: str) -> bool:
    """Whether the page's own filters would refuse this group."""
    return by in ("wave", "platform") and too_small(snapshot, replace(scope, **{by: label}))


def curves(snapshot: Snapshot, scope: Scope, rule: str) -> dict[str, Average]:
    """Pooled retention by day of every wave that may be shown (the largest ones), or of one wave beside all testers.

    Keys are ready names; columns are days 0, 1, 2 ... Columns that rest on too few testers are None.
    """
    waves, _ = choices(snapshot)
    if scope.wave is not None:
        chosen = {f"wave {scope.wave}": scope, WHOLE: replace(scope, wave=None)}
    else:
        counts = {w: testers(snapshot, replace(scope, wave=w)) for w in waves}
        shown = [w for w in waves if counts[w] and not too_small(snapshot, replace(scope, wave=w))]
        largest = sorted(shown, key=lambda w: -counts[w])[:CURVES]
        chosen = {f"wave {w}": replace(scope, wave=w) for w in shown if w in largest}
        if len(chosen) < 2:
            chosen = {WHOLE: scope}
    least = floor_of(snapshot)
    asked = {name: RetentionOptions(scope=s, rule=rule, min_cohort=least) for name, s in chosen.items()}  # type: ignore[arg-type]
    return {name: retention(snapshot, options).average for name, options in asked.items()}


def known_until(snapshot: Snapshot, scope: Scope) -> datetime:
    """The instant up to which events count, in the programme's zone."""
    where = resolve(snapshot, scope, "day")
    return datetime.fromtimestamp(where.until_us / 1e6, UTC).astimezone(where.periods.zone)


def _within(pair: tuple[str, str], scope: Scope) -> bool:
    return scope.wave in (None, pair[0]) and scope.platform in (None, pair[1])


def _margin(found: Mapping[tuple[str, str], int], place: int) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for pair, n in found.items():
        counts[pair[place]] += n
    return dict(counts)
