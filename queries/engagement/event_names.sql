-- name: event_names
-- Grain: one row per event name, sorted.
-- Reads: dim_event
-- Parameters: -
SELECT event, is_active FROM dim_event ORDER BY event
