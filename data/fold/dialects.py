"""The fold's SQL for an engine: the generated text of its dialect, with whole numbers in place of `$names`.

Only whole numbers are ever put into a text, so nothing needs quoting; everything else travels as data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data import sql
from data.errors import QueryError
from data.fold.tables import OUTPUTS

RUN_HERE = ("postgres", "clickhouse", "spark")  # dialects that our tests execute
GENERATED_ONLY = ("bigquery", "databricks", "snowflake", "trino")  # generated and linted, not run by us
QUERIES = ("staging", "control", *OUTPUTS)
_NAME = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Texts:
    """Complete statements (SELECT) of one dialect, ready to run."""

    staging: str  # the rows of fold_event
    control: str
    outputs: Mapping[str, str]  # table -> its query


def texts(dialect: str, parameters: Mapping[str, int]) -> Texts:
    """The fold in a dialect of RUN_HERE."""
    found = {name: render(sql.text(f"fold/generated/{dialect}/{name}"), parameters) for name in QUERIES}
    return Texts(found["staging"], found["control"], {name: found[name] for name in OUTPUTS})


def render(text: str, parameters: Mapping[str, int]) -> str:
    """The statement without its header, every `$name` replaced by a whole number.

    Raises QueryError for a name without a value and for a value that is no whole number.
    """

    def literal(match: re.Match[str]) -> str:
        name = match.group(1)
        value = parameters.get(name)
        if type(value) is not int:
            raise QueryError(f"the fold's parameter ${name} must be a whole number, got {value!r}")
        return str(value) if value >= 0 else f"({value})"

    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return _NAME.sub(literal, body).strip()
