"""What every source is: a name, a kind, and one way to load itself into the raw store."""

from __future__ import annotations

from typing import Protocol

from data.raw import RawStore, Run


class Source(Protocol):
    """One source of the settings. Items (files, tables, selectors) fail one by one; the others go on."""

    name: str
    kind: str

    def load(self, store: RawStore, run: Run) -> list[str]:
        """Load everything that is new. Returns one sentence per item that failed, none when all went well."""
        ...
