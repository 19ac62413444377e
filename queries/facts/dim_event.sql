-- name: dim_event
-- Grain: one row per event name seen before as_of.
-- Reads: raw_event, event_key
-- Parameters: $as_of_us, $active_events, $every_event_active
INSERT INTO dim_event (event_id, event, is_active)
SELECT k.event_id, k.event, $every_event_active OR list_contains($active_events::VARCHAR[], k.event)
FROM event_key AS k
WHERE k.event IN (SELECT DISTINCT event FROM raw_event WHERE ts_us < $as_of_us AND user_id IS NOT NULL)
ORDER BY k.event_id
