"""Queries that fold elsewhere use only what means the same in every engine."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from data import sql
from data.fold.dialects import GENERATED_ONLY, QUERIES, RUN_HERE, render
from tests.fold.generate import FOLDER

FUNCTIONS = {
    "And",
    "Or",
    "Case",
    "Cast",
    "Coalesce",
    "Count",
    "Floor",
    "If",
    "Lag",
    "Lead",
    "Max",
    "Min",
    "RowNumber",
    "Sum",
    "BitwiseOrAgg",
}
TYPES = {"BIGINT", "INT", "DOUBLE", "VARCHAR"}
# what engines answer differently, or do not know
BANNED = (
    exp.Filter, exp.Qualify, exp.Star, exp.Interval, exp.IntDiv, exp.BitwiseLeftShift, exp.BitwiseRightShift,
    exp.Distinct, exp.JSONExtract, exp.TimestampTrunc, exp.AtTimeZone, exp.Anonymous, exp.Lambda, exp.Unnest,
)  # fmt: skip


def faults(text: str) -> list[str]:
    """What in a query is not portable, in words."""
    tree = sqlglot.parse_one(text, read="duckdb")
    found = [
        f"{type(n).__name__}: {n.sql('duckdb')}"
        for n in tree.walk()
        if isinstance(n, BANNED) and not isinstance(n.parent, exp.Count)
    ]
    found += [f"function {n.sql('duckdb')}" for n in tree.find_all(exp.Func) if type(n).__name__ not in FUNCTIONS]
    found += [f"type {n.to.sql('duckdb')}" for n in tree.find_all(exp.Cast) if n.to.sql("duckdb") not in TYPES]
    found += [
        f"no default: {n.sql('duckdb')}" for n in tree.find_all(exp.Lag, exp.Lead) if n.args.get("default") is None
    ]
    found += [f"no alias: {n.sql('duckdb')}" for n in tree.find_all(exp.Table) if not n.alias and "fold_" in n.name]
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_of_the_fold_is_portable(name: str) -> None:
    assert faults(sql.text(f"fold/{name}")) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT count(*) FILTER (WHERE x > 1) FROM t AS t",
        "SELECT a // 2 AS b FROM t AS t",
        "SELECT lag(a) OVER (ORDER BY a) AS b FROM t AS t",
        "SELECT round(a) AS b FROM t AS t",
        "SELECT 1 << a AS b FROM t AS t",
        "SELECT CAST(a AS TIMESTAMP) AS b FROM t AS t",
        "SELECT a FROM fold_event",
        "SELECT a FROM t AS t QUALIFY row_number() OVER (ORDER BY a) = 1",
    ],
)
def test_what_is_not_portable_is_found(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize("dialect", [*RUN_HERE, *GENERATED_ONLY])
def test_every_dialect_can_be_read_back(dialect: str) -> None:
    numbers = {"as_of_us": 1, "idle_us": 1, "cap_us": 1, "slow_us": 1}
    for name in QUERIES:
        text = (FOLDER / dialect / f"{name}.sql").read_text(encoding="utf-8")
        assert sqlglot.parse_one(render(text, numbers), read=dialect)
