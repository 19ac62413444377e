"""The note of the last refresh: what is said, and that a damaged note is no error."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import status
from data.settings import load
from tests.support import dashboards

FAILED = '{"as_of": "2026-04-02T08:00:00+02:00", "ok": false, "errors": ["metrics: refused", "app: gone"]}'


def read(folder: Path, note: str | None) -> status.Status:
    settings = load(dashboards.write(folder))
    if note is not None:
        (settings.storage / status.FILE).write_text(note, encoding="utf-8")
    return status.read(settings)


def test_a_failed_refresh_says_when_and_why(tmp_path: Path) -> None:
    first, second = read(tmp_path, FAILED).problems
    assert first == "The refresh of 2026-04-02 06:00 UTC had a problem: metrics: refused"
    assert second.endswith("app: gone")


def test_a_failure_without_a_reason_is_still_said(tmp_path: Path) -> None:
    assert read(tmp_path, '{"ok": false}').problems == ("The refresh had a problem: no reason was recorded",)


@pytest.mark.parametrize("note", [None, "", "{", "[]", '{"ok": "no"}', '{"ok": true, "errors": []}', '{"as_of": 7}'])
def test_no_note_or_a_damaged_one_accuses_nobody(tmp_path: Path, note: str | None) -> None:
    assert read(tmp_path, note).problems == ()
