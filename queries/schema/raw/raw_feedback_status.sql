-- name: raw_feedback_status
-- Grain: one row per feedback item and status seen, in the order seen; append-only.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_feedback_status (
    source VARCHAR NOT NULL,
    feedback_key VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    since_us BIGINT NOT NULL,          -- updated_at of the row when it was first seen in this status
    load_id INTEGER NOT NULL
)
