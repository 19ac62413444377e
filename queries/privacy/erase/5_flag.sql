-- name: erase/5_flag
-- Grain: rows of raw_flag about the person go.
-- Reads: raw_flag
-- Parameters: $ids
DELETE FROM raw_flag
WHERE list_contains($ids::VARCHAR[], user_id)
