"""Properties of events: which become columns, which are kept as JSON, which are dropped as personal."""

from __future__ import annotations

import math
import re
from typing import Any

import orjson

from data import privacy, routes

# Properties that become columns, in the order they are tried.
ROUTE = ("path", "route", "url", "handler")
STATUS = ("statusCode", "status_code")
DURATION = ("duration_ms", "duration")
PLATFORM = ("platform", "deviceInfo.platform")
ERROR_TYPE = ("error_type", "errorType", "type")
COLUMNS = frozenset(
    {*ROUTE, *STATUS, *DURATION, *ERROR_TYPE, "method", "feature", "component", "platform", "deviceInfo"}
)
# Kept beside the columns whatever the mapping says: what KPIs and the review read.
NEEDED = frozenset({"fatal", "feedbackId", "feedback_id", "release", "version", "app_version", "appVersion", "success"})
_PERSONAL = re.compile(
    r"e-?mail|user_?agent|(^|_)ip(_|$)|ip_?addr|token|passw|secret|cookie|authori[sz]ation|phone|address|jwt|"
    r"invitation_?code|invite_?code|birth|^(first|last|full|display|user|real|given|family)?_?name$|^handle$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\s*", re.ASCII)
SUSPECT = ("@", "eyJ", "earer ", "ghp_", "sk-", "sk_", "AKIA", '"+')


def is_personal(key: str) -> bool:
    """Does a property's name say that it holds something personal or secret?"""
    return _PERSONAL.search(key) is not None


class Keeper:
    """Decides once per set of keys which of them stay as JSON."""

    def __init__(self, keep: frozenset[str], keep_all: bool) -> None:
        self._keep = keep | NEEDED
        self._keep_all = keep_all
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def _kept(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        kept = self._known.get(keys)
        if kept is None:
            kept = tuple(k for k in keys if k in self._keep or (self._keep_all and self._harmless(k)))
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[keys] = kept
        return kept

    @staticmethod
    def _harmless(key: str) -> bool:
        return key not in COLUMNS and not is_personal(key)

    def text(self, properties: dict[str, Any]) -> str | None:
        """JSON text of what is kept, keys sorted, free text masked; None when nothing is."""
        kept = self._kept(tuple(properties))
        if not kept:
            return None
        part = {k: _bare(v) if type(v) in (dict, list) else v for k in kept if (v := properties[k]) is not None}
        if not part:
            return None
        text = orjson.dumps(part, option=orjson.OPT_SORT_KEYS).decode()
        return privacy.mask(text) if any(s in text for s in SUSPECT) else text


def _bare(value: Any) -> Any:
    """Nested values without their personal keys."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if not is_personal(k)}
    return [_bare(v) for v in value] if isinstance(value, list) else value


def text_of(values: list[Any], longest: int = 200) -> list[str | None]:
    """A column of labels: texts, trimmed and cut; anything else is no label."""
    if set(map(type, values)) == {type(None)}:
        return values
    return [v.strip()[:longest] or None if type(v) is str else None for v in values]


def methods_of(values: list[Any]) -> list[str | None]:
    return [m and m.upper() for m in text_of(values, 20)]


def routes_of(values: list[Any]) -> list[str | None]:
    return [routes.template(v) if type(v) is str and v else None for v in values]


def platform_of(values: list[Any]) -> list[str | None]:
    return [v.strip().casefold()[:40] or None if type(v) is str else None for v in values]


def number(value: Any) -> float | None:
    """A number, also one written as text. Raises ValueError for anything else."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("type")
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError("type")
    result = float(value)
    if not math.isfinite(result):
        raise ValueError("number")
    return result


def durations(values: list[Any], refused: dict[int, str]) -> list[float | None]:
    """Milliseconds; below zero is refused as "value", a word as "type"."""
    if set(map(type, values)) <= {float, int, type(None)}:
        refused.update((i, "value") for i, v in enumerate(values) if v is not None and v < 0)
        return [None if v is None else float(v) for v in values]
    found: list[float | None] = [None] * len(values)
    for i, value in enumerate(values):
        try:
            found[i] = number(value)
        except ValueError as error:
            refused.setdefault(i, str(error))
        else:
            if found[i] is not None and found[i] < 0:
                refused.setdefault(i, "value")
    return found


def statuses(strict: list[Any], loose: list[Any], refused: dict[int, str]) -> list[int | None]:
    """HTTP status codes. statusCode must be one; a property named just `status` is one only when it looks like it."""
    found: list[int | None] = [None] * len(strict)
    if set(map(type, strict)) == set(map(type, loose)) == {type(None)}:
        return found
    for i, value in enumerate(strict):
        if value is None:
            other = loose[i]
            if other is not None and type(other) in (int, str) and _is_status(other):
                found[i] = int(other)
            continue
        if type(value) is int and 100 <= value <= 599:
            found[i] = value
            continue
        try:
            code = number(value)
        except ValueError as error:
            refused.setdefault(i, str(error))
            continue
        if code is None or (code == int(code) and 100 <= code <= 599):
            found[i] = None if code is None else int(code)
        else:
            refused.setdefault(i, "value")
    return found


def _is_status(value: int | str) -> bool:
    return str(value).isascii() and str(value).isdigit() and 100 <= int(value) <= 599
