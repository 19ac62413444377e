from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from kpis import report
from kpis.model import Review
from tests.support.reviews import review as made


@pytest.fixture(scope="session")
def review() -> Review:
    return made()


@pytest.fixture(scope="session")
def files(review: Review) -> dict[str, bytes]:
    """The four files of the made-up review by format."""
    return report.render(review)


@lru_cache
def pdf_text(content: bytes) -> str:
    """Text of a PDF with every run of white space as one blank and without soft breaks."""
    pages = PdfReader(BytesIO(content)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\u00a0", " "))


@lru_cache
def page_text(content: bytes) -> str:
    """Visible text of the HTML file as one line."""
    text = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", content.decode(), flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", text)
    for name, char in {"&lt;": "<", "&gt;": ">", "&#39;": "'", "&#34;": '"', "&amp;": "&"}.items():
        text = text.replace(name, char)
    return re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\u00a0", " "))


def put(folder: Path, content: bytes, name: str) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file
