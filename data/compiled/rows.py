"""Rows as they are stored, written from the values of lines; nothing is made in between."""

from __future__ import annotations

import numpy as np

from data.compiled.kernel import GOLDEN, copied, hash_of, kernel, mixed
from data.compiled.search import holds
from data.compiled.values import NONE, decimal, instant, is_tidy, iso_us, put_uuid


@kernel
def _put_json(data, edges, row, pieces, first, last, literals, ends, out, at):
    """Write a JSON text: piece >= 0 is that leaf's value, piece < 0 literal -1 - piece. Returns where it ends."""
    for n in range(first, last):
        piece = pieces[n]
        if piece >= 0:
            start = edges[row, 2 * piece]
            at = copied(data, start, edges[row, 2 * piece + 1] - start, out, at)
        else:
            at = copied(literals, ends[-1 - piece], ends[-piece] - ends[-1 - piece], out, at)
    return at


@kernel
def _put_side(data, edges, row, leaf, out, n):
    """Write a time beside the event's own, NONE where there is none. Returns whether it is a plain one."""
    if not len(out):
        return True
    out[n] = NONE
    if leaf < 0:
        return True
    out[n] = iso_us(data, edges[row, 2 * leaf], edges[row, 2 * leaf + 1])
    return out[n] >= 0


@kernel
def sizes(lines, kind, leaves, json):
    """Bytes that keys, users and what is kept of all rows with a kind have at most."""
    _, edges, found = lines
    pieces, _, kept_at, _, ends = json
    keys = users = kept = 0
    for row in range(len(found)):
        if kind[row] < 0:
            continue
        leaf = leaves[found[row]]
        size = edges[row, 2 * leaf[0] + 1] - edges[row, 2 * leaf[0]]
        keys += size
        users += edges[row, 2 * leaf[2] + 1] - edges[row, 2 * leaf[2]]
        for n in range(kept_at[found[row]], kept_at[found[row] + 1]):
            piece = pieces[n]
            if piece >= 0:
                kept += edges[row, 2 * piece + 1] - edges[row, 2 * piece]
            else:
                kept += ends[-piece] - ends[-1 - piece]
    return keys, users, kept


@kernel
def rows(lines, kind, kinds, leaves, json, clock, suspects, out, numbers, texts):
    """Rows of lines whose kind is known and whose values need no closer look. Returns how many, and sizes of texts.

    kinds: of each kind its number in the store or -1, the hash of the event's name, and its duration where lines do not
    say it themselves. leaves[form]: key, is it a number, user, is it, time, is it, client's time, time of receipt,
    duration; -1 = none. json: pieces of payloads and of what is kept, first piece of each form in both, literals, ends.
    clock: factors of whole numbers' units in the order they are tried, first and last instant. suspects: what is not
    kept unseen, as data.compiled.search has it, or none. out: room for one text.
    numbers: line, kind_n, ts, client, received (where they have room), hashes of key and payload, duration, UUID (two
    of each row), is there one. texts: edges and bytes of keys, users and what is kept, is there any of it.
    """
    data, edges, found = lines
    scales, span = clock
    kind_n, event_hash, duration = kinds
    pieces, payload_at, kept_at, literals, ends = json
    line, its_kind, ts, client, received, key_hash, payload_hash, lasted, uuids, has_uuid = numbers
    key_edges, keys, user_edges, users, kept_edges, kept, has_kept = texts
    n = key_end = user_end = kept_end = 0
    for row in range(len(found)):
        if kind[row] < 0 or kind_n[kind[row]] < 0:
            continue
        form = found[row]
        leaf = leaves[form]
        key, key_stop = edges[row, 2 * leaf[0]], edges[row, 2 * leaf[0] + 1]
        user, user_stop = edges[row, 2 * leaf[2]], edges[row, 2 * leaf[2] + 1]
        if not (is_tidy(data, key, key_stop, leaf[1]) and is_tidy(data, user, user_stop, leaf[3])):
            continue
        us = instant(data, edges[row, 2 * leaf[4]], edges[row, 2 * leaf[4] + 1], leaf[5], scales, span)
        if us == NONE or not _put_side(data, edges, row, leaf[6], client, n):
            continue
        if not _put_side(data, edges, row, leaf[7], received, n):
            continue
        lasted[n] = duration[kind[row]]
        if leaf[8] >= 0:
            lasted[n] = decimal(data, edges[row, 2 * leaf[8]], edges[row, 2 * leaf[8] + 1])
            if lasted[n] < 0:
                continue
        if len(has_kept):
            first, last = kept_at[form], kept_at[form + 1]
            end = _put_json(data, edges, row, pieces, first, last, literals, ends, kept, kept_end)
            if len(suspects[1]) and holds(kept, kept_end, end, suspects):
                continue
            kept_edges[n], has_kept[n], kept_end = kept_end, first < last, end
        size = _put_json(data, edges, row, pieces, payload_at[form], payload_at[form + 1], literals, ends, out, 0)
        value = mixed(hash_of(data, user, user_stop - user))
        value = mixed(value * GOLDEN + event_hash[kind[row]])
        value = mixed(value * GOLDEN + mixed(np.uint64(us) + GOLDEN))
        payload_hash[n] = mixed(value * GOLDEN + hash_of(out, 0, size))
        key_hash[n] = hash_of(data, key, key_stop - key)
        line[n], its_kind[n], ts[n] = row, kind_n[kind[row]], us
        key_edges[n], user_edges[n] = key_end, user_end
        has_uuid[n] = put_uuid(data, key, key_stop, uuids, n)
        if not has_uuid[n]:
            key_end = copied(data, key, key_stop - key, keys, key_end)
        user_end = copied(data, user, user_stop - user, users, user_end)
        n += 1
    key_edges[n], user_edges[n] = key_end, user_end
    if len(has_kept):
        kept_edges[n] = kept_end
    return n, key_end, user_end, kept_end
