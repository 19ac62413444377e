"""Opening DuckDB the safe way: time zone UTC for every cursor, no downloads, no reach outside.

`SET GLOBAL` matters: a plain `SET` is not inherited by `con.cursor()`, which would then bucket
days in the machine's own zone.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from data.errors import SnapshotError

_SETTINGS = (
    "SET GLOBAL TimeZone='UTC'",
    "SET GLOBAL autoinstall_known_extensions=false",
    "SET GLOBAL autoload_known_extensions=false",
    "SET GLOBAL python_enable_replacements=false",
)
_LOCKED = ("SET GLOBAL enable_external_access=false", "SET lock_configuration=true")


def connect(
    file: Path | str = ":memory:",
    *,
    read_only: bool = False,
    locked: bool = True,
    threads: int = 2,
    memory: str = "2GB",
) -> duckdb.DuckDBPyConnection:
    """Open a database file. `locked=False` leaves file access on, for loads and exports.

    Raises SnapshotError when the file is not a database, damaged, or held by another process.
    """
    try:
        con = duckdb.connect(str(file), read_only=read_only)
    except duckdb.Error as error:
        raise SnapshotError(f"{file}: cannot be opened as a database: {str(error).splitlines()[0]}") from None
    con.execute(f"SET GLOBAL threads={int(threads)}")
    con.execute("SET GLOBAL memory_limit=$memory", {"memory": memory})
    for statement in _SETTINGS + (_LOCKED if locked else ()):
        con.execute(statement)
    return con
