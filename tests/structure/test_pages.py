"""Pages ask and draw: no arithmetic on frames, no trusted HTML, no links out of data, one place that caches."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))
PARTS = sorted((ROOT / "pages" / "parts").glob("*.py"))
FILES = [*PAGES, *PARTS, ROOT / "dashboard.py"]
BANNED_MODULES = {"pandas", "numpy", "pyarrow", "plotly", "matplotlib", "scipy"}
BANNED_COLUMNS = {"LinkColumn", "ImageColumn", "MarkdownColumn", "VideoColumn", "AudioColumn"}
RAW = {"html", "iframe", "components"}  # st.html and friends render what they are given


def trees() -> list[tuple[str, ast.Module]]:
    return [(str(f.relative_to(ROOT)), ast.parse(f.read_text(encoding="utf-8"))) for f in FILES]


@pytest.mark.parametrize(("name", "tree"), trees(), ids=[n for n, _ in trees()])
def test_a_page_only_asks_and_draws(name: str, tree: ast.Module) -> None:
    for node in ast.walk(tree):
        names = {a.name for a in node.names} if isinstance(node, ast.Import) else set()
        names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
        assert not {n.split(".")[0] for n in names} & BANNED_MODULES, f"{name} computes with a library of its own"
        if isinstance(node, ast.Attribute):
            assert node.attr not in BANNED_COLUMNS, f"{name}:{node.lineno}: {node.attr} opens what data names"
            if isinstance(node.value, ast.Name) and node.value.id == "st":
                assert node.attr not in RAW, f"{name}:{node.lineno}: st.{node.attr}"
                cache = node.attr.startswith("cache_")
                assert not cache or name == "pages/parts/cached.py", f"{name}:{node.lineno} caches on its own"


@pytest.mark.parametrize("file", PAGES, ids=lambda f: f.name)
def test_a_page_is_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 90, f"{file.name}: move parts to pages/parts"


def test_every_page_is_in_the_navigation() -> None:
    listed = (ROOT / "dashboard.py").read_text(encoding="utf-8")
    for page in PAGES:
        assert f'"{page.stem}"' in listed, f"{page.name} cannot be reached"
        assert "frame.view()" in page.read_text(encoding="utf-8"), f"{page.name} stands outside the frame"


def test_no_viewer_waits_for_a_collection_after_the_rerun_of_another() -> None:
    import tomllib

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False


def test_the_theme_tells_no_status_by_red_and_green() -> None:
    import tomllib

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for ground in ("light", "dark"):
        theme = config["theme"][ground]
        assert theme["greenColor"] == theme["blueColor"]
        assert theme["redColor"] == theme["orangeColor"]
    assert config["client"]["disableDataExport"] is True
    assert config["client"]["showErrorDetails"] == "none"
