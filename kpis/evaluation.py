"""What week 4 asks beyond the KPIs: scaling, feature priorities, incidents. Plain rows and sentences, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.warehouse import Snapshot
from kpis import words

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Evaluation:
    """Each `rows` is a table of ready texts; empty where there is nothing to tell, and the sentence says why."""

    scaling_sentence: str
    scaling_rows: Rows
    priority_sentence: str
    priority_rows: Rows
    priority_order_words: str
    incident_rows: Rows


def sections(snapshot: Snapshot) -> Evaluation:
    """The three sections of a snapshot. Errors as the queries behind them."""
    # loaded here: a command's other queries are answered meanwhile
    from kpis import priorities
    from kpis.operations import incidents, launch, tables_errors, tables_resources

    if not snapshot.rows("measures/days"):
        launched = words.day(date.fromisoformat(snapshot.meta["launch"]))
        waiting = f"No day of the programme is over; it starts on {launched}."
        return Evaluation(waiting, [], waiting, [], priorities.ORDER, [])
    zone = snapshot.meta.get("timezone") or "UTC"
    fits, features = launch.scaling(snapshot), priorities.features(snapshot)
    return Evaluation(
        scaling_sentence=f"{tables_resources.scaling_sentence(fits).rstrip('.')}.",
        scaling_rows=tables_resources.fit_rows(fits),
        priority_sentence=priorities.sentence(features),
        priority_rows=priorities.rows(features),
        priority_order_words=priorities.ORDER,
        incident_rows=tables_errors.incident_rows(incidents.detect(snapshot), zone),
    )
