"""What the answers to the weeks' lists are made from: values, changes, markers, health and three small tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from data.warehouse import Snapshot
from kpis import feature_weeks, words
from kpis.compute import Computed
from kpis.held import Held
from kpis.model import Change, KpiValue, Marker, ProgrammeVerdict, SourceHealth

_ONBOARDING: Held[list[dict[str, Any]]] = Held(most=1)  # every review of a snapshot asks for it


def prepare(snapshot: Snapshot) -> None:
    """Ask what takes longest, for a caller that has something else to wait for."""
    _onboarding(snapshot)
    feature_weeks.rows(snapshot)


def _onboarding(snapshot: Snapshot) -> list[dict[str, Any]]:
    return _ONBOARDING.get(snapshot, "", lambda: snapshot.rows("review/onboarding_week"))


@dataclass(frozen=True)
class Material:
    """What the answers are made from."""

    snapshot: Snapshot
    computed: Computed
    markers: tuple[Marker, ...]
    health: tuple[SourceHealth, ...]
    changes: tuple[Change, ...]
    verdicts: dict[int, ProgrammeVerdict]

    @cached_property
    def calendar(self) -> dict[int, dict[str, Any]]:
        return {w["week"]: w for w in self.snapshot.rows("measures/weeks")}

    @cached_property
    def feedback(self) -> dict[int, dict[str, Any]]:
        return {r["week"]: r for r in self.snapshot.rows("review/feedback_week")}

    @cached_property
    def onboarding(self) -> dict[int, dict[str, Any]]:
        return {r["week"]: r for r in _onboarding(self.snapshot)}

    @cached_property
    def people(self) -> int:
        """Testers on the roster, excluded ones left out."""
        return next((int(r["testers"]) for r in self.snapshot.rows("review/people") if r["reason"] is None), 0)

    @cached_property
    def features(self) -> list[dict[str, Any]]:
        return feature_weeks.rows(self.snapshot)

    def value(self, kpi_id: str, week: int) -> KpiValue | None:
        return next((v for v in self.computed.values if v.kpi_id == kpi_id and v.week == week), None)

    def shown(self, kpi_id: str, week: int) -> str:
        """ "212 ms (missed)" or "no data"."""
        v = self.value(kpi_id, week)
        if v is None or v.value is None:
            return words.NO_DATA
        return f"{words.show(v.value, v.unit)} ({v.status.value})"

    def in_week(self, marker: Marker, week: int) -> bool:
        """Begins in the week, or is an incident that reaches into it."""
        row = self.calendar[week]
        at = round(marker.at.timestamp() * 1e6)
        end = round((marker.end or marker.at).timestamp() * 1e6)
        return at < row["end_us"] and (at >= row["start_us"] or end > row["start_us"])

    def marked(self, kind: str, week: int) -> list[Marker]:
        return [m for m in self.markers if m.kind == kind and self.in_week(m, week)]
