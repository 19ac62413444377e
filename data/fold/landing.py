"""Where an engine's results land: one folder a run, trusted only through its manifest, which is written last.

    <landing>/<id of this storage>/run-<random>/in/<input>/*.parquet    what the engine reads
                                                out/<table>/*.parquet   what it wrote
                                                manifest.json           written in one step when all is there

A run that was killed leaves a folder without a manifest; the next run of the same storage deletes it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import SnapshotError
from data.fold.tables import OUTPUTS, Control

VERSION = 1
MANIFEST = "manifest.json"
ID_FILE = "landing.id"
_STAYS = "the last good snapshot stays"


@dataclass(frozen=True)
class Run:
    """One fold's folder."""

    folder: Path

    @property
    def inputs(self) -> Path:
        return self.folder / "in"

    @property
    def out(self) -> Path:
        return self.folder / "out"


@dataclass(frozen=True)
class Manifest:
    """What a whole landing holds: the engine's own counts, and per table the files with rows, bytes and sha256."""

    engine: str
    control: Control
    tables: dict[str, list[dict[str, Any]]]

    def files(self, run: Run, table: str) -> list[str]:
        return [str(run.out / table / f["name"]) for f in self.tables[table]]

    def rows(self, table: str) -> int:
        return sum(f["rows"] for f in self.tables[table])


def place(landing: Path, storage: Path) -> Path:
    """The part of a landing folder that belongs to one storage; several betas may share a landing folder."""
    file = storage / ID_FILE
    try:
        if not file.exists():
            storage.mkdir(parents=True, exist_ok=True)
            file.write_text(secrets.token_hex(8), encoding="ascii")
        name = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{file}: {getattr(error, 'strerror', None) or 'not text'}; {_STAYS}") from None
    if not name.isalnum():
        raise SnapshotError(f"{file}: holds no id; delete the file; {_STAYS}")
    return landing / name


def begin(folder: Path) -> Run:
    """Delete what earlier runs left in the folder and make a new run in it. The caller holds the storage's lock.

    A cluster may still be writing for a client that died: what cannot be deleted now is deleted by a later run.
    """
    for old in folder.glob("run-*"):
        drop(Run(old))
    try:
        run = Run(folder / f"run-{secrets.token_hex(8)}")
        run.inputs.mkdir(parents=True)
        run.out.mkdir()
    except OSError as error:
        raise SnapshotError(f"{folder}: cannot be used as landing: {error.strerror or error}; {_STAYS}") from None
    return run


def drop(run: Run) -> None:
    """Delete a run; what cannot be deleted now is deleted by the next."""
    shutil.rmtree(run.folder, ignore_errors=True)


def seal(run: Run, engine: str, control: Control) -> None:
    """Write the manifest of all that landed, in one step. Raises SnapshotError when a table has no readable file."""
    tables = {name: [_described(file) for file in _listed(run, name)] for name in OUTPUTS}
    for name, files in tables.items():
        if not files:
            raise SnapshotError(f"fold on {engine}: nothing landed for {name}; {_STAYS}")
    content = {
        "version": VERSION, "run": run.folder.name, "engine": engine, "control": asdict(control), "tables": tables,
    }  # fmt: skip
    fresh = run.folder / f"{MANIFEST}.new"
    with fresh.open("wb") as out:
        out.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(run.folder / MANIFEST)


def read(run: Run) -> Manifest:
    """The manifest of a landing that is whole, file by file. Raises SnapshotError with what is not."""
    try:
        content = orjson.loads((run.folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise SnapshotError(f"{run.folder}: has no manifest: the fold did not end; {_STAYS}") from None
    except (OSError, orjson.JSONDecodeError):
        raise SnapshotError(f"{run.folder}: its manifest cannot be read; {_STAYS}") from None
    if content.get("version") != VERSION or content.get("run") != run.folder.name:
        raise SnapshotError(f"{run.folder}: its manifest is of another run or version; {_STAYS}")
    for name in OUTPUTS:
        told = {f["name"]: f for f in content["tables"].get(name, [])}
        there = {f.name: f for f in _listed(run, name)}
        if not told or told.keys() != there.keys():
            raise SnapshotError(f"{run.out / name}: holds other files than its manifest says; {_STAYS}")
        for file in there.values():
            if _described(file) != told[file.name]:
                raise SnapshotError(f"{file}: is not what its manifest says; {_STAYS}")
    return Manifest(content["engine"], Control(**content["control"]), content["tables"])


def _listed(run: Run, table: str) -> list[Path]:
    """Files of a table in order; engines put notes of their own beside them."""
    return sorted((run.out / table).glob("[!._]*.parquet"))


def _described(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return {
            "name": file.name, "rows": pq.read_metadata(file).num_rows, "bytes": file.stat().st_size, "sha256": digest,
        }  # fmt: skip
    except (OSError, pa.ArrowInvalid) as error:
        raise SnapshotError(f"{file}: is no whole Parquet file ({str(error).splitlines()[0]}); {_STAYS}") from None
