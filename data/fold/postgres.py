"""The fold in PostgreSQL: raw events into temporary tables, results out as Arrow, all in one transaction.

Nothing stays in the database: temporary tables end with the session, also with one that was killed. The role
needs to connect and the TEMPORARY right, no more.
"""

from __future__ import annotations

from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from adbc_driver_manager import dbapi

from data.errors import SnapshotError
from data.fold.dialects import Texts
from data.fold.landing import Run
from data.fold.tables import INPUTS, OUTPUTS, Control


class Postgres:
    """A database reached by a DSN, which is never shown."""

    name = "postgres"

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def work(self, run: Run, texts: Texts) -> Control:
        """As `elsewhere.Worker`."""
        try:
            with adbc.connect(self._dsn) as con, con.cursor() as cursor:
                for name in INPUTS:
                    _load(cursor, name, run.inputs / name)
                cursor.execute(f"CREATE TEMPORARY TABLE fold_event AS {texts.staging}")
                cursor.execute("ANALYZE fold_event")
                for name, text in texts.outputs.items():
                    cursor.execute(text)
                    _save(cursor.fetch_record_batch(), name, run.out / name)
                cursor.execute(texts.control)
                return Control(*cursor.fetchone())
        except (dbapi.Error, pa.ArrowException) as error:
            raise SnapshotError(
                f"fold on postgres: {_reason(error, self._dsn)}; the last good snapshot stays"
            ) from None


def _load(cursor: dbapi.Cursor, name: str, folder: Path) -> None:
    """One input into a temporary table of its name, a batch of rows at a time."""
    batches = ds.dataset(folder, format="parquet").scanner(batch_size=50_000).to_reader()
    cursor.adbc_ingest(name, batches, mode="create", temporary=True)
    cursor.execute(f"ANALYZE {name}")


def _save(batches: pa.RecordBatchReader, name: str, folder: Path) -> None:
    """One result as Parquet, as it streams in."""
    folder.mkdir()
    schema = OUTPUTS[name]
    with pq.ParquetWriter(folder / "part-0.parquet", schema) as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))


def _reason(error: Exception, dsn: str) -> str:
    """What the server or the driver said, in one line, without the address."""
    said = " ".join(str(error).replace(dsn, "the database").split())
    return said[:300]
