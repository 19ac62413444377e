"""Ids and names as they are kept: text, trimmed, one Unicode form, no invisible characters, no placeholders."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.texts import content

PLACEHOLDERS = frozenset(
    {"", "null", "none", "nil", "nan", "n/a", "undefined", "anon", "anonymous", "unknown", "(null)", "(none)"}
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\u00ad\ufeff]")
_ZEROS = re.compile(r"[0\-]+")
LONGEST = 500
_SURE = 1 + max(map(len, PLACEHOLDERS))  # characters that no placeholder has, but one of zeros


def clean(text: str) -> str:
    """A text trimmed, in NFC, without zero-width characters. Digits and case stay: "00123" is not "123"."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def is_placeholder(text: str) -> bool:
    """Does the id stand for nobody? Empty, null, none, anon, only zeros ..."""
    return text.casefold() in PLACEHOLDERS or _ZEROS.fullmatch(text) is not None


def as_text(value: Any) -> str | None:
    """An id or name of JSON as text; None when it is neither text nor a whole number."""
    if type(value) is str:
        return value
    return str(value) if type(value) is int else None


def is_tidy(texts: list[str]) -> bool:
    """True when `clean` would change none of the texts and none is a placeholder; False when one might be."""
    joined = "".join(texts)
    if not joined.isascii() or any(c in joined for c in " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"):
        return False
    return not any(is_placeholder(t) for t in texts if len(t) < _SURE or t[0] in "0-")


def tidy(texts: pa.Array) -> np.ndarray:
    """Which texts of a column `clean` leaves alone, are no placeholders and not too long: True when it is sure."""
    found, edges = content(texts)
    sizes = np.diff(edges)
    good = (sizes >= _SURE) & (sizes <= LONGEST)
    if not good.any():
        return good
    doubtful = np.flatnonzero(good)  # those that might be nothing but zeros and dashes
    for place in range(_SURE):
        signs = found[edges[doubtful] + place]
        doubtful = doubtful[(signs == ord("0")) | (signs == ord("-"))]
        if not len(doubtful):
            break
    good[doubtful] = False
    if not ((found - 33) <= 93).all():  # something beside the visible characters of ASCII
        good &= pc.match_substring_regex(texts, "^[!-~]*$").to_numpy(False)
    return good


class UserIds(dict):
    """value -> (id, reason): each distinct user id is cleaned once."""

    def __missing__(self, value: Any) -> tuple[str | None, str | None]:
        self[value] = found = self._find(value)
        if len(self) > 2_000_000:
            self.clear()
        return found

    @staticmethod
    def _find(value: Any) -> tuple[str | None, str | None]:
        text = as_text(value)
        if text is None or len(text) > LONGEST:
            return None, "type" if text is None else "value"
        text = clean(text)
        return (None, "placeholder_id") if is_placeholder(text) else (text, None)
