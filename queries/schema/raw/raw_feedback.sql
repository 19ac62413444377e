-- name: raw_feedback
-- Grain: one row per feedback item, as last seen.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_feedback (
    source VARCHAR NOT NULL,
    feedback_key VARCHAR NOT NULL,
    user_id VARCHAR,
    type VARCHAR,                      -- general | bug | feature
    title VARCHAR,
    description VARCHAR,
    priority VARCHAR,                  -- low | medium | high | critical
    rating INTEGER,
    status VARCHAR,                    -- new | in_progress | resolved | closed
    created_us BIGINT,
    updated_us BIGINT,
    load_id INTEGER NOT NULL
)
