-- name: erase/4_tester
-- Grain: rows of raw_tester about the person go.
-- Reads: raw_tester
-- Parameters: $ids
DELETE FROM raw_tester
WHERE list_contains($ids::VARCHAR[], user_id)
