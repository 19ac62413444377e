"""Write everything held of one tester to a JSON file."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import orjson

from data import erasure, lock, refresh
from data import settings as config
from data.cli import Result
from data.errors import SettingsError, SnapshotError
from data.raw import RawStore

HELP = "everything held of one tester, as JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tester", required=True, metavar="ID", help="id of the source, or the pseudonym shown")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="file to write; only you may read it")


def run(args: argparse.Namespace) -> Result:
    settings = config.load(args.settings)
    if not (settings.storage / erasure.RAW).is_file():
        raise SnapshotError(f"{settings.programme.storage}: there is no raw store yet; run `python -m data refresh`")
    with lock.hold(settings.storage):
        store = RawStore(settings.storage / erasure.RAW)
        try:
            person = erasure.find(store, refresh.storage_key(settings), args.tester)
            found = erasure.held(store, person)
        finally:
            store.close()
    _write(args.out, {"ids": person.ids, "pseudonym": person.name, **found})
    rows = [{"kind": kind, "rows": len(rows)} for kind, rows in found.items()]
    return Result(data={"file": str(args.out), "rows": rows}, rows=rows, lines=[f"wrote {args.out} for {person.name}"])


def _write(file: Path, content: dict) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be written: {error.strerror}") from None
