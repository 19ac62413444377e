-- name: erase/2_feedback
-- Grain: rows of raw_feedback about the person go.
-- Reads: raw_feedback
-- Parameters: $ids
DELETE FROM raw_feedback
WHERE list_contains($ids::VARCHAR[], user_id)
