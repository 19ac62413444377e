-- name: raw_tester
-- Grain: one row per roster entry, as last seen.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_tester (
    source VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    status VARCHAR,                    -- pending | active | inactive
    wave VARCHAR,                      -- metadata.wave, else by invitation date
    platform VARCHAR,
    invited_by VARCHAR,
    joined_us BIGINT,
    last_active_us BIGINT,
    metadata VARCHAR,                  -- JSON, allow-listed
    gone BOOLEAN NOT NULL DEFAULT FALSE, -- no longer at the source
    load_id INTEGER NOT NULL
)
