"""Who is who: merged ids become one person with one number, one pseudonym and, for some, a reason to be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa

from data.facts_settings import digest
from data.settings import People

if TYPE_CHECKING:
    from data.facts import Builder

DEFAULT_REASON = "staff"


def merged(links: Mapping[str, str]) -> dict[str, str]:
    """Canonical id of every alias, chains followed to their end; a cycle ends at its first id by name."""
    ends: dict[str, str] = {}
    for alias in links:
        path, current = [alias], links[alias]
        while current in links and current not in ends and current not in path:
            path.append(current)
            current = links[current]
        # a cycle is one person, whoever is asked first
        end = min(path[path.index(current) :]) if current in path else ends.get(current, current)
        ends.update(dict.fromkeys(path, end))
    return {alias: end for alias, end in ends.items() if alias != end}


def excluded(ids: Iterable[str], rules: People, roles: Mapping[str, str]) -> str | None:
    """Why a person with these ids is left out: an id named in the settings, else a pattern, else the roster's role."""
    ids = sorted(ids)
    exact = {*rules.exclude_ids, *rules.reasons}
    patterns = [p for p in (*rules.exclude_patterns, *rules.reasons) if any(c in p for c in "*?[")]
    for name in ids:
        if name in exact:
            return rules.reasons.get(name, DEFAULT_REASON)
    for pattern in patterns:
        if any(fnmatchcase(name, pattern) for name in ids):
            return rules.reasons.get(pattern, DEFAULT_REASON)
    return next((roles[name] for name in ids if name in roles), None)


def stage(builder: Builder, rules: People, name: Callable[[str], str]) -> None:
    """Fill stage_person (user_id, tester_key, is_canonical) and stage_tester (tester_key, tester_id, excluded_reason).

    What was found out is kept in the raw store (known_user, known_person): a refresh looks at ids it has not met. When
    the rules, the merges or the roster's roles have changed, or a new id is part of a merge, all are looked at again.
    Persons not seen before get the next free numbers, kept in the raw store's tester_key.
    """
    links = merged(dict(builder.run("identities")))
    roles = dict(builder.run("roles"))
    mark = digest(orjson.dumps([rules.model_dump(mode="json"), links, roles, name("")], option=orjson.OPT_SORT_KEYS))
    state = builder.run("known_state")
    load_id = builder.run("last_load")[0][0]
    known = state[0][1] if state and state[0][0] == mark else None
    builder.con.execute("BEGIN")
    users = None if known is None else _users(builder, known)
    if users is None or any(user in links or user in links.values() for user in users):
        builder.run("known_user_drop", "known_person_drop")
        users = _users(builder, -1)
    _learn(builder, users, links, lambda ids: excluded(ids, rules, roles), name)
    builder.run("known_state_drop")
    builder.run("known_state_put", print=mark, load_id=load_id)
    builder.con.execute("COMMIT")
    builder.run("stage_person", "stage_tester")


def _users(builder: Builder, known_load: int) -> list[str]:
    return [row[0] for row in builder.run("user_ids", known_load=known_load)]


def _learn(
    builder: Builder,
    users: list[str],
    links: Mapping[str, str],
    reason: Callable[[Iterable[str]], str | None],
    name: Callable[[str], str],
) -> None:
    """Add users and the persons behind them to what is known."""
    if not users:
        return
    canonical = {user: links.get(user, user) for user in users}
    keys = _numbers(builder, sorted(set(canonical.values())))
    persons: dict[str, list[str]] = {person: [] for person in keys}
    for user, person in canonical.items():
        persons[person].append(user)
    builder.put("known_user_add", "new_known_user", pa.table({
        "user_id": pa.array(users, pa.string()),
        "tester_key": pa.array([keys[canonical[u]] for u in users], pa.int32()),
        "is_canonical": pa.array([canonical[u] == u for u in users], pa.bool_()),
    }))  # fmt: skip
    builder.put("known_person_add", "new_known_person", pa.table({
        "tester_key": pa.array([keys[p] for p in persons], pa.int32()),
        "tester_id": pa.array([name(p) for p in persons], pa.string()),
        "excluded_reason": pa.array([reason({p, *ids}) for p, ids in persons.items()], pa.string()),
    }))  # fmt: skip


def _numbers(builder: Builder, persons: list[str]) -> dict[str, int]:
    """Number of each person, old numbers kept."""
    asked = pa.table({"user_id": pa.array(persons, pa.string())})
    builder.con.register("asked_person", asked)
    known = dict(builder.run("tester_keys"))
    builder.con.unregister("asked_person")
    new = [p for p in persons if p not in known]
    first = builder.run("last_tester_key")[0][0] + 1
    if new:
        numbers = range(first, first + len(new))
        builder.put(
            "tester_keys_add",
            "new_tester_key",
            pa.table({"user_id": pa.array(new, pa.string()), "tester_key": numbers}),
        )
        known.update(zip(new, numbers, strict=True))
    return {p: known[p] for p in persons}
