-- name: held/events
-- Grain: one row of raw_event that is about the person, or names the person.
-- Reads: raw_event
-- Parameters: $ids
SELECT
    source, event_key, user_id, event, ts_us, client_ts_us, received_us, route, method, status, duration_ms, feature, platform,
    component, error_type, properties
FROM raw_event
WHERE list_contains($ids::VARCHAR[], user_id)
ORDER BY ts_us, event_key
