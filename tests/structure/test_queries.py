"""Every query has its header, is one statement and takes values only as bound parameters."""

from __future__ import annotations

import re

import pytest

from data import sql

HEADER = ("-- name:", "-- Grain:", "-- Reads:", "-- Parameters:")
DUCKDB_SIDE = [n for n in sql.names() if not n.startswith(("sources/", "prometheus/"))]


def code(text: str) -> str:
    """SQL without comments and string literals."""
    return re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"--[^\n]*", "", text))


@pytest.mark.parametrize("name", sql.names())
def test_header(name: str) -> None:
    text = sql.text(name)
    missing = [h for h in HEADER if h not in text]
    assert not missing, f"{name}.sql lacks {missing}"
    title = re.search(r"-- name: *(\S+)", text)
    assert title, f"{name}.sql: no name"
    assert title.group(1).split("/")[-1] == name.rsplit("/", 1)[-1], f"{name}.sql calls itself {title.group(1)}"


@pytest.mark.parametrize("name", sql.names())
def test_one_statement_no_star(name: str) -> None:
    body = code(sql.text(name))
    assert ";" not in body.strip().rstrip(";"), f"{name}.sql holds several statements"
    assert not re.search(r"select\s+(\w+\.)?\*", body, re.IGNORECASE), f"{name}.sql: SELECT *"
    assert "{" not in body, f"{name}.sql formats values into its text"


@pytest.mark.parametrize("name", DUCKDB_SIDE)
def test_no_division_without_nullif(name: str) -> None:
    body = code(sql.text(name))
    for match in re.finditer(r"/\s*(\w+)", body):
        divisor = match.group(1)
        assert divisor.lower() == "nullif" or divisor.replace("_", "").isdigit(), f"{name}.sql divides by {divisor}"
