"""What goes into the fold and what comes out: names, columns, types. The same for every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import duckdb
import pyarrow as pa

INPUTS = ("raw_event", "fold_person", "fold_name", "fold_feature", "fold_quarter")  # queries/fold/hand

_DAY = [("tester_key", pa.int32()), ("day_n", pa.int32()), ("events", pa.int64()), ("active_events", pa.int64())]
_TIMES = [("first_us", pa.int64()), ("last_us", pa.int64()), ("first_active_us", pa.int64())]
_REQUESTS = [(n, pa.int64()) for n in ("requests", "failed_requests", "slow_requests", "request_us", "app_errors")]
_TEXTS = [(n, pa.string()) for n in ("component", "error_type", "platform", "properties")]

OUTPUTS: dict[str, pa.Schema] = {  # queries/fold/<name>.sql -> what lands
    "tester_day": pa.schema([*_DAY, ("feature_mask", pa.int64()), *_TIMES, *_REQUESTS]),
    "run": pa.schema(
        [("tester_key", pa.int32()), ("start_us", pa.int64()), ("end_us", pa.int64()), ("day_n", pa.int32()),
         ("events", pa.int64())]
    ),
    "long_event": pa.schema(
        [("tester_key", pa.int32()), ("run_us", pa.int64()), ("ts_us", pa.int64()), ("day_n", pa.int32())]
    ),
    "tester_platform": pa.schema([("tester_key", pa.int32()), ("platform", pa.string()), ("events", pa.int64())]),
    "event": pa.schema(
        [("tester_key", pa.int32()), ("event_id", pa.int32()), ("ts_us", pa.int64()), ("day_n", pa.int32()),
         ("feature_id", pa.int32()), ("route", pa.string()), ("method", pa.string()), ("status", pa.int32()),
         ("duration_ms", pa.float64()), *_TEXTS]
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Control:
    """What the engine counted over its own staging, to compare with what landed (queries/fold/control.sql)."""

    events: int
    active_events: int
    time_sum: int
    tester_sum: int


class Engine(Protocol):
    """Where the fold runs."""

    name: str

    def fold(self, con: duckdb.DuckDBPyConnection, parameters: dict[str, int]) -> None:
        """Read the INPUTS, which `con` finds by name, and leave a temporary table `folded_<name>` for each of OUTPUTS.

        Raises SnapshotError when the engine cannot be reached, fails, or what landed is not whole.
        """
