"""Text from data, made inert before Streamlit reads it as Markdown.

Streamlit escapes HTML but still loads images, follows links and obeys directives such as `:red[..]` in most of
its texts. Everything that does not come from this repository goes through `inert`.
"""

from __future__ import annotations

import re

from kpis.words import held

LIMIT = 2048
_MARKS = re.compile(r"([\\`*_\[\]|<>~$&]|:(?=[A-Za-z]))")
_FIRST = re.compile(r"^([#+\-=]|\d+(?=[.)]))")  # what makes a heading, rule or list at the start of a line
# C0 controls, zero-width signs, bidirectional overrides and isolates: they hide or reorder what is read
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# links are also made from bare addresses, after escapes are gone; a word joiner breaks them and is not seen
_BARE = re.compile(r"(?i)(\bwww(?=\.)|:(?=//)|@(?=\w))")
JOINER = "\u2060"


def plain(text: object, limit: int = LIMIT) -> str:
    """One line without control or direction signs, cut at `limit` characters; for cells and st.text."""
    line = " ".join(_UNSEEN.sub("", str(text)).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def inert(text: object, limit: int = LIMIT) -> str:
    """Text that Markdown shows as it is: no link, image, directive, formula, list or heading.

    A number and its unit stay on one line.
    """
    line = _BARE.sub(rf"\1{JOINER}", held(plain(text, limit)))
    return _FIRST.sub(_escaped, _MARKS.sub(r"\\\1", line))


def _escaped(found: re.Match[str]) -> str:
    mark = found.group(1)
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
