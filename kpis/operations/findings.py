"""What the operations pages say first: sentences from the numbers, by rule."""

from __future__ import annotations

import json
from collections.abc import Sequence

from data.warehouse import Snapshot
from kpis.model import KpiValue, Unit
from kpis.operations import spellings
from kpis.operations.growth import Changes
from kpis.operations.reliability import Behaviour
from kpis.operations.routes import Route
from kpis.operations.scaling import Fit, first_to_saturate
from kpis.operations.shifts import Shift
from kpis.operations.stories import Story
from kpis.words import count, joined, short_day, show, signed

ROUTE_LABELS = ("path", "handler", "route", "uri", "http_route")


def bottleneck(found: Route | None, shift: Shift | None, week: int, latest: Shift | None = None) -> str:
    """ "/api/feed takes 76 % of the waiting time of week 3; slower by 123 % since 11 Mar (release 1.3.0)"."""
    if found is None or found.share is None:
        return f"No request duration was measured in week {week}"
    text = f"{found.route} takes {show(found.share, Unit.RATIO)} of the waiting time of week {week}"
    if shift is None:
        return f"{text}; its speed shows no lasting shift"
    near = joined([f"{m.kind} {m.title}" for m in shift.near if m.kind != "wave"])
    when = short_day(shift.step.day)
    slower = f"{shift.step.size * 100:.0f} % slower since {when}{f' ({near})' if near else ''}"
    if latest is None or latest.step.day <= shift.step.day or latest.step.size > 0:
        return f"{text}; {slower}"
    return f"{text}; {slower}, then {-latest.step.size * 100:.0f} % faster since {short_day(latest.step.day)}"


def route(name: str, shift: Shift | None) -> str:
    """What the daily mean of one route did, and what happened near it."""
    if shift is None:
        return f"{name}: no lasting shift of its daily mean"
    size, word = shift.step.size, "slower" if shift.step.size > 0 else "faster"
    near = joined([f"{m.kind} {m.title}" for m in shift.near if m.kind != "wave"])
    when = short_day(shift.step.day)
    return f"{name}: {abs(size) * 100:.0f} % {word} since {when}, near {near or 'nothing known'}"


def growth(found: Changes, week: int) -> str:
    """Which part of the change of waiting time since the week before is the largest."""
    parts = [g for _, g in found.by_route]
    total = found.after.seconds - found.before.seconds
    named = {
        "more load": sum(c.load or 0.0 for c in parts),
        "slower routes": sum(c.slowdown or 0.0 for c in parts),
        "both together": sum(c.both or 0.0 for c in parts),
    }
    if abs(total) < 60:
        return f"Waiting time of week {week} is that of week {week - 1}"
    word, largest = ("more", max) if total > 0 else ("less", min)
    name = largest(named, key=lambda p: named[p])
    name = name if total > 0 else {"more load": "less load", "slower routes": "faster routes"}.get(name, name)
    told = f"{show(abs(total) / 3600, Unit.HOURS)}" if abs(total) >= 3600 else f"{abs(total) / 60:.0f} minutes"
    return f"{told} {word} waiting than in week {week - 1}, mostly by {name}; split exactly by route"


def mean_change(found: Changes) -> str:
    """The mean of all requests and what moved it: slower routes, or another mix of fast and slow ones."""
    if found.mean is None or found.before.mean is None or found.after.mean is None:
        return "The mean of all requests cannot be compared: one of the two weeks has no requests."
    text = f"Mean of all requests: {show(found.before.mean, Unit.SECONDS)} → {show(found.after.mean, Unit.SECONDS)}"
    if abs(found.mean.total) < 0.0005:
        return f"{text}, unchanged."
    mix = f"{signed(1000 * found.mean.mix, 1)} ms because the mix of routes changed"
    by_routes = signed(1000 * found.mean.slowdown, 1)
    if by_routes == "0":
        return f"{text}: {mix}, routes as fast as before."
    return f"{text}: {by_routes} ms because routes got {'slower' if found.mean.slowdown > 0 else 'faster'}, {mix}."


def reliability(found: Behaviour, stories: Sequence[Story]) -> str:
    """Whether the error ratio left its routine range, and how many incidents were detected."""
    seen = f"; {count(len(stories), 'incident')} detected" if stories else "; no incident detected"
    if found.limits is None:
        return f"Fewer than ten days with traffic: too few to tell routine from signal{seen}"
    if not found.signals:
        return f"The error ratio only varied as it always does{seen}"
    days = joined([short_day(d) for d in found.signals[:4]])
    return f"The error ratio left its routine range on {days}{' and later' if len(found.signals) > 4 else ''}{seen}"


def launch(found: Sequence[Fit]) -> str:
    """What saturates first."""
    first = first_to_saturate(found)
    if first is None:
        return "Cannot tell what saturates first: no resource follows the load clearly"
    if first.times is not None and first.times <= 1:
        return f"{first.resource} is at its limit in the busiest hours already"
    return f"{first.resource} saturates first, at {first.times:.1f} times the busiest hours so far"


def promql(snapshot: Snapshot, name: str) -> dict[str, str]:
    """Expressions of one route to paste into a Prometheus or Grafana, with the labels as this one was scraped."""
    base = spellings.durations(snapshot, "_count")["metrics"][-1]  # of a name that changed, the one in use now
    series = snapshot.rows("operations/matching_series", metric=f"{base}_count")
    labels = next((json.loads(r["labels"]) for r in series if r["route"] == name), {})
    label = next((k for k in ROUTE_LABELS if k in labels), "path")
    match = f'{{{label}="{_quoted(labels.get(label, name))}"}}'
    return {
        "Share of waiting time": f"sum(rate({base}_sum{match}[1h]))\n/\nsum(rate({base}_sum[1h]))",
        "p95": f"histogram_quantile(0.95, sum by (le) (rate({base}_bucket{match}[5m])))",
        "Mean": f"sum(rate({base}_sum{match}[5m]))\n/\nsum(rate({base}_count{match}[5m]))",
        "Requests a second": f"sum(rate({base}_count{match}[5m]))",
    }


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def error_free(found: KpiValue) -> str:
    """Testers who met no error, with their number."""
    share = show(found.value, Unit.RATIO)
    return f"{share} of {found.n:,} active testers met neither a failed request nor an application error."
