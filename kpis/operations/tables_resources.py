"""Saturation, errors and found series as rows of ready texts."""

from __future__ import annotations

from collections.abc import Sequence

from data.sources.prometheus_plan import COMPUTED
from kpis.model import Unit
from kpis.operations.detection import Family
from kpis.operations.scaling import Fit
from kpis.operations.signals import Reading
from kpis.operations.tables import DASH, instant, seconds
from kpis.words import show


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
