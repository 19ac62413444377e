"""Review -> the report's content as plain dictionaries, lists and texts, in reading order.

The HTML page and the PDF lay out this one value and add nothing, so both say the same. Every text from
outside is cleaned here once; both layouts insert texts as texts, never as markup.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from kpis.charts.titles import finding
from kpis.evaluation import Evaluation
from kpis.model import ClosedWeek, KpiValue, Review, State, Status, WeekReview
from kpis.report import appendix, areas, say, sections
from kpis.report.safe import cleaned
from kpis.scorecard import HEADLINE, change, signals
from kpis.words import count, interval, joined, show

DEMO = "Demo data: simulated testers, not a real beta"
_ORDER = {Status.MISSED: 0, Status.WITHIN_FLOOR: 1, Status.CANNOT_TELL: 2, Status.ON_TARGET: 3}


def content(review: Review, evaluation: Evaluation | None = None) -> dict[str, Any]:
    """Everything the report says. Charts are named by the KPI ids in areas[].charts[].spec."""
    programme, zone = review.programme, ZoneInfo(review.programme.timezone)
    last = review.week >= programme.weeks
    told = {
        "title": f"Week {review.week} {'evaluation' if last else 'review'}",
        "programme": programme.name,
        "demo": DEMO if programme.demo else "",
        "as_of": f"Data as of {say.moment(review.as_of, zone)} ({programme.timezone})",
        "snapshot": review.snapshot_id,
        "week": review.week,
        "weeks_total": programme.weeks,
        "notices": [n for n in review.notices if not (programme.demo and n.lower().startswith("demo"))],
        "decision": _decision(review),
        "scope": _scope(review, zone),
        "numbers": _numbers(review),
        "findings": _findings(review),
        "weeks": [_week(review, w, zone) for w in review.weeks],
        "areas": areas.areas(review),
        "sections": [],
        "markers": appendix.markers(review, zone),
        "quality": appendix.quality(review, zone),
        "definitions": appendix.definitions(review),
        "failures": appendix.failures(review),
    }
    return with_sections(cleaned(told), evaluation)


def with_sections(told: dict[str, Any], evaluation: Evaluation | None) -> dict[str, Any]:
    """The content with the evaluation's sections in place of those it has."""
    return {**told, "sections": cleaned(sections.sections(evaluation))}


def _decision(review: Review) -> dict[str, Any]:
    verdict = review.verdict
    return {
        **say.decision(verdict.decision),
        "sentence": verdict.sentence,
        "groups": [
            {"title": "Blockers", "items": list(verdict.blockers), "none": "No blocker."},
            {"title": "Conditions", "items": list(verdict.conditions), "none": "No condition."},
            {"title": "Undecided, and what would decide it", "items": list(verdict.undecided), "none": "Nothing."},
        ],
    }


def _scope(review: Review, zone: ZoneInfo) -> list[dict[str, Any]]:
    p = review.programme
    ends = [w.end for w in review.weeks]
    period = say.days(p.launch, max(ends)) if ends else f"from {say.day(p.launch)}"
    sources = sorted({f"{h.source} ({h.kind})" for h in review.health})
    left_out = f"{p.excluded:,} accounts (staff, test accounts, bots, people who opted out)"
    rows = [
        ("Programme", f"{p.name}, {p.weeks} weeks, {period}"),
        ("This report", f"week {review.week} and all weeks before it; days end at midnight in {p.timezone}"),
        ("Testers", f"{p.testers:,} on the roster, {p.seats:,} seats"),
        ("Left out", left_out if p.excluded else "nobody"),
        ("Sources", joined(sources) if sources else "none"),
        ("Data as of", f"{say.moment(review.as_of, zone)} ({p.timezone})"),
    ]
    exact = [("Snapshot", review.snapshot_id), ("Settings (sha256)", review.settings_hash)]
    plain = [{"name": k, "text": v, "code": False} for k, v in rows]
    return plain + [{"name": k, "text": v, "code": True} for k, v in exact]


def _numbers(review: Review) -> list[dict[str, Any]]:
    """Three to six figures: the preferred ones, else the first of the catalogue."""
    have = [k.id for k in review.kpis]
    chosen = [k for k in HEADLINE if k in have]
    chosen += [k for k in have if k not in chosen][: max(0, 3 - len(chosen))]
    return [_number(review, review.value(k)) for k in chosen]


def _number(review: Review, v: KpiValue) -> dict[str, Any]:
    moved = change(review, v.kpi_id)
    sample = f"n = {v.n:,} {v.sample_word}" if v.n else ""
    return {
        "title": v.title,
        "value": show(v.value, v.unit),
        "interval": interval(v) if say.bounds(v) else "",
        "sample": ", ".join(t for t in (sample, say.state(v)) if t),
        "goal": say.goal(v),
        "status": say.status(v.status),
        "reason": (review.failures.get(v.kpi_id) or v.reason) if v.status is Status.CANNOT_TELL else "",
        "change": f"against week {v.week - 1}: {moved.words}" if moved and v.week > 1 else "",
    }


def _findings(review: Review) -> dict[str, Any]:
    """Clear changes of the week, then verdicts that are not on target, worst first, each with its owner."""
    now = [v for v in review.values if v.week == review.week]
    changes = [
        {"text": finding(review, v.kpi_id), "detail": c.words, "better": c.better, "owner": review.kpi(v.kpi_id).owner}
        for v, c in signals(review)
    ]
    off = sorted((v for v in now if v.status is not Status.ON_TARGET), key=lambda v: _ORDER[v.status])
    verdicts = [
        {
            "title": v.title,
            "value": show(v.value, v.unit),
            "goal": say.goal(v),
            "status": say.status(v.status),
            "owner": review.kpi(v.kpi_id).owner,
            "reason": review.failures.get(v.kpi_id) or v.reason,
        }
        for v in off
    ]
    on, told = (sum(v.status is s for v in now) for s in (Status.ON_TARGET, Status.CANNOT_TELL))
    open_ = f" {count(told, 'KPI')} of {len(now)} cannot be told." if told else ""
    summary = f"{on} of {len(now) - told} KPIs with a verdict are on target.{open_}"
    if told == len(now):
        summary = "No KPI can be told yet."
    return {"changes": changes, "verdicts": verdicts, "summary": summary}


def _week(review: Review, w: WeekReview, zone: ZoneInfo) -> dict[str, Any]:
    running = w.state is not State.COMPLETE
    words = {State.RUNNING: f"running, {w.days_in} of 7 days", State.FUTURE: "not begun",
             State.STALE: "closed; would read differently today"}.get(w.state, str(w.state))  # fmt: skip
    return {
        "title": f"Week {w.week}",
        "headline": say.sentence(w.headline.removeprefix(f"Week {w.week}:")),
        "dates": say.days(w.start, w.end),
        "state": words.replace("_", " ") if running else "",
        "evidence": [{"item": e.item, "answer": e.answer, "status": say.status(e.status)} for e in w.evidence],
        "markers": [f"{m.number} = {m.title} ({say.moment(m.at, zone, year=False)})" for m in w.markers],
        "closed": [line for c in review.closed if c.week == w.week for line in _closed(c, zone)],
    }


def _closed(c: ClosedWeek, zone: ZoneInfo) -> list[str]:
    """Who closed the week, and what would read differently today and why; the figures are those it was closed with."""
    proof = f"Closed on {say.moment(c.at, zone)} by {c.author}; snapshot {c.snapshot_id}, sha256 {c.sha256[:12]}."
    since = [
        say.sentence(f"{d.title}, {d.part}: {d.closed} when closed, {d.now} today{_because(d.why)}")
        for d in c.differences
    ]
    quiet = [] if since else [f"Since then: {'; '.join(c.reasons) if c.reasons else 'nothing has moved'}."]
    return [proof, *since, *quiet]


def _because(why: tuple[str, ...]) -> str:
    return f" ({'; '.join(why)})" if why else ""
