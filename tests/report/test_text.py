"""What the report says: decision first, reasons for every "cannot tell", the label of demo data everywhere."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from pypdf import PdfReader

from kpis import report
from kpis.model import ClosedWeek, Difference, Review, Status
from kpis.report.content import DEMO, content
from tests.report.conftest import page_text, pdf_text

SENTENCES = [
    "Week 4 evaluation",
    "Data as of 2 April 2026, 08:00 (Europe/Berlin)",
    "Go with conditions",
    "Week 4: go with conditions, because API latency p95 is 402 ms against a target of 200 ms.",
    "No blocker.",
    "API latency p99: 1.24 s, target 500 ms, floor 2 s",
    "TikTokToe closed beta, 4 weeks, 2 to 29 March 2026",
    "398 on the roster, 1,000 seats",
    "14 accounts (staff, test accounts, bots, people who opted out)",
    "17 to 31 % (Wilson 95 %)",
    "Requests answered with a 5xx rose to 0.61 % in week 4 (target 1 %)",
    "API latency p95 more than doubled after v0.9.4.",
    "37 testers not yet measurable, measurable from 5 April 2026.",
    "3 = Database connections exhausted (12 March, 15:00)",
    "8,243,972 rows were read, 4 are in quarantine. Every row read is accounted for.",
    "app/app:3000 of metrics: not read, unreachable since 2026-04-01 22:10: connection refused; storage retention is",
    "app/app:3000 of metrics: silent for 42 hours, 2026-03-18 03:00 to 2026-03-19 21:00.",
    "14 staff and test accounts left out; day-7 retention would read 29 % instead of 24 %.",
    "How do we stand on api latency p95?",
    "no series redis_memory_max_bytes in this snapshot",
]
ORDER = [
    "Decision", "Scope", "The week in numbers", "Findings", "Week by week", "Engagement", "Reliability", "Performance",
    "Resources", "Feedback", "Programme", "Releases, incidents and waves", "Data quality", "Definitions",
    "What could not be computed",
]  # fmt: skip


@pytest.mark.parametrize("form", ["pdf", "html"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_says(files: dict[str, bytes], form: str, sentence: str) -> None:
    assert sentence in (pdf_text if form == "pdf" else page_text)(files[form])


def test_the_outline_starts_with_the_decision(files: dict[str, bytes]) -> None:
    outline = [o.title for o in PdfReader(BytesIO(files["pdf"])).outline if not isinstance(o, list)]
    assert outline == ORDER


def test_headings_of_the_page_come_in_order_and_skip_no_level(files: dict[str, bytes]) -> None:
    import re

    found = re.findall(r"<h([1-6])>(.*?)</h\1>", files["html"].decode())
    assert [text for level, text in found if level == "2"] == ORDER
    levels = [int(level) for level, _ in found]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_cannot_tell_always_has_its_reason(review: Review) -> None:
    told = content(review)
    unsure = [v for v in review.values if v.week == 4 and v.status is Status.CANNOT_TELL]
    assert unsure
    notes = {r["title"]: r["note"] for a in told["areas"] for r in a["rows"]}
    whys = {f["title"]: f["reason"] for f in told["findings"]["verdicts"]}
    for v in unsure:
        expected = review.failures.get(v.kpi_id, v.reason)
        assert expected.lower() in notes[v.title].lower()
        assert whys[v.title] == expected


def test_demo_data_are_labelled_on_every_page_and_sheet(files: dict[str, bytes]) -> None:
    for page in PdfReader(BytesIO(files["pdf"])).pages:
        assert DEMO in page.extract_text()
    book = openpyxl.load_workbook(BytesIO(files["xlsx"]))
    assert {sheet.cell(1, 1).value for sheet in book} == {DEMO}
    assert page_text(files["html"]).count(DEMO) == 2


def test_a_real_beta_carries_no_demo_label(review: Review) -> None:
    real = replace(review, programme=replace(review.programme, demo=False), notices=())
    made = report.render(real)
    assert "emo data" not in pdf_text(made["pdf"]) + page_text(made["html"])
    assert openpyxl.load_workbook(BytesIO(made["xlsx"]))["Values"].cell(1, 1).value == "id"


def test_the_state_of_a_running_week_is_named() -> None:
    from tests.support.reviews import review as made

    text = page_text(report.render(made(week=3, as_of=datetime(2026, 3, 19, 6, tzinfo=UTC)), ["html"])["html"])
    assert "Week 3 review" in text
    assert "running, 3 of 7 days" in text
    assert "not begun" in text


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_closed_week_names_who_closed_it_and_what_moved_since(review: Review, form: str) -> None:
    moved = Difference("wau", "Weekly active testers", "n", "398", "401", ("3 late events",))
    at = datetime(2026, 3, 11, 8, tzinfo=UTC)
    weeks = (
        ClosedWeek(1, at, "maria", "beta-a", "a" * 64, (), (moved,), ("3 late events",)),
        ClosedWeek(2, at, "maria", "beta-b", "b" * 64, (), (), ()),
    )
    made = report.render(replace(review, closed=weeks), [form])[form]
    text = (pdf_text if form == "pdf" else page_text)(made)
    assert "Closed on 11 March 2026, 09:00 by maria; snapshot beta-a, sha256 aaaaaaaaaaaa." in text
    assert "Weekly active testers, n: 398 when closed, 401 today (3 late events)." in text
    assert "Since then: nothing has moved." in text
