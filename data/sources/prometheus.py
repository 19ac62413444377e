"""A running Prometheus as a source: raw scraped samples of the programme, read with range selectors.

prometheus-api-client asks the questions over a session that enforces limits (prometheus_http.py). Remote
read is used where the server offers it; both roads give the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
from prometheus_api_client import PrometheusConnect

from data import calendar, collector
from data import settings as config
from data.errors import BetaError, SourceError
from data.raw import RawStore, Run
from data.raw_load import Load
from data.settings import PrometheusSource, Settings
from data.sources import prometheus_expressions as expressions
from data.sources import prometheus_select as select
from data.sources.prometheus_http import Session, TooMuch
from data.sources.prometheus_matrix import Column
from data.sources.prometheus_native import SAMPLES, Classic, read
from data.sources.prometheus_plan import DEFAULT_STEP_MS, LONGEST_STEP_MS, PIECE, Piece, duration_ms, pieces, window
from data.sources.prometheus_remote_read import RemoteRead, Unsupported
from data.sources.prometheus_types import Types

BEFORE_LAUNCH = timedelta(days=1)  # baseline of the counters
Series = tuple[dict[str, str], np.ndarray, np.ndarray]  # labels, ts_ms, values


@dataclass
class Answer:
    """Samples of one piece, and the labels of series that are native histograms."""

    series: list[Series] = field(default_factory=list)
    native: list[dict[str, str]] = field(default_factory=list)


class Prometheus:
    """One Prometheus of the settings; each matcher is an item with its own watermark."""

    kind = "prometheus"
    piece = PIECE  # samples per question
    remote_read = True  # try it before JSON

    def __init__(self, spec: PrometheusSource, settings: Settings) -> None:
        self.name = spec.name
        self._spec = spec
        self._folder = settings.base
        launch = calendar.day_start(settings.programme.launch, settings.zone)
        self._first_ms = (launch - round(BEFORE_LAUNCH.total_seconds() * 1e6)) // 1000

    def load(self, store: RawStore, run: Run) -> list[str]:
        """Read what is new of every matcher. Returns one sentence per failed item, or one for the whole source."""
        failed: list[str] = []
        try:
            with self._connected() as server:
                server.look_around()
                for matcher in self._spec.matchers:
                    try:
                        with store.load(run, self.name, self.kind, matcher, "raw_sample") as load:
                            self._pull(server, load, matcher, run)
                    except SourceError as error:
                        failed.append(f"{self.name}: {matcher}: {error}")
                failed += self._computed(server, store, run)
        except BetaError as error:
            if not isinstance(error, SourceError) and not isinstance(error, config.SettingsError):
                raise
            self._record_all(store, run, str(error))
            return [f"{self.name}: {error}"]
        return failed

    @contextmanager
    def _connected(self) -> Iterator[Server]:
        spec = self._spec
        token = config.secret(spec.token_env) if spec.token_env else None
        with Session(spec.url, token=token, verify=spec.verify_tls, deadline_s=spec.deadline_s) as session:
            yield Server(spec.url, session, remote_read=self.remote_read)

    def _record_all(self, store: RawStore, run: Run, sentence: str) -> None:
        """Note the failure of a source that could not be reached for each of its items."""
        for matcher in self._spec.matchers:
            try:
                with store.load(run, self.name, self.kind, matcher, "raw_sample"):
                    raise SourceError(sentence)
            except SourceError:
                continue
        expressions.record_all(store, run, expressions.Place(self.name, self.kind), self._spec.expressions,
                               self._folder, sentence)  # fmt: skip

    def _computed(self, server: Server, store: RawStore, run: Run) -> list[str]:
        """Read the expressions that the settings name. Returns one sentence per failed one."""
        if not self._spec.expressions:
            return []
        spec = self._spec
        window = expressions.Window(self._first_ms, run.as_of_us // 1000, round(spec.overlap_s * 1000))
        return expressions.load_all(store, run, expressions.Job(
            self.name, self.kind, spec.matchers, spec.expressions, self._folder, window, server.grid,
            server.session.warnings,
        ))  # fmt: skip

    def _pull(self, server: Server, load: Load, matcher: str, run: Run) -> None:
        selector = select.parse(matcher)
        as_of_ms = run.as_of_us // 1000
        start, end = window(load.watermark, self._first_ms, as_of_ms, self._spec.overlap_s)
        if start >= end:
            return
        server.session.warnings.clear()
        counts = server.series_counts(selector, start, end)
        types = Types(self._spec.types, server.metadata, counts, load.known_type)
        step = (load.watermark or {}).get("step_ms", DEFAULT_STEP_MS)
        pull = _Pull(server, selector, load, types, counts)
        todo = list(pieces(counts, start, end, step, self.piece))
        for done, piece in enumerate(todo):
            run.progress(f"{self.name} {matcher}", done, len(todo))
            pull.read(piece)
        run.progress(f"{self.name} {matcher}", len(todo), len(todo))
        load.warnings += pull.native(start, end) + server.session.warnings + self._doubts(server, types, as_of_ms)
        since = start if load.watermark is None else min(start, load.watermark["from_ms"])
        load.watermark = {"from_ms": since, "to_ms": end, "step_ms": pull.step_ms or step}
        kept = as_of_ms - (server.retention_ms or as_of_ms)
        load.extend_covers(max(start, min(kept, end)) * 1000, end * 1000)

    def _doubts(self, server: Server, types: Types, as_of_ms: int) -> list[str]:
        """Sentences for Data health: guessed types, and a server that forgets too early."""
        doubts = []
        if types.guessed:
            names = ", ".join(sorted(types.guessed)[:5]) + (" ..." if len(types.guessed) > 5 else "")
            doubts.append(f"types of {len(types.guessed)} metrics are guessed from their names: {names}; set types")
        needed = as_of_ms - self._first_ms
        if server.retention_ms is not None and server.retention_ms < needed:
            doubts.append(
                f"the server keeps samples for {server.retention}, the programme so far needs "
                f"{-(-needed // 86_400_000)} days; refresh daily, or raise --storage.tsdb.retention.time"
            )
        return doubts


class Server:
    """Questions to one server: the client library, the checked session, and what the server says of itself."""

    def __init__(self, url: str, session: Session, *, remote_read: bool = True) -> None:
        self.session = session
        self.client = PrometheusConnect(url=url, session=session, method="POST")
        self.remote = RemoteRead(url, session) if remote_read else None
        self.metadata: dict[str, Any] = {}
        self.retention: str | None = None
        self.retention_ms: int | None = None

    def look_around(self) -> None:
        """Read types and retention. A server without the retention page (Thanos, Mimir) is fine; none at all is not."""
        self.metadata = self._get("/api/v1/metadata")
        try:
            self.retention = self._get("/api/v1/status/runtimeinfo").get("storageRetention")
        except SourceError:
            self.retention = None
        self.retention_ms = duration_ms(self.retention or "")

    def _get(self, path: str) -> dict[str, Any]:
        data = self.session.request("GET", f"{self.client.url}{path}").json()["data"]
        if not isinstance(data, dict):
            raise SourceError(f"{self.session.place}: {path} answered something else than an object")
        return data

    def series_counts(self, selector: select.Selector, start_ms: int, end_ms: int) -> dict[str, int]:
        """Number of series per metric name that the selector finds in the window."""
        start, end = (calendar.instant(ms * 1000) for ms in (start_ms, end_ms))
        found = self.client.get_series(start, end, {"match[]": selector.text})
        try:
            return dict(Counter(labels["__name__"] for labels in found))
        except (TypeError, KeyError):
            raise SourceError(f"{self.session.place}: /api/v1/series answered something else than labels") from None

    def samples(self, selector: select.Selector, start_ms: int, end_ms: int) -> Answer:
        """Samples with start <= ts < end, by remote read where it works, else as JSON."""
        if self.remote is not None:
            try:
                series, native = self.remote.read(selector, start_ms, end_ms)
                return Answer(series, native)
            except Unsupported:
                self.remote = None
        return self.json_samples(selector.text, start_ms, end_ms)

    def json_samples(self, text: str, start_ms: int, end_ms: int) -> Answer:
        """Samples of a range selector.

        The window is asked for from one millisecond before its start: 2.x includes both ends, 3.x leaves
        the left one out, and trimming makes them equal.
        """
        query = f"{text}[{end_ms - start_ms}ms]"
        at = f"{(end_ms - 1) // 1000}.{(end_ms - 1) % 1000:03d}"
        with collector.paused():
            result = self.client.custom_query(query, params={"time": at})
            return _decode(result, start_ms, end_ms, self.session.place)

    def histograms(self, text: str, start_ms: int, end_ms: int) -> Any:
        """Matrix with the native histograms of a selector, as the server sent it."""
        at = f"{(end_ms - 1) // 1000}.{(end_ms - 1) % 1000:03d}"
        return self.client.custom_query(f"{text}[{end_ms - start_ms}ms]", params={"time": at})

    def grid(self, text: str, first_ms: int, last_ms: int, step_ms: int) -> list[Series]:
        """Values of an expression at first, first + step, ... last. Raises SourceError for native histograms."""
        asked = {"query": text, "start": first_ms / 1000, "end": last_ms / 1000, "step": step_ms / 1000}
        content = self.session.request("POST", f"{self.client.url}/api/v1/query_range", params=asked).json()
        answer = _decode(content["data"].get("result"), first_ms, last_ms + 1, self.session.place)
        if answer.native:
            raise SourceError("gives native histograms, which are no numbers; wrap it in histogram_quantile or _count")
        return answer.series


class _Pull:
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


def _decode(result: Any, start_ms: int, end_ms: int, place: str) -> Answer:
    """Arrays of a matrix result, trimmed to [start, end)."""
    answer = Answer()
    try:
        for one in result:
            if one.get("histograms"):
                answer.native.append(one["metric"])
            values = one.get("values")
            if not values:
                continue
            if isinstance(values, Column):
                instants, numbers = values.ts_s, values.values
            else:
                pairs = tuple(zip(*values, strict=True))
                instants, numbers = np.array(pairs[0], dtype=np.float64), _numbers(pairs[1])
            ts = np.rint(instants * 1000).astype(np.int64)
            inside = (ts >= start_ms) & (ts < end_ms)
            if inside.any():
                answer.series.append((one["metric"], ts[inside], numbers[inside]))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise SourceError(f"{place}: answered something else than a matrix of samples") from None
    return answer


def _numbers(texts: tuple[str, ...]) -> np.ndarray:
    if set(map(type, texts)) != {str}:
        raise TypeError("a sample's value is a text")
    return np.fromiter(map(float, texts), np.float64, len(texts))
