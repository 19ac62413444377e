"""The same review gives the same bytes in another process, hash seed, time zone and locale; files appear whole."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import QueryError
from kpis import report
from kpis.model import Review

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import hashlib, json
from kpis import report
from tests.support.reviews import review
made = report.render(review())
made["interactive"] = report.render(review(), ["html"], interactive=True)["html"]
print(json.dumps({k: hashlib.sha256(v).hexdigest() for k, v in made.items()}))
"""


def start(seed: str, zone: str, language: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language}
    return subprocess.Popen([sys.executable, "-c", CODE], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def test_bytes_do_not_depend_on_process_seed_zone_or_locale(files: dict[str, bytes]) -> None:
    running = [start("1", "America/New_York", "C"), start("4242", "Asia/Tokyo", "de_DE.UTF-8")]
    first, second = (json.loads(process.communicate()[0]) for process in running)
    assert first == second
    here = {form: hashlib.sha256(content).hexdigest() for form, content in files.items()}
    assert here == {form: digest for form, digest in first.items() if form != "interactive"}


def test_the_files_carry_the_week_and_appear_without_leftovers(tmp_path: Path, review: Review) -> None:
    out = tmp_path / "a" / "b"
    made = report.write(review, None, out, ("json", "xlsx"))
    assert [f.name for f in made] == ["evaluation-week-4.json", "evaluation-week-4.xlsx"]
    assert sorted(f.name for f in out.iterdir()) == ["evaluation-week-4.json", "evaluation-week-4.xlsx"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evaluation-week-4.json").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(QueryError, match="No space left on device"):
        report.write(review, None, tmp_path, ("json",))
    assert [f.name for f in tmp_path.iterdir()] == ["evaluation-week-4.json"]
    assert (tmp_path / "evaluation-week-4.json").read_bytes() == b"old"


def test_an_unknown_format_is_named_with_the_nearest(tmp_path: Path, review: Review) -> None:
    with pytest.raises(QueryError, match=r'no report format "pfd" \(did you mean "pdf"\?\); known: html, pdf, xlsx'):
        report.write(review, None, tmp_path, ("pfd",))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file_is_refused_in_words(tmp_path: Path, review: Review) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(QueryError, match="out: cannot be written: "):
        report.write(review, None, tmp_path / "out", ("json",))
