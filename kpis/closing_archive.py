"""The archive of a closed week: the report as it left the house and the frozen content, each under its sha256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from data.errors import SnapshotError
from data.programme import ProgrammeStore
from data.warehouse import Snapshot
from kpis import closing, closing_freeze, report
from kpis.closing_freeze import Closing
from kpis.model import Review

FOLDER = "archive"
CONTENT = "closing.json"


def folder(root: Path, review: Review) -> Path:
    """`<root>/week-2/<snapshot>`."""
    return root / f"week-{review.week}" / review.snapshot_id


def close(
    review: Review,
    snapshot: Snapshot,
    store: ProgrammeStore,
    *,
    author: str,
    at: datetime,
    root: Path,
    formats: Sequence[str] = report.FORMATS,
) -> Closing:
    """Write the archive of the review's week, then close it. Errors as kpis.closing.close and kpis.report.write.

    closing.json holds exactly what is hashed: `sha256sum closing.json` proves the closing. Files of an attempt that
    failed half-way are written again by the next one.
    """
    refused = closing.refusal(review)
    if refused:
        raise SnapshotError(refused)
    place = folder(root, review)
    files = {f.name: _sha256(f) for f in report.write(review, snapshot, place, formats)} if formats else {}
    content = closing_freeze.canonical(closing_freeze.freeze(review, snapshot))
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / CONTENT).write_bytes(content)
    except OSError as error:
        raise SnapshotError(f"{place}: cannot be written: {error.strerror or error}; the week stays open") from None
    files[CONTENT] = closing_freeze.digest(content)
    return closing.close(review, snapshot, store, author=author, at=at, files=files)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
