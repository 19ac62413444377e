"""The frame of both command lines, `python -m data` and `python -m kpis`.

A command is one module in the package's `commands` folder with HELP, `arguments(parser)` and
`run(args) -> Result`. Output goes to stdout in the format asked for; errors are one line on stderr.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import orjson

from data.errors import BetaError

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Result:
    """What a command has to say: one value for JSON, rows for CSV and the table, lines for people."""

    data: Any = None
    rows: Sequence[Mapping[str, Any]] = field(default_factory=list)
    lines: Sequence[str] = ()  # printed in table format before the rows
    failed: str | None = None  # the job was not done: printed on stderr, exit 1


def main(package: str, about: str, argv: Sequence[str] | None = None) -> int:
    """Run one command of a package. Returns the exit status: 0 only when the command did its job."""
    words = list(sys.argv[1:] if argv is None else argv)
    commands = _commands(package, words[0] if words else "")
    parser = _Parser(prog=f"python -m {package}", description=about)
    sub = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, module in commands.items():
        child = sub.add_parser(name, help=module.HELP, description=module.__doc__)
        child.add_argument("--settings", metavar="FILE", help="settings file (default: $BETA_SETTINGS or beta.toml)")
        child.add_argument("--format", choices=("table", "json", "csv"), default="table")
        module.arguments(child)
    args = parser.parse_args(words)
    try:
        result = commands[args.command].run(args)
    except BetaError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        _fail("interrupted; nothing was published")
        return 130
    try:
        _print(result, args.format)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python fails again at its end
        if isinstance(error, BrokenPipeError):  # `| head` has what it wants
            return 1
        return _fail(f"the output cannot be written: {error.strerror}")
    return _fail(result.failed) if result.failed else 0


class _Parser(argparse.ArgumentParser):
    """A wrong argument is one line that ends with the way to the help; exit status 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {' '.join(message.split())}; see {self.prog} --help\n")


def _commands(package: str, wanted: str) -> dict[str, ModuleType]:
    """Modules of `<package>.commands` by name, sorted; only the wanted one where it exists, so that it starts fast."""
    folder = importlib.import_module(f"{package}.commands")
    found = sorted(m.name for m in pkgutil.iter_modules(folder.__path__))
    names = [wanted] if wanted in found else found
    return {name: importlib.import_module(f"{package}.commands.{name}") for name in names}


def _fail(message: str) -> int:
    line = " ".join(message.split())
    print(f"error: {line}", file=sys.stderr)
    return 1


def _print(result: Result, form: str) -> None:
    """JSON and CSV are UTF-8 whatever the terminal speaks; in a table, signs it lacks become question marks."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - closed by whoever started this
    sys.stdout.reconfigure(encoding=None if form == "table" else "utf-8", errors="replace")  # type: ignore[union-attr]
    if form == "json":
        data = result.data if result.data is not None else list(result.rows)
        options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
        sys.stdout.write(orjson.dumps(data, default=str, option=options).decode() + "\n")
    elif form == "csv":
        sys.stdout.write(csv_text(result.rows))
    else:
        for line in result.lines:
            print(line)
        if result.rows:
            _table(result.rows)
    sys.stdout.flush()


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV with a header; None is empty. Texts are made safe for spreadsheets."""
    out = io.StringIO()
    if rows:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([safe_cell(c) for c in rows[0]])
        writer.writerows([safe_cell(v) for v in row.values()] for row in rows)
    return out.getvalue()


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, first in rows[0].items():
        table.add_column(str(name), justify="right" if isinstance(first, int | float) else "left")
    for row in rows:
        table.add_row(*(Text(_cell(v)) for v in row.values()))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"
