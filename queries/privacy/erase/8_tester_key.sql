-- name: erase/8_tester_key
-- Grain: the person's number stays taken, without the id.
-- Reads: tester_key
-- Parameters: $ids
UPDATE tester_key SET user_id = 'erased ' || tester_key
WHERE list_contains($ids::VARCHAR[], user_id)
