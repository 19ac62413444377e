"""The demo is the same bytes everywhere, loads as settings, and never overwrites what is not its own."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.cli import main
from data.demo import folder
from data.demo.files import stored_gzip
from data.errors import SettingsError
from data.settings import load
from tests.demo.conftest import SMALL

ROOT = Path(__file__).resolve().parents[2]
WRITE = """
import sys
from pathlib import Path
from data.demo import folder
from data.demo.plan import Scale
folder.write(Path(sys.argv[1]), Scale(testers=60, background_per_day=1500, scrape_s=1800))
"""


def hashes(target: Path) -> dict[str, str]:
    files = sorted(f for f in target.rglob("*") if f.is_file())
    return {str(f.relative_to(target)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.mark.parametrize(("zone", "seed"), [("America/New_York", "1"), ("Asia/Tokyo", "77")])
def test_same_bytes_in_another_process_zone_and_hash_order(demo: Path, tmp_path: Path, zone: str, seed: str) -> None:
    env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WRITE, str(tmp_path / "again")], cwd=ROOT, env=env, check=True
    )
    assert hashes(tmp_path / "again") == hashes(demo)


def test_writing_again_changes_no_file(demo: Path) -> None:
    before = {f: f.stat().st_mtime_ns for f in demo.rglob("*") if f.is_file() and f.name != folder.MARK}
    folder.write(demo, SMALL)
    assert {f: f.stat().st_mtime_ns for f in before} == before


def test_no_file_hides_a_clock_or_a_machine(demo: Path) -> None:
    packed = sorted((demo / "events").glob("*.gz"))
    assert len(packed) == 7
    assert all(f.read_bytes()[4:8] == b"\0\0\0\0" for f in packed)
    assert str(demo) not in (demo / "beta.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [0, 1, 65_534, 65_535, 65_536, 131_070, 200_000])
def test_stored_gzip_is_read_by_everybody(size: int) -> None:
    content = bytes(i % 251 for i in range(size))
    assert gzip.decompress(stored_gzip(content)) == content


def test_settings_of_the_demo_load(demo: Path) -> None:
    settings = load(demo / "beta.toml")
    assert settings.programme.demo
    assert settings.programme.as_of.isoformat() == "2026-04-01T22:00:00+00:00"  # midnight in Berlin, three days after
    assert settings.storage == (demo / "local").resolve()
    assert [s.name for s in settings.sources] == [
        "events", "testers", "invitations", "feedback", "flags", "identities", "metrics",
    ]  # fmt: skip
    assert all((demo / s.path).exists() for s in settings.sources)
    assert [r.at.isoformat() for r in settings.releases][1] == "2026-03-11T10:00:00+01:00"
    assert "migration" not in str(settings.incidents)  # the spike is to be found, not told


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert main("data", "", ["demo", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"error: {tmp_path}: is not empty and holds no demo; name a new or empty folder\n"
    assert [f.name for f in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="is a file; name a folder"):
        folder.write(tmp_path / "file", SMALL)


def test_an_interrupted_demo_can_be_finished(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / folder.MARK).write_text("", encoding="utf-8")
    (tmp_path / "events" / "2026-03-02.jsonl.gz").write_bytes(b"half")
    (tmp_path / "events" / "2025-01-01.jsonl").write_text("{}", encoding="utf-8")
    folder.write(tmp_path, SMALL)
    assert hashes(tmp_path) == hashes(demo)


def test_a_demo_too_small_to_hold_its_plants_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 40 testers"):
        type(SMALL)(testers=12)
