"""Files written and loaded in one line, for tests of the file sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from data.raw import RawStore
from data.sources import build
from tests.raw.support import ledger, run, settings, table

TIME = "2026-03-02T10:00:00Z"


def event(n: int | str = 1, **parts: Any) -> dict[str, Any]:
    """A plain event; parts replace or add keys, None removes one."""
    whole = {"id": f"e{n}", "user": f"u{n}", "event": "post_view", "ts": TIME, "properties": {}, **parts}
    return {k: v for k, v in whole.items() if v is not None}


def text(*objects: Any) -> bytes:
    return b"".join(json.dumps(o, ensure_ascii=False).encode() + b"\n" for o in objects)


class Bench:
    """A folder with one source and a raw store; every `load` is one refresh."""

    def __init__(self, folder: Path, kind: str = "jsonl", path: str = "in", **spec: Any) -> None:
        self.folder = folder
        (folder / "in").mkdir(exist_ok=True)
        source = {"kind": kind, "name": "app", "path": path, **spec}
        self.settings = settings(folder, sources=[source])
        self.store = RawStore(folder / "raw.duckdb")
        self._loads = 0

    def write(self, name: str, content: bytes) -> Path:
        file = self.folder / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def load(self) -> list[str]:
        self._loads += 1
        return build(self.settings.sources[0], self.settings).load(self.store, run(self._loads, self.settings))

    def table(self, name: str) -> list[dict]:
        return table(self.store, name)

    @property
    def last(self) -> dict:
        """The last row of the ledger."""
        return max(ledger(self.store), key=lambda r: (r["load_id"], r["item"]))

    @property
    def warnings(self) -> str:
        return " ".join(r["warnings"] or "" for r in self.table("source_state"))

    def reasons(self) -> list[str]:
        """Reasons in the quarantine, in the order of the lines."""
        rows = sorted(self.table("quarantine"), key=lambda r: (r["item"], r["line"] or 0))
        return [r["reason"] for r in rows]
