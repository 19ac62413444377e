-- name: event_key
-- Grain: one row per event name ever seen; numbers are never reused, so they stay the same.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS event_key (event VARCHAR NOT NULL, event_id INTEGER NOT NULL)
