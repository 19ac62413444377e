-- name: raw_event
-- Grain: one row per accepted event.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_event (
    source VARCHAR NOT NULL,
    event_key VARCHAR NOT NULL,        -- the source's own id, else "file-id:byte-offset"; unique per source
    payload_hash UBIGINT NOT NULL,     -- tells a duplicate from a conflicting duplicate
    user_id VARCHAR,                   -- as in the source, trimmed and NFC; NULL = anonymous
    event VARCHAR NOT NULL,
    ts_us BIGINT NOT NULL,             -- when it happened (server time where there is one)
    client_ts_us BIGINT,
    received_us BIGINT,
    route VARCHAR,                     -- template, identifiers replaced: /posts/:id
    method VARCHAR,
    status INTEGER,
    duration_ms DOUBLE,
    feature VARCHAR,
    platform VARCHAR,
    component VARCHAR,
    error_type VARCHAR,
    properties VARCHAR,                -- JSON of the allow-listed rest
    load_id INTEGER NOT NULL,
    key_hash UBIGINT                   -- of event_key, finds repeats; NULL = not made yet, the next load makes it
)
