"""Times of events: any unit or ISO text to microseconds in UTC, refused when it is none or outside the programme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.settings import Settings
from data.texts import content

DAY_US = 86_400_000_000
EARLIER_DAYS = 90  # events this long before launch still count as the programme's own history
AHEAD_US = 3_600_000_000  # a clock may be an hour fast
_SCALE = {"s": 1_000_000, "ms": 1_000, "us": 1}
# Factors of a whole number's units, in the order in which they are tried.
SCALES = {"auto": (1_000, 1_000_000, 1)} | {unit: (scale,) for unit, scale in _SCALE.items()}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(
    r"\s*(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
    r"\s*(?:([Zz]|UTC|GMT)|([+-])(\d\d)(?::?(\d\d))?)?)?\s*",
    re.ASCII,
)
# What Arrow reads exactly as `text_us` does; everything else takes the slow way.
_QUICK = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$"


_UNREADABLE = -(2**62)


class TimeRefused(Exception):
    """A time is refused; args[0] is the reason: time, type, future or too_old."""


@dataclass(frozen=True)
class Window:
    """Instants an event may have, both inclusive, in microseconds."""

    first_us: int
    last_us: int

    def check(self, us: int) -> int:
        if us > self.last_us:
            raise TimeRefused("future")
        if us < self.first_us:
            raise TimeRefused("too_old")
        return us


def window(settings: Settings, as_of_us: int) -> Window:
    """From 90 days before launch to an hour after as_of."""
    launch = datetime.combine(settings.programme.launch, datetime.min.time(), settings.zone)
    return Window(micros(launch) - EARLIER_DAYS * DAY_US, as_of_us + AHEAD_US)


def micros(value: datetime) -> int:
    """Microseconds since 1970 of an aware datetime, exact."""
    return (value - _EPOCH) // timedelta(microseconds=1)


def number_us(value: float, unit: str, span: Window) -> int:
    """Microseconds of a number in a unit; "auto" takes the unit that puts it inside the window."""
    if unit == "ns":
        return span.check(int(value // 1_000))
    if unit in _SCALE:
        return span.check(_scaled(value, unit))
    for name in ("ms", "s", "us"):
        if span.first_us <= (us := _scaled(value, name)) <= span.last_us:
            return us
    size = abs(value)  # the window's units are a factor 1,000 apart, so the magnitude tells which was meant
    unit = "s" if size < 1e11 else "ms" if size < 1e14 else "us" if size < 1e17 else "ns"
    return span.check(int(value // 1_000) if unit == "ns" else _scaled(value, unit))


def _scaled(value: float, unit: str) -> int:
    return value * _SCALE[unit] if isinstance(value, int) else round(value * _SCALE[unit])


def text_us(text: str, zone: str) -> tuple[int, bool]:
    """Microseconds of an ISO text, and whether it had no offset (then `zone` applies).

    24:00:00 is the next day's start, a bare date its own; digits beyond microseconds are cut. Raises TimeRefused.
    """
    found = _ISO.fullmatch(text)
    if not found:
        word = text.strip().casefold().lstrip("+")
        if word in ("infinity", "inf"):
            raise TimeRefused("future")
        raise TimeRefused("too_old" if word in ("-infinity", "-inf") else "time")
    year, month, day, hour, minute, second, fraction, utc, sign, off_h, off_m = found.groups()
    midnight = hour == "24" and minute == "00" and (second or "00") == "00" and not (fraction or "").strip("0")
    offset = timedelta(hours=int(off_h or 0), minutes=int(off_m or 0))
    if offset > timedelta(hours=15, minutes=59) or int(off_m or 0) > 59:
        raise TimeRefused("time")
    naive = not utc and not sign
    try:
        local = datetime(
            int(year), int(month), int(day), 0 if midnight else int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")), tzinfo=ZoneInfo(zone) if naive else UTC,
        )  # fmt: skip
        us = micros(local) + (DAY_US if midnight else 0)
    except (ValueError, OverflowError):
        raise TimeRefused("time") from None
    return us - (-1 if sign == "-" else 1) * (offset // timedelta(microseconds=1)), naive


def value_us(value: Any, unit: str, zone: str, span: Window) -> tuple[int, bool]:
    """Microseconds of one JSON value, and whether it was a text without an offset. Raises TimeRefused."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TimeRefused("type")
    if isinstance(value, str):
        if unit != "text" and re.fullmatch(r"-?[0-9]{1,19}", value):
            return number_us(int(value), unit, span), False
        us, naive = text_us(value, zone)
        return span.check(us), naive
    if unit == "text":
        raise TimeRefused("type")
    return number_us(value, unit, span), False


@dataclass
class Times:
    """A column of times: microseconds, what was refused (row -> reason) and how many had no offset."""

    us: np.ndarray
    refused: dict[int, str]
    naive: int = 0


def column(values: list[Any], unit: str, zone: str, span: Window) -> Times:
    """All times of a block. Missing ones (None) are refused as "schema"."""
    kinds = set(map(type, values))
    quick = None
    if kinds == {int} and unit != "text":
        quick = _numbers(values, unit, span)
    elif kinds == {str}:
        quick = _texts(values, span)
    return quick or _one_by_one(values, unit, zone, span)


def _numbers(values: list[int], unit: str, span: Window) -> Times | None:
    """Integers all inside the window in one unit, or None."""
    try:
        raw = np.array(values, dtype=np.int64)
    except OverflowError:
        return None
    for name in (unit,) if unit != "auto" else ("ms", "s", "us", "ns"):
        scale = _SCALE.get(name, 0)
        if scale > 1 and int(np.abs(raw).max()) > 2**62 // scale:
            continue
        us = raw * scale if scale else raw // 1_000
        if span.first_us <= int(us.min()) and int(us.max()) <= span.last_us:
            return Times(us, {})
    return None


def _texts(values: list[str], span: Window) -> Times | None:
    """ISO texts with an offset, all well formed and inside the window, or None."""
    texts = pa.array(values, pa.string())
    if not pc.all(pc.match_substring_regex(texts, _QUICK)).as_py():
        return None
    try:
        us = texts.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return Times(us, {}) if span.first_us <= int(us.min()) and int(us.max()) <= span.last_us else None


def whole_numbers(texts: pa.Array, unit: str, span: Window) -> tuple[np.ndarray, np.ndarray]:
    """Microseconds of whole numbers written as text (at most 15 digits), and which of them are inside the window."""
    us = np.zeros(len(texts), np.int64)
    fits = np.zeros(len(texts), bool)
    whole = pc.invert(pc.match_substring(texts, "."))
    if unit in ("text", "ns"):
        return us, fits
    raw = pc.if_else(whole, texts, "0").cast(pa.int64()).to_numpy()
    for name in (unit,) if unit != "auto" else ("ms", "s", "us"):
        scaled = np.where(np.abs(raw) <= 2**62 // _SCALE[name], raw * _SCALE[name], -(2**62))
        fresh = ~fits & (span.first_us <= scaled) & (scaled <= span.last_us)
        us[fresh] = scaled[fresh]
        fits |= fresh
    return us, fits & whole.to_numpy(False)


def iso_texts(texts: pa.Array, span: Window) -> tuple[np.ndarray, np.ndarray]:
    """Microseconds of ISO texts with an offset, and which of them are well formed and inside the window."""
    if _all_utc(texts):
        us, fits = _cast(texts), np.ones(len(texts), bool)
    else:
        quick = pc.match_substring_regex(texts, _QUICK)
        us, fits = _cast(pc.if_else(quick, texts, "1970-01-01T00:00:00Z")), quick.to_numpy(False)
    return us, fits & (span.first_us <= us) & (us <= span.last_us) & (us > _UNREADABLE)


def _all_utc(texts: pa.Array) -> bool:
    """Are all texts of one length and like 2026-03-02T10:00:00Z, with up to six digits of a second?"""
    found, edges = content(texts)
    size = len(found) // max(1, len(texts))
    if size not in (20, *range(22, 28)) or (np.diff(edges) != size).any():
        return False
    form = np.frombuffer(
        b"dddd-dd-ddTdd:dd:ddZ" if size == 20 else b"dddd-dd-ddTdd:dd:dd." + b"d" * (size - 21) + b"Z", "u1"
    )
    digits = form == ord("d")
    signs = found.reshape(-1, size)
    return bool((signs[:, ~digits] == form[~digits]).all() and ((signs[:, digits] - ord("0")) <= 9).all())


def _cast(texts: pa.Array) -> np.ndarray:
    """Microseconds of each text; a day that no calendar has is found by halves."""
    try:
        return texts.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        if len(texts) == 1:
            return np.array([_UNREADABLE], np.int64)
        half = len(texts) // 2
        return np.concatenate([_cast(texts[:half]), _cast(texts[half:])])


def _one_by_one(values: list[Any], unit: str, zone: str, span: Window) -> Times:
    times = Times(np.zeros(len(values), dtype=np.int64), {})
    for i, value in enumerate(values):
        if value is None:
            times.refused[i] = "schema"
            continue
        try:
            times.us[i], naive = value_us(value, unit, zone, span)
        except TimeRefused as refused:
            times.refused[i] = refused.args[0]
        else:
            times.naive += naive
    return times
