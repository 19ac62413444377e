"""Single values in the bytes of a line: times, numbers, ids. What is not plain is left to the exact road."""

from __future__ import annotations

import numpy as np

from data.compiled.kernel import EVERY, TOP, below, kernel, word_at
from data.compiled.walk import MINUS, NINE, POINT, ZERO

NONE = -(2**63)  # no time
UUID = 36  # bytes that one has as a text
SURE, LONGEST = 10, 500  # bytes of an id: none that is longer than all placeholders is one, none is longer than kept
_DAY_US = 86_400_000_000
_NO, _ONE, _FOUR, _SIX, _EIGHT, _NINE, _LOW, _WIDE = (np.uint64(n) for n in (0, 1, 4, 6, 8, 9, 15, 32))
_SIXES, _TENS = EVERY * _SIX, EVERY * np.uint64(16)  # six added to ten or more is sixteen or more
_SPACE, _LAST = EVERY * np.uint64(33), EVERY * np.uint64(127)
_HALF, _WRONG, _TO_A = np.uint64(0xFFFFFFFF), np.uint64(2**64 - 1), np.uint64(ord("a") - ord("0") - 10)
_BYTES, _PAIRS = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)


def _form(text: bytes) -> tuple[np.uint64, np.uint64]:
    """Eight bytes with zeros where digits stand, and 0x0f in their places."""
    digits = bytes(15 if byte == ZERO else 0 for byte in text)
    return np.uint64(int.from_bytes(text, "little")), np.uint64(int.from_bytes(digits, "little"))


_DATE, _DATE_DIGITS = _form(b"0000-00-")
_TIME, _TIME_DIGITS = _form(b"00T00:00")
_REST, _REST_DIGITS = _form(b"00:00:00")


@kernel
def is_digit(byte):
    return ZERO <= byte <= NINE


@kernel
def is_letter(byte):
    return 97 <= (byte | 32) <= 122


@kernel
def _two(word, place):
    """Number of two digits that stand at a place of eight bytes."""
    both = word >> np.uint64(8 * place)
    return np.int64(both & _LOW) * 10 + np.int64((both >> _EIGHT) & _LOW)


@kernel
def _in_form(word, form, digits):
    """Are eight bytes those of a form, with digits where it has zeros? digits: 0x0f where it has."""
    apart = word ^ form
    return apart & ~digits == _NO and (apart + (digits & _SIXES)) & _TENS == _NO


@kernel
def iso_us(data, start, end):
    """Microseconds of a text like 2026-03-02T10:00:00.123Z, with up to six digits of a second; NONE for any other."""
    size = end - start
    if not (size == 20 or 22 <= size <= 27) or data[end - 1] != 90:
        return NONE
    date, time, rest = word_at(data, start), word_at(data, start + 8), word_at(data, start + 11)
    if not (_in_form(date, _DATE, _DATE_DIGITS) and _in_form(time, _TIME, _TIME_DIGITS)):
        return NONE
    if not _in_form(rest, _REST, _REST_DIGITS):
        return NONE
    year, month = 100 * _two(date, 0) + _two(date, 2), _two(date, 5)
    day, hour, minute, second = _two(time, 0), _two(rest, 0), _two(rest, 3), _two(rest, 6)
    if year < 1 or not 1 <= month <= 12 or day < 1 or hour > 23 or minute > 59 or second > 59:
        return NONE
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > ((29 if leap else 28) if month == 2 else 30 + (month + month // 8) % 2):
        return NONE
    fraction, scale = 0, 1_000_000
    if size > 20:
        if data[start + 19] != POINT:
            return NONE
        for place in range(start + 20, end - 1):
            if not is_digit(data[place]):
                return NONE
            fraction, scale = fraction * 10 + data[place] - ZERO, scale // 10
    shifted = year - (month <= 2)  # years that begin in March: days since then, as Gregory's calendar has them
    days = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400
    days += (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1 - 719_468
    return days * _DAY_US + ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction * scale


@kernel
def decimal(data, start, end):
    """A plain number, exact as far as a double goes: both parts of the quotient are."""
    value, scale = 0, 1
    behind = False
    for k in range(start, end):
        if data[k] == POINT:
            behind = True
        elif data[k] != MINUS:
            value = value * 10 + data[k] - ZERO
            scale = scale * 10 if behind else scale
    return -value / scale if data[start] == MINUS else value / scale


@kernel
def instant(data, start, end, number, scales, span):
    """Microseconds inside the span, or NONE."""
    if not number:
        us = iso_us(data, start, end)
        return us if span[0] <= us <= span[1] else NONE
    for k in range(start, end):
        if data[k] == POINT:
            return NONE
    value = np.int64(decimal(data, start, end))
    for scale in scales:
        if abs(value) <= 2**62 // scale and span[0] <= value * scale <= span[1]:
            return value * scale
    return NONE


@kernel
def is_tidy(data, start, end, number):
    """Is an id one that data.sources.ids leaves as it is for certain?"""
    size = end - start
    if size > LONGEST or size == 0:
        return False
    for k in range(start, end, 8):
        word = word_at(data, k)
        if end - k < 8:  # what stands behind is made an exclamation mark
            rest = np.uint64(8 * (end - k))
            word = (word & ((_ONE << rest) - _ONE)) | (_SPACE << rest)
        if (word & TOP) | below(word, _SPACE) | below(word ^ _LAST, EVERY):
            return False
    # no placeholder holds another digit than zeros, and none is as long as this but one of zeros and dashes
    sure = size >= SURE and data[start] != ZERO and data[start] != MINUS
    if sure and not number:
        return True
    for k in range(start, end):
        byte = data[k]
        if number and byte == POINT:
            return False
        if sure and not number:
            return True
        sure = sure or (ZERO < byte <= NINE) or (size >= SURE and byte not in (ZERO, MINUS))
    return sure


@kernel
def _sixteen(word):
    """The four bytes that eight signs of hexadecimal, in lower case, stand for; _WRONG when they are none."""
    halves = (word & (EVERY * _LOW)) + ((word >> _SIX) & EVERY) * _NINE
    letters = ((halves + EVERY * _SIX) >> _FOUR) & EVERY
    if (halves & _TENS) | ((halves + EVERY * np.uint64(ZERO) + letters * _TO_A) ^ word):
        return _WRONG
    both = ((halves << _FOUR) | (halves >> _EIGHT)) & _BYTES
    both = (both | (both >> _EIGHT)) & _PAIRS
    return (both | (both >> np.uint64(16))) & _HALF


@kernel
def put_uuid(data, start, end, uuids, n):
    """Write the 16 bytes of an id that is a UUID in lower case. Returns whether it is one."""
    if end - start != UUID:
        return False
    for dash in (8, 13, 18, 23):
        if data[start + dash] != MINUS:
            return False
    a, b = word_at(data, start), (word_at(data, start + 9) & _HALF) | (word_at(data, start + 14) << _WIDE)
    c, d = (word_at(data, start + 19) & _HALF) | (word_at(data, start + 24) << _WIDE), word_at(data, start + 28)
    a, b, c, d = _sixteen(a), _sixteen(b), _sixteen(c), _sixteen(d)
    if (a | b | c | d) == _WRONG:
        return False
    uuids[2 * n], uuids[2 * n + 1] = a | (b << _WIDE), c | (d << _WIDE)
    return True
