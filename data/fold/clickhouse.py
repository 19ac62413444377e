"""The fold in ClickHouse inside this process (chdb): Parquet in, Parquet out, temporary files in the run's folder."""

from __future__ import annotations

from pathlib import Path

from data.errors import SettingsError, SnapshotError
from data.fold.dialects import Texts
from data.fold.landing import Run
from data.fold.tables import INPUTS, Control

_SETTINGS = (
    "SET join_use_nulls = 1",  # a feature that is not there is NULL, not 0
    "SET output_format_parquet_string_as_string = 1",
    "SET session_timezone = 'UTC'",
)


class ClickHouse:
    """ClickHouse as a library."""

    name = "clickhouse"

    def __init__(self) -> None:
        try:
            from chdb import session
        except ImportError:
            raise SettingsError(
                'fold.engine = "clickhouse" needs chdb: pip install --require-hashes -r requirements-clickhouse.txt'
            ) from None
        self._session = session.Session

    def work(self, run: Run, texts: Texts) -> Control:
        """As `elsewhere.Worker`."""
        session = self._session(str(run.folder / "clickhouse"))
        try:
            for setting in _SETTINGS:
                session.query(setting)
            for name in INPUTS:
                session.query(
                    f"CREATE VIEW {name} AS SELECT * FROM file({_quoted(run.inputs / name / '*.parquet')}, Parquet)"
                )
            session.query(f"CREATE VIEW fold_event AS {texts.staging}")
            for name, text in texts.outputs.items():
                (run.out / name).mkdir()
                target = _quoted(run.out / name / "part-0.parquet")
                session.query(f"{text} INTO OUTFILE {target} FORMAT Parquet")
            counted = session.query(texts.control, "CSV").data()
            return Control(*(int(value) for value in counted.strip().split(",")))
        except RuntimeError as error:
            said = " ".join(str(error).split())[:300]
            raise SnapshotError(f"fold on clickhouse: {said}; the last good snapshot stays") from None
        finally:
            session.close()


def _quoted(file: Path) -> str:
    """A path as a string of ClickHouse. Raises SettingsError where a character would mean something else there."""
    if set(str(file.parent)) & set("'\\*?{}[]"):
        raise SettingsError(
            f"{file.parent}: a landing folder for clickhouse may hold no quote, backslash or * ? {{ }} [ ]"
        )
    return f"'{file}'"
