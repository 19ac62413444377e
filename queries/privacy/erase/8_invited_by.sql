-- name: erase/8_invited_by
-- Grain: others' roster rows stay without their inviter.
-- Reads: raw_tester
-- Parameters: $ids
UPDATE raw_tester SET invited_by = NULL
WHERE list_contains($ids::VARCHAR[], invited_by)
