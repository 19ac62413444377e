-- name: erase/3_event
-- Grain: rows of raw_event about the person go.
-- Reads: raw_event
-- Parameters: $ids
DELETE FROM raw_event
WHERE list_contains($ids::VARCHAR[], user_id)
