"""What is left before launch: each point with its evidence, read from the snapshot and from what people wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from data.calendar import HOUR_US
from data.warehouse import Snapshot
from kpis import review_verdict, words
from kpis.model import Review, State, Status
from kpis.operations import tables_errors, tables_resources
from kpis.operations.incidents import Incident
from kpis.operations.scaling import Fit, first_to_saturate

DONE, OPEN, UNKNOWN = "● done", "▲ open", "○ cannot tell"
CLASSES = ("", "errors", "latency", "database", "cache", "resources", "release", "outside")
Entry = Mapping[str, Any]


def checklist(
    snapshot: Snapshot,
    review: Review,
    entries: Sequence[Entry],
    named: Sequence[Entry],
    found: Sequence[Incident],
    fits: Sequence[Fit],
    today: date,
) -> list[dict[str, str]]:
    """One row a point: state, point, evidence. `entries` and `named` come from the store."""
    points: list[tuple[str, Callable[[], tuple[str, str]]]] = [
        ("Sources answer", lambda: _sources(review)),
        ("Weeks are reviewed and closed", lambda: _weeks(review)),
        ("Go/no-go criteria are declared", lambda: _declared(snapshot)),
        ("Targets are agreed", lambda: _targets(review)),
        ("Every must criterion is met or waived", lambda: _musts(review)),
        ("No critical bug is open", lambda: _bugs(review)),
        ("Incidents are confirmed or dismissed", lambda: _incidents(found, named)),
        ("Actions are done", lambda: _actions(entries, today)),
        ("Capacity for all seats", lambda: _capacity(review, fits)),
    ]  # fmt: skip
    rows = []
    for point, answer in points:
        state, evidence = answer()
        rows.append({"State": state, "Point": point, "Evidence": evidence})
    return rows


def _mark(good: bool) -> str:
    return DONE if good else OPEN


def _sources(review: Review) -> tuple[str, str]:
    bad = [f"{h.source} {h.item}" for h in review.health if not h.ok]
    if not review.health:
        return UNKNOWN, "No source has been loaded."
    return _mark(not bad), f"With a problem: {words.joined(bad)}." if bad else (
        f"{words.count(len({h.source for h in review.health}), 'source')} answered the last refresh."
    )  # fmt: skip


def _weeks(review: Review) -> tuple[str, str]:
    over = {w.week for w in review.weeks if w.state in (State.COMPLETE, State.STALE)}
    closed = {c.week for c in review.closed}
    left = [f"{n}" for n in sorted(over - closed)]
    if not over:
        return UNKNOWN, "No week is complete yet."
    moved = [f"{c.week}" for c in review.closed if c.differences]
    text = f"Complete but open: week {words.joined(left)}." if left else f"{len(closed)} of {len(over)} are closed."
    return _mark(not left), f"{text} Reads differently today: week {words.joined(moved)}." if moved else text


def _declared(snapshot: Snapshot) -> tuple[str, str]:
    n = len(snapshot.settings.get("criteria") or ())
    return _mark(n > 0), f"{words.count(n, 'criterion', 'criteria')} in the settings."


def _targets(review: Review) -> tuple[str, str]:
    judged = [v for v in review.values if v.week == review.week and v.target is not None]
    open_ = [v for v in judged if v.target_proposed]
    return _mark(not open_), f"{len(judged) - len(open_)} of {len(judged)} targets are agreed by the team."


def _musts(review: Review) -> tuple[str, str]:
    if review.verdict.blockers:
        return OPEN, f"{words.count(len(review.verdict.blockers), 'blocker')}: {review.verdict.blockers[0]}."
    if review.verdict.undecided:
        return UNKNOWN, f"{words.count(len(review.verdict.undecided), 'criterion', 'criteria')} cannot be told."
    return DONE, "None is missed without a waiver."


def _bugs(review: Review) -> tuple[str, str]:
    value = review.value("open_critical_bugs")
    if value.value is None:
        return UNKNOWN, f"{value.reason}."
    return _mark(value.value == 0), f"{words.count(value.value, 'critical bug')} open at the end of week {review.week}."


def _incidents(found: Sequence[Incident], named: Sequence[Entry]) -> tuple[str, str]:
    known = {(n["detector"], n["start_us"]) for n in named}
    left = [i for i in found if (i.detector, i.start_us) not in known]
    return _mark(not left), f"{len(found) - len(left)} of {words.count(len(found), 'detected incident')} have a word."


def _actions(entries: Sequence[Entry], today: date) -> tuple[str, str]:
    open_ = [e for e in entries if e["kind"] == "action" and not e["done_at"]]
    late = [e for e in open_ if e["due"] and e["due"] < today.isoformat()]
    return _mark(not open_), f"{words.count(len(open_), 'action')} open, {len(late)} of them overdue."


def _capacity(review: Review, fits: Sequence[Fit]) -> tuple[str, str]:
    first, seats = first_to_saturate(fits), review.programme.seats
    if first is None or first.testers is None:
        return UNKNOWN, f"{tables_resources.scaling_sentence(fits).rstrip('.')}."
    text = f"{first.resource} lasts for about {first.testers:,.0f} weekly active testers; seats: {seats:,}."
    return _mark(first.testers >= seats), text


# ---- criteria and incidents


def criteria(snapshot: Snapshot, review: Review, waivers: Sequence[review_verdict.Waiver]) -> list[dict[str, str]]:
    """Go/no-go criteria of the review's week with their state and waiver."""
    values = {v.kpi_id: v for v in review.values if v.week == review.week}
    waived = {w.kpi_id: w for w in waivers if w.week == review.week}
    return [
        {
            "Criterion": v.title, "Kind": "must" if c.must else "should", "Status": words.status_mark(v.status),
            "Why": v.reason, "Waiver": f"{w.name}: {w.reason}" if (w := waived.get(c.kpi_id)) else "",
        }
        for c in review_verdict.criteria(snapshot.settings, list(values.values()))
        if (v := values.get(c.kpi_id)) is not None
    ]  # fmt: skip


def waivable(snapshot: Snapshot, review: Review, waivers: Sequence[review_verdict.Waiver]) -> dict[str, str]:
    """KPI id -> title of missed criteria of the week that have no waiver."""
    values = {v.kpi_id: v for v in review.values if v.week == review.week}
    done = {w.kpi_id for w in waivers if w.week == review.week}
    listed = [c.kpi_id for c in review_verdict.criteria(snapshot.settings, list(values.values()))]
    return {k: values[k].title for k in listed if k in values and values[k].status is Status.MISSED and k not in done}


def incident_rows(found: Sequence[Incident], named: Sequence[Entry], zone: str) -> list[dict[str, str]]:
    """Detected incidents with what people said about them: name, class, verdict."""
    known = {(n["detector"], n["start_us"]): n for n in named}
    nobody = "unnamed" if known else ""  # a column in which nobody has a word is left out
    rows = []
    for incident, row in zip(found, tables_errors.incident_rows(found, zone), strict=True):
        word = known.get((incident.detector, incident.start_us), {})
        hours = (incident.end_us - incident.start_us) // HOUR_US
        rows.append(
            {"Start": row["Start"], "Duration": words.count(hours, "hour"), "What": row["What"], "Peak": row["Peak"],
             "Testers touched": row["Testers touched"], "Word": word.get("verdict", nobody),
             "Name": word.get("name", ""), "Class": word.get("category", ""), "Routes": row["Routes"]}
        )  # fmt: skip
    return rows


def brief(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The same incidents as wide as a page: of their routes the one with most failures."""
    parted = [(row, row["Routes"].split(", ")) for row in rows]
    return [{**row, "Routes": f"{routes[0]}, …" if len(routes) > 1 else routes[0]} for row, routes in parted]


def incident_labels(found: Sequence[Incident], zone: str) -> list[str]:
    """One line an incident, for choosing."""
    return [f"{r['Start']} {i.what}: {r['Peak']}"
            for i, r in zip(found, tables_errors.incident_rows(found, zone), strict=True)]  # fmt: skip


def headline(rows: Sequence[Mapping[str, str]]) -> str:
    """How many points are left."""
    open_, unknown = (sum(r["State"] == mark for r in rows) for mark in (OPEN, UNKNOWN))
    if not open_ and not unknown:
        return f"All {len(rows)} points before launch are done"
    more = f", {unknown} cannot be told" if unknown else ""
    return f"{open_} of {len(rows)} points before launch are open{more}"
