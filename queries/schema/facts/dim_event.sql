-- name: dim_event
-- Grain: one row per event name.
-- Reads: -
-- Parameters: -
CREATE TABLE dim_event (
    event_id INTEGER NOT NULL,
    event VARCHAR NOT NULL,
    is_active BOOLEAN NOT NULL         -- in the settings' list of user-initiated events
)
