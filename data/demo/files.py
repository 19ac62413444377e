"""The event files: one a day, by day of arrival, with the flaws real deliveries have."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

import numpy as np
import orjson

from data.demo import plan
from data.demo.log import ERRORS, ROUTES, TYPES, Rows
from data.demo.people import LETTERS, People
from data.demo.plan import iso
from data.demo.traffic import TICKS_PER_SECOND, Traffic

SCREENS = ("home", "game", "profile", "post", "settings")
_X = b'{"id":"bad%d","user":"did:plc:x","event":"post_view","ts":"2026-03-%02dT10:00:00Z"'
BAD_LINES = (  # day, what is wrong, the line
    (1, "cut in the middle", (_X % (1, 3))[:60]),
    (2, "not an object", b'["post_view","2026-03-04T10:00:00Z"]'),
    (5, "invalid UTF-8", (_X % (3, 7)).replace(b"plc:x", b"plc:\xff\xfe") + b"}"),
    (8, "NaN is no JSON", _X % (4, 10) + b',"properties":{"duration":NaN}}'),
    (11, "trailing comma", _X % (5, 13) + b",}"),
    (15, "key twice", (_X % (6, 17)).replace(b'"user"', b'"id":"bad7","user"') + b"}"),
    (20, "no time", b'{"id":"bad8","user":"did:plc:x","event":"post_view"}'),
    (22, "in the year 2031", (_X % (9, 24)).replace(b"2026", b"2031") + b"}"),
)
BLANK_DAYS = (3, 18)
_VERSIONS = [(r.ms, r.name) for r in reversed(plan.RELEASES)]


@dataclass
class Delivery:
    """Content of each file and what was done to it, per file name."""

    files: dict[str, bytes] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    duplicates: dict[str, int] = field(default_factory=dict)
    conflicting: dict[str, int] = field(default_factory=dict)
    late: dict[str, int] = field(default_factory=dict)
    blank: dict[str, int] = field(default_factory=dict)
    malformed: list[dict] = field(default_factory=list)


def build(rows: Rows, people: People, traffic: Traffic) -> Delivery:
    """Event files by day of arrival. Late events, duplicates and bad lines come at the end of a file."""
    rng = plan.rng("files")
    texts = _texts(rows, people, traffic)
    day = plan.day_of(rows.ts)
    arrival = day.copy()
    may = np.flatnonzero((rows.type < 12) & (day >= 1) & (day < plan.DAYS - plan.MAX_LATE_DAYS))
    late = rng.choice(may, min(plan.LATE, len(may) // 20), replace=False)
    arrival[late] = day[late] + rng.integers(1, plan.MAX_LATE_DAYS + 1, len(late))
    on_time = np.setdiff1d(np.flatnonzero(arrival < plan.DAYS - 1), late)
    again = rng.choice(on_time, min(plan.DUPLICATES, len(on_time) // 50), replace=False)
    calls = np.setdiff1d(on_time[rows.of("api_call")[on_time]], again)
    changed = rng.choice(calls, min(plan.CONFLICTS, len(calls) // 50), replace=False)
    delivery = Delivery()
    order = np.argsort(arrival, kind="stable")
    edges = np.searchsorted(arrival[order], np.arange(plan.DAYS + 1))
    for d in range(plan.DAYS):
        here = order[edges[d] : edges[d + 1]]
        is_late = np.isin(here, late)
        parts = [texts[i] for i in here[~is_late].tolist()]
        parts += [texts[i] for i in here[is_late].tolist()]
        repeated = [texts[i] for i in again[arrival[again] + np.arange(len(again)) % 2 == d].tolist()]
        conflicts = [_conflict(texts[i]) for i in changed[arrival[changed] + 1 == d].tolist()]
        _add(delivery, d, parts, repeated, conflicts, int(is_late.sum()))
    return delivery


def _add(
    delivery: Delivery, d: int, parts: list[bytes], repeated: list[bytes], conflicts: list[bytes], late: int
) -> None:
    """Write one day's file and its bookkeeping."""
    name = f"events/{plan.local_date(d)}.jsonl" + (".gz" if d in plan.GZIPPED_DAYS else "")
    lines = parts + repeated + conflicts
    for day, what, bad in BAD_LINES:
        if day == d:
            lines.append(bad)
            delivery.malformed.append({"file": name, "line": len(lines), "what": what})
    if d in BLANK_DAYS:
        lines.append(b"")
    content = b"\n".join(lines) + b"\n"
    delivery.files[name] = stored_gzip(content) if name.endswith(".gz") else content
    delivery.lines[name] = len(lines)
    for book, count in ((delivery.duplicates, len(repeated)), (delivery.conflicting, len(conflicts)),
                        (delivery.late, late), (delivery.blank, int(d in BLANK_DAYS))):  # fmt: skip
        if count:
            book[name] = count


def _conflict(text: bytes) -> bytes:
    """The same event id with another duration."""
    row = orjson.loads(text)
    row["properties"]["duration"] = round(row["properties"]["duration"] + 1, 2)
    return orjson.dumps(row)


def stored_gzip(content: bytes) -> bytes:
    """A valid .gz without compression: packed bytes differ between zlib and its replacements, these do not."""
    out = [b"\x1f\x8b\x08\x00" + b"\x00" * 4 + b"\x00\xff"]  # no name, no time, unknown system
    for start in range(0, max(len(content), 1), 65_535):
        block = content[start : start + 65_535]
        last = start + 65_535 >= len(content)
        out.append(struct.pack("<BHH", int(last), len(block), len(block) ^ 0xFFFF) + block)
    out.append(struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF))
    return b"".join(out)


def _texts(rows: Rows, people: People, traffic: Traffic) -> list[bytes]:
    """Each event as one JSON line, in the order of `rows`."""
    rng = plan.rng("texts")
    keys = ["3k" + "".join(LETTERS[i] for i in word) for word in rng.integers(0, 32, (500, 11)).tolist()]
    names = [*people.did, plan.ORPHAN]
    until = plan.day_start(7)
    out = []
    columns = zip(rows.ts.tolist(), rows.person.tolist(), rows.type.tolist(), rows.extra.tolist(),
                  rows.request.tolist(), strict=True)  # fmt: skip
    for number, (ts, person, kind, extra, request) in enumerate(columns, start=1):
        user = people.alias_of.get(person, names[person]) if ts < until else names[person]
        platform = people.platform[person] if person < len(people.platform) else "web"
        about = _properties(TYPES[kind], extra, request, number, ts, platform, keys, traffic)
        text = (
            f'{{"id":"ev{number:07d}","user":"{user}","event":"{TYPES[kind]}","ts":"{iso(ts)}","properties":{about}}}'
        )
        out.append(text.encode())
    return out


def _properties(
    kind: str, extra: int, request: int, number: int, ts: int, platform: str, keys: list[str], traffic: Traffic
) -> str:
    """Properties of one event as JSON, as the app writes them: raw paths and user agents included."""
    key = keys[number % len(keys)]
    match kind:
        case "api_call":
            about = _call(extra, request, str(1000 + number % 8999), key, ts, platform, traffic)
        case "feature_used":
            about = f'"feature":"{plan.FEATURES[extra]}"'
        case "screen_view":
            about = f'"screen":"{SCREENS[number % len(SCREENS)]}"'
        case "app_error":
            component, error, message, fatal = ERRORS[extra]
            about = f'"message":"{message}","fatal":{str(fatal).lower()},"component":"{component}","type":"{error}"'
        case "feedback_submitted":
            about = f'"feedbackId":{extra}'
        case "beta_tester_activated":
            browser = "app" if platform != "web" else "Firefox 136"
            device = f'"platform":"{platform}","browser":"{browser}","version":"1.2.0"'
            about = f'"testerId":{number},"deviceInfo":{{{device}}}'
        case "weekly_update_sent":
            about = f'"week":{extra}'
        case _:
            about = f'"postId":"{key}"' if kind.startswith(("post", "content")) else ""
    return f"{{{about}}}"


def _call(extra: int, request: int, game: str, post: str, ts: int, platform: str, traffic: Traffic) -> str:
    method, route = ROUTES[extra]
    path = route.replace(":id", game if "games" in route else post)
    ms = int(traffic.ticks[request]) / (TICKS_PER_SECOND / 1000)
    version = next((name for at, name in _VERSIONS if at <= ts), plan.BEFORE_LAUNCH)
    what = f'"path":"{path}","method":"{method}","statusCode":{traffic.status[request]},"duration":{ms:.2f}'
    return f'{what},"userAgent":"TikTokToe/{version} ({platform})"'
