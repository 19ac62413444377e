-- name: quarantine
-- Grain: one row per refused input line or row.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS quarantine (
    load_id INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    line BIGINT,                       -- 1-based
    offset_bytes BIGINT,
    sha256 VARCHAR NOT NULL,           -- of the whole line
    reason VARCHAR NOT NULL,           -- malformed, encoding, control, too_long, trailing, not_object, number,
                                       -- duplicate_key, depth, placeholder_id, conflicting_duplicate, future,
                                       -- too_old, time, type, schema, value ...
    excerpt BLOB                       -- first 4 KiB
)
