-- name: fold_name
-- Grain: one row per event name with a number, and what it counts as.
-- Reads: event_key
-- Parameters: $active_events, $every_event_active, $request_event, $error_events
CREATE OR REPLACE TEMP TABLE fold_name AS
SELECT
    k.event_id, k.event,
    CASE WHEN $every_event_active OR list_contains($active_events::VARCHAR[], k.event) THEN 1 ELSE 0 END AS is_active,
    CASE WHEN k.event = $request_event THEN 1 ELSE 0 END AS is_request,
    CASE WHEN list_contains($error_events::VARCHAR[], k.event) THEN 1 ELSE 0 END AS is_error
FROM event_key AS k
