"""Opening DuckDB the safe way: time zone UTC for every cursor, no downloads, no reach outside.

`SET GLOBAL` matters: a plain `SET` is not inherited by `con.cursor()`, which would then bucket
days in the machine's own zone.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import duckdb

from data.errors import SnapshotError

_SETTINGS = (
    "SET GLOBAL TimeZone='UTC'",
    "SET GLOBAL autoinstall_known_extensions=false",
    "SET GLOBAL autoload_known_extensions=false",
    "SET GLOBAL python_enable_replacements=false",
)
# from the first byte on: a file that looks like SQLite would otherwise have DuckDB fetch a reader for it
_AT_START = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


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
        con = duckdb.connect(str(file), read_only=read_only, config=dict(_AT_START))
    except duckdb.Error as error:
        raise SnapshotError(f"{file}: cannot be opened as a database: {_without(error, file)}") from None
    con.execute(f"SET GLOBAL threads={int(threads)}")
    con.execute("SET GLOBAL memory_limit=$memory", {"memory": memory})
    for statement in _SETTINGS:
        con.execute(statement)
    if locked:
        lock(con)
    return con


def attached(file: Path, name: str, *, threads: int = 2, memory: str = "2GB") -> duckdb.DuckDBPyConnection:
    """An empty database in memory with a file attached read-only as `name`; views can be made beside its tables.

    Not locked yet. Raises SnapshotError when the file is not a database, damaged, or held by another process.
    """
    con = connect(threads=threads, memory=memory, locked=False)
    con.execute("SET GLOBAL temp_directory=$folder", {"folder": _spill_folder()})
    try:
        con.execute(f"ATTACH $file AS {name} (READ_ONLY)", {"file": str(file)})
    except duckdb.Error as error:
        con.close()
        raise SnapshotError(f"{file}: cannot be opened as a database: {_without(error, file)}") from None
    return con


@functools.cache
def _private_folder() -> str:
    """A folder that only this user may look into, gone with the process."""
    folder = tempfile.mkdtemp(prefix="beta-kpis-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _spill_folder() -> str:
    """Where a database in memory puts what does not fit; its default is the folder the process was started in.

    Empty, which is nowhere, on a machine without a folder for temporary files.
    """
    try:
        return tempfile.mkdtemp(dir=_private_folder())
    except OSError:
        return ""


def lock(con: duckdb.DuckDBPyConnection, *folders: Path) -> None:
    """Shut a database in: from now on it reads its own file and files of `folders`, and no setting can be changed."""
    if folders:  # the order matters: afterwards it would be refused
        con.execute("SET GLOBAL allowed_directories=$folders", {"folders": [f"{folder}/" for folder in folders]})
    con.execute("SET GLOBAL enable_external_access=false")
    con.execute("SET lock_configuration=true")


def _without(error: duckdb.Error, file: Path | str) -> str:
    """First line of DuckDB's sentence, without the path that is said already."""
    return str(error).splitlines()[0].removeprefix("IO Error: ").replace(f' "{file}"', "").rstrip("!")
