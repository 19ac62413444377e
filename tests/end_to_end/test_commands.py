"""Commands as a person or cron runs them: exit status 0 only for a job done, errors one clear line, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data import settings
from data.cli import main
from data.refresh import refresh
from data.warehouse import snapshot_files
from tests.end_to_end import small_beta as beta
from tests.end_to_end.small_beta import ROOT, event

EVENTS = [event(f"did:plc:t{i}", d) for i in range(8) for d in range(20)]
ROSTER = [beta.tester(f"did:plc:t{i}") for i in range(8)]


def command(*argv: str, out: int | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *argv], cwd=ROOT, env={**os.environ, **env}, text=True, check=False,
        stdout=subprocess.PIPE if out is None else out, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Settings of a refreshed beta in a folder with an awkward name."""
    made = beta.write(tmp_path_factory.mktemp('it\'s "ö" $x'), EVENTS, ROSTER)
    assert not refresh(settings.load(made)).errors
    return str(made)


@pytest.mark.parametrize(
    ("argv", "status", "says"),
    [
        (["kpis", "values", "--settings", "/no/such.toml"], 1, "no such settings file; copy beta.example.toml"),
        (["kpis", "catalogue", "--settings", "/no/such.toml"], 1, "no such settings file"),
        (["data", "refresh", "--settings", "/"], 1, "cannot be read: Is a directory"),
        (["kpis", "values", "--settings", "{file}", "--kpi", "retention_d9"], 1, 'did you mean "retention_d'),
        (["kpis", "values", "--settings", "{file}", "--week", "9"], 1, "week 9: the programme has weeks 1 to 4"),
        (["kpis", "report", "--settings", "{file}", "--week", "0", "--out", "{out}"], 1, "weeks 1 to 4"),
        (["kpis", "report", "--settings", "{file}", "--out", "{file}"], 1, "cannot be written"),
        (["kpis", "report", "--settings", "{file}", "--out", "{out}", "--format-files", ","], 1, "known: html, pdf"),
        (["kpis", "values", "--settings", "{file}", "--format", "xml"], 2, "see python -m kpis values --help"),
        (["kpis", "report"], 2, "--out"),
        (["kpis"], 2, "see python -m kpis --help"),
        (["data", "refresh", "--settings", "{file}", "--as-of", "soon"], 2, "2026-04-02"),
        (["data", "demo", "{file}"], 1, "is a file; name a folder"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_a_mistake_is_one_line(
    argv: list[str], status: int, says: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(argv[0], "", [a.format(file=file, out=tmp_path / "out") for a in argv[1:]])
    except SystemExit as left:  # argparse's way out
        code = left.code
    out, err = capsys.readouterr()
    assert (code, out) == (status, "")
    assert err.startswith("error: ") and err.count("\n") == 1, err
    assert says in err
    assert not (tmp_path / "out").exists()


def test_a_terminal_without_unicode_gets_its_answer(file: str) -> None:
    done = command("kpis", "values", "--settings", file, "--week", "1", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "wau" in done.stdout


def test_a_full_disk_under_the_output_is_said(file: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = command("kpis", "values", "--settings", file, "--format", "json", out=full.fileno())
    assert (done.returncode, done.stderr) == (1, "error: the output cannot be written: No space left on device\n")


def test_a_reader_that_leaves_early_hears_no_complaint(file: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = command("kpis", "values", "--settings", file, "--format", "json", out=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def cut(snapshot: Path) -> None:
    snapshot.write_bytes(snapshot.read_bytes()[: snapshot.stat().st_size // 2])


def emptied(snapshot: Path) -> None:
    snapshot.write_bytes(b"")


def of_sqlite(snapshot: Path) -> None:
    snapshot.write_bytes(b"SQLite format 3\0".ljust(8192, b"\0"))


def newer(snapshot: Path) -> None:
    with duckdb.connect(str(snapshot)) as con:
        con.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")


@pytest.mark.parametrize("spoil", [cut, emptied, of_sqlite, newer])
def test_a_spoilt_snapshot_names_the_command_that_mends_it(
    spoil: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The facts have not changed: a refresh must not take the spoilt file of the same name for good."""
    made = beta.write(tmp_path, EVENTS, ROSTER)
    refresh(settings.load(made))
    spoil(snapshot_files(settings.load(made))[-1])
    ask = ["values", "--settings", str(made), "--kpi", "wau"]
    assert main("kpis", "", ask) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"run `python -m data refresh --settings {made}` to build it anew" in said
    assert "download" not in said.lower()
    assert not refresh(settings.load(made)).errors
    assert main("kpis", "", ask) == 0


def test_a_damaged_raw_store_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = beta.write(tmp_path, EVENTS, ROSTER)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "raw.duckdb").write_bytes(b"not a database" * 1000)
    assert main("data", "", ["refresh", "--settings", str(made)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "move it away: a refresh then loads what the sources still have" in said


def test_an_interrupted_command_ends_as_shells_expect(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kpis.commands.values.run", interrupted)
    assert main("kpis", "", ["values", "--settings", file]) == 130
    assert capsys.readouterr().err == "error: interrupted; nothing was published\n"
