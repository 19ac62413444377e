-- name: event_log
-- Grain: one row per accepted event; read through raw_event.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS event_log (
    kind_n INTEGER NOT NULL,           -- of event_kind
    event_uuid UUID,                   -- the source's own id where it is a UUID in lower case: half the cost of a text
    -- any other id, else "file-id:byte-offset"; one of both, unique per source. No id is long: one way fits
    event_key VARCHAR USING COMPRESSION dict_fsst,
    -- of the id as text, finds repeats; a hash has nothing to compress, and looking for it is a quarter of an insert
    key_hash UBIGINT NOT NULL USING COMPRESSION uncompressed,
    payload_hash UBIGINT NOT NULL USING COMPRESSION uncompressed, -- tells a duplicate from a conflicting duplicate
    user_id VARCHAR USING COMPRESSION dict_fsst, -- as in the source, trimmed and NFC; NULL = anonymous
    -- when it happened (server time where there is one); times lie close together, no other way need be tried
    ts_us BIGINT NOT NULL USING COMPRESSION bitpacking,
    client_ts_us BIGINT USING COMPRESSION bitpacking,
    received_us BIGINT USING COMPRESSION bitpacking,
    duration_ms DOUBLE,
    properties VARCHAR,                -- JSON of the allow-listed rest
    load_id INTEGER NOT NULL,
    CHECK (event_uuid IS NOT NULL OR event_key IS NOT NULL)
)
