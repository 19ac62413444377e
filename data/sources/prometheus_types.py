"""The type of a metric: what the settings say, else what the server says, else what is stored, else its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

KNOWN = ("counter", "gauge", "histogram", "summary")
_PARTS = ("_bucket", "_sum", "_count", "_total", "_created")


class Types:
    """Types of the metrics of one server. `guessed` collects the names whose type only the name suggested."""

    def __init__(
        self,
        overrides: Mapping[str, str],
        metadata: Mapping[str, Any],
        names: Iterable[str],
        stored: Callable[[str], str | None],
    ) -> None:
        self._overrides = overrides
        self._metadata = metadata
        self._names = set(names)
        self._stored = stored
        self.guessed: set[str] = set()

    def of(self, name: str) -> str:
        """counter, gauge, histogram or summary; parts of a histogram or summary have their family's type."""
        for source in (self._overrides.get, self._told):
            for candidate in (name, family(name)):
                kind = source(candidate)
                if kind in KNOWN:
                    return kind
        stored = self._stored(name)
        if stored in KNOWN:
            return stored
        self.guessed.add(name)
        return self._guess(name)

    def unit(self, name: str) -> str | None:
        """Unit that the server knows for the metric, if any."""
        for candidate in (name, family(name)):
            for entry in self._metadata.get(candidate) or ():
                if entry.get("unit"):
                    return entry["unit"]
        return None

    def _told(self, name: str) -> str | None:
        for entry in self._metadata.get(name) or ():
            kind = {"gaugehistogram": "gauge", "info": "gauge", "stateset": "gauge"}.get(
                entry.get("type"), entry.get("type")
            )
            if kind in KNOWN:
                return kind
        return None

    def _guess(self, name: str) -> str:
        base = family(name)
        if name != base and name.endswith(("_bucket", "_sum", "_count")):
            if f"{base}_bucket" in self._names:
                return "histogram"
            if {f"{base}_sum", f"{base}_count"} <= self._names:
                return "summary"
        return "counter" if name.endswith("_total") else "gauge"


def family(name: str) -> str:
    """Metric name without the ending that a part of a family carries."""
    for part in _PARTS:
        if name.endswith(part) and len(name) > len(part):
            return name[: -len(part)]
    return name
