"""Which series feed which numbers: every family the pages read, under the name it was found by, or what is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from data.sources.prometheus_plan import COMPUTED
from data.warehouse import Snapshot
from kpis.operations import spellings
from kpis.operations.families import APP_ERRORS, HTTP_DURATION, HTTP_TOTAL, RESOURCES
from kpis.operations.signals import SIGNALS

COUNTERS = ("counter", "histogram", "summary")
ROUTES = ("route", "http_route", "handler", "path", "uri")
STATUSES = ("status", "code", "status_code", "http_response_status_code", "http_status_code")
SCRAPE_LAG = "nodejs_eventloop_lag_seconds"


@dataclass(frozen=True)
class Family:
    """One thing the pages read. `metric` None: none of its names was scraped. `also`: other spellings, not added up."""

    what: str
    metric: str | None
    also: tuple[str, ...]
    type: str
    series: int
    labels: str
    remark: str

    def as_row(self) -> dict[str, str | int]:
        return {
            "what": self.what, "found as": self.metric or "", "type": self.type, "series": self.series,
            "labels": self.labels, "other names, not added": ", ".join(self.also), "remark": self.remark,
        }  # fmt: skip


def detect(snapshot: Snapshot) -> tuple[Family, ...]:
    """Every family in the order of the pages; missing ones say what does not exist without them."""
    known = {r["metric"]: r for r in snapshot.rows("operations/metric_names")}
    buckets = tuple(f"{base}_bucket" for base in HTTP_DURATION.bases)
    found = [
        _family(known, "Request durations", buckets, True, "no bottlenecks, no latency"),
        _family(known, "Requests by status", HTTP_TOTAL, True, "no error ratio, no budget"),
        _family(known, "Application errors", APP_ERRORS, True, "no errors by component"),
        _family(known, "Scrape targets", ("up",), False, "availability is not known"),
        *(_family(known, r.title, r.used, r.kind == "cpu", "no use of it") for r in RESOURCES),
        *(_family(known, f"{r.title}: limit", r.limit, False, "no share, only a level") for r in RESOURCES if r.limit),
        *(_family(known, f"{s.area}: {s.title}", (metric,), s.kind not in ("level", "longest"), "not shown")
          for s in SIGNALS for metric in (*s.top, *s.rest) if not s.mode),
    ]  # fmt: skip
    found += [
        Family("PromQL of your own", name, (), row["type"], row["series"], "", "feeds no number: read with kpis series")
        for name, row in known.items() if name.startswith(COMPUTED)
    ]  # fmt: skip
    once = {f.metric or f.what: f for f in reversed(found)}  # a metric that feeds two numbers is listed once
    return tuple(_labelled(snapshot, _lag(f, known)) for f in reversed(once.values()))


def _family(known: dict[str, dict], what: str, names: Sequence[str], counter: bool, without: str) -> Family:
    present = [n for n in names if n in known]
    if not present:
        return Family(what, None, (), "", 0, "", f"none of {', '.join(names[:3])} was scraped: {without}")
    row = known[present[0]]
    remark = ""
    if counter and row["type"] not in COUNTERS and not (row["type"] == "unknown" and present[0].endswith(_SUFFIXES)):
        remark = f'known as {row["type"]}, so its growth is not read: set types = {{ {present[0]} = "counter" }}'
    if not counter and row["type"] in COUNTERS:
        remark = f'known as {row["type"]}: set types = {{ {present[0]} = "gauge" }}'
    return Family(what, present[0], tuple(present[1:]), row["type"], row["series"], "", remark)


_SUFFIXES = ("_total", "_bucket", "_count", "_sum")


def _lag(family: Family, known: dict[str, dict]) -> Family:
    if family.what != "Event-loop lag" or family.metric or SCRAPE_LAG not in known:
        return family
    row = known[SCRAPE_LAG]
    words = f"only {SCRAPE_LAG} was scraped, which times the scrape itself: not used"
    return Family(family.what, None, (SCRAPE_LAG,), row["type"], row["series"], "", words)


def _labelled(snapshot: Snapshot, family: Family) -> Family:
    """Which of its labels were taken for the route and the status, and which name counts on which days."""
    if family.what not in ("Request durations", "Requests by status") or family.metric is None:
        return family
    named = joined(snapshot)[family.what]
    rows = snapshot.rows("operations/matching_series", metric=family.metric)
    keys = {key for row in rows for key in json.loads(row["labels"])}
    route, status = (next((k for k in names if k in keys), None) for names in (ROUTES, STATUSES))
    told = [f"route: {route}" if route else "no route", f"status: {status}" if status else "no status"]
    remark = family.remark
    if family.what == "Requests by status" and status is None:
        remark = remark or "has no status label, so failures cannot be told: no error ratio"
    remark = "; ".join(filter(None, (remark, named)))
    also = tuple(name for name in family.also if name not in named.split())
    return Family(family.what, family.metric, also, family.type, family.series, ", ".join(told), remark)


def joined(snapshot: Snapshot) -> dict[str, str]:
    """Of the request families: which name counts on which days; '' where one name counts throughout."""
    buckets = tuple(f"{base}_bucket" for base in HTTP_DURATION.bases)
    return {
        "Request durations": spellings.words(snapshot, buckets),
        "Requests by status": spellings.words(snapshot, HTTP_TOTAL, told=True),
    }


def lines(families: Sequence[dict]) -> tuple[str, ...]:
    """Families as lines for a terminal: what was found under which name, then what is missing."""
    width = max(len(str(f["what"])) for f in families)
    shown = [f"{f['what']:{width}}  {f['found as'] or '-'}{'  (' + f['remark'] + ')' if f['remark'] else ''}"
             for f in families]  # fmt: skip
    return (*shown, "")
