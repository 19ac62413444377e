-- name: raw_flag
-- Grain: one row per tester and feature flag, as last seen.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_flag (
    source VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,          -- '*' = everyone
    feature VARCHAR NOT NULL,
    enabled BOOLEAN NOT NULL,
    since_us BIGINT,
    load_id INTEGER NOT NULL
)
