"""Reading the pieces of one item of a Prometheus into a load: what is too large in halves, native histograms folded."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np

from data.raw_load import Load
from data.sources import prometheus_select as select
from data.sources.prometheus_http import TooMuch
from data.sources.prometheus_native import SAMPLES, Classic, read
from data.sources.prometheus_plan import DEFAULT_STEP_MS, LONGEST_STEP_MS, Piece, pieces
from data.sources.prometheus_server import Series, Server
from data.sources.prometheus_types import Types


class Pull:
    """Reading the pieces of one item into a load."""

    def __init__(
        self, server: Server, selector: select.Selector, load: Load, types: Types, names: Collection[str]
    ) -> None:
        self._server = server
        self._selector = selector
        self._load = load
        self._types = types
        self._native: dict[str, list[dict[str, str]]] = {}
        self._classic = Classic(names)
        self._folded = 0
        self.step_ms = 0

    def read(self, piece: Piece) -> None:
        """Read a piece, in halves where the server finds it too large."""
        try:
            answer = self._server.samples(self._selector.only(list(piece.names)), piece.start_ms, piece.end_ms)
        except TooMuch:
            halves = piece.halves()
            if halves is None:
                raise
            for half in halves:
                self.read(half)
            return
        for labels in answer.native:
            self._native.setdefault(labels["__name__"], []).append(labels)
        for labels, ts, _ in answer.series:
            self._classic.saw(labels, ts)
        self._store(answer.series)

    def _store(self, series: list[Series], kind: str | None = None) -> None:
        if not series:
            return
        ids = []
        for labels, ts, _ in series:
            name = labels["__name__"]
            ids.append(
                np.full(len(ts), self._load.series(name, labels, kind or self._types.of(name), self._types.unit(name)))
            )
        longest = max((ts for _, ts, _ in series), key=len)
        if len(longest) > 2:
            self.step_ms = max(self.step_ms, min(LONGEST_STEP_MS, int(np.median(np.diff(longest)))))
        self._load.sample_block(
            np.concatenate(ids), np.concatenate([s[1] for s in series]), np.concatenate([s[2] for s in series])
        )

    def native(self, start_ms: int, end_ms: int) -> list[str]:
        """Read native histograms and fold them into classic buckets. Returns a sentence per metric."""
        warnings = []
        for name, found in sorted(self._native.items()):
            if self._classic.has(name):
                warnings.append(f"{name} is scraped with classic buckets too: while they are, those are read")
            series = len({tuple(sorted(labels.items())) for labels in found})
            step = self.step_ms or DEFAULT_STEP_MS
            text = self._selector.only([name]).text
            wide, before = [], self._folded
            for since, until in self._classic.gaps(found, start_ms, end_ms):
                todo = pieces({name: series}, since, until, step, SAMPLES)
                wide += [read(piece, partial(self._server.histograms, text), self._keep) for piece in todo]
            if self._folded > before:
                warnings.append(f"{name} is a native histogram: folded into buckets, at most four to a power of two")
            if any(wide):
                warnings.append(f"{name} has buckets wider than a power of two: bounds inside them are left out")
        return warnings

    def _keep(self, series: list[Series]) -> None:
        kept = self._classic.outside(series)
        self._folded += len(kept)
        self._store(kept, "histogram")
