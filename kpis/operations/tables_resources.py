"""Use, scaling, saturation, restarts and found series as rows of ready texts."""

from __future__ import annotations

from collections.abc import Sequence

from data.sources.prometheus_plan import COMPUTED
from kpis.model import Unit
from kpis.operations.amounts import DASH, instant, level, seconds
from kpis.operations.detection import Family
from kpis.operations.releases import Restart
from kpis.operations.resources import Use
from kpis.operations.scaling import Fit, first_to_saturate
from kpis.operations.signals import Reading
from kpis.words import show

USE_WIDTHS = {
    "Mean": 72,
    "p95 of hours": 98,
    "Highest hour": 98,
    "When": 110,
    "Over warning": 104,
    "critical": 64,
    "Hours": 56,
}  # pixels


def use_rows(found: Sequence[Use], zone: str) -> list[dict[str, str]]:
    """Resources of a week: mean, p95 and highest hour with its instance, and hours above warning and critical level."""
    return [
        {
            "Resource": u.resource.title,
            "Mean": level(u.mean, u.resource.unit),
            "p95 of hours": level(u.p95, u.resource.unit),
            "Highest hour": level(u.highest, u.resource.unit),
            "When": DASH if u.highest_us is None else instant(u.highest_us, zone),
            "Over warning": f"{u.over_warn}",
            "critical": f"{u.over_critical}",
            "Hours": f"{u.hours}",
            "Where": u.highest_at or DASH,
        }
        for u in found
    ]


def signal_rows(found: Sequence[Reading], zone: str) -> list[dict[str, str]]:
    """What stands beside use, with the week before and the most extreme hour (the lowest of a hit ratio)."""
    return [
        {
            "Area": r.signal.area,
            "Signal": r.signal.title,
            "Week": amount(r.value, r.signal.unit),
            "Week before": DASH if r.before is None else amount(r.before, r.signal.unit),
            "Extreme hour": DASH if r.extreme is None else amount(r.extreme, r.signal.unit),
            "When": DASH if r.extreme_us is None or not r.value else instant(r.extreme_us, zone),
        }
        for r in found
    ]


def fit_rows(found: Sequence[Fit]) -> list[dict[str, str]]:
    """Scaling of every resource in words, with the fit's quality."""
    return [
        {"Resource": f.resource, "Answer": f.answer, "Fit (r²)": DASH if f.r_squared is None else f"{f.r_squared:.2f}",
         "Days": f"{f.days}"}
        for f in found
    ]  # fmt: skip


def scaling_sentence(found: Sequence[Fit]) -> str:
    """The scaling assessment in one sentence."""
    first = first_to_saturate(found)
    if first is None:
        return "Cannot tell what saturates first: no resource follows the load clearly, or load hardly varied"
    return f"First to saturate: {first.answer}"


def fit_cells(found: Sequence[Fit]) -> list[dict[str, str]]:
    """Scaling of every resource, one number a cell; where it cannot be told, why."""
    return [
        {
            "Resource": f.resource,
            "Limit at × peak": "cannot tell" if f.times is None else f"{f.times:.1f}",
            "95 %": DASH if f.busiest is None or f.low is None else f"{f.low / f.busiest:.1f} to {_high(f)}",
            "Testers then": DASH if f.testers is None else f"{f.testers:,.0f}",
            "Against": "active testers" if f.load.startswith("testers") else "requests",
            "r²": DASH if f.r_squared is None else f"{f.r_squared:.2f}",
            "Remark": _remark(f),
        }
        for f in found
    ]


def _high(fit: Fit) -> str:
    return f"{fit.high / fit.busiest:.1f}" if fit.high is not None and fit.busiest else "no end found"


def _remark(fit: Fit) -> str:
    if fit.times is None:
        return (
            fit.answer.removeprefix("cannot tell: ")
            .replace(f"{fit.load} explain", "load explains")
            .removesuffix(" of its variation")
        )
    if fit.knee is None:
        return DASH
    pace = (
        f"{fit.knee.slope / fit.knee.slope_below:.1f} × as fast" if fit.knee.slope_below > 0 else "only then it grows"
    )
    return f"bends at {fit.knee.at:,.0f}: {pace}"


def amount(value: float, unit: str) -> str:
    """A number in the unit of its signal."""
    if unit == "ratio":
        return show(value, Unit.RATIO)
    if unit == "seconds":
        return seconds(value)
    if unit == "bytes a second":
        return f"{value / 1024:,.1f} KiB/s" if value < 2**20 else f"{value / 2**20:,.1f} MiB/s"
    return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:,.2f}"


def family_rows(found: Sequence[Family]) -> list[dict[str, str]]:
    """Which series feed which numbers; missing ones last."""
    ordered = [*(f for f in found if f.metric), *(f for f in found if not f.metric)]
    return [
        {
            "Feeds": f.what,
            "Found as": f.metric or DASH,
            "Type": f.type or DASH,
            "Series": f"{f.series:,}" if f.metric else DASH,
            "Remark": "; ".join(filter(None, (f.remark, f.labels, _also(f)))) or DASH,
        }
        for f in ordered
    ]


def _also(family: Family) -> str:
    return f"{', '.join(family.also)} also scraped, not added up" if family.also and family.metric else ""


def family_sentence(found: Sequence[Family]) -> str:
    """How many of the known families were found."""
    looked = [f for f in found if not (f.metric or "").startswith(COMPUTED)]
    own = len(found) - len(looked)
    told = f", and {own} of your own PromQL" if own else ""
    return f"{sum(f.metric is not None for f in looked)} of {len(looked)} known metric families were found{told}"


def restart_rows(found: Sequence[Restart], zone: str) -> list[dict[str, str]]:
    """Restarts in local time."""
    return [
        {
            "When": instant(r.at_us, zone),
            "Target": r.target,
            "Seen by": f"{r.series:,} counters that began again" if r.series else "its start time",
        }
        for r in found
    ]
