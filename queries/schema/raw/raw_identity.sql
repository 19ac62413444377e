-- name: raw_identity
-- Grain: one row per alias; chains are allowed, cycles are quarantined.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_identity (
    source VARCHAR NOT NULL,
    alias VARCHAR NOT NULL,
    canonical VARCHAR NOT NULL,
    load_id INTEGER NOT NULL
)
