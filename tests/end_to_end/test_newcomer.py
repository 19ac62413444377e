"""The first ten minutes: setup on a machine that lacks something, the example settings, the README's five lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from data.cli import main
from tests.end_to_end.small_beta import ROOT

FAKE = """#!/bin/sh
case "$*" in
  --version) echo "Python {version}" ;;
  *version_info*) exit {old} ;;
  *ensurepip*) exit {bare} ;;
  *) exit 9 ;;
esac
"""


@pytest.mark.parametrize(
    ("fake", "says"),
    [
        (dict(version="3.9.2", old=1, bare=0), "setup: Python 3.9.2 is too old; Python 3.11 or newer is needed"),
        (dict(version="3.11.2", old=0, bare=1), "setup: Python's venv module is missing; on Debian: apt-get install"),
        (None, "found; install Python 3.11 or newer"),
    ],
    ids=["old", "no venv", "none"],
)
def test_setup_says_in_one_line_what_is_missing(fake: dict | None, says: str, tmp_path: Path) -> None:
    python = tmp_path / "python3"
    if fake:
        python.write_text(FAKE.format(**fake))
        python.chmod(0o755)
    done = subprocess.run(
        ["sh", "scripts/setup", str(tmp_path / "venv"), "requirements.txt"], cwd=ROOT, text=True, check=False,
        env={**os.environ, "PYTHON": str(python)}, capture_output=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert says in done.stderr
    assert not (tmp_path / "venv").exists()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """beta.example.toml copied unchanged, as the README's first line does, without any secret exported."""
    shutil.copy(ROOT / "beta.example.toml", tmp_path / "beta.toml")
    monkeypatch.delenv("BETA_PG_DSN", raising=False)
    return str(tmp_path / "beta.toml")


def test_the_example_unchanged_names_the_variable_to_export(copied: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("data", "", ["doctor", "--settings", copied, "--offline"]) == 1
    out, err = capsys.readouterr()
    assert "environment BETA_PG_DSN" in err
    assert "environment variable BETA_PG_DSN is not set" in " ".join(out.split())


def test_values_before_the_first_refresh_name_the_command(copied: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("kpis", "", ["values", "--settings", copied]) == 1
    assert capsys.readouterr().err == (
        f"error: no snapshot yet in data/local; run `python -m data refresh --settings {copied}`\n"
    )


@pytest.mark.parametrize("command", sorted(set(re.findall(
    r"python -m ((?:data|kpis) [a-z_]+)", "".join((ROOT / f).read_text(encoding="utf-8")
                                                  for f in ("README.md", "docs/deploy.md", "docs/troubleshooting.md"))
))))  # fmt: skip
def test_every_command_the_texts_name_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    package, name = command.split()
    with pytest.raises(SystemExit) as left:
        main(package, "", [name, "--help"])
    assert left.value.code == 0
    assert "--settings" in capsys.readouterr().out
