"""Events straight into a raw store, where reading files is not what is measured: the rows that loading files gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks import generate
from data import calendar, hashes, settings
from data.privacy import load_key
from data.raw import RawStore, Run

ITEM = "filled"
# as generate._lines and generate._properties write it and data.sources.jsonl reads it
_KIND = "source, event, route, method, status, feature, platform, component, error_type"
_INSERT = (
    """
CREATE OR REPLACE TEMP TABLE filled AS
SELECT
    'events' AS source, p.key, p.key_hash, hash(p.n) AS payload_hash, printf('did:plc:%016d', p.tester) AS user_id,
    e.event, p.ts_us,
    CASE WHEN e.is_request THEN '/api/v1/posts/:id/comments' END AS route,
    CASE WHEN e.is_request THEN 'GET' END AS method,
    CASE WHEN e.is_request THEN CASE WHEN p.spread % 97 = 0 THEN 503 ELSE 200 END END::INTEGER AS status,
    CASE WHEN e.is_request THEN 5 + p.spread % 1900 END AS duration_ms,
    f.feature,
    CASE
        WHEN p.feature > 0 THEN 'ios'
        WHEN NOT e.is_request THEN (['ios', 'android', 'web'])[1 + p.spread % 30 % 3]
    END AS platform,
    NULL::VARCHAR AS component, NULL::VARCHAR AS error_type,
    CASE WHEN p.feature = 0 AND NOT e.is_request THEN printf('{"screen":"screen_%d"}', p.spread % 30) END AS properties,
    p.n
FROM (SELECT *, n * 2654435761 % 4294967296 AS spread FROM block) AS p
INNER JOIN event_name AS e ON e.event_n = p.event
LEFT JOIN feature_name AS f ON f.feature_n = p.feature
""",
    f"""
INSERT INTO event_kind
SELECT (SELECT count(*) FROM event_kind) + row_number() OVER (), *
FROM (SELECT DISTINCT {_KIND} FROM filled EXCEPT SELECT {_KIND} FROM event_kind)
""",
    f"""
INSERT INTO event_log (kind_n, event_uuid, key_hash, payload_hash, user_id, ts_us, duration_ms, properties, load_id)
SELECT
    k.kind_n, CAST(f.key AS UUID), f.key_hash, f.payload_hash, f.user_id, f.ts_us, f.duration_ms, f.properties, $load_id
FROM filled AS f
INNER JOIN event_kind AS k
    ON {" AND ".join(f"k.{name} IS NOT DISTINCT FROM f.{name}" for name in _KIND.split(", "))}
ORDER BY f.n
""",
)


def fill(place: str, count: int, seed: int) -> int:
    """Load what is known a day before the end into the raw store of the settings in a folder. Returns the events."""
    known = settings.load(Path(place) / "beta.toml")
    key = load_key(known.storage, None)
    store = RawStore(known.storage / "raw.duckdb")
    end = generate.end_of(generate.DAYS - 1)
    run = Run(store.next_load_id(), calendar.us(end), known, key)
    cursor = store.cursor()  # each block commits by itself: one transaction of all would hold them in memory
    names, features = [name for name, _, _ in generate.EVENTS], list(generate.FEATURES)
    asked = [name == "api_call" for name in names]
    cursor.register("event_name", pa.table({"event_n": range(len(names)), "event": names, "is_request": asked}))
    cursor.register("feature_name", pa.table({"feature_n": range(1, len(features) + 1), "feature": features}))
    done = 0
    for before, _ in generate.split(count, seed):
        numbers = np.arange(done, done + len(before))
        keys = generate.keys(numbers)
        block = {"n": numbers, "key": keys, "key_hash": hashes.of_texts(keys), **vars(before)}
        cursor.register("block", pa.table(block))
        for statement in _INSERT:
            cursor.execute(statement, {"load_id": run.load_id} if "$load_id" in statement else None)
        cursor.unregister("block")
        done += len(before)
    cursor.close()
    with store.load(run, "events", "jsonl", ITEM, "raw_event") as load:
        load.counts.read = load.counts.accepted = done
        load.covers = (generate.START_US, calendar.us(end))
    store.close()
    return done
