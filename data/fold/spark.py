"""The fold on a Spark cluster, through Spark Connect: the cluster reads and writes the landing folder itself."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from data.errors import SettingsError, SnapshotError
from data.fold.dialects import Texts
from data.fold.landing import Run
from data.fold.tables import INPUTS, Control

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a number that does not fit is an error, not another number
    "spark.sql.parquet.compression.codec": "snappy",
}
_PATIENCE = {"max_retries": 6, "max_backoff": 5_000}  # ms; a server that is gone is told after half a minute


class Spark:
    """A cluster behind a Spark Connect server. `token` is put into the address and never shown."""

    name = "spark"

    def __init__(self, url: str, token: str | None = None) -> None:
        _client()
        self._url, self._token = url, token

    def work(self, run: Run, texts: Texts) -> Control:
        """As `elsewhere.Worker`."""
        from grpc import RpcError
        from pyspark.errors import PySparkException

        try:
            session = self._connect()
            try:
                return _fold(session, run, texts)
            except KeyboardInterrupt:
                session.interruptAll()
                raise
            finally:
                session.stop()
        except (PySparkException, RpcError) as error:
            raise SnapshotError(f"fold on spark: {self._reason(error)}; the last good snapshot stays") from None

    def _connect(self) -> SparkSession:
        session_class, policy = _client()
        url = self._url if self._token is None else f"{self._url}/;use_ssl=true;token={self._token}"
        session = session_class(url)  # its builder would ask the server before anybody could tell it to be less patient
        session.client.set_retry_policies([policy(**_PATIENCE)])
        for key, value in _SETTINGS.items():
            session.conf.set(key, value)
        return session

    def _reason(self, error: Exception) -> str:
        said = " ".join(str(error).split())
        return (said.replace(self._token, "***") if self._token else said)[:300]


def _fold(session: SparkSession, run: Run, texts: Texts) -> Control:
    for name in INPUTS:
        session.read.parquet((run.inputs / name).as_uri()).createOrReplaceTempView(name)
    session.sql(texts.staging).createOrReplaceTempView("fold_event")
    for name, text in texts.outputs.items():
        session.sql(text).write.mode("error").parquet((run.out / name).as_uri())
    return Control(*session.sql(texts.control).collect()[0])


def _client() -> tuple[type, type]:
    """The client's session class and its retry policy, imported when they are needed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # it means its own frames, which are not used here
            from pyspark.sql.connect.client.retries import DefaultPolicy
            from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise SettingsError(
            'fold.engine = "spark" needs pyspark-client: pip install --require-hashes -r requirements-spark.txt'
        ) from None
    return SparkSession, DefaultPolicy
