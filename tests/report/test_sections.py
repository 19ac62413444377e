"""Scaling, priorities and incidents in every format; the summary for people, sent only on request."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from data.errors import QueryError
from kpis import report
from kpis.commands.report import _send
from kpis.evaluation import Evaluation
from tests.support.reviews import review

HOSTILE = '=cmd|"/c calc"!A1 <b>x</b> [l](https://evil.example) #panic()'
EXTRA = Evaluation(
    scaling_sentence="CPU saturates first.",
    scaling_rows=[{"Resource": "CPU", "Answer": "at 1.9 times the busiest hours", "Fit (r²)": "0.99", "Days": "28"}],
    priority_sentence="feed comes first of 1 features.",
    priority_rows=[{"Place": "1", "Feature": HOSTILE, "Reach": "44 %"}],
    priority_order_words="Ordered by rank.",
    incident_rows=[],
)


def test_sections_stand_in_every_format() -> None:
    made = report.render(review(), ("html", "pdf", "xlsx", "json", "md"), extra=EXTRA)
    assert b"CPU saturates first." in made["html"] and b"<b>x</b>" not in made["html"]
    book = openpyxl.load_workbook(BytesIO(made["xlsx"]))
    assert book["Scaling assessment"]["A1"].value
    cells = [c.value for row in book["Feature priorities"].iter_rows() for c in row]
    assert any(str(c).startswith("'=cmd") for c in cells)
    assert json.loads(made["json"])["evaluation"]["scaling_sentence"] == "CPU saturates first."
    assert made["pdf"].startswith(b"%PDF")


def test_without_a_snapshot_there_are_no_sections() -> None:
    assert b'<section id="priorities">' not in report.render(review(), ("html",))["html"]


def test_the_summary_says_decision_and_numbers_and_holds_no_live_link() -> None:
    text = report.render(review(), ("md",), extra=EXTRA)["md"].decode()
    assert text.startswith("# Week") and "| KPI | Value |" in text
    assert "](https" not in text and "://" not in text


@pytest.fixture
def inbox():
    """A server on loopback that keeps what is posted to it."""
    got: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], got
    server.shutdown()


def test_the_summary_is_sent_through_apprise(inbox) -> None:
    port, got = inbox
    _send(f"json://127.0.0.1:{port}/", "Week 4", "**go**")
    assert got[0]["title"] == "Week 4" and "go" in got[0]["message"]


def test_a_wrong_address_is_refused_without_being_repeated(tmp_path: Path) -> None:
    with pytest.raises(QueryError) as caught:
        _send("nosuch://user:hunter2@host", "t", "b")
    assert "hunter2" not in str(caught.value)
