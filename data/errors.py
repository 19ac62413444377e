"""The errors this product raises on purpose. Each says where, what is wrong and what would be right.

Commands print `str(error)` as one line on stderr and exit 1; pages show it as a notice.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class BetaError(Exception):
    """Base of every error that a person can act on."""


class SettingsError(BetaError):
    """beta.toml or the environment is wrong."""


class SourceError(BetaError):
    """A source could not be read; other sources go on."""


class DefinitionError(BetaError):
    """A KPI definition contradicts itself."""


class QueryError(BetaError):
    """A query failed or was asked for something that does not exist."""


class SnapshotError(BetaError):
    """No snapshot, or one that cannot be used."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean "x"?)` for the closest known name, or an empty string."""
    match = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f' (did you mean "{match[0]}"?)' if match else ""
