"""Content -> one HTML file that needs nothing else: styles, figures and data tables are all inside."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kpis.charts.colours import DARK, LIGHT, Palette
from kpis.report.safe import set_in_type

TEMPLATES = Path(__file__).with_name("templates")
_TINTS = {LIGHT: "#f4f6f8", DARK: "#1d232a"}


def html(told: dict[str, Any], charts: dict[str, str], script: str = "") -> bytes:
    """The page as UTF-8. `charts` holds markup by chart id: SVG, or with `script` (plotly.js) interactive figures."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    css = "\n".join([_colours(), (TEMPLATES / "report.css").read_text(encoding="utf-8")])
    text = environment.get_template("report.html.j2").render(
        d=set_in_type(told),
        charts={key: Markup(markup) for key, markup in charts.items()},
        css=Markup(css),
        plotly=Markup(script),
    )
    return text.encode()


def _colours() -> str:
    """Both palettes as custom properties; paper is always light."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}"
    return f":root {{ color-scheme: light dark; {_variables(LIGHT)} }}\n{dark}"


def _variables(colours: Palette) -> str:
    named = [f"--{f.name}: {getattr(colours, f.name)};" for f in fields(colours) if f.name != "scale"]
    return " ".join([*named, f"--tint: {_TINTS[colours]};"])
