"""One walk over the bytes of a block of lines: which form has each line, and where do its values stand?"""

from __future__ import annotations

import numpy as np

from data.compiled.kernel import EVERY, below, copied, first_of, kernel, word_at

TEXT, NUMBER, END = 0, 1, 2  # what follows a literal in a line
QUOTE, BACKSLASH, FEED, MINUS, POINT, ZERO, NINE = 34, 92, 10, 45, 46, 48, 57
_QUOTES, _BACKSLASHES, _SPACES = (EVERY * np.uint64(byte) for byte in (QUOTE, BACKSLASH, 32))


@kernel
def plain_number(data, start, end):
    """Is data[start:end] a number as data.sources.skeletons.PLAIN_NUMBER has it?"""
    minus = start < end and data[start] == MINUS
    start += minus
    point = start
    while point < end and ZERO <= data[point] <= NINE:
        point += 1
    whole = point - start
    if whole == 0:
        return False
    if point == end:
        return whole == 1 and not minus if data[start] == ZERO else whole <= 15
    last = point + 1
    while last < end and ZERO <= data[last] <= NINE:
        last += 1
    decimals = last - point - 1
    if data[point] != POINT or last != end or not 1 <= decimals <= 4:
        return False
    if data[start] == ZERO:
        return whole == 1 and data[end - 1] != ZERO
    return whole <= 9 and (data[end - 1] != ZERO or decimals == 1)


@kernel
def _leaf_end(data, at, kind, beyond):
    """Where the value from `at` on ends, or -1 when it is no plain one. beyond: TOP where ASCII alone is plain."""
    start = at
    if kind == TEXT:
        while True:
            word = word_at(data, at)  # a line feed is a control character, and so are the zeros behind the last line
            marks = below(word ^ _QUOTES, EVERY) | below(word ^ _BACKSLASHES, EVERY) | below(word, _SPACES)
            marks |= word & beyond
            if marks:
                at += first_of(marks)
                return at if data[at] == QUOTE else -1
            at += 8
    while ZERO <= data[at] <= NINE or data[at] == POINT or data[at] == MINUS:
        at += 1
    return at if plain_number(data, start, at) else -1


@kernel
def _walk_line(data, at, size, beyond, forms, edges, row):
    """Number of the form of the line that begins at `at`, or -1, and where it was found out: behind a whole line."""
    first, length, literals, masks, kind, child, sibling, number = forms
    node, leaf = 0, 0
    while True:
        node = child[node]
        while node >= 0:
            word = first[node]
            if word_at(data, at) & masks[word] == literals[word] and at + length[node] <= size:
                same, place = True, at + 8
                for k in range(word + 1, word + (length[node] + 7) // 8):
                    if word_at(data, place) & masks[k] != literals[k]:
                        same = False
                        break
                    place += 8
                if same:
                    break
            node = sibling[node]
        if node < 0:
            return -1, at
        at += length[node]
        if kind[node] == END:
            return number[node], at
        end = _leaf_end(data, at, kind[node], beyond)
        if end < 0:
            return -1, at
        edges[row, 2 * leaf], edges[row, 2 * leaf + 1] = at, end
        at, leaf = end, leaf + 1


@kernel
def walk(data, beyond, forms, edges, found, starts):
    """Form of each line, or -1, where each begins, and where the values of those with a form begin and end.

    data: uint8, ends with a line feed. beyond: TOP where ASCII alone is plain, else 0. forms: data.sources.forms.Forms.
    Written are found, edges[line, 2 * leaf] and the one behind it, and starts, which has one more than there are lines.
    """
    size, at, row = len(data), 0, 0
    while at < size:
        starts[row] = at
        found[row], at = _walk_line(data, at, size, beyond, forms, edges, row)
        if found[row] < 0:
            while data[at] != FEED:
                at += 1
            at += 1
        row += 1
    starts[row] = size


@kernel
def walk_some(data, beyond, forms, edges, found, starts):
    """As `walk`, for lines that begin at `starts`."""
    for row in range(len(starts)):
        found[row], _ = _walk_line(data, starts[row], len(data), beyond, forms, edges, row)


@kernel
def gather(data, edges, leaf, rows, offsets, out):
    """Values of a leaf in some rows end to end into `out`, and where each begins into `offsets`."""
    at = 0
    for i in range(len(rows)):
        offsets[i] = at
        start = edges[rows[i], 2 * leaf]
        at = copied(data, start, edges[rows[i], 2 * leaf + 1] - start, out, at)
    offsets[len(rows)] = at


@kernel
def size_of(edges, leaf, rows):
    """Bytes of a leaf in some rows together."""
    size = 0
    for row in rows:
        size += edges[row, 2 * leaf + 1] - edges[row, 2 * leaf]
    return size
