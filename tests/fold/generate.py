"""Write the fold's SQL for every other dialect: `python -m tests.fold.generate`. A test compares it with the files."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from data import sql
from data.fold.dialects import GENERATED_ONLY, QUERIES, RUN_HERE

FOLDER = sql.ROOT / "fold" / "generated"


def _named(node: exp.Expression) -> exp.Expression:
    """Parameters stay `$name` in every dialect; `dialects.render` puts whole numbers in their place."""
    if isinstance(node, exp.Parameter | exp.Placeholder):
        return exp.Var(this=f"${node.name}")
    return node


def generated(name: str, dialect: str) -> str:
    """One query of queries/fold in a dialect, with the header of its source."""
    text = sql.text(f"fold/{name}")
    header = "\n".join(line for line in text.splitlines() if line.startswith("-- "))
    tree = sqlglot.parse_one(text, read="duckdb").transform(_named)
    return f"{header}\n{tree.sql(dialect, pretty=True, comments=False)}\n"


def main() -> None:
    for dialect in (*RUN_HERE, *GENERATED_ONLY):
        (FOLDER / dialect).mkdir(parents=True, exist_ok=True)
        for name in QUERIES:
            (FOLDER / dialect / f"{name}.sql").write_text(generated(name, dialect), encoding="utf-8")


if __name__ == "__main__":
    main()
