"""The PDF is tagged PDF/UA-1 with embedded fonts; a figure without alt text cannot get in."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from data.errors import QueryError
from kpis import report
from kpis.charts import svg_backend
from kpis.charts.spec import ChartSpec, Series
from kpis.model import Review
from kpis.report.content import content
from kpis.report.figures import Figures
from kpis.report.pdf import pdf
from tests.report.conftest import put


def tags(node: object, seen: list[tuple[str, object]]) -> list[tuple[str, object]]:
    """(structure type, alt text) of the whole structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            tags(child, seen)
    elif isinstance(node, dict):
        if "/S" in node:
            seen.append((str(node["/S"]), node.get("/Alt")))
        if "/K" in node:
            tags(node["/K"], seen)
    return seen


def test_it_is_tagged_and_says_so(tmp_path: Path, files: dict[str, bytes]) -> None:
    if shutil.which("pdfinfo"):
        file = put(tmp_path, files["pdf"], "a.pdf")
        told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        assert "Tagged:          yes" in told
    root = PdfReader(BytesIO(files["pdf"])).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


def test_headings_tables_and_figures_have_their_roles(review: Review, files: dict[str, bytes]) -> None:
    found = tags(PdfReader(BytesIO(files["pdf"])).trailer["/Root"]["/StructTreeRoot"], [])
    kinds = [kind for kind, _ in found]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L"} <= set(kinds)
    alts = [str(alt) for kind, alt in found if kind == "/Figure"]
    charts = [c for a in content(review)["areas"] for c in a["charts"]]
    assert sorted(alts) == sorted(c["alt"] for c in charts)
    assert all(c["title"] in c["alt"] for c in charts if c["id"].startswith("days-"))


def test_the_only_date_is_as_of(review: Review, files: dict[str, bytes]) -> None:
    about = PdfReader(BytesIO(files["pdf"])).metadata
    assert about is not None
    assert about.title == "Week 4 evaluation: TikTokToe closed beta"
    assert about.creation_date in (None, review.as_of.astimezone(UTC))


def test_every_font_is_embedded(files: dict[str, bytes]) -> None:
    for page in PdfReader(BytesIO(files["pdf"])).pages:
        for font in page["/Resources"]["/Font"].values():
            for descendant in font.get_object()["/DescendantFonts"]:
                about = descendant.get_object()["/FontDescriptor"]
                assert "/FontFile2" in about or "/FontFile3" in about


def test_a_chart_without_alt_text_is_refused(review: Review) -> None:
    told = content(review)
    drawn = Figures(review, told).printed()
    told["areas"][0]["charts"][0]["alt"] = ""
    with pytest.raises(QueryError, match="missing alt text"):
        pdf(told, drawn, review.as_of)
    silent = ChartSpec("a", "A", " ", "", "number", (Series("a", (1.0,), (1.0,)),))
    with pytest.raises(ValueError, match="chart a: has no alt text"):
        svg_backend.svg(silent)


@pytest.mark.parametrize(
    "changed", [{"kpis": (), "values": (), "changes": (), "days": {}, "failures": {}}, {"days": {}}]
)
def test_a_review_with_little_or_nothing_still_renders(review: Review, changed: dict) -> None:
    bare = replace(review, **changed, weeks=(), markers=(), health=(), gaps=(), notices=(), exclusion_effects=())
    made = report.render(bare)
    assert len(PdfReader(BytesIO(made["pdf"])).pages) >= 2
    assert b"No source has been read yet." in made["html"]
    assert b"No gap in any source." in made["html"]


def test_a_programme_that_has_not_begun_says_so() -> None:
    from datetime import datetime

    from tests.report.conftest import page_text
    from tests.support.reviews import review as made

    early = made(week=1, as_of=datetime(2026, 2, 20, tzinfo=UTC))
    text = page_text(report.render(early)["html"])
    assert "not begun" in text
    assert "No KPI can be told yet." in text
