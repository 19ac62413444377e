"""Made-up events and samples of any size, the same for the same seed, written as files a source can read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SPAN = "BETA_BENCH_DAYS"
DAYS = int(os.environ.get(SPAN, "91"))  # of the range: one a run, which every process of the run must know at its start
LAUNCH = date(2026, 3, 2)  # a Monday
START_US = round(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1e6)
DAY_US = 86_400_000_000
FEATURES = tuple(f"feature_{n:02d}" for n in range(1, 41))
# name, share of all events, whether a tester causes it on purpose
EVENTS = (
    ("screen_view", 0.22, True),
    ("content_view", 0.20, True),
    ("feature_used", 0.12, True),
    ("content_like", 0.08, True),
    ("post_view", 0.06, True),
    ("post_created", 0.02, True),
    ("feedback_submitted", 0.005, True),
    ("api_call", 0.25, False),
    ("push_received", 0.03, False),
    ("app_error", 0.015, False),
)
ACTIVE = tuple(name for name, _, on_purpose in EVENTS if on_purpose)
ROUTES = 10
BOUNDS = ("0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "+Inf")
STATUSES = ("200", "404", "500")
STEP_MS = 30_000  # between two scrapes
SERIES = ROUTES * (len(BOUNDS) + len(STATUSES))
LINES = 500_000  # written at a time
_KINDS = np.repeat(np.arange(len(EVENTS), dtype=np.int8), [round(share * 200) for _, share, _ in EVENTS])
_FEATURE_USED = [name for name, _, _ in EVENTS].index("feature_used")
_BAD = (b'{"id":"x","user":"u"', b"[1,2,3]", b'{"id":"y","user":"a","user":"b"}', b"\xff\xfe{}")


@dataclass(frozen=True)
class Events:
    """Parallel arrays sorted by time: tester number, index into EVENTS, microseconds, feature number (0 = none)."""

    tester: np.ndarray
    event: np.ndarray
    ts_us: np.ndarray
    feature: np.ndarray

    def __len__(self) -> int:
        return len(self.ts_us)

    def only(self, rows: np.ndarray | slice) -> Events:
        return Events(self.tester[rows], self.event[rows], self.ts_us[rows], self.feature[rows])


_NONE = Events(np.empty(0, np.int32), np.empty(0, np.int8), np.empty(0, np.int64), np.empty(0, np.int16))


def days(count: int, seed: int, span: int | None = None) -> Iterator[Events]:
    """`count` events of count // 200 testers in sessions, a day at a time; few testers cause most of them.

    One block per day of the range, sorted by time. Memory is that of the sessions and of one day's events.
    """
    span = span or DAYS
    rng = np.random.default_rng(seed)
    testers, length = max(20, count // 200), _lengths(rng, count)
    weight = rng.lognormal(0.0, 1.0, testers)
    first_day = np.floor(rng.beta(1.0, 2.5, testers) * span * 0.7).astype(np.int64)
    who = rng.choice(testers, len(length), p=weight / weight.sum()).astype(np.int32)
    lasted = np.floor(rng.exponential(span / 2, len(length))).astype(np.int64)
    day = (first_day[who] + lasted % (span - first_day[who])).astype(np.int16)
    order = np.argsort(day, kind="stable")
    edges = np.searchsorted(day[order], np.arange(span + 1))
    tail = _NONE
    for number in range(span):
        chosen = order[edges[number] : edges[number + 1]]
        made = _sessions(who[chosen], length[chosen], number, np.random.default_rng((seed, number)), number == span - 1)
        ready = merged(tail, made)
        cut = np.searchsorted(ready.ts_us, START_US + (number + 1) * DAY_US)
        tail = ready.only(slice(cut, None))
        yield ready.only(slice(0, cut))


def _lengths(rng: np.random.Generator, count: int) -> np.ndarray:
    """Events of each session, on average 8, `count` together."""
    length = rng.geometric(1 / 8, count // 7 + 200).astype(np.int64)
    ends = np.cumsum(length)
    sessions = int(np.searchsorted(ends, count)) + 1
    length = length[:sessions]
    length[-1] -= ends[sessions - 1] - count
    return length


def _sessions(who: np.ndarray, length: np.ndarray, day: int, rng: np.random.Generator, last: bool) -> Events:
    """Events of the sessions that begin on a day, sorted; on the last day none begins after eight in the evening."""
    hour = np.clip(rng.normal(15.0, 4.5, len(who)), 0.0, 20.0 if last else 23.9)
    begin = START_US + day * DAY_US + (hour * 3.6e9).astype(np.int64)
    total, ends = int(length.sum()), np.cumsum(length)
    gaps = (rng.exponential(45.0, total) * 1e6).astype(np.int64)
    gaps[ends - length] = 0
    run = np.cumsum(gaps)
    ts = np.repeat(begin - run[ends - length], length) + run
    ts = np.minimum(ts, START_US + (day + 2 - last) * DAY_US - 1) // 1000 * 1000  # exports carry milliseconds
    order = np.argsort(ts, kind="stable")
    kind = _KINDS[rng.integers(0, len(_KINDS), total, np.uint8)]
    used = np.minimum(rng.geometric(0.08, total), len(FEATURES)).astype(np.int16)
    feature = np.where(kind == _FEATURE_USED, used, np.int16(0))
    return Events(np.repeat(who, length)[order], kind, ts[order], feature)


def merged(one: Events, other: Events) -> Events:
    """Both, sorted by time."""
    both = [np.concatenate(pair) for pair in zip(vars(one).values(), vars(other).values(), strict=True)]
    return Events(*both).only(np.argsort(both[2], kind="stable")) if len(one) else other


def events(count: int, seed: int, span: int | None = None) -> Events:
    """All of `days` in one, sorted by time."""
    columns = [np.empty(count, column.dtype) for column in vars(_NONE).values()]
    at = 0
    for block in days(count, seed, span):
        for column, part in zip(columns, vars(block).values(), strict=True):
            column[at : at + len(block)] = part
        at += len(block)
    return Events(*columns)


def split(count: int, seed: int, span: int | None = None) -> Iterator[tuple[Events, Events]]:
    """Day by day: what was known a day before the end, and what comes after: the last day, and late events of the
    three days before it."""
    span = span or DAYS
    for number, block in enumerate(days(count, seed, span)):
        after = np.full(len(block), number == span - 1)
        if span - 4 <= number < span - 1:
            after = np.random.default_rng((seed + 1, number)).random(len(block)) < 0.01
        yield block.only(~after), block.only(after)


def later(count: int, seed: int, span: int | None = None) -> Events:
    """What comes after, of all days."""
    found = _NONE
    for _, after in split(count, seed, span):
        found = merged(found, after)
    return found


def write_events(data: Events | Iterable[Events], file: Path, first_id: int = 0, bad_every: int = 0) -> dict[str, int]:
    """Write JSON lines; with `bad_every`, one line after each so many is none. Returns what was written."""
    bad, good = 0, 0
    with file.open("wb") as out:
        for block in (data,) if isinstance(data, Events) else data:
            for start in range(0, len(block), LINES):
                part = block.only(slice(start, min(start + LINES, len(block))))
                lines = _lines(part, first_id + good)
                good += len(part)
                if not bad_every:
                    out.write(_bytes(lines))
                    continue
                for at in range(0, len(lines), bad_every):
                    out.write(_bytes(lines.slice(at, bad_every)) + _BAD[bad % len(_BAD)] + b"\n")
                    bad += 1
    return {"lines": good + bad, "good": good, "bad": bad, "bytes": file.stat().st_size}


def _bytes(lines: pa.Array) -> memoryview | bytes:
    """Texts of an array one after the other."""
    _, offsets, content = lines.buffers()
    edges = np.frombuffer(offsets, np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return bytes(content[int(edges[0]) : int(edges[-1])])


def _lines(data: Events, first_id: int) -> pa.Array:
    """One JSON object a row, each with its line feed."""
    numbers = np.arange(first_id, first_id + len(data))
    moment = pc.replace_substring(pc.cast(pa.array(data.ts_us // 1000, pa.timestamp("ms")), pa.string()), " ", "T")
    names = [f'","event":"{name}","ts":"' for name, _, _ in EVENTS]
    return pc.binary_join_element_wise(
        '{"id":"01890c5e-6f3a-7e2b-8000-', _digits(numbers, 12), '","user":"did:plc:', _digits(data.tester, 16),
        pa.DictionaryArray.from_arrays(pa.array(data.event), names).dictionary_decode(),
        moment, 'Z","properties":', _properties(data, numbers), "}\n", "",
    )  # fmt: skip


def keys(numbers: np.ndarray) -> pa.Array:
    """The id of each event by its number."""
    return pc.binary_join_element_wise("01890c5e-6f3a-7e2b-8000-", _digits(numbers, 12), "")


def _digits(values: np.ndarray, width: int) -> pa.Array:
    return pc.utf8_lpad(pc.cast(pa.array(values), pa.string()), width, "0")


def _properties(data: Events, numbers: np.ndarray) -> pa.Array:
    """JSON of the properties: a feature, a request or where the tester was."""
    names = [name for name, _, _ in EVENTS]
    feature = ["", *(f'{{"feature":"{f}","platform":"ios"}}' for f in FEATURES)]
    screens = [f'{{"screen":"screen_{n}","platform":"{("ios", "android", "web")[n % 3]}"}}' for n in range(30)]
    spread = numbers * 2_654_435_761 % 4_294_967_296
    failed = pa.array((spread % 97 == 0).astype(np.int8))
    request = pc.binary_join_element_wise(
        '{"path":"/api/v1/posts/', _digits(spread % 100_000, 1), '/comments","method":"GET","statusCode":',
        pa.DictionaryArray.from_arrays(failed, ["200", "503"]).dictionary_decode(),
        ',"duration":', _digits(5 + spread % 1900, 1), "}", "",
    )  # fmt: skip
    return pc.case_when(
        pc.make_struct(pa.array(data.feature > 0), pa.array(data.event == names.index("api_call"))),
        pa.DictionaryArray.from_arrays(pa.array(data.feature), feature).dictionary_decode(),
        request,
        pa.DictionaryArray.from_arrays(pa.array(spread % 30), screens).dictionary_decode(),
    )


def write_samples(count: int, seed: int, file: Path) -> int:
    """Write OpenMetrics of a request counter and a latency histogram, scraped every 30 s. Returns the samples written.

    Counters are whole numbers and begin anew now and then, all series of a route at once.
    """
    rng = np.random.default_rng(seed)
    ticks = max(3, count // SERIES)
    ts = START_US // 1000 + np.arange(ticks, dtype=np.int64) * STEP_MS
    seconds = pc.binary_join_element_wise(_digits(ts // 1000, 1), ".000", "")
    restarts = rng.random((ROUTES, ticks)) < 1 / 2000
    with file.open("wb") as out:
        out.write(b"# TYPE http_request_duration_seconds histogram\n# UNIT http_request_duration_seconds seconds\n")
        for route in range(ROUTES):
            growth = rng.poisson(3.0 + route, (len(BOUNDS), ticks)).cumsum(axis=0)
            for le, values in zip(BOUNDS, growth, strict=True):
                name = f'http_request_duration_seconds_bucket{{route="/r{route}",le="{le}"}} '
                out.write(_series(name, _counted(values, restarts[route]), seconds))
        out.write(b"# TYPE http_requests counter\n")
        for route in range(ROUTES):
            for status in STATUSES:
                name = f'http_requests_total{{route="/r{route}",status="{status}"}} '
                values = rng.poisson(20.0 if status == "200" else 0.4, ticks)
                out.write(_series(name, _counted(values, restarts[route]), seconds))
        out.write(b"# EOF\n")
    return ticks * SERIES


def _counted(growth: np.ndarray, restarts: np.ndarray) -> np.ndarray:
    """Running total that begins anew at each restart."""
    total = np.cumsum(growth)
    base = np.where(restarts, total - growth, 0)
    return total - np.maximum.accumulate(base)


def _series(name: str, values: np.ndarray, seconds: pa.Array) -> bytes:
    return bytes(_bytes(pc.binary_join_element_wise(name, _digits(values, 1), " ", seconds, "\n", "")))


def beta_toml() -> str:
    """Settings of the made-up beta: events from the folder `events`, samples from `samples.om`."""
    listed = ", ".join(f'"{name}"' for name in ACTIVE)
    features = ", ".join(f'"{name}"' for name in FEATURES)
    return f"""\
[programme]
name = "Benchmark"
launch = {LAUNCH}
weeks = {-(-DAYS // 7)}
timezone = "UTC"
storage = "store"
demo = true

[engagement]
active_events = [{listed}]
activation_event = "post_created"
features = [{features}]

[[sources]]
name = "events"
kind = "jsonl"
path = "events"
"""


def over(count: int) -> None:
    """Let the range have so many days, here and in every process started from now on."""
    global DAYS  # noqa: PLW0603
    DAYS = count
    os.environ[SPAN] = str(count)


def end_of(day: int) -> datetime:
    """Midnight after a day of the range, counted from 1."""
    return datetime(LAUNCH.year, LAUNCH.month, LAUNCH.day, tzinfo=UTC) + timedelta(days=day)
