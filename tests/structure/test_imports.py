"""Imports point one way, and each library stays in its one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("pages", "kpis", "data")
FILES = sorted(f for p in PARTS for f in (ROOT / p).rglob("*.py") if "local" not in f.relative_to(ROOT).parts)
FILES.append(ROOT / "dashboard.py")
NAMES = [str(f.relative_to(ROOT)) for f in FILES]
PAIRS = list(zip(FILES, NAMES, strict=True))

ALLOWED = {  # library -> where it may be imported
    "numba": ("data/compiled/",),
    "streamlit": ("dashboard.py", "pages/"),
    "duckdb": ("data/",),
    "plotly": ("kpis/charts/",),
    "matplotlib": ("kpis/charts/",),
    "prometheus_api_client": ("data/sources/prometheus_server.py",),
    "typst": ("kpis/report/",),
}
FORBIDDEN = {"data/": ("kpis", "pages"), "kpis/": ("pages",)}


def imported(file: Path) -> set[str]:
    """Top-level names of all modules a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(("file", "name"), PAIRS, ids=NAMES)
def test_imports_point_one_way(file: Path, name: str) -> None:
    modules = imported(file)
    for folder, banned in FORBIDDEN.items():
        if name.startswith(folder):
            assert not modules & set(banned), f"{name} may not import {modules & set(banned)}"
    for library, places in ALLOWED.items():
        assert library not in modules or name.startswith(places), f"{name} may not import {library}"


CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
CLOCK_FILES = ("data/settings.py", "data/refresh.py")


@pytest.mark.parametrize(("file", "name"), PAIRS, ids=NAMES)
def test_clock_and_environment_are_read_in_two_places(file: Path, name: str) -> None:
    if name in CLOCK_FILES:
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            pair = (node.value.id, node.attr)
            assert pair not in CLOCKS, f"{name}:{node.lineno} reads the clock"
            assert pair not in {("os", "environ"), ("os", "getenv")}, f"{name}:{node.lineno} reads the environment"


@pytest.mark.parametrize(("file", "name"), PAIRS, ids=NAMES)
def test_no_error_is_swallowed_and_no_html_is_trusted(file: Path, name: str) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
            )
            silent = all(isinstance(s, ast.Pass | ast.Continue) for s in node.body)
            assert not (broad and silent), f"{name}:{node.lineno} swallows every error"
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            raise AssertionError(f"{name}: unsafe_allow_html")


def test_the_house_has_only_the_rooms_it_should() -> None:
    folders = {f.name for f in ROOT.iterdir() if f.is_dir() and not f.name.startswith((".", "__"))}
    known = {"pages", "kpis", "queries", "data", "tests", "benchmarks", "docs", "scripts", "demo", "out"}
    assert folders <= known
    assert not [f for f in FILES if f.stem in ("utils", "common", "helpers", "misc")]


def test_modules_and_functions_stay_small() -> None:
    for file, name in PAIRS:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 340, f"{name}: {len(lines)} lines; two jobs in one file?"
        for node in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= 70, f"{name}:{node.lineno} {node.name}: {length} lines"
