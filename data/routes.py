"""Paths as route templates: /posts/3kabc... -> /posts/:id, so that a route can be a label.

A segment is an identifier when it could not have been typed by the person who named the route: numbers,
UUIDs, DIDs, record keys, hashes, long codes, e-mail addresses. Words stay.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.texts import content

LONGEST = 200
FEW = 200  # different paths of a block that are looked at one by one
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_VERSION = re.compile(r"^v\d{1,2}(\.\d+)?$", re.IGNORECASE)
_IDENTIFIERS = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        r"\d+",  # 42
        r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}",  # UUID
        r"did:[a-z0-9]+:.+",  # decentralised identifier
        r"at:.*",  # AT Protocol address
        r"[0-9a-f]*\d[0-9a-f]*(?<=[0-9a-f]{6})",  # hexadecimal of six or more, with a digit
        r"\d{4}-\d\d-\d\d.*",  # a date
        r"[^@\s]+@[^@\s]+",  # an address
        r"@.+",  # a handle
        r"(?=.*\d)[234567abcdefghij][234567a-z]{12}",  # record key (base32 time id)
        r"[0-9][a-z0-9]{3,}",  # 3kabc
        r"(bafy|bafk|qm)[a-z0-9]{20,}",  # content id
    )
)
_HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
_METHOD_ROOTS = frozenset({"com", "app", "org", "net", "chat", "tools", "io", "dev"})  # com.example.getPost
_PEOPLE = frozenset({"profile", "profiles", "user", "users", "u", "tester", "testers", "handle"})
_SLUG_DIGITS = re.compile(r"\d")
_METHOD = re.compile(r"^[a-z]+(\.[a-zA-Z]+){2,}$")
_FILE = re.compile(r"^[\w-]+\.(js|css|png|jpg|svg|ico|html|json|txt|xml|map|woff2?)$", re.IGNORECASE)
# Some identifiers, in the dialect of Arrow: what these match is :id wherever it stands, and is no word of _PEOPLE.
_SURE = (
    r"[0-9]+|[0-9][A-Za-z0-9]{3,}|[a-f]{1,5}[0-9][0-9a-f]{5,}|@[A-Za-z0-9_.-]+|did:[a-z0-9]+:[A-Za-z0-9._:-]+"
    r"|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
)
_SURELY = rf"/(?:{_SURE})([/?#]|$)"


def collapsed(paths: pa.Array) -> pa.Array:
    """Paths with the same templates as these and far fewer different ones: sure identifiers are :id, queries empty.

    A template is made in Python, a path at a time; where every path holds another number, nearly all would be.
    """
    paths = pc.replace_substring_regex(paths, r"(?s)([?#]).*", r"\1")
    once = pc.replace_substring_regex(paths, _SURELY, r"/:id\1")
    return pc.replace_substring_regex(once, _SURELY, r"/:id\1")  # a match takes the slash of the next identifier


def codes(paths: pa.Array) -> pa.DictionaryArray:
    """Paths by number, those that differ in identifiers alone mostly as one: each template is the same as before."""
    coded = _numbers_as_one(paths).dictionary_encode()
    if len(coded.dictionary) <= FEW:
        return coded
    again = collapsed(coded.dictionary).dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(coded.indices), again.dictionary)


def _numbers_as_one(paths: pa.Array) -> pa.Array:
    """Paths with 0 in place of every segment that is a number: it is an identifier whichever it is."""
    found, edges = content(paths)
    first = edges[:-1][np.diff(edges) > 0]
    digit = (found - ord("0")) <= 9
    if not digit.any() or digit[first].any():  # a run of digits must not go on in the next path
        return paths
    turns = np.flatnonzero(digit[1:] != digit[:-1]) + 1
    starts, ends = turns[0::2], turns[1::2]
    if len(ends) < len(starts):
        ends = np.append(ends, len(found))
    last = np.zeros(len(found) + 1, bool)
    last[edges] = True
    last[:-1] |= found == ord("/")
    segments = (found[starts - 1] == ord("/")) & last[ends]
    starts, ends = starts[segments], ends[segments]
    return _shortened(found.copy(), edges, starts, ends)


def _shortened(found: np.ndarray, edges: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> pa.Array:
    """Texts with one zero in place of the bytes from each start to its end. Writes into `found`."""
    found[starts] = ord("0")
    long = ends > starts + 1
    change = np.zeros(len(found) + 1, np.int8)
    change[starts[long] + 1] = 1
    change[ends[long]] = -1
    kept = found[np.cumsum(change[:-1], dtype=np.int8) == 0]
    dropped = np.concatenate(([0], np.cumsum(ends - starts - 1)))
    edges = (edges - dropped[np.searchsorted(starts, edges)]).astype(np.int32)
    return pa.Array.from_buffers(pa.string(), len(edges) - 1, [None, pa.py_buffer(edges), pa.py_buffer(kept)])


@lru_cache(maxsize=65_536)
def template(path: str) -> str:
    """Route template of a path or URL. Query, fragment and host are dropped; at most 200 characters."""
    bare = _SCHEME.sub("", path.strip()).split("?", 1)[0].split("#", 1)[0]
    segments = [unquote(s) for s in bare.split("/") if s]
    text = "/" + "/".join(_segment(s, before) for before, s in zip(["", *segments], segments, strict=False))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _segment(segment: str, before: str) -> str:
    if segment.startswith((":", "{", "<", "[")):  # a template already
        return ":" + segment.strip(":{}<>[]")
    if _VERSION.match(segment) or (before not in _PEOPLE and _FILE.match(segment)):
        return segment
    if _is_handle(segment, before) or any(p.fullmatch(segment) for p in _IDENTIFIERS) or _is_code(segment):
        return ":id"
    return segment


def _is_handle(segment: str, before: str) -> bool:
    """A host name that stands for a person, as AT Protocol has it; not a method like app.bsky.feed.getPosts."""
    if not _HOST.match(segment) or before == "xrpc":
        return False
    labels = segment.split(".")
    return before in _PEOPLE or (len(labels) > 2 and labels[0] not in _METHOD_ROOTS)


def _is_code(segment: str) -> bool:
    """Long, no word separators that a person would use, digits mixed with letters; or beyond any word."""
    if _METHOD.match(segment):
        return False
    if len(segment) > 40:
        return True
    if len(segment) < 10 or not _SLUG_DIGITS.search(segment):
        return False
    switches = len(re.findall(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", segment))
    return switches >= 2 or ("-" not in segment and "_" not in segment)
