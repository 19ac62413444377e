"""How the last refresh ended: `<storage>/status.json`, written by every refresh, read by pages and commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from data.settings import Settings

FILE = "status.json"


@dataclass(frozen=True)
class Status:
    """`ok` is None when nothing is known: no refresh ran, or its note cannot be read."""

    as_of: datetime | None = None
    ok: bool | None = None
    errors: tuple[str, ...] = ()
    snapshot: str | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What every page must say about the last refresh; empty when it went well."""
        if self.ok is not False:
            return ()
        when = f" of {self.as_of:%Y-%m-%d %H:%M} UTC" if self.as_of else ""
        return tuple(f"The refresh{when} had a problem: {e}" for e in self.errors or ("no reason was recorded",))


def read(settings: Settings) -> Status:
    """The note of the last refresh. A missing or damaged note is an empty Status, never an error."""
    file = settings.storage / FILE
    try:
        note = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return Status()
    if not isinstance(note, dict):
        return Status()
    return Status(
        as_of=_instant(note.get("as_of")),
        ok=note.get("ok") if isinstance(note.get("ok"), bool) else None,
        errors=tuple(str(e) for e in note.get("errors") or ()),
        snapshot=note.get("snapshot"),
    )


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return None
