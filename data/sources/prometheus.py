"""A running Prometheus as a source: raw scraped samples of the programme, read with range selectors.

prometheus-api-client asks the questions over a session that enforces limits (prometheus_http.py). Remote
read is used where the server offers it; both roads give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from data import calendar
from data import settings as config
from data.errors import BetaError, SourceError
from data.raw import RawStore, Run
from data.raw_load import Load
from data.settings import PrometheusSource, Settings
from data.sources import prometheus_expressions as expressions
from data.sources import prometheus_select as select
from data.sources.prometheus_http import Session
from data.sources.prometheus_plan import DEFAULT_STEP_MS, PIECE, pieces, window
from data.sources.prometheus_pull import Pull
from data.sources.prometheus_server import Server
from data.sources.prometheus_types import Types

BEFORE_LAUNCH = timedelta(days=1)  # baseline of the counters


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
        pull = Pull(server, selector, load, types, counts)
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
