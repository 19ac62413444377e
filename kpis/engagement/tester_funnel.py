"""The way of a tester through the beta, who dropped off at each step, and who went silent.

invited -> accepted -> activated -> active this week -> gave feedback; a step counts only testers of the step before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.calendar import EPOCH, day_number
from data.warehouse import Snapshot
from kpis.engagement.scope import Scope, people, resolve
from kpis.intervals import Interval, wilson

WEEK_DAYS = 7


@dataclass(frozen=True)
class Person:
    """A pseudonym with what is needed to decide whom to ask. Manager role only."""

    tester_id: str
    wave: str
    platform: str
    last_active: date | None


class People(Sequence[Person]):
    """Persons as columns, made one by one when somebody looks: most readers only count them.

    `table`: tester_id, wave, platform, last_day_n.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return self._table.num_rows

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(self)[place]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return _person(self._table.slice(place % len(self), 1).to_pylist()[0])

    def __iter__(self) -> Iterator[Person]:
        for batch in self._table.to_batches(max_chunksize=10_000):
            yield from map(_person, batch.to_pylist())


@dataclass(frozen=True)
class Step:
    """testers reached it; share of the step before with its interval; dropped did not, waiting still may."""

    name: str
    testers: int
    share: float | None
    interval: Interval
    dropped: Sequence[Person]
    waiting: Sequence[Person] = ()


@dataclass(frozen=True)
class TesterFunnel:
    """open_invitations: state (pending, expired, revoked) -> count; these people have no pseudonym yet."""

    week: int
    steps: tuple[Step, ...]
    open_invitations: dict[str, int]


def tester_funnel(snapshot: Snapshot, scope: Scope, week: int) -> TesterFunnel:
    """The funnel as of the scope's instant; `week` says which programme week "active this week" means."""
    where = resolve(snapshot, scope, "day")
    launch = day_number(date.fromisoformat(snapshot.meta["launch"]))
    rows = _rows(snapshot, scope, where.until_us, launch + 7 * (week - 1), launch + 7 * week)
    invitations = snapshot.rows("engagement/open_invitations", wave=scope.wave, until_us=where.until_us)
    states = [i["state"] for i in invitations]
    reached = _holds(rows, "is_accepted")
    accepted, invited = int(reached.sum()), rows.num_rows + len(invitations)
    steps = [
        Step("invited", invited, None, (None, None), ()),
        Step("accepted", accepted, _share(accepted, invited), wilson(accepted, invited), _some(rows, ~reached)),
    ]
    for name, column in (("activated", "is_activated"), ("active this week", "is_active"),
                         ("gave feedback", "gave_feedback")):  # fmt: skip
        steps.append(_step(name, rows, reached, _holds(rows, column)))
        reached = reached & _holds(rows, column)
    return TesterFunnel(week, tuple(steps), {state: states.count(state) for state in sorted(set(states))})


def silent(snapshot: Snapshot, scope: Scope, days: int = WEEK_DAYS) -> Sequence[Person]:
    """Testers who were active once, but not in the last `days` complete days; longest silence first."""
    where = resolve(snapshot, scope, "day")
    over = day_number(where.periods.first) + where.periods.over
    rows = _rows(snapshot, scope, where.until_us, over - days, day_number(where.periods.first) + where.periods.begun)
    quiet = rows.filter(pc.less(rows["last_day_n"], over - days))  # never active: NULL, left out
    return People(quiet.sort_by([("last_day_n", "ascending"), ("tester_id", "ascending")]))


def _rows(snapshot: Snapshot, scope: Scope, until_us: int, first_day: int, end_day: int) -> pa.Table:
    hours = snapshot.settings.get("engagement", {}).get("activation_hours", 48)
    return snapshot.arrow(
        "engagement/tester_steps",
        **people(snapshot, scope),
        until_us=until_us,
        activation_us=round(hours * 3_600_000_000),
        first_day=first_day,
        end_day=end_day,
    )


def _holds(rows: pa.Table, column: str) -> np.ndarray:
    return rows[column].to_numpy()


def _some(rows: pa.Table, which: np.ndarray) -> People:
    """The persons of some rows."""
    return People(rows.select(["tester_id", "wave", "platform", "last_day_n"]).filter(pa.array(which)))


def _step(name: str, rows: pa.Table, before: np.ndarray, holds: np.ndarray) -> Step:
    """A step over the testers of the step before. Those who may still activate are waiting, not dropped, and leave
    the denominator."""
    rest = before & ~holds
    waiting = rest & _holds(rows, "may_still_activate") if name == "activated" else np.zeros(len(rest), bool)
    kept, known = int((before & holds).sum()), int((before & ~waiting).sum())
    return Step(
        name, kept, _share(kept, known), wilson(kept, known), _some(rows, rest & ~waiting), _some(rows, waiting)
    )


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def _person(row: dict[str, Any]) -> Person:
    last = row["last_day_n"]
    return Person(
        row["tester_id"], row["wave"], row["platform"], None if last is None else EPOCH + timedelta(days=last)
    )
