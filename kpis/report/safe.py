"""Text from sources made fit for print: nothing that reorders, hides or breaks what is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Set
from typing import Any

from kpis.words import held

_KEPT = "\n"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # controls, bidi marks, lone surrogates, private use
_JOINERS = "\u200c\u200d"  # they spell words in several scripts


def clean(text: str, limit: int = 4000) -> str:
    """The text without control, bidi and other invisible characters, cut at `limit` characters."""
    if text.isprintable() and len(text) <= limit:  # so are nearly all: no character of any of these kinds
        return text
    kept = (c if c in _KEPT or c in _JOINERS else " " if c == "\t" else _visible(c) for c in text[: limit + 1])
    short = "".join(kept)
    return short if len(text) <= limit else short[: limit - 1] + "…"


def _visible(char: str) -> str:
    return "" if unicodedata.category(char) in _INVISIBLE else char


def cleaned(value: Any) -> Any:
    """The same structure of dictionaries and lists with every text cleaned; keys are our own and stay."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {k: cleaned(v) for k, v in value.items()}
    return [cleaned(v) for v in value] if isinstance(value, list | tuple) else value


def set_in_type(value: Any, longest: int = 28) -> Any:
    """Texts made ready for a line: figures keep their unit, and very long words may break."""
    if isinstance(value, dict):
        return {k: v if k in ("svg", "alt", "id") else set_in_type(v, longest) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [set_in_type(v, longest) for v in value]
    if not isinstance(value, str):
        return value
    return held(" ".join(_parts(word, longest) for word in value.split(" ")))


def _parts(word: str, longest: int) -> str:
    if len(word) <= longest:
        return word
    return "\u200b".join(word[i : i + longest // 2] for i in range(0, len(word), longest // 2))


def spelled(value: Any, known: Set[str]) -> Any:
    """Texts with every character outside `known` replaced by U+FFFD: a gap that is seen, never a wrong sign."""
    if isinstance(value, dict):
        return {k: v if k == "svg" else spelled(v, known) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [spelled(v, known) for v in value]
    if not isinstance(value, str):
        return value
    return "".join(c if c in known or c in "\n\u200b\u00a0" else "\ufffd" for c in value if c not in _JOINERS)
