-- name: fct_event
-- Grain: one row per accepted event of a known user, after merges. In a snapshot file this is a view over the files that
-- fct_event_part names, each sorted by (event_id, tester_key, ts_us).
-- Reads: -
-- Parameters: -
CREATE TABLE fct_event (
    tester_key INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    ts_us BIGINT NOT NULL,
    day_n INTEGER NOT NULL,            -- local day
    feature_id INTEGER,
    route VARCHAR,
    method VARCHAR,
    status INTEGER,
    duration_ms DOUBLE,
    component VARCHAR,
    error_type VARCHAR,
    platform VARCHAR,
    properties VARCHAR                 -- JSON text
)
