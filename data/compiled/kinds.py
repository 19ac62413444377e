"""Kinds of events by the bytes that tell them: the values of the words of a line, looked up without making a text."""

from __future__ import annotations

import numpy as np

from data.compiled.kernel import NOTHING, copied, hash_of, kernel, put_word, word_at
from data.compiled.values import is_digit, is_letter
from data.compiled.walk import ZERO

SLASH, QUESTION, HASH = 47, 63, 35
FEW = 4  # signs from which a segment that begins with a digit is an identifier whatever else it holds


@kernel
def _identifier(data, start, end):
    """Is a segment of a path one that data.routes takes for an identifier in any case?"""
    if not (start < end and is_digit(data[start])):
        return False
    digits = True
    for k in range(start, end):
        if not is_digit(data[k]):
            if not is_letter(data[k]):
                return False
            digits = False
    return digits or end - start >= FEW


@kernel
def _put_path(data, start, end, out, at):
    """Write a path with 0 in place of sure identifiers and without its query: its template is the same."""
    begin = start
    while True:
        stop = begin
        while stop < end and data[stop] != SLASH and data[stop] != QUESTION and data[stop] != HASH:
            stop += 1
        if begin > start and _identifier(data, begin, stop):
            out[at] = ZERO
            at += 1
        else:
            at = copied(data, begin, stop - begin, out, at)
        if stop == end:
            return at
        out[at] = data[stop]
        at += 1
        if data[stop] != SLASH:
            return at
        begin = stop + 1


@kernel
def _key_of(lines, row, form, parts, out):
    """Write what tells the row's kind: its form and the words that kinds are made of. Returns the end."""
    data, edges, _ = lines
    first, leaves, paths = parts
    put_word(out, 0, np.uint64(form))
    at = 8
    for part in range(first[form], first[form + 1]):
        start, end = edges[row, 2 * leaves[part]], edges[row, 2 * leaves[part] + 1]
        at = _put_path(data, start, end, out, at) if paths[part] else copied(data, start, end - start, out, at)
        out[at] = 0  # no value holds one
        at += 1
    put_word(out, at, NOTHING)
    return at


@kernel
def _same(one, other, start, size):
    for k in range(0, size, 8):
        if word_at(one, k) != word_at(other, start + k):
            return False
    return True


@kernel
def kinds(lines, ready, parts, table, block, count, scratch, kind, asked):
    """Kind of each row of forms that are `ready`, else -1, into `kind`. New kinds get numbers from `count` on.

    parts: of each form its leaves that tell a kind, and which are paths. table: slots; of each kind its mark, the edges
    and bytes of its key, its number in the store or -1, and the block in which it was last asked for.
    Into `asked` go kinds that have no number, each with one row. Returns the new count and how many were asked.
    """
    found = lines[2]
    slots, marks, ends, keys, kind_n, seen = table
    last, asking = np.uint64(len(slots) - 1), 0
    for row in range(len(found)):
        kind[row] = -1
        if found[row] < 0 or not ready[found[row]]:
            continue
        size = _key_of(lines, row, found[row], parts, scratch)
        mark = hash_of(scratch, 0, size)
        slot = np.int64(mark & last)
        while slots[slot] >= 0:
            other = slots[slot]
            long = ends[other + 1] - ends[other] == (size + 7) // 8 * 8
            if marks[other] == mark and long and _same(scratch, keys, ends[other], size):
                break
            slot = np.int64(np.uint64(slot + 1) & last)
        if slots[slot] < 0:
            if count == len(marks) or ends[count] + size + 16 > len(keys):
                continue
            slots[slot], marks[count] = count, mark
            ends[count + 1] = ends[count] + (size + 7) // 8 * 8
            copied(scratch, 0, size, keys, ends[count])
            count += 1
        kind[row] = slots[slot]
        if kind_n[kind[row]] < 0 and seen[kind[row]] != block:
            seen[kind[row]] = block
            asked[asking, 0], asked[asking, 1] = kind[row], row
            asking += 1
    return count, asking
