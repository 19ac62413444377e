"""A small beta on disk from a handful of testers: event file, roster, feedback, settings; and what is said about it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAGES = tuple(sorted(f.stem for f in (ROOT / "pages").glob("*.py") if f.stem != "__init__"))

# what no reader may ever meet
NONSENSE = re.compile(r"\bnan\b|\binf\b|\bNone\b|\bNaT\b|Traceback|1970|\bnull\b|\{\}|\[\]|Error:|�", re.ASCII)

Rows = Iterable[Mapping[str, Any]]


def at(days: float) -> str:
    return (LAUNCH + timedelta(days=days)).isoformat()


def event(user: str, days: float, name: str = "post_view", **more: Any) -> dict[str, Any]:
    return {"user": user, "event": name, "ts": at(days), "id": f"{user}-{days}-{name}", **more}


def tester(user: str, days: float = 0.0) -> dict[str, Any]:
    return {"did": user, "status": "active", "joined_at": at(days)}


def jsonl(file: Path, rows: Rows) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


def write(
    folder: Path, events: Rows = (), testers: Rows = (), feedback: Rows | None = None, more: str = "", **programme: Any
) -> Path:
    """Write a beta with these rows; returns its settings file. `more` is appended to the settings."""
    given = {
        "name": "Small beta", "launch": LAUNCH.date(), "timezone": "Europe/Berlin", "storage": "store",
        "as_of": datetime(2026, 4, 2, tzinfo=UTC), **programme,
    }  # fmt: skip
    sources = {"events": "events", "people": "testers"} | ({"voices": "feedback"} if feedback is not None else {})
    for name, rows in (("events", events), ("testers", testers), ("feedback", feedback or ())):
        jsonl(folder / f"{name}.jsonl", rows)
    lines = ["[programme]", *(f"{k} = {_toml(v)}" for k, v in given.items())]
    lines += ["[engagement]", 'active_events = ["post_view"]', 'activation_event = "post_view"']
    for name, table in sources.items():
        lines += ["[[sources]]", f'name = "{name}"', 'kind = "jsonl"', f'table = "{table}"', f'path = "{table}.jsonl"']
    file = folder / "beta.toml"
    file.write_text("\n".join([*lines, more, ""]), encoding="utf-8")
    return file


def _toml(value: Any) -> str:
    return json.dumps(value) if isinstance(value, str | int) else value.isoformat()


def page(name: str) -> AppTest:
    """One page of the dashboard, run on $BETA_SETTINGS."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    return app if name == "scorecard" else app.switch_page(f"pages/{name}.py").run()


def markdown(app: AppTest) -> list[str]:
    """Texts of a page that Streamlit reads as Markdown."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.error, app.warning, app.info)
    found = [str(e.value) for kind in kinds for e in kind]
    return found + [str(t) for m in app.metric for t in (m.label, m.value, m.delta)] + [e.label for e in app.expander]


def texts(app: AppTest) -> list[str]:
    """Everything a page says in words, cells of its tables included."""
    found = markdown(app) + [str(t.value) for t in app.text]
    for table in app.dataframe:
        found += [str(c) for c in table.value.columns]
        cells = [v for row in table.value.itertuples(index=False) for v in row]
        found += [str(v) for v in cells if not missing(v)]
    return [t.replace("\\", "") for t in found]


def missing(cell: object) -> bool:
    """A missing number is NaN in a frame; the page shows its placeholder "–"."""
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def nonsense(found: Iterable[str]) -> list[str]:
    """Sentences that show what a program thinks instead of what a person needs."""
    return [t for t in found if NONSENSE.search(t)]
