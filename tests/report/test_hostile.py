"""Text from people and systems stays text: no markup, formula, link, control or bidi mark has any effect."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from pypdf import PdfReader

from kpis import report
from kpis.model import Evidence, Review
from kpis.report.content import content
from kpis.report.safe import clean
from tests.report.conftest import page_text, pdf_text
from tests.support.reviews import review as made

NASTY = (
    '=cmd|"/c calc"!A1 #panic("typst") #read("/etc/passwd") $x^2$ *bold* _it_ `raw` @label <label> \\ // gone? '
    "<img src=x onerror=alert(1)></script><script>alert(2)</script> [a](javascript:alert(3)) {{ 7*7 }} {% raw %} "
    "'\"><svg/onload=alert(4)> --> ]]> &lt; 中文 \U0001f600 \u202egnp.exe\u2066 a\x00b\x07c\u200fd"
)
SEEN = '#panic("typst") #read("/etc/passwd") $x^2$ *bold* _it_ `raw` @label <label> \\ // gone?'


@pytest.fixture(scope="module")
def hostile() -> Review:
    """A review with the nasty text in every place that people or sources fill."""
    base = made()
    weeks = tuple(
        replace(w, headline=NASTY, evidence=(Evidence(NASTY, NASTY, None, ("wau",)),), markers=base.markers[:1])
        for w in base.weeks
    )
    return replace(
        base,
        programme=replace(base.programme, name=NASTY[:118]),
        verdict=replace(base.verdict, sentence=NASTY, blockers=(NASTY,), conditions=(NASTY,), undecided=(NASTY,)),
        weeks=weeks,
        values=tuple(replace(v, reason=NASTY, flags=(NASTY,)) for v in base.values),
        changes=tuple(replace(c, words=NASTY) for c in base.changes),
        markers=tuple(replace(m, title=NASTY, note=NASTY) for m in base.markers),
        health=tuple(replace(h, item=NASTY, sentence=NASTY, warnings=(NASTY,)) for h in base.health),
        gaps=tuple(replace(g, item=NASTY, words=NASTY) for g in base.gaps),
        notices=(NASTY,),
        exclusion_effects=(NASTY,),
        failures={"wau": NASTY},
    )


@pytest.fixture(scope="module")
def nasty_files(hostile: Review) -> dict[str, bytes]:
    return report.render(hostile)


class Tags(HTMLParser):
    """Names and attributes of all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_html_gains_no_element_and_no_handler(nasty_files: dict[str, bytes], files: dict[str, bytes]) -> None:
    seen, plain = Tags(), Tags()
    seen.feed(nasty_files["html"].decode())
    plain.feed(files["html"].decode())
    assert seen.names <= plain.names
    assert not {"script", "img", "iframe", "link", "object"} & seen.names
    assert not [a for a in seen.attributes if a.startswith("on")]
    assert SEEN in page_text(nasty_files["html"])
    assert "{{ 7*7 }}" in page_text(nasty_files["html"])


def test_html_reaches_for_nothing(files: dict[str, bytes]) -> None:
    text = files["html"].decode()
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*', text.replace('xmlns:xlink="http://www.w3.org/1999/xlink"', ""))
    assert "@import" not in text
    assert not re.findall(r"url\((?!#)", text)
    assert "default-src 'none'" in text


def test_the_interactive_page_keeps_its_scripts_closed(hostile: Review) -> None:
    text = report.render(hostile, ["html"], interactive=True)["html"].decode()
    charts = [c for a in content(hostile)["areas"] for c in a["charts"]]
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    assert len(scripts) == 1 + len(charts)
    assert all("<" not in body for body in scripts[1:])
    assert text.count("</script>") == len(scripts)
    assert not re.findall(r"<script[^>]+src=", text)


def test_pdf_shows_typst_code_as_text(nasty_files: dict[str, bytes]) -> None:
    text = pdf_text(nasty_files["pdf"])
    assert SEEN.replace(" ", "") in text.replace(" ", "")
    assert "root:x:0" not in text
    assert "\ufffd\ufffd \U0001f600 gnp.exe" in text  # never another sign in its place
    assert "Signs that the fonts of this PDF lack stand as \ufffd; the HTML report has them." in text
    assert "中文" in page_text(nasty_files["html"])
    assert not any("/URI" in str(page.get("/Annots", "")) for page in PdfReader(BytesIO(nasty_files["pdf"])).pages)


def test_workbook_runs_and_links_nothing(nasty_files: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(BytesIO(nasty_files["xlsx"]))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n", "b"}
    assert not [c for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(str(c.value).startswith("'=cmd") for c in cells)
    assert not [c for c in cells if c.hyperlink]
    assert not [n for n in ZipFile(BytesIO(nasty_files["xlsx"])).namelist() if "externalLink" in n]


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx", "json"])
def test_no_control_or_bidi_mark_is_left(nasty_files: dict[str, bytes], form: str) -> None:
    if form == "xlsx":
        archive = ZipFile(BytesIO(nasty_files[form]))
        text = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml"))
    elif form == "json":
        text = json.dumps(json.loads(nasty_files[form]), ensure_ascii=False)
    else:
        text = pdf_text(nasty_files[form]) if form == "pdf" else nasty_files[form].decode()
    assert not set(text) & set("\u202e\u2066\u200f\x00\x07")
    assert "gnp.exe" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "ab"),
        ("a\tb", "a b"),
        ("line\nline", "line\nline"),
        ("क्\u200dष", "क्\u200dष"),
        ("\ufeffx\u200b", "x"),
        ("ok \U0001f600 é 中", "ok \U0001f600 é 中"),
        ("x" * 5000, "x" * 3999 + "…"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_an_instant_with_another_zone_is_shown_in_the_programmes() -> None:
    text = page_text(report.render(made(as_of=datetime(2026, 4, 2, 22, 30, tzinfo=UTC)), ["html"])["html"])
    assert "Data as of 3 April 2026, 00:30 (Europe/Berlin)" in text
