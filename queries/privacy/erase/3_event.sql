-- name: erase/3_event
-- Grain: rows of event_log about the person go.
-- Reads: event_log
-- Parameters: $ids
DELETE FROM event_log
WHERE list_contains($ids::VARCHAR[], user_id)
