"""What compiled loops have to know of each form of lines: where the columns of its rows come from, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from data import raw_kinds
from data.compiled import kernel
from data.sources.forms import Forms
from data.sources.moulds import Mould
from data.sources.skeletons import Skeleton
from data.sources.times import SCALES, Window

_TIMES = ("client_ts_us", "received_us")


class Program:
    """What the loops need to know of each form, as arrays."""

    def __init__(self, known: list[tuple[Skeleton, Mould | None]], unit: str, window: Window) -> None:
        self.forms = Forms([skeleton for skeleton, _ in known])
        self.moulds = moulds = [mould for _, mould in known]
        self.ready = np.array([mould is not None and _is_ready(mould, unit) for mould in moulds], np.bool_)
        span = np.array([window.first_us, window.last_us], np.int64)
        self.clock = (np.array(SCALES.get(unit, ()), np.int64), span)
        self._literals: dict[str, int] = {}
        leaves, parts, payloads, kept = [], [], [], []
        for mould, ready in zip(moulds, self.ready, strict=True):
            leaves.append(_leaves(mould) if ready else [-1] * 9)
            parts.append(_parts(mould) if ready else [])
            payloads.append(self._pieces(mould, mould.payload) if ready else [])
            kept.append(self._pieces(mould, mould.kept) if ready and mould.kept is not None else [])
        self.leaves = np.array(leaves, np.int64).reshape(-1, 9)
        flat = [part for some in parts for part in some]
        self.parts = (_edges(parts), np.array([p[0] for p in flat], np.int64), np.array([p[1] for p in flat], np.bool_))
        pieces = np.array([p for some in payloads + kept for p in some], np.int64)
        edges = _edges(payloads + kept)
        texts = [text.encode() for text in self._literals]
        self.json = (
            pieces, edges[: len(moulds) + 1], edges[len(moulds) :], kernel.bytes_of(b"".join(texts)),
            np.cumsum([0, *map(len, texts)]),
        )  # fmt: skip
        self.keeps = any(kept)
        self.times = (bool((self.leaves[:, 6] >= 0).any()), bool((self.leaves[:, 7] >= 0).any()))
        self.literals = max((_size(form, texts) for form in payloads + kept), default=0)

    def _pieces(self, mould: Mould, form: str) -> list[int]:
        numbers = {token: n for n, token in enumerate(mould.leaves)}
        return [
            numbers[p] if p in numbers else -1 - self._literals.setdefault(p, len(self._literals))
            for p in mould.pieces(form)
        ]


def _size(form: list[int], texts: list[bytes]) -> int:
    return sum(len(texts[-1 - piece]) for piece in form if piece < 0)


def _edges(lists: list[list]) -> np.ndarray:
    return np.cumsum([0, *map(len, lists)])


def _is_ready(mould: Mould, unit: str) -> bool:
    """Do the loops know where all columns of a form come from?"""
    key, user, time = (_leaf(mould, value) for value in (mould.key, mould.parts["user_id"], mould.time))
    if key < 0 or user < 0 or (_is_number(mould, time) and unit not in SCALES):
        return False
    sides = [(mould.parts[name], _leaf(mould, mould.parts[name])) for name in _TIMES]
    if any(value is not None and (leaf < 0 or _is_number(mould, leaf)) for value, leaf in sides):
        return False
    duration = _leaf(mould, mould.parts["duration_ms"])
    return duration < 0 or _is_number(mould, duration)


def _leaf(mould: Mould, value: Any) -> int:
    """Number of the leaf that a value is the token of, or -1."""
    return list(mould.leaves).index(value) if type(value) is str and value in mould.leaves else -1


def _is_number(mould: Mould, leaf: int) -> bool:
    return list(mould.leaves.values())[leaf].number


def _leaves(mould: Mould) -> list[int]:
    ids = [_leaf(mould, value) for value in (mould.key, mould.parts["user_id"], mould.time)]
    found = [n for leaf in ids for n in (leaf, int(_is_number(mould, leaf)))]
    return found + [_leaf(mould, mould.parts[name]) for name in (*_TIMES, "duration_ms")]


def _parts(mould: Mould) -> list[tuple[int, bool]]:
    """Leaves that tell a kind, each once, and whether it is one that is read as a path alone."""
    words = [mould.parts[name] for name in raw_kinds.COLUMNS if name != "route"] + [value for value, _ in mould.wanted]
    plain = {_leaf(mould, value) for value in words} - {-1}
    paths = {_leaf(mould, mould.parts["route"])} - {-1}
    return [(leaf, leaf not in plain) for leaf in sorted(plain | paths)]
