"""Which features deserve the next work: reach, return of adopters, demand and errors, every column shown.

Return compares testers by what they did in their first seven days with what they did on days 7 to 13, so that
staying longer cannot itself make an adopter. Groups were not drawn by lot: the difference is an association.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.warehouse import Snapshot
from kpis import feature_lives
from kpis.engagement.adoption import FeatureAdoption, adoption
from kpis.engagement.compare import newcombe
from kpis.engagement.scope import EVERYBODY
from kpis.intervals import Interval
from kpis.model import Unit
from kpis.words import show, signed, size, span

ORDER = (
    "Ordered by the mean of four ranks: reach among active testers who have the feature; difference of return between "
    "adopters and the others, counted only where its interval leaves out 0; feature requests that name it; share of "
    "its days of use with an error. A first place says where to look first. It does not say that the feature makes "
    "testers stay: the difference is an association. pt: percentage points."
)
DASH = "–"
HIDDEN = "too few authors to show"


@dataclass(frozen=True)
class Priority:
    """One declared feature over the whole programme so far. None = nothing to divide by, or hidden (see `hidden`)."""

    feature: str
    eligible: int
    users: int
    reach: float | None
    reach_interval: Interval
    repeat: float | None
    adopters: tuple[int, int]  # came back on days 7 to 13, of those who used it in their first seven days
    others: tuple[int, int]
    difference: float | None
    interval: Interval
    requests: int | None  # None: fewer authors than may be shown
    bugs: int | None
    error_days: tuple[int, int]  # tester-days of use with an error, all tester-days of use
    component_errors: int
    rank: float  # mean of four ranks, 1 = first

    @property
    def clear(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        low, high = self.interval
        return low is not None and high is not None and not low <= 0 <= high


def features(snapshot: Snapshot) -> tuple[Priority, ...]:
    """Every declared feature, first place first; ties by reach, then name. Empty without declared features."""
    floor = int((snapshot.settings.get("people") or {}).get("min_cohort", 5))
    engagement = snapshot.settings.get("engagement") or {}
    demand = {r["feature"]: r for r in snapshot.rows("programme/feature_demand")}
    asked = {"error_events": list(engagement.get("error_events") or ())}
    components = {r["feature"]: r for r in snapshot.rows("programme/feature_components", **asked)}
    errors, back = feature_lives.errors(snapshot), feature_lives.retention(snapshot)
    found = [
        _priority(a, back[a.feature], demand[a.feature], errors[a.feature] | components[a.feature], floor)
        for a in adoption(snapshot, EVERYBODY)
    ]
    return _ranked(found)


def _priority(reached: FeatureAdoption, back: dict, demand: dict, errors: dict, floor: int) -> Priority:
    adopters, others = (back["adopters_back"], back["adopters"]), (back["others_back"], back["others"])
    known = adopters[1] and others[1]
    return Priority(
        feature=reached.feature, eligible=reached.eligible, users=reached.users, reach=reached.adoption,
        reach_interval=reached.adoption_interval, repeat=reached.repeat, adopters=adopters, others=others,
        difference=adopters[0] / adopters[1] - others[0] / others[1] if known else None,
        interval=newcombe(*adopters, *others),
        requests=_shown(demand["requests"], demand["requesters"], floor),
        bugs=_shown(demand["bugs"], demand["reporters"], floor),
        error_days=(errors["days_with_errors"], errors["days_used"]), component_errors=errors["component_errors"],
        rank=0.0,
    )  # fmt: skip


def _shown(count: int, people: int, floor: int) -> int | None:
    """A count of texts, hidden where so few wrote them that a name could be guessed."""
    return None if 0 < people < floor else count


def _ranked(found: Sequence[Priority]) -> tuple[Priority, ...]:
    if not found:
        return ()
    columns = (
        [f.reach or 0.0 for f in found],
        [f.difference or 0.0 if f.clear else 0.0 for f in found],
        [float(f.requests or 0) for f in found],
        [f.error_days[0] / f.error_days[1] if f.error_days[1] else 0.0 for f in found],
    )
    ranks = [_ranks(column) for column in columns]
    placed = [replace(f, rank=float(sum(r[i] for r in ranks)) / len(ranks)) for i, f in enumerate(found)]
    return tuple(sorted(placed, key=lambda f: (f.rank, -(f.reach or 0.0), f.feature)))


def _ranks(column: Sequence[float]) -> np.ndarray:
    """Ranks from 1 for the highest; equal values share their mean.

    Written out because importing scipy.stats takes most of a second of a report; tests compare the two.
    """
    _, place, alike = np.unique(np.negative(column), return_inverse=True, return_counts=True)
    return (np.cumsum(alike) - (alike - 1) / 2)[place]


def table(snapshot: Snapshot) -> list[dict[str, str]]:
    """The features as rows of ready texts, for pages, report, command line and CSV."""
    return rows(features(snapshot))


def rows(found: Sequence[Priority]) -> list[dict[str, str]]:
    return [
        {
            "Place": f"{place}",
            "Feature": f.feature,
            "Reach": _share(f.users, f.eligible),
            "95 % of reach": span(*f.reach_interval, Unit.RATIO) if f.reach is not None else DASH,
            "Used again": DASH if f.repeat is None else show(f.repeat, Unit.RATIO),
            "Adopters back": _share(*f.adopters),
            "Others back": _share(*f.others),
            "Difference (association)": _difference(f),
            "95 % of difference": _ends(f),
            "Requests": HIDDEN if f.requests is None else f"{f.requests:,}",
            "Bugs naming it": HIDDEN if f.bugs is None else f"{f.bugs:,}",
            "Days with an error": _share(*f.error_days),
            "Errors of its component": f"{f.component_errors:,}",
            "Mean rank": f"{f.rank:.2f}",
        }
        for place, f in enumerate(found, start=1)
    ]


def turned(made: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The same rows with a feature a column, for a few features: every reason is in sight without scrolling."""
    names = [name for name in made[0] if name not in ("Place", "Feature")] if made else []
    return [{"": name, **{f"{r['Place']}. {r['Feature']}": r[name] for r in made}} for name in names]


def _share(part: int, whole: int) -> str:
    """ "46 % (142 of 309)"."""
    return f"{show(part / whole, Unit.RATIO)} ({part:,} of {whole:,})" if whole else DASH


def _difference(f: Priority) -> str:
    """ "12 pt more", with the word for an interval that holds 0."""
    if f.difference is None or f.interval[0] is None:
        return "cannot tell"
    points = size(f.difference, Unit.RATIO).partition(" ")[0]
    text = f"{points} pt {'more' if f.difference >= 0 else 'fewer'}"
    return text if f.clear else f"{text}, not clear"


def _ends(f: Priority) -> str:
    low, high = f.interval
    return DASH if low is None or high is None else f"from {signed(100 * low)} to {signed(100 * high)} pt"


def sentence(found: Sequence[Priority]) -> str:
    """What comes first, and by what."""
    if not found:
        return "No feature is declared in the settings, so there is nothing to put in order."
    first = found[0]
    return f"{first.feature} comes first of {len(found)} features: reach {_share(first.users, first.eligible)}, " \
           f"difference of return {_difference(first)} (95 % {_ends(first)})."  # fmt: skip
