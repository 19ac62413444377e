"""The fold in DuckDB, on the build's own connection: nothing is handed over, nothing lands."""

from __future__ import annotations

import duckdb

from data.errors import QueryError
from data.fold.dialects import texts


class Duckdb:
    """The engine everybody has."""

    name = "duckdb"

    def fold(self, con: duckdb.DuckDBPyConnection, parameters: dict[str, int]) -> None:
        """As `tables.Engine`."""
        found = texts(self.name, parameters)
        try:
            con.execute(f"CREATE OR REPLACE TEMP TABLE fold_event AS {found.staging}")
            for name, text in found.outputs.items():
                con.execute(f"CREATE OR REPLACE TEMP TABLE folded_{name} AS {text}")
        except duckdb.Error as error:
            raise QueryError(f"fold in duckdb: {str(error).splitlines()[0]}") from error
