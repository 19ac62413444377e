"""Who is who: merged ids become one person with one number, one pseudonym and, for some, a reason to be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

import duckdb
import pyarrow as pa

from data import sql
from data.settings import People

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


def stage(con: duckdb.DuckDBPyConnection, rules: People, name: Callable[[str], str]) -> None:
    """Fill stage_person (user_id, tester_key, is_canonical) and stage_tester (tester_key, tester_id, excluded_reason).

    Persons not seen before get the next free numbers, kept in the raw store's tester_key.
    """
    links = merged(dict(con.execute(sql.text("facts/identities")).fetchall()))
    users = [row[0] for row in con.execute(sql.text("facts/user_ids")).fetchall()]
    roles = dict(con.execute(sql.text("facts/roles")).fetchall())
    canonical = {user: links.get(user, user) for user in users}
    keys = _numbers(con, sorted(set(canonical.values())))
    persons: dict[str, list[str]] = {person: [] for person in keys}
    for user, person in canonical.items():
        persons[person].append(user)
    _table(
        con,
        "stage_person",
        user_id=pa.array(users, pa.string()),
        tester_key=pa.array([keys[canonical[u]] for u in users], pa.int32()),
        is_canonical=pa.array([canonical[u] == u for u in users], pa.bool_()),
    )
    _table(
        con,
        "stage_tester",
        tester_key=pa.array([keys[p] for p in persons], pa.int32()),
        tester_id=pa.array([name(p) for p in persons], pa.string()),
        excluded_reason=pa.array([excluded({p, *ids}, rules, roles) for p, ids in persons.items()], pa.string()),
    )


def _numbers(con: duckdb.DuckDBPyConnection, persons: list[str]) -> dict[str, int]:
    """Number of each person, old numbers kept."""
    known = dict(con.execute(sql.text("facts/tester_keys")).fetchall())
    new = [p for p in persons if p not in known]
    first = max(known.values(), default=0) + 1
    if new:
        table = pa.table({"user_id": pa.array(new, pa.string()), "tester_key": range(first, first + len(new))})
        con.register("new_tester_key", table)
        con.execute(sql.text("facts/tester_keys_add"))
        con.unregister("new_tester_key")
    known.update(zip(new, range(first, first + len(new)), strict=True))
    return {p: known[p] for p in persons}


def _table(con: duckdb.DuckDBPyConnection, name: str, **columns: pa.Array) -> None:
    """Put Arrow columns into one of the staging tables."""
    con.register(f"new_{name}", pa.table(columns))
    con.execute(sql.text(f"facts/{name}"))
    con.unregister(f"new_{name}")
