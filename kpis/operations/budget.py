"""The error budget of a fixed programme: how many failures the objective allows, and how fast they are spent.

Over a programme of D days a burn rate b held for a window w spends b * w / D of the budget. The three alert
factors follow from spending 2 % in 1 h, 5 % in 6 h and 10 % in 3 days of 28: 13.44, 5.6 and 0.93.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HOURS_PER_DAY = 24
ALERTS = ((1, 0.02), (6, 0.05), (72, 0.10))  # window in hours, share of the budget spent in it


@dataclass(frozen=True)
class Budget:
    """`allowed`: failures the objective permits over the requests seen; `spent` and `left` as shares of it."""

    objective: float
    requests: float
    failures: float
    allowed: float
    spent: float | None
    left: float | None


def factors(days: int) -> tuple[tuple[int, float], ...]:
    """(window hours, burn-rate factor) for a programme of `days`."""
    return tuple((hours, share * days * HOURS_PER_DAY / hours) for hours, share in ALERTS)


def budget(requests: float, failures: float, objective: float, *, elapsed: float = 1.0) -> Budget:
    """State of the budget. `elapsed` is the share of the programme that is over: the whole programme's requests
    are projected from those seen, so that the budget is 100 % on day 1. No traffic: nothing spent is known."""
    if requests <= 0:
        return Budget(objective, 0.0, failures, 0.0, None, None)
    allowed = (1 - objective) * requests / max(elapsed, 1e-9)
    spent = failures / allowed if allowed > 0 else None
    return Budget(objective, requests, failures, allowed, spent, None if spent is None else 1 - spent)


def burn_rate(requests: float, failures: float, objective: float) -> float | None:
    """Failure ratio over the ratio allowed; None without traffic."""
    return (failures / requests) / (1 - objective) if requests > 0 and objective < 1 else None


@dataclass(frozen=True)
class Burn:
    """Hours in which the burn rate over a window reached its factor."""

    window_hours: int
    factor: float
    worst: float | None
    hours: tuple[int, ...]


def burns(requests: Sequence[float], failures: Sequence[float], objective: float, days: int) -> tuple[Burn, ...]:
    """Burn alerts over hourly sums (dense: an hour without traffic is 0). `hours` are positions of window ends."""
    out = []
    for window, factor in factors(days):
        rates = [
            burn_rate(
                sum(requests[max(0, i - window + 1) : i + 1]), sum(failures[max(0, i - window + 1) : i + 1]), objective
            )
            for i in range(len(requests))
        ]
        known = [r for r in rates if r is not None]
        hot = tuple(i for i, r in enumerate(rates) if r is not None and r >= factor)
        out.append(Burn(window, factor, max(known, default=None), hot))
    return tuple(out)
